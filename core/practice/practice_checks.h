// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"
#include "protocol/lotus_types.h"

#include <map>

#include <boost/json.hpp>

namespace lsw::practice {

/// How a sector is filled: the data as the first piece, then pieces of zeros that are aligned and end exactly at the sector's end.
struct PiecePlan {
    sector::UnpaddedBytes size;
    bool isData = false;
};
/// InvalidArgument when the data are larger than the sector.
Expected<std::vector<PiecePlan>> planPieces(std::uint64_t dataBytes, sector::PaddedBytes sectorSize);

/// What the pieces must commit to, computed by our own code from the data: VerificationFailed is never the answer, Io may be.
Expected<std::vector<proofs::PieceInfo>> expectedPieces(const std::filesystem::path& data, const std::vector<PiecePlan>& plan,
                                                        std::stop_token stop);

/// Makes the vanilla proofs again with the official crate, which checks them against CommD and CommR, and compares. VerificationFailed.
Expected<void> checkCommit1(proofs::ProofEngine& checker, const proofs::Commit1Order& order, const Bytes& fromWorker,
                            const TaskContext& context);

/// Compares the first piece of an unsealed sector file with the data that went in; what follows up to the piece's end must be zeros.
/// VerificationFailed names the first byte that differs.
Expected<void> compareUnsealed(const std::filesystem::path& unsealed, const std::filesystem::path& data, std::uint64_t dataBytes,
                               std::stop_token stop);

/// Names and contents of a file or of all files in a folder as one digest (SHA-256, hex), so that two places can be compared. Io, Cancelled.
Expected<std::string> contentDigest(const std::filesystem::path& place, std::stop_token stop);

/// What in these storage paths the index does not know, what it knows and is not there, and what an interrupted task left: one sentence;
/// empty when there is nothing of that.
std::string whatIsStray(const std::vector<std::filesystem::path>& roots,
                        const std::map<std::string, std::vector<protocol::SectorDeclaration>>& declared);

/// Bytes of a file, or of all files in a folder.
std::uint64_t sizeOnDisk(const std::filesystem::path& place);

/// File of the PoRep parameters of a practice size; empty for another size.
std::string parameterFileName(std::uint64_t sectorSize);


} // namespace lsw::practice
