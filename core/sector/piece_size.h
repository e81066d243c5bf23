// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <compare>
#include <cstdint>

namespace lsw::sector {

struct UnpaddedBytes;

/// Bytes after fr32 padding: 128 for each 127 of user data. Sector sizes and piece sizes on the wire are padded.
struct PaddedBytes {
    std::uint64_t value = 0;
    auto operator<=>(const PaddedBytes&) const = default;
    constexpr UnpaddedBytes unpadded() const;
    /// A piece: a power of two, at least 128.
    constexpr bool isPieceSize() const { return value >= 128 && (value & (value - 1)) == 0; }
};

/// Bytes of user data.
struct UnpaddedBytes {
    std::uint64_t value = 0;
    auto operator<=>(const UnpaddedBytes&) const = default;
    constexpr PaddedBytes padded() const { return {value + value / 127}; }
    /// 127·2^n.
    constexpr bool isPieceSize() const { return value % 127 == 0 && padded().isPieceSize(); }
};

constexpr UnpaddedBytes PaddedBytes::unpadded() const { return {value - value / 128}; }

/// The smallest piece that holds that many user bytes (at least 127).
constexpr UnpaddedBytes pieceSizeFor(std::uint64_t userBytes) {
    std::uint64_t padded = 128;
    while (padded - padded / 128 < userBytes) padded *= 2;
    return PaddedBytes{padded}.unpadded();
}

} // namespace lsw::sector
