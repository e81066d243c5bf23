// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/processor_groups.h"
#include "base/task_context.h"
#include "sector/piece_info.h"
#include "sector/post_proof.h"
#include "sector/proof_type.h"
#include "sector/sector_id.h"

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

/// What can be asked of an engine, one struct for each phase. The same structs are the orders of the prover child:
/// the parent writes one as a JSON line, the child answers with progress lines and one result line (order_lines.h).
namespace lsw::proofs {

using sector::Commitment;
using sector::PieceInfo;
using sector::PostProof;
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

/// Labels the sector. `cache` is emptied first, but for the layers of this very order that a checkpoint knows; `sealed` is created or emptied.
/// Result: the official PC1 JSON.
struct PreCommit1Order {
    SealProof proof{};
    SectorId sector;
    Bytes32 ticket{};
    std::vector<PieceInfo> pieces; ///< together exactly the sector; never empty
    std::filesystem::path unsealed, sealed, cache;
    std::uint64_t memory = 0; ///< bytes that labels may take; 0: what is free
    Processors processors{};  ///< that label it; none: any
};

/// Several PC1 of one proof type that are computed together. Each has progress and an answer of its own, and can be dropped (order_lines.h).
struct PreCommit1BatchOrder {
    std::vector<PreCommit1Order> orders;
};

/// Trees and replica from the layers in `cache`. The replica is encoded from the data in tree D, so that running it twice is harmless.
struct PreCommit2Order {
    std::string phase1Output; ///< PC1 JSON; unknown keys are ignored
    std::filesystem::path sealed, cache;
    bool keepsCheckpoint = true; ///< false where strangers read the cache: a lotus-worker that sends it would have one refused
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
    std::filesystem::path commit1File{}; ///< not empty: the C1 JSON lies there instead. Only for an engine that sends its orders elsewhere
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

/// Decodes user bytes [offset, offset + size) of a sector. Its cache is read only: what the official crate writes goes to a scratch folder of its own.
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

/// Encodes new data into a copy of a sealed sector (SnapDeals). `update` is created or emptied, `updateCache` emptied first; the sector
/// itself is read only: of `cache` p_aux and t_aux are needed. `proof` is that of the sector, here and below.
struct ReplicaUpdateOrder {
    SealProof proof{};
    std::vector<PieceInfo> pieces; ///< together exactly the sector; never empty
    std::filesystem::path unsealed, sealed, cache;
    std::filesystem::path update, updateCache;
};
using ReplicaUpdateResult = PreCommit2Result;

/// The whole data of an updated sector, fr32-padded, at the start of `output`; what follows there (a trailer) is left alone. What was decoded
/// is checked against `commD`: other data are VerificationFailed.
struct DecodeUpdateOrder {
    SealProof proof{};
    Commitment commD{}; ///< of the update
    std::filesystem::path update;
    std::filesystem::path sealed, cache; ///< the sector key; of the cache p_aux alone is needed
    std::filesystem::path output;        ///< an existing file
};

/// The sector key back from an updated sector and its data. `sealed` is created or emptied; the result is checked against p_aux of `cache`
/// (VerificationFailed, and no file is left), whose tree R last is written where it is missing and otherwise left alone.
struct RegenerateKeyOrder {
    SealProof proof{};
    Commitment commD{}; ///< of the update
    std::filesystem::path unsealed, update;
    std::filesystem::path sealed, cache; ///< of the cache p_aux and t_aux of the sector before its update are needed
    std::filesystem::path scratch; ///< an existing folder; emptied of what was made there
};

/// The sector key of a sector that was sealed from zeros, labelled anew: its replica is the last layer. `sealed` is created or emptied.
struct RegenerateReplicaOrder {
    SealProof proof{};
    SectorId sector;
    Bytes32 ticket{};
    std::filesystem::path sealed;
    std::filesystem::path scratch; ///< an existing folder on a disk with room for the labels; emptied of what was made there
};

/// Vanilla proofs of an update, one for each partition; checked against the commitments.
struct ProveUpdate1Order {
    SealProof proof{};
    Commitment sectorKey{}, commR{}, commD{}; ///< CommR of the sector before, CommR and CommD of the update
    std::filesystem::path sealed, cache, update, updateCache;
};

/// The SNARK of an update. Result: 192 bytes for each partition. Needs the parameters of the sector size.
struct ProveUpdate2Order {
    SealProof proof{};
    Commitment sectorKey{}, commR{}, commD{};
    std::vector<Bytes> vanillaProofs; ///< as ProveUpdate1 gave them
};

/// The official verifier; needs the verifying key only. A malformed proof is `false`, not an error.
struct VerifyUpdateOrder {
    SealProof proof{};
    Commitment sectorKey{}, commR{}, commD{};
    Bytes proofBytes;
};

/// The proof that the challenged leaves of one replica can be read. For an updated sector `sealed` and `cache` are its update files.
struct VanillaPostOrder {
    PostProof proof{};
    std::uint64_t sectorNumber = 0;
    std::vector<std::uint64_t> challenges; ///< node indices, in the order that the proof has them
    Commitment commR{};
    std::filesystem::path sealed, cache;
};

/// The SNARK of a winning PoSt: 192 bytes. `randomness` as the chain gives it: the two highest bits of its last byte do not count.
struct WinningPostOrder {
    PostProof proof{};
    std::uint64_t miner = 0;
    Bytes32 randomness{};
    std::vector<Bytes> vanillaProofs; ///< in the order of the challenged sectors
};

/// The SNARK of one partition of a window PoSt: 192 bytes.
struct WindowPostOrder {
    PostProof proof{};
    std::uint64_t miner = 0;
    Bytes32 randomness{};
    std::vector<Bytes> vanillaProofs; ///< of the sectors of that partition, in ascending order of their numbers
    std::uint64_t partition = 0;      ///< counted from 0 within the deadline
};

struct PostSector {
    std::uint64_t number = 0;
    Commitment commR{};
    bool operator==(const PostSector&) const = default;
};

/// The official verifier of winning and window PoSt: which one is the proof type's. A malformed proof is `false`, not an error.
/// Window: `proofBytes` are those of all partitions that `sectors` fill, one after the other.
struct VerifyPostOrder {
    PostProof proof{};
    std::uint64_t miner = 0;
    Bytes32 randomness{};
    std::vector<PostSector> sectors;
    Bytes proofBytes;
};

enum class Circuit { Seal, Update, WinningPost, WindowPost };

/// Generates the insecure parameters of one circuit of a test size into the parameter folder, once. 2 KiB on two cores: Seal 15 to 30 minutes
/// and 5.2 GB of memory, Update about 15 minutes and 3.2 GB, WinningPost 30 s, WindowPost 8 s.
struct TestParametersOrder {
    sector::PaddedBytes sectorSize;
    Circuit circuit = Circuit::Seal;
};

using Order = std::variant<AddPieceOrder, PieceCommitmentOrder, PreCommit1Order, PreCommit1BatchOrder, PreCommit2Order, SyntheticProofsOrder, Commit1Order,
                           Commit2Order, VerifySealOrder, ClearCacheOrder, UnsealOrder, ReplicaUpdateOrder, DecodeUpdateOrder,
                           RegenerateKeyOrder, RegenerateReplicaOrder, ProveUpdate1Order, ProveUpdate2Order, VerifyUpdateOrder,
                           VanillaPostOrder, WinningPostOrder, WindowPostOrder, VerifyPostOrder, TestParametersOrder>;

} // namespace lsw::proofs
