// SPDX-License-Identifier: MIT OR Apache-2.0
#include "control_calls.h"

#include "storage/storage_config.h"
#include "tasks/call_journal.h"

#include <QtTest/QSignalSpy>

using namespace lsw;
using namespace lsw::test;

/// Aborting, and attempts that are made again here: the service against the practice miner, with a prover that waits at a gate.
class TestWorkerAbort : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAbortedTaskEndsAndTheMinerIsTold() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        stage.call(2);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), std::size_t{2}, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        const auto view = stage.worker->view();
        const auto running = std::find_if(view.tasks.begin(), view.tasks.end(), [](const TaskView& task) { return task.state == TaskState::Running; });
        const auto id = running->call;
        // The gate stays shut: the answer can only come because the prover was ended.
        const auto answer = stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(id)});
        QVERIFY2(answer, told(answer).c_str());
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns[0].id.uuid, id);
        QVERIFY(stage.returns[0].error);
        QCOMPARE(stage.returns[0].error->code, 0);
        QCOMPARE(stage.returns[0].error->message,
                 std::string("task aborted by the operator of the worker [name: w1]: task aborted by the operator of the worker"));
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.worker->view().finished[0].state, TaskState::Failed);
        // The other one is none the worse.
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{2}, kWait);
        QVERIFY(!stage.returns[1].error);
    }

    void anAbortedPreCommit1LeavesNothingBehind() {
        Stage stage;
        layUnsealed(stage, 7);
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        const auto sealed = stage.at("worker") / "sealed" / "s-t01000-7", cache = stage.at("worker") / "cache" / "s-t01000-7";
        give(stage, preCommit1(7));
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(fs::exists(sealed) && fs::exists(cache));
        std::ofstream(cache / "sc-02-data-layer-1.dat") << std::string(4096, 'l');
        QTRY_VERIFY_WITH_TIMEOUT(!stage.ids.empty(), kWait);
        const auto answer = stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(stage.ids.at(0))});
        QVERIFY2(answer, told(answer).c_str());
        QVERIFY(!fs::exists(sealed));
        QVERIFY(!fs::exists(cache));
        QVERIFY(fs::exists(stage.at("worker") / "unsealed" / "s-t01000-7")); // which it did not make
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns[0].error->code, 0);
        const auto holders = stage.miner->holders({1000, 7});
        QVERIFY(!holders.contains("sealed") && !holders.contains("cache"));
        QVERIFY(holders.contains("unsealed"));
        const auto isFree = [&] {
            const auto paths = stage.worker->view().paths;
            return paths.size() == 1 && paths[0].reserved == 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isFree(), kWait);
        // And it can be asked for again.
        give(stage, preCommit1(7));
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(fs::exists(sealed));
    }

    void aStoppedTaskKeepsWhatAnAbortedOneLoses() {
        Stage stage;
        layUnsealed(stage, 7);
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        give(stage, preCommit1(7));
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        stage.worker->requestStop();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QVERIFY(fs::exists(stage.at("worker") / "cache" / "s-t01000-7"));
    }

    void aWaitingTaskIsAbortedBeforeItBegins() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"paused"}));
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(waitsFor(stage, "paused"), kWait);
        QTRY_VERIFY_WITH_TIMEOUT(!stage.ids.empty(), kWait);
        const auto answer = stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(stage.ids.at(0))});
        QVERIFY2(answer, told(answer).c_str());
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(stage.returns[0].error->message.starts_with("task aborted"));
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker->view().tasks.empty(), kWait);
        QCOMPARE(stage.worker->view().finished.at(0).startedMs, std::int64_t{0});
    }

    void whatIsNotThereOrHasEndedIsNotAborted() {
        Stage stage;
        stage.gate.open();
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        const auto unknown = stage.ask("LotusSealWorker.TaskAbort", {"11111111-2222-3333-4444-555555555555"});
        QVERIFY(!unknown);
        QVERIFY2(told(unknown).find("no task 11111111") != std::string::npos, told(unknown).c_str());
        stage.miner->faults().refuse["ReturnSealCommit2"] = 1000000;
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->callCounts()["ReturnSealCommit2"] >= 1, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(!stage.ids.empty(), kWait);
        const auto ended = stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(stage.ids.at(0))});
        QVERIFY(!ended);
        QVERIFY2(told(ended).find("ended already") != std::string::npos, told(ended).c_str());
        stage.miner->faults().refuse.clear();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(!stage.returns[0].error); // the result is not lost by it
    }

    void aProverThatDiesIsTriedAgainHere() {
        Stage stage;
        stage.gate.failWith("die 2");
        stage.gate.open();
        auto settings = stage.settings();
        settings.taskRetryMs = 50;
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(!stage.returns[0].error);
        QCOMPARE(fs::file_size(stage.at("gate.deaths")), std::uintmax_t{2});
    }

    void aProverThatDiesAgainAndAgainIsAFailure() {
        Stage stage;
        stage.gate.failWith("die 9");
        stage.gate.open();
        auto settings = stage.settings();
        settings.taskRetryMs = 50;
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(stage.returns[0].error);
        QCOMPARE(stage.returns[0].error->code, 0); // never 100
        QVERIFY2(stage.returns[0].error->message.find("SIGKILL") != std::string::npos, stage.returns[0].error->message.c_str());
        QCOMPARE(fs::file_size(stage.at("gate.deaths")), std::uintmax_t{3});
    }

    void aTaskThatWaitsForItsNextAttemptSaysWhyAndCanBeAborted() {
        Stage stage;
        stage.gate.failWith("die 9");
        stage.gate.open();
        auto settings = stage.settings();
        settings.taskRetryMs = 3600000;
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        const auto step = [&] {
            const auto view = stage.worker->view();
            return view.tasks.size() == 1 ? view.tasks[0].progress.step : std::string();
        };
        QTRY_VERIFY2_WITH_TIMEOUT(step().starts_with("attempt 2 of 3 follows: ") && step().find("SIGKILL") != std::string::npos, step().c_str(), kWait);
        QTRY_VERIFY_WITH_TIMEOUT(!stage.ids.empty(), kWait);
        QVERIFY(stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(stage.ids.at(0))}));
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(stage.returns[0].error->message.starts_with("task aborted"));
    }

    void theReturnsAfterARestartAndAnAbortAreInTheFormOfLotus() {
        Stage stage;
        layUnsealed(stage, 7);
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        std::vector<std::string> bodies;
        QObject::connect(stage.miner.get(), &practice::PracticeMiner::called, stage.miner.get(), [&](const QString& method, const QByteArray& body) {
            if (method == QLatin1String("ReturnSealPreCommit1")) bodies.push_back(body.toStdString());
        });
        const auto params = [&](std::size_t which, const std::string& error) {
            return "\"params\":[{\"Sector\":{\"Miner\":1000,\"Number\":7},\"ID\":\"" + stage.ids.at(which) + "\"},null," + error + ']';
        };
        give(stage, preCommit1(7));
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate") && stage.ids.size() == 1, kWait);
        stage.worker.reset();
        stage.startWorker();
        QTRY_COMPARE_WITH_TIMEOUT(bodies.size(), std::size_t{1}, kWait);
        QVERIFY2(bodies[0].find(params(0, "{\"Code\":101,\"Message\":\"worker [name: w1] restarted\"}")) != std::string::npos, bodies[0].c_str());
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        give(stage, preCommit1(7));
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate") && stage.ids.size() == 2, kWait);
        QVERIFY(stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(stage.ids[1])}));
        QTRY_COMPARE_WITH_TIMEOUT(bodies.size(), std::size_t{2}, kWait);
        const char* aborted =
            "{\"Code\":0,\"Message\":\"task aborted by the operator of the worker [name: w1]: task aborted by the operator of the worker\"}";
        QVERIFY2(bodies[1].find(params(1, aborted)) != std::string::npos, bodies[1].c_str());
    }
};

QTEST_GUILESS_MAIN(TestWorkerAbort)
#include "tst_worker_abort.moc"
