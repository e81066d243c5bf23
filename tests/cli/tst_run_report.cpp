// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/run_report.h"
#include "cli/service_manager.h"
#include "base/go_duration.h"

#include <QtTest/QTest>

using namespace lsw;
using worker::ConnectionState;
using worker::TaskState;

class RunReportTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsEachNoteOnce() {
        cli::RunReport report;
        worker::WorkerView view;
        view.notes = {"PC1_MIN_MEMORY is \"much\", which is no whole number."};
        const auto lines = report.changes(view);
        QCOMPARE(lines.size(), std::size_t{1});
        QVERIFY(lines[0].text.starts_with("Note: " + view.notes[0]));
        QVERIFY(report.changes(view).empty());
        view.notes.push_back("another");
        QCOMPARE(report.changes(view).size(), std::size_t{1});
        worker::PathView path;
        path.error = "the storage path /p is gone";
        path.notes = {"/p/sealed/x is not named like a sector file"};
        view.paths = {path};
        QCOMPARE(report.changes(view).size(), std::size_t{2});
        QVERIFY(report.changes(view).empty());
    }

    void tellsOnceWhyAResultIsNotTaken() {
        cli::RunReport report;
        worker::WorkerView view;
        worker::TaskView task;
        task.call = "a";
        task.sector = "s-t01000-1";
        task.shortName = "PC1";
        task.state = TaskState::Undelivered;
        view.tasks = {task};
        QCOMPARE(report.changes(view).size(), std::size_t{1});
        view.tasks[0].waitDetail = "sector is locked";
        const auto lines = report.changes(view);
        QCOMPARE(lines.size(), std::size_t{1});
        QVERIFY(lines[0].text.find("PC1 of s-t01000-1") != std::string::npos && lines[0].text.find("sector is locked") != std::string::npos);
        QVERIFY(report.changes(view).empty());
        view.tasks[0].waitDetail = "no route to host";
        QCOMPARE(report.changes(view).size(), std::size_t{1});
    }

    void aLineSaysWhatItIsAbout() {
        cli::RunReport report;
        worker::WorkerView view;
        worker::TaskView task;
        task.call = "a";
        task.sector = "s-t01000-1";
        task.shortName = "PC1";
        task.state = TaskState::Failed;
        task.error = "no space";
        view.finished = {task};
        const auto lines = report.changes(view);
        QCOMPARE(lines.size(), std::size_t{1});
        QCOMPARE(lines[0].sector, std::string("s-t01000-1"));
        QCOMPARE(lines[0].task, std::string("PC1"));
        QCOMPARE(lines[0].call, std::string("a"));
        QVERIFY(lines[0].level == cli::LogLine::Level::Error);
        view.connection = ConnectionState::Lost;
        QVERIFY(report.changes(view).at(0).level == cli::LogLine::Level::Warning);
    }

    void theStatusOfTheServiceIsOneLine() {
        worker::WorkerView view;
        view.miner = "127.0.0.1:2345";
        view.minerActor = "t01000";
        view.connection = ConnectionState::Connected;
        QCOMPARE(cli::serviceStatus(view), std::string("Waiting for tasks of miner t01000"));
        worker::TaskView task;
        task.sector = "s-t01000-1";
        task.shortName = "PC1";
        task.state = TaskState::Running;
        task.progress = {"pc1", "layer 7 of 11", 61, 100, "nodes"};
        worker::TaskView other = task;
        other.sector = "s-t01000-2";
        other.progress.done = 5;
        worker::TaskView waits = task;
        waits.state = TaskState::Waiting;
        view.tasks = {other, task, waits};
        QCOMPARE(cli::serviceStatus(view), std::string("PC1 of s-t01000-1: running, layer 7 of 11, 61 %; 1 more running; 1 waiting"));
        view.connection = ConnectionState::Lost;
        view.connectionDetail = "connection refused";
        view.tasks.clear();
        QCOMPARE(cli::serviceStatus(view), std::string("The connection to the miner at 127.0.0.1:2345 is lost (connection refused); running tasks go on"));
        view.connection = ConnectionState::Connected;
        view.mode = worker::WorkMode::Paused;
        QCOMPARE(cli::serviceStatus(view), std::string("takes no new tasks (paused (lotus-seal-worker resume))"));
    }

    void tellsEachChangeOnce() {
        cli::RunReport report;
        worker::WorkerView view;
        view.miner = "127.0.0.1:2345";
        view.connection = ConnectionState::Connecting;
        QCOMPARE(report.changes(view).size(), std::size_t{1});
        QCOMPARE(report.changes(view).size(), std::size_t{0});
        view.connectionDetail = "connection refused";
        const auto lines = report.changes(view);
        QCOMPARE(lines.size(), std::size_t{1});
        QVERIFY(lines[0].text.find("Connecting to the miner at 127.0.0.1:2345 (connection refused).") != std::string::npos);

        worker::TaskView task;
        task.call = "a";
        task.sector = "s-t01000-1";
        task.shortName = "PC1";
        task.state = TaskState::Running;
        task.startedMs = 1000;
        view.tasks = {task};
        QVERIFY(report.changes(view).at(0).text.ends_with("PC1 of s-t01000-1 runs."));
        task.progress = {"pc1", "layer 1 of 2", 1, 2, "layers"};
        view.tasks = {task};
        QCOMPARE(report.changes(view).size(), std::size_t{0}); // progress is not a line
        view.tasks.clear();
        task.state = TaskState::Failed;
        task.finishedMs = 2000;
        task.error = "disk full";
        view.finished = {task};
        QVERIFY(report.changes(view).at(0).text.ends_with("PC1 of s-t01000-1 failed: disk full"));
        QCOMPARE(report.changes(view).size(), std::size_t{0});

        worker::TaskView proof;
        proof.call = "post-1";
        proof.sector = "t01000";
        proof.sectors = 2349;
        proof.shortName = "WDP";
        proof.state = TaskState::Running;
        view.tasks = {proof};
        QVERIFY(report.changes(view).at(0).text.ends_with("WDP of 2349 sectors of t01000 runs."));
    }

    void durationsAreGos_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("milliseconds");
        QTest::newRow("seconds") << QByteArray("30s") << 30000;
        QTest::newRow("mixed") << QByteArray("1m30.5s") << 90500;
        QTest::newRow("milliseconds") << QByteArray("250ms") << 250;
        QTest::newRow("hours") << QByteArray("1.5h") << 5400000;
        QTest::newRow("zero") << QByteArray("0") << 0;
        QTest::newRow("no unit") << QByteArray("30") << -1;
        QTest::newRow("negative") << QByteArray("-3s") << -1;
        QTest::newRow("empty") << QByteArray() << -1;
        QTest::newRow("words") << QByteArray("soon") << -1;
        QTest::newRow("too long") << QByteArray("9999999h") << -1;
    }
    void durationsAreGos() {
        QFETCH(QByteArray, text);
        QFETCH(int, milliseconds);
        const auto duration = parseGoDuration(text.toStdString());
        QCOMPARE(duration ? static_cast<int>(duration->count()) : -1, milliseconds);
    }
};

QTEST_GUILESS_MAIN(RunReportTest)
#include "tst_run_report.moc"
