// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/task_context.h"
#include "sector/piece_info.h"
#include "sector/proof_type.h"
#include "sector/sector_id.h"

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

/// What can be asked of an engine, one struct for each phase. The same structs are the orders of the prover child:
/// the parent writes one as a JSON line, the child answers with progress lines and one result line (prover_orders.cpp).
namespace lsw::proofs {

using sector::Commitment;
using sector::PieceInfo;
using sector::SealProof;
using sector::SectorId;

/// Where the bytes of a piece come from: zeros, or a descriptor that is read to its end (a pipe or a file).
struct PieceSource {
    int descriptor = -1;   ///< -1: zeros
    bool isPadded = false; ///< the bytes are field elements already: a whole sector of them (AddPiece only)
    bool isZeros() const { return descriptor < 0; }
};

/// Pads `size` user bytes into the unsealed file at `offset` and computes their commitment. The trailer is the caller's.
struct AddPieceOrder {
    SealProof proof{};
    std::filesystem::path unsealed;
    sector::PaddedBytes offset;
    sector::UnpaddedBytes size;
    PieceSource source;
};

/// The commitment alone; a source that ends early is extended by zeros (DataCid).
struct PieceCommitmentOrder {
    sector::UnpaddedBytes size;
    PieceSource source;
};

/// Labels the sector. `cache` is emptied first, `sealed` created or emptied. Result: the official PC1 JSON.
struct PreCommit1Order {
    SealProof proof{};
    SectorId sector;
    Bytes32 ticket{};
    std::vector<PieceInfo> pieces; ///< together exactly the sector; never empty
    std::filesystem::path unsealed, sealed, cache;
};

/// Trees and replica from the layers in `cache`. The replica is encoded anew from the data in tree D, so that running it twice is harmless.
struct PreCommit2Order {
    std::string phase1Output; ///< PC1 JSON; unknown keys are ignored
    std::filesystem::path sealed, cache;
};
struct PreCommit2Result {
    Commitment commR{}, commD{};
};

/// Writes the vanilla proofs of a synthetic sector into its cache.
struct SyntheticProofsOrder {
    SealProof proof{};
    SectorId sector;
    Bytes32 ticket{};
    std::vector<PieceInfo> pieces;
    Commitment commR{}, commD{};
    std::filesystem::path sealed, cache;
};

/// Vanilla proofs; checks them against CommD and CommR. Result: the official C1 JSON (tens of MB at 32 GiB).
struct Commit1Order {
    SealProof proof{};
    SectorId sector;
    Bytes32 ticket{}, seed{};
    std::vector<PieceInfo> pieces;
    Commitment commR{}, commD{};
    std::filesystem::path sealed, cache;
};

/// The SNARK. Result: 192 bytes for each partition. Needs the parameters of the sector size.
struct Commit2Order {
    std::string commit1Output; ///< C1 JSON
    SectorId sector;
};

/// The official verifier; needs the verifying key only. A malformed proof is `false`, not an error.
struct VerifySealOrder {
    SealProof proof{};
    SectorId sector;
    Bytes32 ticket{}, seed{};
    Commitment commR{}, commD{};
    Bytes proofBytes;
};

/// Removes layers, tree C and tree D (and, for `syntheticOnly`, the synthetic proofs alone).
struct ClearCacheOrder {
    std::filesystem::path cache;
    bool syntheticOnly = false;
};

/// Decodes user bytes [offset, offset + size) of a sector. Works in a scratch folder of its own: the sector's cache is read only.
struct UnsealOrder {
    SealProof proof{};
    SectorId sector;
    Bytes32 ticket{};
    Commitment commD{};
    std::filesystem::path sealed, cache;
    std::filesystem::path scratch;  ///< an existing folder on a disk with room for the labels; emptied of what was made there
    std::filesystem::path output;   ///< an existing file
    bool padded = true;             ///< write fr32-padded at the padded offset (an unsealed sector file); else user bytes from 0
    sector::UnpaddedBytes offset, size;
};

/// Generates the insecure parameters of a test size into a folder (2 KiB: 15-30 minutes on two cores and 5.2 GB of memory, once).
struct TestParametersOrder {
    sector::PaddedBytes sectorSize;
};

using Order = std::variant<AddPieceOrder, PieceCommitmentOrder, PreCommit1Order, PreCommit2Order, SyntheticProofsOrder,
                           Commit1Order, Commit2Order, VerifySealOrder, ClearCacheOrder, UnsealOrder, TestParametersOrder>;

} // namespace lsw::proofs
