// SPDX-License-Identifier: MIT OR Apache-2.0
// Workers for proofs of storage: the real program `run` against the practice miner.
#include "protocol/lotus_post.h"
#include "protocol/raw_client.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtNetwork/QTcpServer>
#include <QtTest/QTest>

using namespace lsw;
using test::kProgramWait;
using test::RawClient;
using test::RunningWorker;

namespace {

QString text(const char* latin) { return QString::fromLatin1(latin); }

protocol::PostCall unreadable(std::int64_t proof) {
    protocol::PostCall call;
    call.proof = protocol::PostProof{proof};
    call.miner = 1000;
    call.sectors.push_back({sector::SealProof{5}, 99, Bytes32{1}, {37, 36, 44}, false});
    call.randomness = Bytes(32, 5);
    return call;
}

/// The answer of the worker as it is on the wire, or "error: …".
std::string ask(RunningWorker& worker, const std::string& method, boost::json::array params) {
    std::optional<std::string> answer;
    worker.miner->callWorkerMethod(worker.session(), "Filecoin." + method, std::move(params), [&](Expected<boost::json::value> result) {
        answer = result ? protocol::toGoJson(*result) : "error: " + result.error().message();
    });
    (void)QTest::qWaitFor([&] { return answer.has_value(); }, kProgramWait);
    return answer.value_or("none");
}

} // namespace

class PostCallsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWindowWorkerSkipsWhatItCannotRead();
    void aWinningWorkerSaysWhatItCannotRead();
    void contradictionsEndIt_data();
    void contradictionsEndIt();
};

void PostCallsTest::aWindowWorkerSkipsWhatItCannotRead() {
    RunningWorker worker(lsw::test::kGatedProverFolder);
    worker.start(text(lsw::test::kProgramFile), worker.arguments() << text("--windowpost") << text("--post-parallel-reads=1") << text("--post-read-timeout=1m"));
    QTRY_VERIFY_WITH_TIMEOUT(worker.connected(), kProgramWait);
    QVERIFY(worker.miner->workers().front().taskTypes == std::set<std::string>{"post/v0/windowproof"});
    QCOMPARE(ask(worker, "GenerateWindowPoSt", protocol::windowPostParams(unreadable(10))),
             std::string(R"({"PoStProofs":{"PoStProof":0,"ProofBytes":null},"Skipped":[{"Miner":1000,"Number":99}]})"));
    const std::string refused = ask(worker, "GenerateWindowPoSt", {10, 1000});
    QVERIFY2(refused.ends_with("wrong param count (method 'Filecoin.GenerateWindowPoSt'): 2 != 5"), refused.c_str());
    // Others are told at once that it is not here.
    const std::string body = protocol::toGoJson(protocol::toJson(protocol::SingleVanillaRequest{1000, unreadable(10).sectors[0], protocol::PostProof{10}}));
    const std::string token = worker.miner->workerToken();
    const auto reply = RunningWorker::aside([&, port = worker.port()] {
        RawClient client(port);
        (void)client.send("POST /remote/vanilla/single HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nContent-Length: " +
                          std::to_string(body.size()) + "\r\n\r\n" + body);
        return client.readReply();
    });
    QCOMPARE(reply.status, 500);
    QCOMPARE(reply.body, std::string("fsstat: path not found\n"));
}

void PostCallsTest::aWinningWorkerSaysWhatItCannotRead() {
    RunningWorker worker(lsw::test::kGatedProverFolder);
    worker.variables.insert(text("LOTUS_WORKER_WINNINGPOST"), text("true"));
    worker.start();
    QTRY_VERIFY_WITH_TIMEOUT(worker.connected(), kProgramWait);
    QVERIFY(worker.miner->workers().front().taskTypes == std::set<std::string>{"post/v0/winningproof"});
    const std::string refused = ask(worker, "GenerateWinningPoSt", protocol::winningPostParams(unreadable(0)));
    QVERIFY2(refused.ends_with("1 error occurred:\n\t* get winning sector:99,vanilla failed: sector not found\n\n"), refused.c_str());
}

void PostCallsTest::contradictionsEndIt_data() {
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QString>("said");
    QTest::newRow("window and winning") << QStringList{text("--windowpost"), text("--winningpost")}
                                        << text("expected all task types to be for WinPost worker, but task post/v0/windowproof is for WdPoSt worker");
    QTest::newRow("window and sealing") << QStringList{text("--windowpost"), text("--precommit1")}
                                        << text("expected all task types to be for WdPoSt worker, but task seal/v0/precommit/1 is for Sealing worker");
    QTest::newRow("no time") << QStringList{text("--post-read-timeout=soon")} << text("--post-read-timeout");
}

void PostCallsTest::contradictionsEndIt() {
    QFETCH(QStringList, flags);
    QFETCH(QString, said);
    RunningWorker worker(lsw::test::kGatedProverFolder);
    worker.start(text(lsw::test::kProgramFile), worker.arguments() + flags);
    QVERIFY(worker.process.waitForFinished(kProgramWait));
    QCOMPARE(worker.process.exitCode(), 2);
    QVERIFY2(worker.log().contains(said.toUtf8()), worker.log().constData());
    QVERIFY(!std::filesystem::exists(worker.at("worker"))); // before anything was made
}

QTEST_GUILESS_MAIN(PostCallsTest)
#include "tst_post_calls.moc"
