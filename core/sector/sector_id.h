// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace lsw::sector {

/// A sector of one miner, as the wire has it: numbers, no address prefix.
struct SectorId {
    std::uint64_t miner = 0;
    std::uint64_t number = 0;
    auto operator<=>(const SectorId&) const = default;
};

/// The base name of every file of a sector: "s-t01000-1". Always "t0", on every network, as lotus writes it.
std::string sectorName(SectorId id);

/// Parses "s-t01000-1". Corrupt on anything else (leading zeros and trailing text included).
Expected<SectorId> parseSectorName(std::string_view name);

/// Parses a miner given as "1000", "f01000" or "t01000". InvalidArgument on anything else.
Expected<std::uint64_t> parseMinerId(std::string_view text);

/// The prover id of an actor: unsigned LEB128, left justified, zero padded (1000 → e8 07 00…).
Bytes32 proverId(std::uint64_t actor);

/// Parses an unsigned decimal number without sign, spaces or overflow; InvalidArgument names `what`.
Expected<std::uint64_t> parseUnsigned(std::string_view text, std::string_view what);

} // namespace lsw::sector
