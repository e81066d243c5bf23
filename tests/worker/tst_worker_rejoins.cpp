// SPDX-License-Identifier: MIT OR Apache-2.0
#include "control_calls.h"

#include "storage/storage_config.h"
#include "tasks/call_journal.h"

#include <QtTest/QSignalSpy>

using namespace lsw;
using namespace lsw::test;

/// A miner that was restarted, or a worker, while there is work: the service against the practice miner, with a prover that waits at a gate.
class TestWorkerRejoins : public QObject {
    Q_OBJECT
private Q_SLOTS:
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

QTEST_GUILESS_MAIN(TestWorkerRejoins)
#include "tst_worker_rejoins.moc"
