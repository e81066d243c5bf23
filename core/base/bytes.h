// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lsw {

using Bytes = std::vector<std::uint8_t>;
/// 32 bytes: a commitment, ticket, seed, prover id or replica id.
using Bytes32 = std::array<std::uint8_t, 32>;

/// Lower-case hex, two digits a byte.
std::string toHex(std::span<const std::uint8_t> bytes);

/// Parses hex of either case, with or without a leading "0x". InvalidArgument on an odd length or another character.
Expected<Bytes> fromHex(std::string_view text);

/// Parses exactly 32 bytes of hex; InvalidArgument names `what` and the length found.
Expected<Bytes32> bytes32FromHex(std::string_view text, std::string_view what);

/// Standard base64 with padding, as Go's encoding/json writes byte slices.
std::string toBase64(std::span<const std::uint8_t> bytes);

/// Parses standard base64 with padding; line breaks are skipped as Go does. Corrupt on anything else.
Expected<Bytes> fromBase64(std::string_view text);

/// base64url without padding (JWT).
std::string toBase64Url(std::span<const std::uint8_t> bytes);
Expected<Bytes> fromBase64Url(std::string_view text);

/// RFC 4648 base32 without padding. Lower case for CIDs, upper case for keystore names.
std::string toBase32(std::span<const std::uint8_t> bytes, bool upperCase);
/// Parses unpadded base32 of either case (not mixed with other characters). Corrupt on anything else, or when left-over bits are not zero.
Expected<Bytes> fromBase32(std::string_view text);

inline std::span<const std::uint8_t> asBytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view asText(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace lsw
