// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"

#include <functional>
#include <map>
#include <memory>

namespace lsw::tasks {

/// How prover children are started.
struct ProverSettings {
    std::filesystem::path folder;                  ///< where lotus-seal-prover and lotus-seal-prover-opt lie; empty: beside this program
    std::filesystem::path parameterCache;          ///< FIL_PROOFS_PARAMETER_CACHE; empty: as the environment has it
    std::filesystem::path parentCache;             ///< FIL_PROOFS_PARENT_CACHE; empty: see parent_cache_choice.h
    std::filesystem::path scratch;                 ///< results over 1 MiB and large inputs go here as files; empty: the temp folder
    bool scratchIsOurs = false;                    ///< nobody else uses `scratch`: what lies there was left, however young it is
    std::map<std::string, std::string> environment; ///< added to the child's environment
    int niceness = 10;
    std::string engine = "native";                 ///< which engine the child uses: see engine_choice.h
};

/// Runs each order in a prover child of its own: a crash or an out-of-memory kill costs one task, an abort really ends it.
/// The child that has read a sector for a PoSt takes the next one: as many are started as sectors are read side by side.
///
/// Orders and answers are JSON lines on the child's standard input and output; piece data reach it through the inherited
/// descriptor; results over 1 MiB come back as a file in `scratch`. Children are started by a thread that lives as long as
/// this object, because a parent-death signal follows the thread that forked. A child that dies without an answer gives
/// ChildDied with the signal, the exit code and the last lines of its standard error.
class IsolatedEngine final : public proofs::ProofEngine {
public:
    explicit IsolatedEngine(ProverSettings settings);
    ~IsolatedEngine() override;

    /// The program that runs here: the optimised build where the processor has its features and it is installed, else the plain one.
    /// NotInstalled names both paths.
    Expected<std::filesystem::path> proverProgram() const;

    /// Peak memory in bytes (VmHWM) of the child that ended last on the calling thread.
    static std::uint64_t lastPeakMemory();
    /// The largest of those since the last call of this on the same thread: what a task of several orders needed.
    static std::uint64_t takePeakMemory();
    /// Counts for the calling thread as the child that ended last: of a child that another thread drove.
    static void notePeakMemory(std::uint64_t bytes);

    Expected<sector::PieceInfo> addPiece(const proofs::AddPieceOrder&, const TaskContext&) override;
    Expected<sector::PieceInfo> pieceCommitment(const proofs::PieceCommitmentOrder&, const TaskContext&) override;
    Expected<std::string> preCommit1(const proofs::PreCommit1Order&, const TaskContext&) override;
    /// One child for all. A member that is stopped is dropped by it; when it does not let go within ten seconds, the others go on in another child.
    void preCommit1Together(std::vector<proofs::PreCommit1Member> members) override;
    Expected<proofs::PreCommit2Result> preCommit2(const proofs::PreCommit2Order&, const TaskContext&) override;
    Expected<void> syntheticProofs(const proofs::SyntheticProofsOrder&, const TaskContext&) override;
    Expected<std::string> commit1(const proofs::Commit1Order&, const TaskContext&) override;
    Expected<Bytes> commit2(const proofs::Commit2Order&, const TaskContext&) override;
    Expected<bool> verifySeal(const proofs::VerifySealOrder&, const TaskContext&) override;
    Expected<void> clearCache(const proofs::ClearCacheOrder&, const TaskContext&) override;
    Expected<void> unseal(const proofs::UnsealOrder&, const TaskContext&) override;
    Expected<proofs::ReplicaUpdateResult> replicaUpdate(const proofs::ReplicaUpdateOrder&, const TaskContext&) override;
    Expected<void> decodeUpdate(const proofs::DecodeUpdateOrder&, const TaskContext&) override;
    Expected<void> regenerateKey(const proofs::RegenerateKeyOrder&, const TaskContext&) override;
    Expected<void> regenerateReplica(const proofs::RegenerateReplicaOrder&, const TaskContext&) override;
    Expected<std::vector<Bytes>> proveUpdate1(const proofs::ProveUpdate1Order&, const TaskContext&) override;
    Expected<Bytes> proveUpdate2(const proofs::ProveUpdate2Order&, const TaskContext&) override;
    Expected<bool> verifyUpdate(const proofs::VerifyUpdateOrder&, const TaskContext&) override;
    Expected<Bytes> vanillaPost(const proofs::VanillaPostOrder&, const TaskContext&) override;
    Expected<Bytes> winningPost(const proofs::WinningPostOrder&, const TaskContext&) override;
    Expected<Bytes> windowPost(const proofs::WindowPostOrder&, const TaskContext&) override;
    Expected<bool> verifyPost(const proofs::VerifyPostOrder&, const TaskContext&) override;
    Expected<void> testParameters(const proofs::TestParametersOrder&, const TaskContext&) override;

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::tasks
