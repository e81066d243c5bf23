// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "tasks/seal_tasks.h"

/// What each task does, one function for each call: the steps are those of lotus (protocol facts 4.3.1).
///
/// thread  a pool thread; they block on the index, the disk, the network and the prover
namespace lsw::tasks {

using namespace protocol;

/// What the body of a task works with.
struct TaskWork {
    const std::shared_ptr<PieceData>& data; ///< of AddPiece and DataCid
    proofs::ProofEngine& engine;
    storage::LocalStore& store;
    const std::string& externalPc2;
    BatchSeat* seat;
    std::uint64_t labelMemory;
    const TaskContext& context;
};

// piece_tasks.cpp
Expected<TaskResult> run(const AddPieceCall&, const TaskWork&);
Expected<TaskResult> run(const DataCidCall&, const TaskWork&);
// seal_tasks.cpp
Expected<TaskResult> run(const SealPreCommit1Call&, const TaskWork&);
Expected<TaskResult> run(const SealPreCommit2Call&, const TaskWork&);
Expected<TaskResult> run(const SealCommit1Call&, const TaskWork&);
Expected<TaskResult> run(const SealCommit2Call&, const TaskWork&);
Expected<TaskResult> run(const FinalizeSectorCall&, const TaskWork&);
// unseal_tasks.cpp
Expected<TaskResult> run(const ReleaseUnsealedCall&, const TaskWork&);
Expected<TaskResult> run(const UnsealPieceCall&, const TaskWork&);
// update_tasks.cpp
Expected<TaskResult> run(const ReplicaUpdateCall&, const TaskWork&);
Expected<TaskResult> run(const ProveReplicaUpdate1Call&, const TaskWork&);
Expected<TaskResult> run(const ProveReplicaUpdate2Call&, const TaskWork&);
Expected<TaskResult> run(const FinalizeReplicaUpdateCall&, const TaskWork&);
Expected<TaskResult> run(const GenerateSectorKeyCall&, const TaskWork&);
// storage_tasks.cpp
Expected<TaskResult> run(const MoveStorageCall&, const TaskWork&);
Expected<TaskResult> run(const FetchCall&, const TaskWork&);
Expected<TaskResult> run(const DownloadSectorCall&, const TaskWork&);

/// Tickets, seeds, randomness.
Expected<Bytes32> toBytes32(const Bytes& bytes, std::string_view what);
/// Removes what finalization removes from a cache folder, the synthetic proofs of a synthetic sector as well.
Expected<void> clearCacheFolder(const sector::ProofInfo& info, const std::filesystem::path& cache, const TaskWork& work);

} // namespace lsw::tasks
