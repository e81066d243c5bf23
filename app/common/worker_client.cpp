// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/worker_client.h"

#include "common/configuration.h"
#include "protocol/miner_client.h"
#include "setup/miner_repo.h"
#include "storage/storage_config.h"

namespace lsw::common {
namespace {

Error notRunning(const std::string& why) {
    return Error(ErrorCode::NotRunning, "no worker answers (" + why + "). Start one with: lotus-seal-worker run");
}

} // namespace

std::filesystem::path workerRepo(const std::string& flag) {
    for (const std::string& text : {flag, environmentVariable("LOTUS_WORKER_PATH"), environmentVariable("WORKER_PATH")})
        if (!text.empty()) return storage::expandHome(text);
    return storage::expandHome("~/.lotusworker");
}

std::string workerRepoNote(const std::string& flag) {
    if (!flag.empty() || environmentVariable("WORKER_PATH").empty()) return {};
    if (environmentVariable("LOTUS_WORKER_PATH").empty()) return "WORKER_PATH is the old name of LOTUS_WORKER_PATH; it is used.";
    return "WORKER_PATH, the old name of LOTUS_WORKER_PATH, is passed over.";
}

Expected<WorkerClient> WorkerClient::find(const std::filesystem::path& repo) {
    if (const std::string info = environmentVariable("WORKER_API_INFO"); !info.empty()) {
        auto parsed = protocol::parseApiInfo(info);
        if (!parsed) return std::move(parsed).error().whileDoing("reading WORKER_API_INFO");
        return WorkerClient(std::move(*parsed));
    }
    return ofRepo(repo);
}

Expected<WorkerClient> WorkerClient::ofRepo(const std::filesystem::path& repo) {
    auto endpoint = setup::readRepoEndpoint(repo);
    if (!endpoint) return notRunning(endpoint.error().message());
    return WorkerClient(std::move(*endpoint));
}

Expected<boost::json::value> WorkerClient::call(const std::string& method, boost::json::array params, int timeoutMs) const {
    auto answer = protocol::callBlocking(m_server, method, std::move(params), timeoutMs);
    if (!answer && (answer.error().code() == ErrorCode::MinerUnreachable || answer.error().code() == ErrorCode::Timeout))
        return notRunning(answer.error().message());
    return answer;
}

Expected<worker::WorkerView> WorkerClient::view() const {
    const auto answer = call("LotusSealWorker.Snapshot");
    if (!answer) return answer.error();
    return worker::workerViewFromJson(*answer);
}

Expected<void> WorkerClient::stop() const {
    constexpr int kDetachMs = 10000;
    // The miner may be gone, which the worker waits for: it must be stoppable all the same.
    const auto detached = protocol::callBlocking(m_server, "Filecoin.StorageDetachAll", {}, kDetachMs);
    if (!detached && detached.error().code() == ErrorCode::MinerUnreachable) return notRunning(detached.error().message());
    const auto answer = call("Filecoin.Shutdown");
    if (!answer) return answer.error();
    return {};
}

bool WorkerClient::answers() const {
    const auto answer = call("Filecoin.Version");
    return answer || answer.error().code() != ErrorCode::NotRunning;
}

} // namespace lsw::common
