// SPDX-License-Identifier: MIT OR Apache-2.0
#include "control_calls.h"

#include "protocol/lotus_post.h"
#include "storage/storage_config.h"
#include "tasks/call_journal.h"

#include <QtTest/QSignalSpy>

using namespace lsw;
using namespace lsw::test;

/// Pause, drain, stop, kinds of task switched off: the service against the practice miner, with a prover that waits at a gate.
class TestWorkerModes : public QObject {
    Q_OBJECT
private Q_SLOTS:
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

    void aProofOfStorageIsShownAndADrainWaitsForIt() {
        Stage stage;
        for (const char* type : {"sealed", "cache"}) fs::create_directories(stage.at("worker") / type);
        std::ofstream(stage.at("worker") / "sealed" / "s-t01000-7") << "x";
        fs::create_directory(stage.at("worker") / "cache" / "s-t01000-7");
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        protocol::PostCall post;
        post.proof = sector::PostProof{10};
        post.miner = 1000;
        post.sectors = {{sector::SealProof{5}, 7, {}, {1}, false}};
        post.randomness = Bytes(32, 5);
        auto answer = stage.asking("Filecoin.GenerateWindowPoSt", protocol::windowPostParams(post));
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().tasks.size(), std::size_t{1}, kWait);
        TaskView shown = stage.worker->view().tasks[0];
        QCOMPARE(shown.type, std::string("post/v0/windowproof"));
        QCOMPARE(shown.sector, std::string("t01000"));
        QCOMPARE(shown.sectors, std::uint64_t{1});
        QCOMPARE(shown.state, TaskState::Running);
        QVERIFY(shown.startedMs > 0);
        QVERIFY(stage.ask("LotusSealWorker.SetMode", {"draining"}));
        QCOMPARE(std::string(stage.ask("Filecoin.ProcessSession")->as_string()), stage.worker->view().session); // it does not leave
        QCOMPARE(stage.ears->stopped, 0);
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        const auto proof = answer.get();
        QVERIFY2(proof, told(proof).c_str());
        QCOMPARE(proof->at("PoStProofs").at("ProofBytes").as_string(), "AQID");
        const auto view = stage.worker->view();
        QVERIFY(view.tasks.empty());
        shown = view.finished.at(0);
        QCOMPARE(shown.shortName, std::string("WDP"));
        QCOMPARE(shown.state, TaskState::Done);
        QCOMPARE(shown.progress.done, std::uint64_t{1});
    }

    void aProofOfStorageThatFailedSaysWhy() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        protocol::PostCall post;
        post.proof = sector::PostProof{10};
        post.miner = 1000;
        for (std::uint64_t number = 1; number <= 12; ++number) post.sectors.push_back({sector::SealProof{5}, number, {}, {1}, false});
        post.randomness = Bytes(32, 5);
        QVERIFY(stage.ask("Filecoin.GenerateWindowPoSt", protocol::windowPostParams(post)));
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        const TaskView shown = stage.worker->view().finished[0];
        QCOMPARE(shown.state, TaskState::Failed);
        QCOMPARE(shown.error, std::string("no proof: 12 of its sectors could not be read (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …)"));
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
};

QTEST_GUILESS_MAIN(TestWorkerModes)
#include "tst_worker_modes.moc"
