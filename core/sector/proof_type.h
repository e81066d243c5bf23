// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "sector/piece_size.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lsw::sector {

/// A registered seal proof: the number is what the chain, the wire and the official crate use.
enum class SealProof : std::int64_t {};

enum class ProofFeature { None, SyntheticPoRep, NonInteractivePoRep };

/// Everything that depends on the proof type alone.
/// source  rust-filecoin-proofs-api src/registry.rs; rust-fil-proofs filecoin-proofs/src/constants.rs
struct ProofInfo {
    SealProof proof;
    std::string_view name;        ///< "StackedDrg2KiBV1_1", as the official crate spells it
    std::string_view sizeVariant; ///< "StackedDrg2KiBV1": key of `labels` in PC1 output, whatever the version
    PaddedBytes sectorSize;
    ProofFeature feature;
    int apiMinor;                 ///< 0 for 1.0.0, 1 for 1.1.0, 2 for 1.2.0
    int layers;                   ///< 2 or 11
    int baseTrees;                ///< 1, 8 or 16 files of tree C and tree R last
    int porepPartitions;          ///< 1 or 10; an interactive proof has 192 bytes for each
    int rowsToDiscard;            ///< of tree R last: 1 for 2 KiB, 2 otherwise

    constexpr std::uint64_t nodes() const { return sectorSize.value / 32; }
    constexpr std::int64_t number() const { return static_cast<std::int64_t>(proof); }
};

/// All twenty, in numeric order.
std::span<const ProofInfo> allSealProofs();

/// The row of a proof type; Unsupported for a number that is none.
Expected<const ProofInfo*> proofInfo(SealProof proof);

/// Parses a number ("5") or a name ("StackedDrg2KiBV1_1", any case). InvalidArgument lists what is known.
Expected<const ProofInfo*> parseProof(std::string_view text);

/// The proof of that size and the current version without feature (V1_1): 2 KiB → 5. Unsupported for another size.
Expected<const ProofInfo*> proofForSize(PaddedBytes size);

/// Parses "2KiB", "8MiB", "512MiB", "32GiB", "64GiB" (any case); InvalidArgument lists them.
Expected<PaddedBytes> parseSectorSize(std::string_view text);

/// "2KiB", "512MiB", "32GiB": for whole binary units; else the number of bytes with "B".
std::string sizeName(std::uint64_t bytes);

/// porep_id: LE u64 of the number, then zeros (the nonce is 0).
Bytes32 porepId(SealProof proof);

} // namespace lsw::sector
