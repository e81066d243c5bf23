// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/proof_type.h"

namespace lsw::sector {

/// A registered PoSt proof: the number is what the chain, the wire and the official crate use.
enum class PostProof : std::int64_t {};

/// Everything that depends on the proof type alone.
/// source  rust-filecoin-proofs-api src/registry.rs; rust-fil-proofs filecoin-proofs/src/constants.rs
struct PostProofInfo {
    PostProof proof;
    std::string_view name;     ///< "StackedDrgWindow2KiBV1_1", as the wire spells it (the official crate calls V1_1 V1_2)
    PaddedBytes sectorSize;
    bool isWindow;             ///< else winning
    int challenges;            ///< for each sector: 66 or 10
    int sectorsPerPartition;   ///< winning: 1 sector in the one proof

    constexpr std::int64_t number() const { return static_cast<std::int64_t>(proof); }
};

/// All fifteen, in numeric order: winning, window, window V1_1, each from 2 KiB to 64 GiB.
std::span<const PostProofInfo> allPostProofs();

/// The row of a proof type; Unsupported for a number that is none.
Expected<const PostProofInfo*> postProofInfo(PostProof proof);

} // namespace lsw::sector
