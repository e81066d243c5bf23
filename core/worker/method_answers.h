// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/worker_methods.h"
#include "storage/local_store.h"

namespace lsw::worker {

class WorkerCore;

/// Answers the calls of the worker API.
///
/// thread  may be called from any thread (large requests are read on io threads, pushed data announce themselves on the
///         server's): everything is posted to the service thread
class MethodAnswers final : public protocol::WorkerMethods {
public:
    explicit MethodAnswers(WorkerCore& core) : m_core(core) {}
    void taskTypes(protocol::Reply<std::vector<std::string>> reply) override;
    void paths(protocol::Reply<std::vector<protocol::StoragePath>> reply) override;
    void info(protocol::Reply<protocol::WorkerInfo> reply) override;
    void session(protocol::Reply<std::string> reply) override;
    void processSession(protocol::Reply<std::string> reply) override;
    void enabled(protocol::Reply<bool> reply) override;
    void setEnabled(bool enabled, protocol::Reply<protocol::Nothing> reply) override;
    void waitQuiet(protocol::Reply<protocol::Nothing> reply) override;
    void taskDisable(std::string type, protocol::Reply<protocol::Nothing> reply) override;
    void taskEnable(std::string type, protocol::Reply<protocol::Nothing> reply) override;
    void remove(protocol::SectorId sector, protocol::Reply<protocol::Nothing> reply) override;
    void storageLocal(protocol::Reply<std::map<std::string, std::string>> reply) override;
    void storageAddLocal(std::string path, protocol::Reply<protocol::Nothing> reply) override;
    void storageDetachLocal(std::string path, protocol::Reply<protocol::Nothing> reply) override;
    void storageDetachAll(protocol::Reply<protocol::Nothing> reply) override;
    void storageRedeclareLocal(std::optional<std::string> id, bool dropMissing, protocol::Reply<protocol::Nothing> reply) override;
    void shutdown(protocol::Reply<protocol::Nothing> reply) override;
    void startTask(protocol::TaskCall call, std::shared_ptr<protocol::PieceData> data, protocol::Reply<protocol::CallId> reply) override;
    void generateWinningPost(protocol::PostCall call, protocol::Reply<std::vector<protocol::PostProofBytes>> reply) override;
    void generateWindowPost(protocol::PostCall call, protocol::Reply<protocol::WindowPostResult> reply) override;
    void abortTask(std::string callUuid, protocol::Reply<protocol::Nothing> reply) override;
    void setMode(std::string mode, protocol::Reply<protocol::Nothing> reply) override;
    void stopWorker(std::string how, protocol::Reply<protocol::Nothing> reply) override;
    void reload(protocol::Reply<boost::json::value> reply) override;
    void snapshot(protocol::Reply<boost::json::value> reply) override;
    void leftovers(std::vector<std::string> toDelete, protocol::Reply<boost::json::value> reply) override;

private:
    void onService(const char* name, std::function<void()> answer);
    void withStore(const char* name, std::function<Expected<void>(storage::LocalStore&, std::stop_token)> work,
                   protocol::Reply<protocol::Nothing> reply);
    WorkerCore& m_core;
};

} // namespace lsw::worker
