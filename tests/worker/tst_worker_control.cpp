// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker_stage.h"

#include "storage/storage_config.h"
#include "tasks/call_journal.h"

#include <QtTest/QSignalSpy>

// Abort, pause, drain, stop, attempts, and registering beside running tasks: the service against the practice miner, with a prover
// that waits at a gate.
using namespace lsw;
using namespace lsw::worker;
namespace fs = std::filesystem;

using test::commit2;
using test::kWait;
using test::Stage;

namespace {

constexpr sector::SealProof kProof{5};

/// A piece of sector data on the worker's path: what PC1 needs.
void layUnsealed(const Stage& stage, std::uint64_t number) {
    fs::create_directories(stage.at("worker") / "unsealed");
    std::ofstream(stage.at("worker") / "unsealed" / ("s-t01000-" + std::to_string(number))) << std::string(2048, 'u');
}

protocol::TaskCall preCommit1(std::uint64_t number) {
    protocol::SealPreCommit1Call call;
    call.sector = {{1000, number}, kProof};
    call.ticket = Bytes(32, 7);
    protocol::PieceInfo piece;
    piece.size = sector::PaddedBytes{2048};
    call.pieces = {piece};
    return call;
}

void give(Stage& stage, const protocol::TaskCall& call) {
    stage.miner->callWorker(stage.worker->view().session, call, [&stage](Expected<protocol::CallId> id) {
        if (id) stage.ids.push_back(id->uuid);
        else stage.refusals.push_back(id.error().message());
    });
}

bool waitsFor(const Stage& stage, const std::string& reason) {
    const auto view = stage.worker->view();
    return std::any_of(view.tasks.begin(), view.tasks.end(), [&](const TaskView& task) { return task.state == TaskState::Waiting && task.waitReason == reason; });
}

std::string told(const Expected<boost::json::value>& answer) { return answer ? "no error" : answer.error().message(); }

bool offers(Stage& stage, const char* type) {
    const auto types = stage.ask("Filecoin.TaskTypes");
    return types && types->as_object().contains(type);
}

} // namespace

class TestWorkerControl : public QObject {
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

