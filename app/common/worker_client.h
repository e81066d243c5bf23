// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/lotus_view.h"
#include "protocol/api_info.h"
#include "worker/worker_api.h"

#include <filesystem>
#include <string>

namespace lsw::common {

/// The folder of this machine's worker: `flag`, else LOTUS_WORKER_PATH, else WORKER_PATH, else ~/.lotusworker.
std::filesystem::path workerRepo(const std::string& flag);
/// What to say of the variable that named it; empty when all is well.
std::string workerRepoNote(const std::string& flag);

/// Talks to a worker that runs in another process (or on another machine): found by WORKER_API_INFO, else by `api` and `token` of its repo.
/// Every call blocks for at most ten seconds, unless it says otherwise. NotRunning when nobody answers.
class WorkerClient {
public:
    static Expected<WorkerClient> find(const std::filesystem::path& repo);
    /// The one of this repo, whatever WORKER_API_INFO says.
    static Expected<WorkerClient> ofRepo(const std::filesystem::path& repo);
    /// Of this program alone; Remote when another one answers there.
    Expected<worker::WorkerView> view() const;
    /// Of any program that is a worker for lotus.
    Expected<LotusView> lotusView() const;
    /// What `lotus-worker stop` does: detaches the storage from the miner's index, then asks the worker to end.
    Expected<void> stop() const;
    /// Any method with its namespace; blocks for at most `timeoutMs`, 0: as long as it takes. NotRunning when nobody answers, Remote with the worker's own words.
    Expected<boost::json::value> call(const std::string& method, boost::json::array params = {}, int timeoutMs = 10000) const;
    /// Whether anybody still listens there.
    bool answers() const;

private:
    explicit WorkerClient(protocol::ApiInfo server) : m_server(std::move(server)) {}
    protocol::ApiInfo m_server;
};

} // namespace lsw::common
