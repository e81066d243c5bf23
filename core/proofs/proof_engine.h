// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/prover_orders.h"

namespace lsw::proofs {

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
    virtual Expected<PreCommit2Result> preCommit2(const PreCommit2Order&, const TaskContext&) = 0;
    virtual Expected<void> syntheticProofs(const SyntheticProofsOrder&, const TaskContext&) = 0;
    virtual Expected<std::string> commit1(const Commit1Order&, const TaskContext&) = 0;
    virtual Expected<Bytes> commit2(const Commit2Order&, const TaskContext&) = 0;
    virtual Expected<bool> verifySeal(const VerifySealOrder&, const TaskContext&) = 0;
    virtual Expected<void> clearCache(const ClearCacheOrder&, const TaskContext&) = 0;
    virtual Expected<void> unseal(const UnsealOrder&, const TaskContext&) = 0;
    virtual Expected<void> testParameters(const TestParametersOrder&, const TaskContext&) = 0;
};

} // namespace lsw::proofs
