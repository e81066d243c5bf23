// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "tasks/batch_rule.h"

using namespace lsw;
using namespace lsw::tasks;

/// How many PC1 are begun together.
class TestBatchRule : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsAskedForIsTaken() {
        QCOMPARE(batchRule("1", "native")->take(9, 1), std::size_t{1});
        QCOMPARE(batchRule("4", "native")->take(9, 1), std::size_t{4});
        QCOMPARE(batchRule("4", "native")->take(3, 8), std::size_t{3}); // whoever says a number means it, free cores or not
        QCOMPARE(batchRule("32", "official")->take(9, 1), std::size_t{1});
        QVERIFY(batchRule("auto", "native")->isAuto());
        for (const char* wrong : {"", "3", "04", "Auto", "-1", "64"}) {
            const auto refused = batchRule(wrong, "native");
            QVERIFY2(!refused && refused.error().code() == ErrorCode::InvalidArgument, wrong);
        }
    }
    void noCoreIsSharedWhileOthersAreFree() {
        const BatchRule rule{0, {{1, 700}, {2, 370}, {4, 254}, {16, 340}, {32, 291}}};
        QCOMPARE(rule.take(8, 8), std::size_t{1});
        QCOMPARE(rule.take(8, 4), std::size_t{2});
        QCOMPARE(rule.take(8, 3), std::size_t{3});
        QCOMPARE(rule.take(8, 2), std::size_t{4});
        QCOMPARE(rule.take(100, 0), std::size_t{4});
        QCOMPARE(rule.take(1, 0), std::size_t{1});
    }
    void whatItBringsIsSaid() {
        QCOMPARE(QString::fromStdString(batchText({})), QStringLiteral("each alone"));
        QCOMPARE(QString::fromStdString(batchText({0, {{1, 700}, {2, 370}, {4, 254}, {16, 340}}})),
                 QStringLiteral("auto, up to 4 at once on a core, which labels 2.8 times as many sectors so (700 ns a label alone, 370 x2, 254 x4, 340 x16; measured at start)"));
        QCOMPARE(QString::fromStdString(batchText({2, {{1, 700}, {2, 370}}})),
                 QStringLiteral("up to 2 at once on a core, which labels 1.9 times as many sectors so (700 ns a label alone, 370 x2; measured at start)"));
        QCOMPARE(QString::fromStdString(batchText({0, {{1, 4500}, {2, 4490}}})),
                 QStringLiteral("auto: each alone, this processor gains nothing by more (4500 ns a label alone, 4490 x2; measured at start)"));
    }
    void largeSectorsWaitLongerForOthers() {
        QCOMPARE(BatchRule::patience(sector::SealProof{5}).count(), 200);
        QCOMPARE(BatchRule::patience(sector::SealProof{7}).count(), 700);
        QCOMPARE(BatchRule::patience(sector::SealProof{8}).count(), 30000);
    }
};

QTEST_GUILESS_MAIN(TestBatchRule)
#include "tst_batch_rule.moc"
