// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/commitment_cid.h"

#include <algorithm>

namespace lsw::sector {
namespace {

// Binary prefixes: CID version, codec, multihash code, digest length (varints).
// source  go-fil-commcid commcid.go; multicodec table
constexpr std::array<std::uint8_t, 7> kUnsealedPrefix{0x01, 0x81, 0xe2, 0x03, 0x92, 0x20, 0x20};
constexpr std::array<std::uint8_t, 8> kSealedPrefix{0x01, 0x82, 0xe2, 0x03, 0x81, 0xe8, 0x02, 0x20};

template <std::size_t N>
std::string encode(const std::array<std::uint8_t, N>& prefix, const Commitment& commitment) {
    Bytes raw(prefix.begin(), prefix.end());
    raw.insert(raw.end(), commitment.begin(), commitment.end());
    return 'b' + toBase32(raw, false);
}

template <std::size_t N>
Expected<Commitment> decode(const std::array<std::uint8_t, N>& prefix, std::string_view cid, std::string_view kind) {
    const Error bad(ErrorCode::Corrupt, "\"" + std::string(cid.substr(0, 80)) + "\" is not the CID of a " + std::string(kind));
    if (!cid.starts_with('b')) return bad;
    const auto raw = fromBase32(cid.substr(1));
    if (!raw || raw->size() != N + 32 || !std::equal(prefix.begin(), prefix.end(), raw->begin())) return bad;
    Commitment out{};
    std::copy(raw->begin() + static_cast<std::ptrdiff_t>(N), raw->end(), out.begin());
    return out;
}

} // namespace

std::string unsealedCid(const Commitment& commitment) { return encode(kUnsealedPrefix, commitment); }
std::string sealedCid(const Commitment& commitment) { return encode(kSealedPrefix, commitment); }

Expected<Commitment> commitmentFromUnsealedCid(std::string_view cid) {
    return decode(kUnsealedPrefix, cid, "piece or an unsealed sector");
}
Expected<Commitment> commitmentFromSealedCid(std::string_view cid) {
    return decode(kSealedPrefix, cid, "sealed sector");
}

} // namespace lsw::sector
