// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_types.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::tasks {

/// Which pool runs a task: computing, or moving files.
enum class Lane { Seal, Io };

/// Everything that depends on the kind of task alone. Adding a kind: a row here, its call in protocol, its body in *_tasks.cpp (task_bodies.h).
struct TaskType {
    std::string_view name;      ///< "seal/v0/precommit/1", as the miner names it
    std::string_view shortName; ///< "PC1"
    std::string_view phase;     ///< "pc1", in progress and JSON
    Lane lane;
};

/// Every type of the worker protocol that this program knows.
std::span<const TaskType> taskTypes();
/// The row of a name or short name (short names in any case); NotFound lists what is known.
Expected<const TaskType*> taskType(std::string_view name);
/// The row of a call.
const TaskType& typeOf(const protocol::TaskCall& call);

/// Which types a worker with these switches offers, by the rules of lotus-worker (protocol facts 3.3).
struct TaskSwitches {
    bool addPiece = true, preCommit1 = true, unseal = true, preCommit2 = true, commit = true;
    bool replicaUpdate = true, proveReplicaUpdate2 = true, regenSectorKey = true;
    bool sectorDownload = false, windowPost = false, winningPost = false;
    bool dataCid = true;                    ///< counts only when it is in `explicitlySet`; else DataCid goes with AddPiece
    bool noDefault = false;                 ///< only what is explicitly set, beside the types every worker has
    std::vector<std::string> explicitlySet; ///< flags given on the command line or by environment, named as in taskFlags()
};
/// A switch as the command line has it.
struct TaskFlag {
    std::string_view flag;     ///< "precommit1", with two dashes before it
    std::string_view variable; ///< "LOTUS_WORKER_PRECOMMIT1"; empty: none
    bool TaskSwitches::* value;
};
std::span<const TaskFlag> taskFlags();
/// The names in the order of lotus-worker. InvalidArgument for a flag in `explicitlySet` that is none, and for PoSt together with
/// anything else: a worker is for sealing, for winning PoSt or for window PoSt.
Expected<std::vector<std::string>> offeredTypes(const TaskSwitches& switches);

} // namespace lsw::tasks
