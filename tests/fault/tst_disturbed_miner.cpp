// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector_life.h"

#include <QtCore/QTimer>

using namespace lsw;

/// A miner that refuses, drops, answers late and restarts, against the real worker program.
class TestDisturbedMiner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theSectorIsSealedAllTheSame_data();
    void theSectorIsSealedAllTheSame();
    void aMinerThatRestartsInPreCommit1GetsItsResult();

private:
    std::unique_ptr<test::SectorLife> m_life;
    std::string m_commR;
};

void TestDisturbedMiner::initTestCase() {
    m_life = std::make_unique<test::SectorLife>();
    if (const QString reason = m_life->reasonToSkip(); !reason.isEmpty()) QSKIP(qPrintable(reason));
    const auto undisturbed = m_life->live([](practice::PracticeRun&) {});
    m_commR = undisturbed.commR();
    LSW_VERIFY_LIFE(undisturbed, m_commR);
}

void TestDisturbedMiner::theSectorIsSealedAllTheSame_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("fault");
    QTest::newRow("a return is refused twice") << QByteArray("ReturnSealPreCommit1") << QByteArray("refuse");
    QTest::newRow("a return meets 401") << QByteArray("ReturnSealPreCommit2") << QByteArray("unauthorized");
    QTest::newRow("a return's connection drops") << QByteArray("ReturnAddPiece") << QByteArray("drop");
    QTest::newRow("the answer to a return is lost") << QByteArray("ReturnSealPreCommit2") << QByteArray("lost");
    QTest::newRow("the answer to a simple return is lost") << QByteArray("ReturnFetch") << QByteArray("lost");
    QTest::newRow("the index drops connections") << QByteArray("StorageFindSector") << QByteArray("drop");
    QTest::newRow("a declaration's answer is lost") << QByteArray("StorageDeclareSector") << QByteArray("lost");
    QTest::newRow("the index answers late") << QByteArray("StorageBestAlloc") << QByteArray("late");
    QTest::newRow("returns are answered late") << QByteArray("ReturnSealCommit1") << QByteArray("late");
    QTest::newRow("a session question drops") << QByteArray("Session") << QByteArray("drop");
}

void TestDisturbedMiner::theSectorIsSealedAllTheSame() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, fault);
    int counted = 0;
    const auto result = m_life->live([&](practice::PracticeRun& run) {
        QObject::connect(&run, &practice::PracticeRun::workerStarted, &run, [&] {
            practice::Faults& faults = run.miner()->faults();
            const std::string name = method.toStdString();
            if (fault == "refuse") faults.refuse[name] = 2;
            if (fault == "unauthorized") faults.unauthorized[name] = 1;
            if (fault == "drop") faults.dropConnection[name] = 1;
            if (fault == "lost") faults.dropAfterDoing[name] = 1;
            if (fault == "late") faults.lateMs[name] = 700;
        });
        QObject::connect(&run, &practice::PracticeRun::phase, &run, [&] {
            if (run.miner()) counted = std::max(counted, run.miner()->callCounts()[method.toStdString()]);
        });
    });
    LSW_VERIFY_LIFE(result, m_commR);
    QVERIFY(counted >= (fault == "late" ? 1 : 2));
}

void TestDisturbedMiner::aMinerThatRestartsInPreCommit1GetsItsResult() {
    bool asked = false, restarted = false;
    const auto result = m_life->live([&](practice::PracticeRun& run) {
        QObject::connect(&run, &practice::PracticeRun::progress, &run, [&](const QString& phase) {
            if (phase != QLatin1String("pc1") || std::exchange(asked, true)) return;
            QTimer::singleShot(50, &run, [&] {
                const auto done = run.miner()->restart();
                restarted = done.hasValue();
                if (!done) qWarning("%s", done.error().message().c_str());
            });
        });
    });
    QVERIFY(restarted);
    LSW_VERIFY_LIFE(result, m_commR);
}

QTEST_GUILESS_MAIN(TestDisturbedMiner)
#include "tst_disturbed_miner.moc"