    void aPausedWorkerBeginsNothingAndRunningTasksGoOn() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"paused"}));
        QCOMPARE(stage.worker->view().mode, WorkMode::Paused);
        // The miner knows it by the session, and keeps the worker as one that is disabled.
        QVERIFY(told(stage.ask("Filecoin.Session")).find("worker disabled") != std::string::npos);
        QCOMPARE(stage.ask("Filecoin.Enabled")->as_bool(), false);
        QCOMPARE(std::string(stage.ask("Filecoin.ProcessSession")->as_string()), stage.worker->view().session);
        QTRY_VERIFY_WITH_TIMEOUT(!stage.miner->workers().empty() && !stage.miner->workers()[0].enabled, kWait);
        stage.call(2); // one that the miner had prepared before it knew
        QTRY_VERIFY_WITH_TIMEOUT(waitsFor(stage, "paused"), kWait);
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns[0].id.sector.number, std::uint64_t{1});
        QVERIFY(waitsFor(stage, "paused"));
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"working"}));
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{2}, kWait);
        QVERIFY(!stage.returns[1].error);
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->workers()[0].enabled, kWait);
    }

    void aPauseIsKeptOverARestart() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"paused"}));
        stage.worker.reset();
        const int before = stage.miner->callCounts()["WorkerConnect"];
        stage.startWorker();
        // Its storage serves others; it does not register.
        const auto waits = [&] { return stage.worker->view().connectionDetail.find("takes no tasks") != std::string::npos; };
        QTRY_VERIFY_WITH_TIMEOUT(waits(), kWait);
        QCOMPARE(stage.worker->view().mode, WorkMode::Paused);
        QCOMPARE(stage.connection(), ConnectionState::Registering);
        QCOMPARE(stage.miner->callCounts()["WorkerConnect"], before);
        stage.worker->setMode(WorkMode::Working);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.worker.reset();
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
    }

    void aModeThatIsNoneIsRefused() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(told(stage.ask("LotusSealWorker.SetMode", {"sleeping"})).find("sleeping") != std::string::npos);
        QVERIFY(told(stage.ask("LotusSealWorker.Stop", {"later"})).find("later") != std::string::npos);
        QCOMPARE(stage.worker->view().mode, WorkMode::Working);
        const auto refused = stage.ask("LotusSealWorker.SetMode", {"paused"}, stage.miner->tokenWith({"read", "write", "sign"}));
        QVERIFY2(told(refused).find("missing permission") != std::string::npos, told(refused).c_str());
    }

    void aDrainDoesWhatIsHereThenStops() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        const std::size_t many = static_cast<std::size_t>(std::max(4, stage.worker->view().cpus)) + 2;
        for (std::size_t i = 1; i <= many; ++i) stage.call(i);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), many, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.count(TaskState::Running) > 0 && stage.count(TaskState::Waiting) > 0, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"draining"}));
        QVERIFY(told(stage.ask("Filecoin.Session")).find("worker disabled") != std::string::npos);
        QCOMPARE(stage.ears->stopped, 0);
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), many, kWait);
        for (const auto& one : stage.returns) QVERIFY(!one.error);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QVERIFY(stage.ears->failures.empty());
        QVERIFY(stage.miner->callCounts()["StorageDetach"] >= 1);
    }

    void aDrainThatWasCutOffGoesOnAndOneThatIsDoneWaitsForResume() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"draining"}));
        stage.worker.reset(); // a power cut, say
        QVERIFY(stage.returns.empty());
        stage.startWorker();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns[0].error->code, 101);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        stage.worker.reset();
        // Nothing is left to finish: whoever starts it now finds it idle, its files served, until it is told to go on.
        stage.startWorker();
        const auto waits = [&] { return stage.worker->view().connectionDetail.find("takes no tasks") != std::string::npos; };
        QTRY_VERIFY_WITH_TIMEOUT(waits(), kWait);
        QCOMPARE(stage.worker->view().mode, WorkMode::Draining);
        QCOMPARE(stage.ears->stopped, 0);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"working"}));
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
    }

    void anIdleWorkerThatDrainsStops() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"draining"}));
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
    }

    void aDrainWaitsForTheMinerThatIsAway() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        stage.miner->faults().refuse["ReturnSealCommit2"] = 3;
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"draining"}));
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QCOMPARE(stage.returns.size(), std::size_t{1});
        QVERIFY(stage.miner->callCounts()["ReturnSealCommit2"] >= 4);
    }

    void stopThatFinishesWaitsForWhatRunsOnly() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        const std::size_t many = static_cast<std::size_t>(std::max(4, stage.worker->view().cpus)) + 2;
        for (std::size_t i = 1; i <= many; ++i) stage.call(i);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), many, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate") && stage.count(TaskState::Waiting) > 0, kWait);
        const auto running = static_cast<std::size_t>(stage.count(TaskState::Running));
        QVERIFY(stage.ask("LotusSealWorker.Stop", {"finish"}));
        QVERIFY(stage.worker->view().finishing);
        QVERIFY(told(stage.ask("Filecoin.Session")).find("worker disabled") != std::string::npos);
        QCOMPARE(stage.ears->stopped, 0);
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QCOMPARE(stage.returns.size(), running);
        for (const auto& one : stage.returns) QVERIFY(!one.error);
        stage.worker.reset();
        // It is no state that is kept: the next start works, and returns what had not begun as interrupted.
        stage.startWorker();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), many, kWait);
        for (std::size_t i = running; i < many; ++i) QCOMPARE(stage.returns[i].error->code, 101);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
    }

    void stopThatFinishesIsCalledOffByResume() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.ask("LotusSealWorker.Stop", {"finish"}));
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"working"}));
        QVERIFY(stage.ask("Filecoin.Session"));
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        QVERIFY(stage.ask("Filecoin.Session"));
        QCOMPARE(stage.ears->stopped, 0);
    }

    void stopNowWaitsForNobody() {
        Stage stage;
        auto settings = stage.settings();
        settings.shutdownLingerMs = 3600000;
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.miner->faults().refuse["ReturnSealCommit2"] = 1000000;
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.ask("LotusSealWorker.Stop", {"now"}));
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
    }

    void aSecondShutdownIsAnswered() {
        Stage stage;
        auto settings = stage.settings();
        settings.shutdownLingerMs = 3600000;
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        stage.miner->faults().refuse["ReturnSealCommit2"] = 1000000;
        stage.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->callCounts()["ReturnSealCommit2"] >= 1, kWait);
        QVERIFY(stage.ask("Filecoin.Shutdown"));
        const auto second = stage.ask("Filecoin.Shutdown");
        QVERIFY(!second);
        QVERIFY2(told(second).find("this worker is shutting down already") != std::string::npos, told(second).c_str());
        QCOMPARE(std::string(stage.ask("Filecoin.Session")->as_string()), std::string(protocol::kZeroUuid));
        stage.miner->faults().refuse.clear();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
    }

    void aDisabledKindRunsOnWhatHasBegun() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.ask("Filecoin.TaskDisable", {"seal/v0/commit/2"}));
        QVERIFY(stage.ask("Filecoin.Session")); // the worker as such is not disabled
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(!stage.returns[0].error);
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

    void aRestartedMinerIsJoinedBesideALongTaskAndDoesNotOvercommit() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        const auto session = stage.worker->view().session;
        // As many as the miner's own accounts allow: the machine is full.
        std::uint64_t given = 0;
        while (stage.miner->hasRoomFor(session, "seal/v0/commit/2", kProof)) {
            stage.call(++given);
            QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), static_cast<std::size_t>(given), kWait);
        }
        QVERIFY(given >= 1);
        const auto running = static_cast<int>(given);
        QTRY_COMPARE_WITH_TIMEOUT(stage.count(TaskState::Running), running, kWait);
        QVERIFY(offers(stage, "seal/v0/commit/2")); // a full worker offers its kinds: the miner knows that it is full
        const auto memory = stage.miner->workers()[0].info.memUsed;
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        const auto restarted = stage.miner->restart();
        QVERIFY2(restarted, told(Error(ErrorCode::Internal, restarted ? "" : restarted.error().message())).c_str());
        // It is there again although the tasks run, under the same session.
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->workers().size() == 1 && stage.connected(), kWait);
        QCOMPARE(stage.miner->workers()[0].session, session);
        QCOMPARE(stage.count(TaskState::Running), running);
        QVERIFY(stage.returns.empty());
        // The new accounts are empty and would have room. What keeps the miner from giving more is what is offered.
        QVERIFY(stage.miner->hasRoomFor(session, "seal/v0/commit/2", kProof));
        QVERIFY(!offers(stage, "seal/v0/commit/2"));
        QVERIFY(offers(stage, "seal/v0/fetch")); // files can be had all the while
        QVERIFY(offers(stage, "seal/v0/finalize"));
        // What it takes for used by others is not what our own tasks use for the moment.
        QVERIFY(stage.miner->workers()[0].info.memUsed <= memory + (std::uint64_t{64} << 20));
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), static_cast<std::size_t>(given), kWait);
        for (const auto& id : stage.ids) QVERIFY(stage.returnedOnce(id));
        for (const auto& one : stage.returns) QVERIFY(!one.error);
        QTRY_VERIFY_WITH_TIMEOUT(offers(stage, "seal/v0/commit/2"), kWait);
        QVERIFY(stage.miner->hasRoomFor(session, "seal/v0/commit/2", kProof));
        // From here on the accounts are whole again.
        stage.gate.close();
        stage.call(100);
        QTRY_COMPARE_WITH_TIMEOUT(stage.count(TaskState::Running), 1, kWait);
        QVERIFY(offers(stage, "seal/v0/commit/2"));
    }

    void whatTheMinerForgetsEndsBeforeItIsJoinedAgain() {
        Stage stage;
        fs::create_directories(stage.at("worker") / "cache" / "s-t01000-4");
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        // A miner does not write finalizing down: it will ask for it anew, and two must not do it at once.
        give(stage, protocol::FinalizeSectorCall{{{1000, 4}, kProof}});
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        auto before = stage.miner->callCounts();
        QVERIFY(stage.miner->restart());
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->callCounts()["StorageAttach"] > before["StorageAttach"], kWait);
        QTRY_COMPARE_WITH_TIMEOUT(stage.connection(), ConnectionState::Registering, kWait);
        const int beats = stage.miner->callCounts()["Session"];
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->callCounts()["Session"] > beats + 3, kWait);
        QCOMPARE(stage.miner->callCounts()["WorkerConnect"], before["WorkerConnect"]);
        QCOMPARE(stage.count(TaskState::Running), 1);
        stage.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected() && stage.miner->workers().size() == 1, kWait);
        QCOMPARE(stage.returns.size(), std::size_t{1});
    }

    void aCallOfTheSameSectorWaitsForTheOneTheMinerMayHaveForgotten() {
        Stage stage;
        layUnsealed(stage, 7);
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        give(stage, preCommit1(7));
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        QVERIFY(stage.miner->restart());
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->workers().size() == 1 && stage.connected(), kWait);
        give(stage, protocol::FetchCall{{{1000, 7}, kProof}, protocol::FileType::Unsealed, protocol::PathType::Sealing, protocol::AcquireMode::Move});
        QTRY_VERIFY_WITH_TIMEOUT(waitsFor(stage, "sector"), kWait);
        // One of another sector does not.
        give(stage, protocol::ReleaseUnsealedCall{{{1000, 8}, kProof}, {}});
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns[0].id.sector.number, std::uint64_t{8});
        QTRY_VERIFY_WITH_TIMEOUT(!stage.ids.empty(), kWait);
        QVERIFY(stage.ask("LotusSealWorker.TaskAbort", {boost::json::string(stage.ids.at(0))}));
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{3}, kWait);
    }

    void whatAnEarlierRunLeftIsReturnedBeforeItRegisters() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        stage.worker.reset();
        std::vector<QString> order;
        QObject::connect(stage.miner.get(), &practice::PracticeMiner::called, stage.miner.get(), [&](const QString& method, const QByteArray&) {
            if (method == QLatin1String("ReturnSealCommit2") || method == QLatin1String("WorkerConnect")) order.push_back(method);
        });
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QCOMPARE(order, (std::vector<QString>{QStringLiteral("ReturnSealCommit2"), QStringLiteral("WorkerConnect")}));
        QCOMPARE(stage.returns.at(0).error->code, 101);
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

    void aResultThatIsRefusedKeepsNobodyFromRegistering() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.miner->faults().refuse["ReturnSealCommit2"] = 1000000;
        stage.call(1);
        stage.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->callCounts()["ReturnSealCommit2"] >= 1, kWait);
        stage.worker.reset();
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.miner->faults().refuse.clear();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
    }

    void aResultOfLastWeekIsDeliveredAsItWasStored() {
        Stage stage;
        auto settings = stage.settings();
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.worker.reset();
        constexpr std::int64_t week = 7LL * 24 * 3600 * 1000;
        const auto now = QDateTime::currentMSecsSinceEpoch();
        {
            auto journal = tasks::CallJournal::open(stage.at("worker") / "lotus-seal-worker" / "calls.sqlite");
            QVERIFY2(journal, told(Error(ErrorCode::Internal, journal ? "" : journal.error().message())).c_str());
            tasks::CallRecord record;
            record.id = {{1000, 3}, "0b5d9c3e-0000-4000-8000-000000000001"};
            record.method = "SealCommit2";
            record.params = "[]";
            record.taskType = "seal/v0/commit/2";
            record.proof = 5;
            record.begunMs = now - week;
            (*journal)->begin(record, [](const Expected<void>&) {});
            (*journal)->finish(record.id, "[{\"Sector\":{\"Miner\":1000,\"Number\":3},\"ID\":\"0b5d9c3e-0000-4000-8000-000000000001\"},\"CQgH\",null]", true, "", 0,
                               [](const Expected<void>&) {});
            (*journal)->flush();
        }
        // The miner has become another process since.
        QVERIFY(stage.miner->restart());
        stage.miner->faults().refuse["ReturnSealCommit2"] = 2;
        stage.miner->faults().dropAfterDoing["ReturnSealCommit2"] = 1;
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker->view().finished.size() == 1, kWait);
        QCOMPARE(stage.returns.size(), std::size_t{1});
        QCOMPARE(std::get<Bytes>(stage.returns[0].value), (Bytes{9, 8, 7}));
        QVERIFY(!stage.returns[0].error);
        QCOMPARE(stage.worker->view().finished[0].begunMs, now - week);
        stage.worker.reset();
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QCOMPARE(stage.returns.size(), std::size_t{1}); // not a second time
    }
};

QTEST_GUILESS_MAIN(TestWorkerControl)
#include "tst_worker_control.moc"
