// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>

#include "practice/practice_miner.h"
#include "protocol/http_server.h"
#include "protocol/lotus_json.h"
#include "protocol/miner_client.h"
#include "storage/storage_config.h"
#include "support/gate.h"
#include "support/test_paths.h"
#include "worker/worker_service.h"

#include <algorithm>
#include <fstream>
#include <future>

namespace lsw::test {

using worker::ConnectionState;
using worker::TaskState;
using worker::TaskView;
using worker::WorkerApi;
using worker::WorkerService;
using worker::WorkerSettings;
using worker::WorkerView;
namespace fs = std::filesystem;

inline protocol::TaskCall commit2(std::uint64_t number) {
    protocol::SealCommit2Call call;
    call.sector = {{1000, number}, sector::SealProof{5}};
    call.commit1Output = Bytes{'{', '}'};
    return call;
}

/// What a worker told, heard on this thread (QSignalSpy of Qt 6.4 would write its list on the worker's).
class Ears : public QObject {
public:
    explicit Ears(WorkerApi& worker) {
        connect(&worker, &WorkerApi::stopped, this, [this] { ++stopped; });
        connect(&worker, &WorkerApi::failed, this, [this](int code, const QString& message) { failures.emplace_back(code, message); });
        connect(&worker, &WorkerApi::viewChanged, this, [this](const WorkerView& view) { states.push_back(view.connection); });
    }
    int stopped = 0;
    std::vector<std::pair<int, QString>> failures;
    std::vector<ConnectionState> states; ///< one for each view
};

/// A miner, a worker and what both said.
class Stage {
public:
    Stage() {
        startMiner(0);
    }
    /// A miner process: another one over the same folder when there was one before.
    void startMiner(std::uint16_t port) {
        practice::PracticeMiner::Settings settings;
        settings.repo = at("miner");
        settings.port = port;
        settings.sessionPollMs = 200;
        miner = std::make_unique<practice::PracticeMiner>(settings);
        started = miner->start().hasValue();
        QObject::connect(miner.get(), &practice::PracticeMiner::returned, miner.get(), [this](const practice::ArrivedReturn& one) { returns.push_back(one); });
    }
    ~Stage() {
        gate.open();
        worker.reset();
    }

    fs::path at(const char* name) const { return fs::path(folder.path().toStdString()) / name; }

    WorkerSettings settings() {
        WorkerSettings out;
        auto info = protocol::parseApiInfo(miner->apiInfo());
        if (info) out.miner = *info;
        out.repo = at("worker");
        out.name = "w1";
        out.listen = "127.0.0.1:0";
        out.noLocalStorage = false;
        out.prover.folder = lsw::test::kGatedProverFolder;
        out.prover.scratch = at("");
        out.prover.environment["GATED_PROVER_GATE"] = gate.path().string();
        out.heartbeatMs = 100;
        out.returnRetryMs = 50;
        out.shutdownLingerMs = 5000;
        return out;
    }

    void startWorker() { startWorker(settings()); }
    void startWorker(WorkerSettings chosen) {
        worker = std::make_unique<WorkerService>(std::move(chosen));
        ears = std::make_unique<Ears>(*worker);
        worker->start();
    }
    bool connected() const { return worker->view().connection == ConnectionState::Connected; }
    ConnectionState connection() const { return worker->view().connection; }
    bool showed(ConnectionState state) const { return std::find(ears->states.begin(), ears->states.end(), state) != ears->states.end(); }

    /// Starts a C2 and notes its id.
    void call(std::uint64_t sector) {
        miner->callWorker(worker->view().session, commit2(sector), [this](Expected<protocol::CallId> id) {
            if (id) ids.push_back(id->uuid);
            else refusals.push_back(id.error().message());
        });
    }

    /// Asks the worker a question as the miner does, from a thread without an event loop. AuthVerify is answered by this one.
    std::future<Expected<boost::json::value>> asking(const std::string& method, boost::json::array params = {}, const std::string& token = {}) {
        return std::async(std::launch::async, [method, params = std::move(params), listen = worker->view().listen,
                                               token = token.empty() ? miner->workerToken() : token]() -> Expected<boost::json::value> {
            protocol::ApiInfo api;
            const auto where = protocol::parseHostPort(listen);
            if (!where) return where.error();
            api.endpoint = *where;
            api.token = token;
            return protocol::callBlocking(api, method, params);
        });
    }
    /// The same, and waits for the answer.
    Expected<boost::json::value> ask(const std::string& method, boost::json::array params = {}, const std::string& token = {}) {
        auto answer = asking(method, std::move(params), token);
        // The miner lives on this thread and has to answer AuthVerify meanwhile.
        while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) QCoreApplication::processEvents();
        return answer.get();
    }

    int count(TaskState state) const {
        const auto view = worker->view();
        return static_cast<int>(std::count_if(view.tasks.begin(), view.tasks.end(), [&](const TaskView& task) { return task.state == state; }));
    }
    bool shows(const std::string& step) const {
        const auto view = worker->view();
        return std::any_of(view.tasks.begin(), view.tasks.end(), [&](const TaskView& task) { return task.progress.step == step; });
    }
    bool returnedOnce(const std::string& uuid) const {
        return std::count_if(returns.begin(), returns.end(), [&](const auto& one) { return one.id.uuid == uuid; }) == 1;
    }

    QTemporaryDir folder;
    Gate gate{at("gate")};
    std::unique_ptr<practice::PracticeMiner> miner;
    std::unique_ptr<WorkerService> worker;
    std::unique_ptr<Ears> ears;
    std::vector<practice::ArrivedReturn> returns;
    std::vector<std::string> ids, refusals;
    bool started = false;
};

inline constexpr int kWait = 30000;

} // namespace lsw::test
