// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "proofs/prover_orders.h"
#include "sector/proof_type.h"
#include "sector/sector_files.h"

#include <filesystem>
#include <string_view>
#include <vector>

/// What is looked at before a sector is sealed, whichever engine does it.
namespace lsw::proofs {

/// Cancelled when the context says so.
Expected<void> notStopped(const TaskContext& context, std::string_view phase);

/// The pieces fill the sector exactly, each a piece size at a multiple of itself. An empty list would make the crate believe whatever
/// tree D is there.
Expected<void> checkPieces(const sector::ProofInfo& proof, const std::vector<PieceInfo>& pieces);

/// An unsealed sector file of at least the size of the sector, all of it field elements.
Expected<void> checkUnsealed(const sector::ProofInfo& proof, const std::filesystem::path& unsealed, const TaskContext& context);

/// A range inside the sector, of whole groups of 127 bytes where it is written as it stands in an unsealed file.
Expected<void> checkUnsealRange(const sector::ProofInfo& proof, const UnsealOrder& order);

/// NotFound unless there is a folder.
Expected<void> requireFolder(const std::filesystem::path& folder, std::string_view what);

/// Corrupt while a phase is not done whose checkpoint has that name: its files may have their sizes already.
Expected<void> requireNoCheckpoint(const std::filesystem::path& cache, std::string_view name);

/// The files of PC1 in a cache: layers and tree D of the right sizes, tree D over the data that PC1 said. Corrupt when it is of other data.
Expected<void> requirePreCommit1(const sector::ProofInfo& proof, const std::filesystem::path& cache, const Commitment& commD);

/// p_aux of a cache: the roots of tree C and tree R last. NotFound; Corrupt.
struct AuxRoots {
    Commitment commC{}, commRLast{};
};
Expected<AuxRoots> auxRootsIn(const std::filesystem::path& cache);
/// CommR of them.
Expected<Commitment> commRIn(const std::filesystem::path& cache);

/// 0 when the file is not there.
std::uint64_t sizeOf(const std::filesystem::path& file);
std::uint64_t totalSize(const std::vector<sector::CacheFile>& files);

/// What the output of PC1 or C1 says of itself.
struct PhaseOutput {
    const sector::ProofInfo* proof = nullptr;
    Commitment commD{};
};
/// `phase` is for the error: "PC1" or "C1".
Expected<PhaseOutput> readPhaseOutput(std::string_view text, std::string_view phase);

} // namespace lsw::proofs
