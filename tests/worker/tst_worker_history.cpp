// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker_stage.h"

#include "history/history_database.h"

using namespace lsw;
using namespace lsw::test;
using history::Outcome;
using history::TaskRecord;

namespace {

fs::path historyOf(const Stage& stage) { return stage.at("worker") / "lotus-seal-worker" / "history.sqlite"; }

std::vector<TaskRecord> rowsOf(const Stage& stage) {
    const auto database = history::HistoryDatabase::openToRead(historyOf(stage));
    return database ? (*database)->rows().valueOr({}) : std::vector<TaskRecord>();
}

} // namespace

/// What a worker writes down of its tasks.
class TestWorkerHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachTaskThatEndsIsARow() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.worker->view().tasks.at(0).sectorSize == 2048);
        stage.call(2);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), std::size_t{2}, kWait);
        const auto answer = stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(stage.ids.at(1))});
        QVERIFY(answer);
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{2}, kWait);
        QTRY_COMPARE_WITH_TIMEOUT(rowsOf(stage).size(), std::size_t{2}, kWait);
        const auto rows = rowsOf(stage);
        const TaskRecord& done = rows.at(0);
        QCOMPARE(done.sector, std::string("s-t01000-1"));
        QCOMPARE(done.shortName, std::string("C2"));
        QCOMPARE(done.sectorSize, std::uint64_t{2048});
        QCOMPARE(done.engine, std::string("native"));
        QVERIFY(!done.kernels.empty());
        QCOMPARE(done.outcome, Outcome::Done);
        QVERIFY(done.queuedMs > 0 && done.begunMs >= done.queuedMs && done.endedMs >= done.begunMs);
        QVERIFY(done.activeMs <= done.endedMs - done.begunMs + 1000);
        QVERIFY(!done.phases.empty());
        QCOMPARE(rows.at(1).outcome, Outcome::Aborted);
    }

    void whatAStopEndsIsInterruptedOnce() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        stage.worker->requestStop();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        stage.worker.reset();
        const auto before = rowsOf(stage);
        QCOMPARE(before.size(), std::size_t{1});
        QCOMPARE(before[0].outcome, Outcome::Interrupted);
        QVERIFY(before[0].endedMs > 0);
        stage.gate.open();
        stage.startWorker(); // returns it with code 101
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        stage.worker.reset();
        QVERIFY((rowsOf(stage) == before));
    }

    void aDamagedHistoryCostsNoTaskAndIsToldOnce() {
        Stage stage;
        stage.gate.open();
        fs::create_directories(historyOf(stage).parent_path());
        { std::ofstream(historyOf(stage)) << "no database at all"; }
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(!stage.returns[0].error);
        QTRY_COMPARE_WITH_TIMEOUT(rowsOf(stage).size(), std::size_t{1}, kWait);
        QVERIFY(fs::exists(historyOf(stage).string() + ".broken"));
        const auto told = [&] {
            const auto notes = stage.worker->view().notes;
            return std::ranges::count_if(notes, [](const std::string& note) { return note.find(".broken") != std::string::npos; });
        };
        QTRY_COMPARE_WITH_TIMEOUT(told(), 1, kWait);
    }
};

QTEST_GUILESS_MAIN(TestWorkerHistory)
#include "tst_worker_history.moc"
