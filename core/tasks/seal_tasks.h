// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"
#include "protocol/push_stream.h"
#include "storage/local_store.h"
#include "tasks/label_batch.h"

namespace lsw::tasks {

/// What the bodies of tasks work with. All of it may be used from pool threads.
struct TaskTools {
    proofs::ProofEngine& engine;
    storage::LocalStore& store;
    std::string externalPc2{}; ///< a shell command that does PC2 instead of the engine; empty: the engine
    BatchSeat* seat = nullptr; ///< of a PC1 that may be computed together with others
    std::uint64_t labelMemory = 0; ///< bytes that the labels of one PC1 may take; 0: what is free
};

/// Runs one call to its end on the calling pool thread: acquires its files, drives the engine, shapes the result.
/// The steps of each method are those of lotus (protocol facts 4.3.1).
Expected<protocol::TaskResult> runTask(const protocol::TaskCall& call, const std::shared_ptr<protocol::PieceData>& data,
                                       const TaskTools& tools, const TaskContext& context);

/// The error of a call as the miner gets it: NoSpace → code 102 as it is; else code 0 with "chain [name: W]: chain".
protocol::CallError callErrorFor(const Error& error, const std::string& workerName);

} // namespace lsw::tasks
