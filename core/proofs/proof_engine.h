// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/prover_orders.h"

#include <functional>
#include <string>
#include <vector>

namespace lsw::proofs {

/// One of several PC1 of one proof type that are computed together. Each has a progress, a stop and an end of its own.
struct PreCommit1Member {
    PreCommit1Order order;
    TaskContext context;
    std::function<void(Expected<std::string>)> done; ///< called once, from any thread: nothing of its folder is touched after that
};

/// Whoever can seal: the official crate, the native kernels, or a child process that has one of them.
///
/// Every method blocks until done, may take hours, honours the stop token of the context (Cancelled) and reports progress
/// through it. Methods may be called from several threads at once for different sectors.
class ProofEngine {
public:
    virtual ~ProofEngine() = default;

    virtual Expected<PieceInfo> addPiece(const AddPieceOrder&, const TaskContext&) = 0;
    virtual Expected<PieceInfo> pieceCommitment(const PieceCommitmentOrder&, const TaskContext&) = 0;
    virtual Expected<std::string> preCommit1(const PreCommit1Order&, const TaskContext&) = 0;
    /// Blocks until all are done. One after the other, where an engine knows nothing better.
    virtual void preCommit1Together(std::vector<PreCommit1Member> members) {
        for (PreCommit1Member& member : members) member.done(preCommit1(member.order, member.context));
    }
    virtual Expected<PreCommit2Result> preCommit2(const PreCommit2Order&, const TaskContext&) = 0;
    virtual Expected<void> syntheticProofs(const SyntheticProofsOrder&, const TaskContext&) = 0;
    virtual Expected<std::string> commit1(const Commit1Order&, const TaskContext&) = 0;
    virtual Expected<Bytes> commit2(const Commit2Order&, const TaskContext&) = 0;
    virtual Expected<bool> verifySeal(const VerifySealOrder&, const TaskContext&) = 0;
    virtual Expected<void> clearCache(const ClearCacheOrder&, const TaskContext&) = 0;
    virtual Expected<void> unseal(const UnsealOrder&, const TaskContext&) = 0;
    virtual Expected<ReplicaUpdateResult> replicaUpdate(const ReplicaUpdateOrder&, const TaskContext&) = 0;
    virtual Expected<void> decodeUpdate(const DecodeUpdateOrder&, const TaskContext&) = 0;
    virtual Expected<void> regenerateKey(const RegenerateKeyOrder&, const TaskContext&) = 0;
    virtual Expected<void> regenerateReplica(const RegenerateReplicaOrder&, const TaskContext&) = 0;
    virtual Expected<std::vector<Bytes>> proveUpdate1(const ProveUpdate1Order&, const TaskContext&) = 0;
    virtual Expected<Bytes> proveUpdate2(const ProveUpdate2Order&, const TaskContext&) = 0;
    virtual Expected<bool> verifyUpdate(const VerifyUpdateOrder&, const TaskContext&) = 0;
    virtual Expected<Bytes> vanillaPost(const VanillaPostOrder&, const TaskContext&) = 0;
    virtual Expected<Bytes> winningPost(const WinningPostOrder&, const TaskContext&) = 0;
    virtual Expected<Bytes> windowPost(const WindowPostOrder&, const TaskContext&) = 0;
    virtual Expected<bool> verifyPost(const VerifyPostOrder&, const TaskContext&) = 0;
    virtual Expected<void> testParameters(const TestParametersOrder&, const TaskContext&) = 0;
};

} // namespace lsw::proofs
