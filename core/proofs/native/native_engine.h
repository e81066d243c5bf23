// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/native/label_checkpoint.h"
#include "proofs/proof_engine.h"

#include <memory>

namespace lsw::proofs {

/// Our own kernels for what takes the time of a sector – pieces, PC1, PC2, unsealing, updates – and the official engine for everything that proves or checks.
/// The files are byte for byte those of the official crate, so that either can go on where the other stopped.
class NativeEngine final : public ProofEngine {
public:
    /// `official` does what is not ours to do; without one, these phases answer NotInstalled.
    explicit NativeEngine(std::unique_ptr<ProofEngine> official, std::uint64_t nodesBetweenCheckpoints = LabelCheckpoint::kNodesBetween)
        : m_official(std::move(official)), m_nodesBetweenCheckpoints(nodesBetweenCheckpoints) {}

    Expected<PieceInfo> addPiece(const AddPieceOrder& order, const TaskContext& context) override;
    Expected<PieceInfo> pieceCommitment(const PieceCommitmentOrder& order, const TaskContext& context) override;
    Expected<std::string> preCommit1(const PreCommit1Order& order, const TaskContext& context) override;
    void preCommit1Together(std::vector<PreCommit1Member> members) override;
    Expected<PreCommit2Result> preCommit2(const PreCommit2Order& order, const TaskContext& context) override;

    Expected<void> syntheticProofs(const SyntheticProofsOrder& order, const TaskContext& context) override;
    Expected<std::string> commit1(const Commit1Order& order, const TaskContext& context) override;
    Expected<Bytes> commit2(const Commit2Order& order, const TaskContext& context) override;
    Expected<bool> verifySeal(const VerifySealOrder& order, const TaskContext& context) override;
    Expected<void> clearCache(const ClearCacheOrder& order, const TaskContext& context) override;
    Expected<void> unseal(const UnsealOrder& order, const TaskContext& context) override;
    Expected<ReplicaUpdateResult> replicaUpdate(const ReplicaUpdateOrder& order, const TaskContext& context) override;
    Expected<void> decodeUpdate(const DecodeUpdateOrder& order, const TaskContext& context) override;
    Expected<void> regenerateKey(const RegenerateKeyOrder& order, const TaskContext& context) override;
    Expected<void> regenerateReplica(const RegenerateReplicaOrder& order, const TaskContext& context) override;
    Expected<std::vector<Bytes>> proveUpdate1(const ProveUpdate1Order& order, const TaskContext& context) override;
    Expected<Bytes> proveUpdate2(const ProveUpdate2Order& order, const TaskContext& context) override;
    Expected<bool> verifyUpdate(const VerifyUpdateOrder& order, const TaskContext& context) override;
    Expected<Bytes> vanillaPost(const VanillaPostOrder& order, const TaskContext& context) override;
    Expected<Bytes> winningPost(const WinningPostOrder& order, const TaskContext& context) override;
    Expected<Bytes> windowPost(const WindowPostOrder& order, const TaskContext& context) override;
    Expected<bool> verifyPost(const VerifyPostOrder& order, const TaskContext& context) override;
    Expected<void> testParameters(const TestParametersOrder& order, const TaskContext& context) override;

private:
    template <typename Order, typename Result>
    Result officially(Result (ProofEngine::*phase)(const Order&, const TaskContext&), const Order& order, const TaskContext& context);

    std::unique_ptr<ProofEngine> m_official;
    std::uint64_t m_nodesBetweenCheckpoints;
};

} // namespace lsw::proofs
