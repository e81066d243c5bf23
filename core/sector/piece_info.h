// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/commitment_cid.h"
#include "sector/piece_size.h"

namespace lsw::sector {

/// A piece of an unsealed sector: its padded size and its commitment (CommP).
struct PieceInfo {
    PaddedBytes size;
    Commitment commitment{};
    bool operator==(const PieceInfo&) const = default;
};

} // namespace lsw::sector
