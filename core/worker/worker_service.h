// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/api_info.h"
#include "tasks/isolated_engine.h"
#include "tasks/task_type.h"
#include "worker/worker_api.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>

namespace lsw::worker {

/// One setting as people wrote it, and whether a running worker takes another value over.
struct ToldSetting {
    std::string text;
    bool isLive = false;
    bool operator==(const ToldSetting&) const = default;
};

/// Everything a worker is told before it starts.
struct WorkerSettings {
    protocol::ApiInfo miner;
    std::filesystem::path repo;              ///< ~/.lotusworker: made and filled when new
    std::string name;                        ///< empty: host name
    std::string listen = "0.0.0.0:3456";     ///< 0.0.0.0 alone: the address that faces the miner is found and bound
    std::string advertise;                   ///< H:P; with it 0.0.0.0 binds all
    bool noLocalStorage = false, noSwap = false;
    int parallelFetchLimit = 5;
    int postParallelReads = 32; ///< 0: all sectors of a proof at once
    int postReadTimeoutMs = 0;  ///< 0: none
    std::string externalPc2;    ///< a shell command that does PC2; empty: the engine
    int historyRows = 20000;    ///< finished tasks that are kept for people; 0: none
    std::string preCommit1Batch = "auto"; ///< see tasks/batch_rule.h
    std::uint64_t preCommit1Memory = 0;   ///< bytes that the labels of one PC1 may take; 0: what is free
    int httpHeadTimeoutMs = 30000;
    tasks::TaskSwitches switches;
    tasks::ProverSettings prover;
    bool fetchParameters = false;                   ///< missing parameters are fetched; tasks that prove wait for them
    std::uint64_t leaveMemory = 0;                  ///< bytes of the machine that are left to other programs
    std::map<std::string, std::string> environment; ///< variables of the resource table that count before those of the process
    std::map<std::string, ToldSetting> told;        ///< by name: what a reload compares
    std::function<Expected<WorkerSettings>()> reread; ///< reads them again, for reload(); may block; null: they are not read from anywhere
    int heartbeatMs = 10000, returnRetryMs = 5000, taskRetryMs = 5000, shutdownLingerMs = 20000; ///< tests shorten them
};

/// Runs a worker on its own thread "lsw-service"; the calls of the miner come in through it, results go out.
///
/// start() returns at once; failures come by the signal `failed`. It keeps trying to reach the miner. After `stopped` it can be destroyed.
class WorkerService final : public WorkerApi {
    Q_OBJECT
public:
    explicit WorkerService(WorkerSettings settings);
    ~WorkerService() override;
    void start();
    WorkerView view() const override;
    void requestStop() override;
    void setEnabled(bool enabled) override;
    void setMode(WorkMode mode) override;
    void reload() override;

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::worker
