// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/retry_rule.h"

#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::tasks;

namespace {

/// How often a task is done that always fails so.
int attempts(ErrorCode code, const protocol::TaskCall& call) {
    int number = 1;
    while (number < 100 && attemptsInAll(Error(code, "x"), call, number)) ++number;
    return number;
}

} // namespace

class TestRetryRule : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatMayPassIsTriedAgain() {
        const protocol::TaskCall call = protocol::SealCommit2Call{};
        QCOMPARE(attempts(ErrorCode::ChildDied, call), 3);
        QCOMPARE(attempts(ErrorCode::MinerUnreachable, call), 5);
        QCOMPARE(attempts(ErrorCode::Timeout, call), 5);
        QCOMPARE(attemptsInAll(Error(ErrorCode::ChildDied, "x"), call, 1), std::optional<int>(3));
    }
    void whatFailsAgainIsTold() {
        const protocol::TaskCall call = protocol::SealCommit2Call{};
        for (const auto code : {ErrorCode::InvalidArgument, ErrorCode::NotFound, ErrorCode::NoSpace, ErrorCode::Corrupt, ErrorCode::Remote, ErrorCode::Io,
                                ErrorCode::VerificationFailed, ErrorCode::Unsupported, ErrorCode::NotInstalled, ErrorCode::Cancelled, ErrorCode::Internal})
            QCOMPARE(attempts(code, call), 1);
    }
    void pushedDataComeOnce() {
        protocol::AddPieceCall piece;
        piece.data = {"push", "uuid"};
        QCOMPARE(attempts(ErrorCode::ChildDied, piece), 1);
        piece.data = {"null", "127"};
        QCOMPARE(attempts(ErrorCode::ChildDied, piece), 3);
        protocol::DataCidCall cid;
        cid.data = {"http", "http://127.0.0.1/x"};
        QCOMPARE(attempts(ErrorCode::ChildDied, cid), 1);
    }
    void theWaitGrows() {
        using std::chrono::milliseconds;
        QCOMPARE(delayBefore(2, milliseconds(5000)).count(), milliseconds(5000).count());
        QCOMPARE(delayBefore(3, milliseconds(5000)).count(), milliseconds(10000).count());
        QCOMPARE(delayBefore(5, milliseconds(5000)).count(), milliseconds(40000).count());
    }
};

QTEST_GUILESS_MAIN(TestRetryRule)
#include "tst_retry_rule.moc"
