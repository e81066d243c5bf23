// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/http_probe.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lsw::setup {

/// What a miner says of itself, as `lotus-miner info` shows it.
struct MinerView {
    struct Worker {
        std::string session, hostname;
        std::size_t taskTypes = 0;  ///< kinds of task it offers
        std::uint64_t running = 0;  ///< tasks that it does now
        bool enabled = true;
    };
    std::string version;
    std::uint32_t apiVersion = 0;
    std::string address;                            ///< "f01000"
    std::optional<std::uint64_t> sectorSize;        ///< bytes; absent when its full node is away
    std::map<std::string, std::uint64_t> sectors;   ///< by state
    std::string sectorsUnknown;                     ///< why there are none here
    std::vector<Worker> workers;
    std::string workersUnknown;
    std::string ourSession;                         ///< of the worker that runs here; empty: none runs
    bool isOnThisMachine = false;
    std::string hostname;                           ///< of this machine
    std::string network;                            ///< "mainnet"; empty when no full node could be asked
    std::string minerPower, totalPower;             ///< quality adjusted, in bytes, as decimal texts; empty as above

    bool isOurWorkerRegistered() const;
    /// The miner's own process is a worker, too. Today's miners do not mark it; on this machine it is known by the name of the host.
    bool isLocal(const Worker& worker) const;
};

/// How many workers the miner counts, and how many of them work now: those of its own machine, and the others, as the first releases of lotus told them.
struct WorkerUse {
    std::size_t localBusy = 0, local = 0, remoteBusy = 0, remote = 0;
    bool isLocalKnown = false; ///< only seen from the miner's own machine; else all are counted as remote
    /// "Local 0 / 1, Remote 1 / 2"
    std::string text() const;
    bool operator==(const WorkerUse&) const = default;
};
WorkerUse workerUse(const MinerView& view);

/// The block that `lotus-miner info` prints, with "Worker use" in the words of the first releases: one line each.
std::vector<std::string> infoLines(const MinerView& view);

/// Fills sectors, workers, and with a full node's connection network and power.
void askMiner(MinerView& view, const RpcQuestion& miner, const std::optional<RpcQuestion>& fullNode, const std::stop_token& stop);

} // namespace lsw::setup
