// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include "practice/practice_miner.h"
#include "protocol/http_server.h"
#include "protocol/lotus_json.h"
#include "protocol/miner_client.h"
#include "storage/storage_config.h"
#include "worker_stage.h"
#include "worker/worker_service.h"

#include <algorithm>
#include <fstream>
#include <future>

// The whole service against the practice miner, with a prover that waits at a gate. SealCommit2 needs no files, so it stands
// for every task that computes.
using namespace lsw;
using namespace lsw::worker;
namespace fs = std::filesystem;

using test::commit2;
using test::Ears;
using test::kWait;
using test::Stage;

class TestWorkerService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itRegistersAndTellsWhatItOffers() {
        Stage stage;
        QVERIFY(stage.started);
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        const auto workers = stage.miner->workers();
        QCOMPARE(workers.size(), std::size_t{1});
        const auto view = stage.worker->view();
        QCOMPARE(workers[0].session, view.session);
        QCOMPARE(workers[0].info.hostname, std::string("w1"));
        QVERIFY(workers[0].info.memPhysical > 0);
        QVERIFY(workers[0].info.gpus.empty());
        QVERIFY(workers[0].info.table.contains("seal/v0/precommit/1"));
        QVERIFY(workers[0].taskTypes.contains("seal/v0/commit/2"));
        QCOMPARE(view.sectorSize, std::uint64_t{2048});
        QVERIFY(view.connectionDetail.empty());
        QVERIFY(fs::exists(stage.at("worker") / "api"));
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().paths.size(), std::size_t{1}, kWait);
        QVERIFY(stage.miner->callCounts().at("StorageAttach") >= 1);
    }

    void aTaskIsCalledRunAndReturnedOnce() {
        Stage stage;
        stage.gate.open();
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), std::size_t{1}, kWait);
        const auto& arrived = stage.returns[0];
        QCOMPARE(arrived.id.uuid, stage.ids[0]);
        QVERIFY(!arrived.error);
        QCOMPARE(std::get<Bytes>(arrived.value), (Bytes{1, 2, 3}));
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        const auto shown = stage.worker->view().finished[0];
        QCOMPARE(shown.state, TaskState::Done);
        QCOMPARE(shown.shortName, std::string("C2"));
        QCOMPARE(shown.sector, std::string("s-t01000-1"));
        QVERIFY(shown.begunMs > 0 && shown.startedMs >= shown.begunMs && shown.finishedMs >= shown.startedMs);
        QVERIFY(stage.worker->view().tasks.empty());
    }

    void aFailedTaskIsReturnedWithItsCode() {
        Stage stage;
        stage.gate.failWith("the disk is full");
        stage.gate.open();
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QVERIFY(stage.returns[0].error);
        QCOMPARE(stage.returns[0].error->code, 102);
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.worker->view().finished[0].state, TaskState::Failed);
        QVERIFY(stage.worker->view().finished[0].error.find("the disk is full") != std::string::npos);
    }

    void aTaskOfSeveralOrdersShowsItsLargestMemory() {
        Stage stage;
        stage.gate.open();
        fs::create_directories(stage.at("worker") / "cache" / "s-t01000-4");
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        // Of a synthetic sector first the proofs are cleared, by a child that needs 9000 bytes, then the rest, by one that needs 5000.
        stage.miner->callWorker(stage.worker->view().session, protocol::FinalizeSectorCall{{{1000, 4}, sector::SealProof{10}}}, [](const auto&) {});
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        QVERIFY2(stage.worker->view().finished[0].error.empty(), stage.worker->view().finished[0].error.c_str());
        QCOMPARE(stage.worker->view().finished[0].peakMemory, std::uint64_t{9000});
        stage.call(5); // of the one before nothing is left
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{2}, kWait);
        QCOMPARE(stage.worker->view().finished[0].peakMemory, std::uint64_t{4096});
    }

    void resultsOfProversWaitInTheWorkersFolder() {
        Stage stage;
        auto settings = stage.settings();
        settings.prover.scratch.clear();
        const auto left = stage.at("worker") / "lotus-seal-worker" / "scratch" / "lsw-order-abcdef";
        fs::create_directories(left);
        std::ofstream(left / "result") << "x";
        fs::create_directories(stage.at("worker") / "lotus-seal-worker" / "scratch" / "mine");
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(!fs::exists(left)); // what a killed worker left, young as it is
        QVERIFY(fs::exists(stage.at("worker") / "lotus-seal-worker" / "scratch" / "mine"));
        stage.call(1);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        const auto inScratch = [&] { return std::distance(fs::directory_iterator(stage.at("worker") / "lotus-seal-worker" / "scratch"), fs::directory_iterator()); };
        QCOMPARE(inScratch(), std::ptrdiff_t{2});
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(inScratch(), std::ptrdiff_t{1});
    }

    void aVariableThatCannotBeReadIsTold() {
        Stage stage;
        qputenv("C2_2K_MIN_MEMORY", "much");
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        qunsetenv("C2_2K_MIN_MEMORY");
        const auto notes = stage.worker->view().notes;
        QCOMPARE(notes.size(), std::size_t{1});
        QVERIFY2(notes[0].find("C2_2K_MIN_MEMORY") != std::string::npos && notes[0].find("much") != std::string::npos, notes[0].c_str());
    }

    void theSessionIsAnsweredWhileEverySealThreadIsBlocked() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        // More than the machine can take, so that whatever limits first is full.
        const std::size_t many = static_cast<std::size_t>(std::max(4, stage.worker->view().cpus)) + 2;
        for (std::size_t i = 1; i <= many; ++i) stage.call(i);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), many, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.count(TaskState::Running) > 0 && stage.count(TaskState::Waiting) > 0, kWait);
        const auto running = stage.count(TaskState::Running);
        const auto full = stage.worker->view();
        for (const auto& task : full.tasks)
            if (task.state == TaskState::Waiting) {
                QVERIFY(!task.waitReason.empty());
                QVERIFY(!task.waitDetail.empty());
            }
        for (int i = 0; i < 3; ++i) {
            const auto answer = stage.ask("Filecoin.Session");
            QVERIFY2(answer, answer ? "" : answer.error().message().c_str());
            QCOMPARE(std::string(answer->as_string()), stage.worker->view().session);
        }
        QCOMPARE(stage.count(TaskState::Running), running);
        QTRY_VERIFY_WITH_TIMEOUT(stage.shows("at the gate"), kWait);
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), many, kWait);
        for (const auto& id : stage.ids) QVERIFY(stage.returnedOnce(id));
    }

    void aMinerThatIsAwayIsShownAndFoundAgain() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.miner->faults().dropConnection["Session"] = 3;
        QTRY_VERIFY_WITH_TIMEOUT(stage.showed(ConnectionState::Lost), kWait); // and was perhaps found again in the same moment
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QCOMPARE(stage.miner->callCounts()["WorkerConnect"], 1);
    }

    void theMinerMayStartAfterTheWorker() {
        Stage stage;
        auto settings = stage.settings();
        const auto port = stage.miner->port(); // and nobody there
        stage.miner.reset();
        stage.startWorker(settings);
        QTRY_COMPARE_WITH_TIMEOUT(stage.connection(), ConnectionState::Connecting, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker->view().connectionDetail.find("127.0.0.1") != std::string::npos, kWait);
        stage.startMiner(port);
        QVERIFY(stage.started);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.ears->failures.empty());
    }

    void aRefusedReturnIsRepeatedUntilItIsTaken() {
        Stage stage;
        stage.gate.open();
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.miner->faults().refuse["ReturnSealCommit2"] = 2;
        stage.miner->faults().dropConnection["ReturnSealCommit2"] = 1;
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns.size(), std::size_t{1});
    }

    void aResultThatWasNotDeliveredIsDeliveredByTheNextStart() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.count(TaskState::Running), 1, kWait);
        stage.miner->faults().refuse["ReturnSealCommit2"] = 1000000;
        stage.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(stage.miner->callCounts()["ReturnSealCommit2"] >= 2, kWait);
        stage.worker.reset();
        QVERIFY(stage.returns.empty());
        stage.miner->faults().refuse.clear();
        stage.startWorker();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns[0].id.uuid, stage.ids.at(0));
        QVERIFY(!stage.returns[0].error);
        QCOMPARE(std::get<Bytes>(stage.returns[0].value), (Bytes{1, 2, 3}));
    }

    void stoppingEndsTheTaskAndTheNextStartReturnsItsCall() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ids.size(), std::size_t{1}, kWait);
        QTRY_COMPARE_WITH_TIMEOUT(stage.count(TaskState::Running), 1, kWait);
        stage.worker->requestStop();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait); // although the gate is shut: the child was ended
        QCOMPARE(stage.connection(), ConnectionState::Stopped);
        QVERIFY(!fs::exists(stage.at("worker") / "api"));
        QVERIFY(stage.returns.empty());
        stage.worker.reset();
        stage.startWorker();
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kWait);
        QCOMPARE(stage.returns[0].id.uuid, stage.ids[0]);
        QVERIFY(stage.returns[0].error);
        QCOMPARE(stage.returns[0].error->code, 101);
        QCOMPARE(stage.returns[0].error->message, std::string("worker [name: w1] restarted"));
    }

    void shutdownByTheMinerShowsTheZeroSessionAndEnds() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QSignalSpy lost(stage.miner.get(), &practice::PracticeMiner::workerLost);
        QVERIFY(stage.ask("Filecoin.Shutdown"));
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, kWait); // and not only disabled
        QVERIFY(stage.ears->failures.empty());
    }

    void aDisabledWorkerRefusesItsSessionOnly() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.ask("Filecoin.SetEnabled", {false}));
        const auto answer = stage.ask("Filecoin.Session");
        QVERIFY(!answer);
        QVERIFY(answer.error().message().find("worker disabled") != std::string::npos);
        QCOMPARE(std::string(stage.ask("Filecoin.ProcessSession")->as_string()), stage.worker->view().session);
        QTRY_VERIFY_WITH_TIMEOUT(!stage.worker->view().enabled, kWait);
        stage.worker->setEnabled(true);
        QTRY_VERIFY_WITH_TIMEOUT(stage.ask("Filecoin.Session").hasValue(), kWait);
    }

    void taskTypesAreSwitchedOffAndOn() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.ask("Filecoin.TaskTypes")->as_object().contains("seal/v0/commit/2"));
        QVERIFY(stage.ask("Filecoin.TaskDisable", {"seal/v0/commit/2"}));
        QVERIFY(!stage.ask("Filecoin.TaskTypes")->as_object().contains("seal/v0/commit/2"));
        QVERIFY(stage.ask("Filecoin.TaskEnable", {"seal/v0/commit/2"}));
        QVERIFY(stage.ask("Filecoin.TaskTypes")->as_object().contains("seal/v0/commit/2"));
    }

    void waitQuietWaitsForTheTaskAndItsResult() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.call(1);
        QTRY_COMPARE_WITH_TIMEOUT(stage.count(TaskState::Running), 1, kWait);
        bool quiet = false;
        std::size_t returnsThen = 99;
        stage.miner->callWorkerMethod(stage.worker->view().session, "Filecoin.WaitQuiet", {}, [&](const Expected<boost::json::value>& answer) {
            quiet = answer.hasValue();
            returnsThen = stage.returns.size();
        });
        QVERIFY(stage.ask("Filecoin.Session"));
        QVERIFY(!quiet);
        stage.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(quiet, kWait);
        QCOMPARE(returnsThen, std::size_t{1});
    }

    void tokensAreJudgedAsLotusDoes_data() {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("read only") << QByteArray("read") << QByteArray("missing permission to invoke 'Session' (need 'admin')");
        QTest::newRow("none") << QByteArray("none") << QByteArray("missing permission");
        QTest::newRow("wrong signature") << QByteArray("wrong") << QByteArray("401");
    }
    void tokensAreJudgedAsLotusDoes() {
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, told);
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        std::string chosen = stage.miner->tokenWith({"read"});
        if (token == "wrong") chosen.back() = chosen.back() == 'A' ? 'B' : 'A';
        if (token == "wrong") chosen[chosen.size() - 10] = chosen[chosen.size() - 10] == 'A' ? 'B' : 'A';
        protocol::ApiInfo api;
        api.endpoint = *protocol::parseHostPort(stage.worker->view().listen);
        api.token = token == "none" ? std::string() : chosen;
        auto answer = std::async(std::launch::async, [&] { return protocol::callBlocking(api, "Filecoin.Session", {}); });
        while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) QCoreApplication::processEvents();
        const auto result = answer.get();
        QVERIFY(!result);
        QVERIFY2(result.error().message().find(told.toStdString()) != std::string::npos, result.error().message().c_str());
        QCOMPARE(result.error().code(), ErrorCode::PermissionDenied);
    }

    void aWorkerWithABadTokenIsRefusedAndKeepsTrying() {
        Stage stage;
        auto settings = stage.settings();
        settings.miner.token[settings.miner.token.size() - 10] ^= 1;
        stage.startWorker(settings);
        QTRY_COMPARE_WITH_TIMEOUT(stage.connection(), ConnectionState::Refused, kWait);
        QVERIFY(stage.worker->view().connectionDetail.find(settings.miner.token) == std::string::npos);
        QVERIFY(stage.ears->failures.empty());
        QVERIFY(stage.miner->workers().empty());
    }

    void aMinerThatTakesTheTokenAfterAllIsJoined() {
        Stage stage;
        stage.miner->faults().unauthorized["Version"] = 2;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.showed(ConnectionState::Refused), kWait);
    }

    void storageThatWasAttachedHalfwayIsTakenUpAgain() {
        Stage stage;
        // A second path with a sector, which the miner refuses to hear of at first: the first path is open by then.
        const auto second = stage.at("second");
        fs::create_directories(second / "sealed");
        std::ofstream(second / "sealed" / "s-t01000-9") << "x";
        storage::PathMetadata metadata;
        metadata.id = "5d1c7b52-7a4e-4f6c-9a39-6d1d0c1f9e11";
        QVERIFY(storage::writePathMetadata(second, metadata));
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.worker.reset();
        QVERIFY(storage::writeStorageConfig(stage.at("worker"), {stage.at("worker").string(), second.string()}));
        stage.miner->faults().refuse["StorageDeclareSector"] = 1;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.ears->failures.empty());
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().paths.size(), std::size_t{2}, kWait);
    }

    void aStoragePathThatIsNotThereEndsIt() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        stage.worker.reset();
        QVERIFY(storage::writeStorageConfig(stage.at("worker"), {stage.at("worker").string(), stage.at("unmounted").string()}));
        stage.startWorker();
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QCOMPARE(stage.ears->failures.size(), std::size_t{1});
        QCOMPARE(stage.ears->failures[0].first, static_cast<int>(ErrorCode::StorageUnavailable));
        const auto& told = stage.ears->failures[0].second;
        QVERIFY2(told.contains(QStringLiteral("unmounted")) && told.contains(QStringLiteral("storage.json")), qPrintable(told));
    }

    void aMinerOfAnotherVersionEndsIt() {
        Stage stage;
        protocol::MethodTable table;
        table.add("Filecoin.Version", 0, "", [](const boost::json::array&, const protocol::RpcRespond& respond) {
            respond(boost::json::value{{"Version", "2.0.0"}, {"APIVersion", 131072}, {"BlockDelay", 30}, {"Agent", "lotus"}});
        });
        protocol::HttpRoute route;
        route.prefix = "/rpc/v0";
        route.handle = [&](const protocol::HttpHead&, const std::string& body, const protocol::Permissions& permissions, std::function<void(protocol::HttpReply)> reply) {
            table.dispatch(body, permissions, [reply = std::move(reply)](const protocol::RpcReply& answer) { reply({answer.httpStatus, "application/json", answer.body, {}}); });
        };
        protocol::HttpServer server({}, [](const std::string&, const std::function<void(Expected<protocol::Permissions>)>& done) { done(protocol::Permissions{"admin"}); }, {route});
        const auto port = server.start();
        QVERIFY(port);
        auto settings = stage.settings();
        settings.miner.endpoint.port = *port;
        stage.startWorker(settings);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QCOMPARE(static_cast<int>(stage.ears->failures.size()), 1);
        QCOMPARE(stage.ears->failures.at(0).first, static_cast<int>(ErrorCode::IncompatibleVersion));
        QVERIFY(stage.ears->failures.at(0).second.contains(QStringLiteral("2.0.0")));
    }

    void listeningOnAllMeansTheAddressThatFacesTheMiner() {
        Stage stage;
        auto settings = stage.settings();
        settings.listen = "0.0.0.0:0";
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.worker->view().listen.starts_with("127.0.0.1:"));
        QCOMPARE(stage.worker->view().advertise, stage.worker->view().listen);
    }

    void anAdvertisedAddressIsWhatTheMinerCalls() {
        Stage stage;
        auto settings = stage.settings();
        settings.listen = "0.0.0.0:0";
        settings.advertise = "localhost:0";
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.worker->view().listen.starts_with("0.0.0.0:"));
        QVERIFY(stage.miner->workers().at(0).url.starts_with("http://localhost:"));
    }

    void stoppingAtAnyMomentOfTheStartIsClean() {
        Stage stage;
        for (std::size_t views = 0; views < 6; ++views) {
            stage.startWorker();
            QTRY_VERIFY_WITH_TIMEOUT(stage.ears->states.size() >= views, kWait);
            stage.worker.reset();
        }
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
    }

    void healthNeedsNoToken() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QTcpSocket socket;
        const auto where = protocol::parseHostPort(stage.worker->view().listen);
        QVERIFY(where);
        socket.connectToHost(QString::fromStdString(where->host), where->port);
        QVERIFY(socket.waitForConnected(kWait));
        socket.write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        QByteArray answer;
        while (!answer.contains("ok\n") && socket.waitForReadyRead(kWait)) answer += socket.readAll();
        QVERIFY2(answer.startsWith("HTTP/1.1 200"), answer.constData());
        QVERIFY(answer.contains("ok\n"));
    }

    void aTokenThatMayOnlyReadIsRefusedWhereTheStorageIsAttached() {
        Stage stage;
        auto settings = stage.settings();
        settings.miner.token = stage.miner->tokenWith({"read"});
        stage.startWorker(settings);
        QTRY_COMPARE_WITH_TIMEOUT(stage.connection(), ConnectionState::Refused, kWait);
        QVERIFY(stage.worker->view().connectionDetail.find("StorageAttach") != std::string::npos);
    }

    void anotherInstanceInTheSameFolderFails() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        WorkerService second(stage.settings());
        Ears ears(second);
        second.start();
        QTRY_COMPARE_WITH_TIMEOUT(ears.stopped, 1, kWait);
        QCOMPARE(ears.failures.size(), std::size_t{1});
        QCOMPARE(ears.failures[0].first, static_cast<int>(ErrorCode::StorageUnavailable));
        QVERIFY(stage.connected());
    }

    void aPortInUseFailsAndIsNamed() {
        Stage stage;
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        auto settings = stage.settings();
        settings.listen = "127.0.0.1:" + std::to_string(other.serverPort());
        stage.startWorker(settings);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QCOMPARE(static_cast<int>(stage.ears->failures.size()), 1);
        QCOMPARE(stage.ears->failures.at(0).first, static_cast<int>(ErrorCode::AlreadyExists));
        QVERIFY(stage.ears->failures.at(0).second.contains(QString::number(other.serverPort())));
    }

    void aMissingProverFails() {
        Stage stage;
        auto settings = stage.settings();
        settings.prover.folder = stage.at("nowhere");
        stage.startWorker(settings);
        QTRY_COMPARE_WITH_TIMEOUT(stage.ears->stopped, 1, kWait);
        QCOMPARE(stage.ears->failures.at(0).first, static_cast<int>(ErrorCode::NotInstalled));
    }

    void theSnapshotIsTheView() {
        Stage stage;
        stage.startWorker();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        // By the worker's own token: what `info` uses, also while the miner is away.
        stage.miner->faults().dropConnection["AuthVerify"] = 1000000;
        const auto answer = stage.ask("LotusSealWorker.Snapshot", {}, stage.settings().miner.token);
        QVERIFY2(answer, answer ? "" : answer.error().message().c_str());
        const auto view = workerViewFromJson(*answer);
        QVERIFY(view);
        QCOMPARE(view->session, stage.worker->view().session);
        QCOMPARE(view->connection, ConnectionState::Connected);
    }
};

QTEST_GUILESS_MAIN(TestWorkerService)
#include "tst_worker_service.moc"
