// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/json_rpc.h"
#include "protocol/lotus_post.h"
#include "protocol/lotus_types.h"
#include "protocol/push_stream.h"

namespace lsw::protocol {

struct Nothing {};
template <typename T>
using Reply = std::function<void(Expected<T>)>; ///< called exactly once

/// What a worker answers to its callers; implemented by worker/worker_service.
/// thread  the service thread; no method may block, replies may come later
class WorkerMethods {
public:
    virtual ~WorkerMethods() = default;
    virtual void taskTypes(Reply<std::vector<std::string>>) = 0;
    virtual void paths(Reply<std::vector<StoragePath>>) = 0;
    virtual void info(Reply<WorkerInfo>) = 0;
    virtual void session(Reply<std::string>) = 0;
    virtual void processSession(Reply<std::string>) = 0;
    virtual void enabled(Reply<bool>) = 0;
    virtual void setEnabled(bool, Reply<Nothing>) = 0;
    virtual void waitQuiet(Reply<Nothing>) = 0;
    virtual void taskDisable(std::string type, Reply<Nothing>) = 0;
    virtual void taskEnable(std::string type, Reply<Nothing>) = 0;
    virtual void remove(SectorId, Reply<Nothing>) = 0;
    virtual void storageLocal(Reply<std::map<std::string, std::string>>) = 0;
    virtual void storageAddLocal(std::string path, Reply<Nothing>) = 0;
    virtual void storageDetachLocal(std::string path, Reply<Nothing>) = 0;
    virtual void storageDetachAll(Reply<Nothing>) = 0;
    virtual void storageRedeclareLocal(std::optional<std::string> id, bool dropMissing, Reply<Nothing>) = 0;
    virtual void shutdown(Reply<Nothing>) = 0;
    /// Journals the call and replies with its id; `data` is set for AddPiece and DataCid.
    virtual void startTask(TaskCall, std::shared_ptr<PieceData> data, Reply<CallId>) = 0;
    /// Proofs that the miner waits for; the connection stays open meanwhile.
    virtual void generateWinningPost(PostCall, Reply<std::vector<PostProofBytes>>) = 0;
    virtual void generateWindowPost(PostCall, Reply<WindowPostResult>) = 0;
    /// Our own method LotusSealWorker.TaskAbort: ends a call for good; the reply comes when its computation has ended.
    virtual void abortTask(std::string callUuid, Reply<Nothing>) = 0;
    /// LotusSealWorker.SetMode: "working", "paused" or "draining", kept over restarts.
    virtual void setMode(std::string mode, Reply<Nothing>) = 0;
    /// LotusSealWorker.Stop: "finish" (what runs ends first) or "now" (without waiting for anything).
    virtual void stopWorker(std::string how, Reply<Nothing>) = 0;
    /// LotusSealWorker.Reload: reads the configuration again; which settings are in effect now and which after a restart, as JSON (worker/worker_api.h).
    virtual void reload(Reply<boost::json::value>) = 0;
    /// Our own method LotusSealWorker.Snapshot: everything `info` and `tasks` show, as JSON (worker/worker_api.h).
    virtual void snapshot(Reply<boost::json::value>) = 0;
    /// Our own method LotusSealWorker.Leftovers: what lies in the storage paths and no call owns; those of these paths that are among it are
    /// deleted (worker/leftover_answer.h).
    virtual void leftovers(std::vector<std::string> toDelete, Reply<boost::json::value>) = 0;
};

/// Adds every method of the worker API to the table: names, parameter counts, permissions, decoding and encoding.
void addWorkerMethods(MethodTable& table, WorkerMethods& worker, PushStreams& streams);

} // namespace lsw::protocol
