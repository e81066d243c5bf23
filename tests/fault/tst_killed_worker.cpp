// SPDX-License-Identifier: MIT OR Apache-2.0
#include <csignal>
#include <random>

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

#include "sector_life.h"

using namespace lsw;

/// kill -9 of the worker at random moments of a sector's life.
class TestKilledWorker : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aKilledWorkerEndsInTheSameSector_data();
    void aKilledWorkerEndsInTheSameSector();
    void aWorkerKilledAgainAndAgainStillEnds();

private:
    std::unique_ptr<test::SectorLife> m_life;
    std::string m_commR;
    int m_lifeMs = 0, m_successes = 0;
};

void TestKilledWorker::initTestCase() {
    m_life = std::make_unique<test::SectorLife>();
    if (const QString reason = m_life->reasonToSkip(); !reason.isEmpty()) QSKIP(qPrintable(reason));
    QElapsedTimer timer;
    timer.start();
    const auto undisturbed = m_life->live([](practice::PracticeRun&) {});
    m_commR = undisturbed.commR();
    LSW_VERIFY_LIFE(undisturbed, m_commR);
    QVERIFY(!m_commR.empty());
    QCOMPARE(undisturbed.askedAgain, 0);
    m_lifeMs = static_cast<int>(timer.elapsed());
    m_successes = undisturbed.successes;
}

void TestKilledWorker::aKilledWorkerEndsInTheSameSector_data() {
    QTest::addColumn<int>("afterMs");
    // LSW_SEED repeats a set of moments; without it each test run tries others. tests/fault/run has many more.
    const QByteArray given = qgetenv("LSW_SEED");
    const unsigned start = given.isEmpty() ? std::random_device()() : given.toUInt();
    qInfo("LSW_SEED=%u; an undisturbed life takes %d ms", start, m_lifeMs);
    std::mt19937 random(start);
    std::uniform_int_distribution<int> moment(1, std::max(m_lifeMs, 2));
    for (int i = 0; i < 6; ++i) {
        const int afterMs = moment(random);
        QTest::addRow("%d: after %d ms", i, afterMs) << afterMs;
    }
}

void TestKilledWorker::aKilledWorkerEndsInTheSameSector() {
    QFETCH(int, afterMs);
    qint64 pid = 0;
    int started = 0;
    bool killed = false;
    const auto result = m_life->live([&](practice::PracticeRun& run) {
        QObject::connect(&run, &practice::PracticeRun::workerStarted, &run, [&, afterMs](qint64 id) {
            pid = id;
            if (++started > 1) return;
            QTimer::singleShot(afterMs, &run, [&] { killed = ::kill(static_cast<pid_t>(pid), SIGKILL) == 0; });
        });
    });
    LSW_VERIFY_LIFE(result, m_commR);
    QVERIFY(started == 1 || killed);
    // Each task was returned well at least once; work that was finished before the kill was not done again more often than tasks were lost.
    QVERIFY(result.successes >= m_successes);
    QVERIFY2(result.successes <= m_successes + 1 + result.askedAgain, qPrintable(QString::number(result.successes)));
}

void TestKilledWorker::aWorkerKilledAgainAndAgainStillEnds() {
    int kills = 0;
    const auto result = m_life->live([&](practice::PracticeRun& run) {
        // Once in the middle of each of these phases.
        auto done = std::make_shared<std::set<QString>>();
        auto pid = std::make_shared<qint64>(0);
        QObject::connect(&run, &practice::PracticeRun::workerStarted, &run, [pid](qint64 id) { *pid = id; });
        QObject::connect(&run, &practice::PracticeRun::progress, &run, [&, done, pid](const QString& phase) {
            if (phase == QLatin1String("start") || *pid == 0 || !done->insert(phase).second) return;
            QTimer::singleShot(30, &run, [&kills, pid] { if (::kill(static_cast<pid_t>(*pid), SIGKILL) == 0) ++kills; });
        });
    }, 600000);
    LSW_VERIFY_LIFE(result, m_commR);
    QVERIFY(kills >= 5);
}

QTEST_GUILESS_MAIN(TestKilledWorker)
#include "tst_killed_worker.moc"
