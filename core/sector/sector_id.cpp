// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/sector_id.h"

#include <charconv>

namespace lsw::sector {

std::string sectorName(SectorId id) {
    return "s-t0" + std::to_string(id.miner) + '-' + std::to_string(id.number);
}

Expected<std::uint64_t> parseUnsigned(std::string_view text, std::string_view what) {
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || ec != std::errc() || end != text.data() + text.size())
        return Error(ErrorCode::InvalidArgument,
                     "the " + std::string(what) + " must be a whole number, not \"" + std::string(text) + '"');
    return value;
}

Expected<SectorId> parseSectorName(std::string_view name) {
    const Error bad(ErrorCode::Corrupt, "\"" + std::string(name) + "\" is not the name of a sector (s-t0MINER-NUMBER)");
    if (!name.starts_with("s-t0")) return bad;
    const std::string_view rest = name.substr(4);
    const auto dash = rest.find('-');
    if (dash == std::string_view::npos) return bad;
    const auto miner = parseUnsigned(rest.substr(0, dash), "miner");
    const auto number = parseUnsigned(rest.substr(dash + 1), "sector number");
    if (!miner || !number) return bad;
    const SectorId id{*miner, *number};
    if (sectorName(id) != name) return bad;
    return id;
}

Expected<std::uint64_t> parseMinerId(std::string_view text) {
    std::string_view digits = text;
    if (digits.starts_with("f0") || digits.starts_with("t0")) digits.remove_prefix(2);
    auto id = parseUnsigned(digits, "miner");
    if (!id)
        return Error(ErrorCode::InvalidArgument,
                     "the miner must be an actor id such as f01000 or 1000, not \"" + std::string(text) + '"');
    return id;
}

Bytes32 proverId(std::uint64_t actor) {
    Bytes32 out{};
    std::size_t i = 0;
    do {
        std::uint8_t byte = actor & 0x7f;
        actor >>= 7;
        if (actor) byte |= 0x80;
        out[i++] = byte;
    } while (actor);
    return out;
}

} // namespace lsw::sector
