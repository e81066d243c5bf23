// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"

namespace lsw::proofs {

/// The official crate behind our interface. What the crate does silently wrong is caught here (core/README.md has the list): what an earlier
/// run left behind is removed first, the replica is encoded from tree D each time, an empty piece list is refused, labels and trees of another
/// state never touch the cache of the sector, what was decoded and every vanilla proof are checked, and a parent cache that was cut short is
/// made again.
///
/// The crate reads its settings (FIL_PROOFS_PARAMETER_CACHE, FIL_PROOFS_PARENT_CACHE, FIL_PROOFS_USE_MULTICORE_SDR, a file
/// rust-fil-proofs.config.toml in the working folder) once in the life of a process, and it can be stopped only with the process:
/// the stop token is looked at between its steps.
class OfficialEngine final : public ProofEngine {
public:
    Expected<PieceInfo> addPiece(const AddPieceOrder&, const TaskContext&) override;
    Expected<PieceInfo> pieceCommitment(const PieceCommitmentOrder&, const TaskContext&) override;
    Expected<std::string> preCommit1(const PreCommit1Order&, const TaskContext&) override;
    Expected<PreCommit2Result> preCommit2(const PreCommit2Order&, const TaskContext&) override;
    Expected<void> syntheticProofs(const SyntheticProofsOrder&, const TaskContext&) override;
    Expected<std::string> commit1(const Commit1Order&, const TaskContext&) override;
    Expected<Bytes> commit2(const Commit2Order&, const TaskContext&) override;
    Expected<bool> verifySeal(const VerifySealOrder&, const TaskContext&) override;
    Expected<void> clearCache(const ClearCacheOrder&, const TaskContext&) override;
    Expected<void> unseal(const UnsealOrder&, const TaskContext&) override;
    Expected<ReplicaUpdateResult> replicaUpdate(const ReplicaUpdateOrder&, const TaskContext&) override;
    Expected<void> decodeUpdate(const DecodeUpdateOrder&, const TaskContext&) override;
    Expected<void> regenerateKey(const RegenerateKeyOrder&, const TaskContext&) override;
    Expected<void> regenerateReplica(const RegenerateReplicaOrder&, const TaskContext&) override;
    Expected<std::vector<Bytes>> proveUpdate1(const ProveUpdate1Order&, const TaskContext&) override;
    Expected<Bytes> proveUpdate2(const ProveUpdate2Order&, const TaskContext&) override;
    Expected<bool> verifyUpdate(const VerifyUpdateOrder&, const TaskContext&) override;
    Expected<Bytes> vanillaPost(const VanillaPostOrder&, const TaskContext&) override;
    Expected<Bytes> winningPost(const WinningPostOrder&, const TaskContext&) override;
    Expected<Bytes> windowPost(const WindowPostOrder&, const TaskContext&) override;
    Expected<bool> verifyPost(const VerifyPostOrder&, const TaskContext&) override;
    Expected<void> testParameters(const TestParametersOrder&, const TaskContext&) override;
};

} // namespace lsw::proofs
