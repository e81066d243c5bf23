// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/bytes.h"

#include <algorithm>

namespace lsw {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32Lower = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kBase32Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::array<std::int8_t, 256> reverseTable(std::string_view alphabet) {
    std::array<std::int8_t, 256> table;
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int8_t>(i);
    return table;
}

std::string encode64(std::span<const std::uint8_t> in, std::string_view alphabet, bool padded) {
    std::string out;
    out.reserve((in.size() + 2) / 3 * 4);
    std::size_t i = 0;
    for (; i + 3 <= in.size(); i += 3) {
        const std::uint32_t v = (std::uint32_t{in[i]} << 16) | (std::uint32_t{in[i + 1]} << 8) | in[i + 2];
        out += alphabet[v >> 18];
        out += alphabet[(v >> 12) & 63];
        out += alphabet[(v >> 6) & 63];
        out += alphabet[v & 63];
    }
    const std::size_t rest = in.size() - i;
    if (rest == 1) {
        const std::uint32_t v = std::uint32_t{in[i]} << 16;
        out += alphabet[v >> 18];
        out += alphabet[(v >> 12) & 63];
        if (padded) out += "==";
    } else if (rest == 2) {
        const std::uint32_t v = (std::uint32_t{in[i]} << 16) | (std::uint32_t{in[i + 1]} << 8);
        out += alphabet[v >> 18];
        out += alphabet[(v >> 12) & 63];
        out += alphabet[(v >> 6) & 63];
        if (padded) out += '=';
    }
    return out;
}

Expected<Bytes> decode64(std::string_view text, const std::array<std::int8_t, 256>& table, bool padded) {
    Bytes out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t acc = 0;
    int have = 0;
    std::size_t digits = 0, pads = 0;
    for (const char c : text) {
        if (padded && (c == '\n' || c == '\r')) continue;
        if (padded && c == '=') {
            ++pads;
            continue;
        }
        const int v = table[static_cast<std::uint8_t>(c)];
        if (v < 0 || pads) return Error(ErrorCode::Corrupt, "illegal base64 data");
        acc = (acc << 6) | static_cast<std::uint32_t>(v);
        have += 6;
        ++digits;
        if (have >= 8) {
            have -= 8;
            out.push_back(static_cast<std::uint8_t>(acc >> have));
            acc &= (1U << have) - 1;
        }
    }
    if (digits % 4 == 1 || (padded && (digits + pads) % 4 != 0) || pads > 2)
        return Error(ErrorCode::Corrupt, "illegal base64 data (length)");
    return out;
}

} // namespace

std::string toHex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::uint8_t b : bytes) {
        out += digits[b >> 4];
        out += digits[b & 15];
    }
    return out;
}

Expected<Bytes> fromHex(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
    if (text.size() % 2) return Error(ErrorCode::InvalidArgument, "hex text has an odd number of digits");
    Bytes out(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        int v = -1;
        if (c >= '0' && c <= '9') v = c - '0';
        else if (c >= 'a' && c <= 'f') v = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F') v = c - 'A' + 10;
        if (v < 0) return Error(ErrorCode::InvalidArgument, "hex text has a character that is no hex digit");
        out[i / 2] = static_cast<std::uint8_t>((out[i / 2] << 4) | v);
    }
    return out;
}

Expected<Bytes32> bytes32FromHex(std::string_view text, std::string_view what) {
    auto bytes = fromHex(text);
    if (!bytes) return std::move(bytes).error().whileDoing("reading the " + std::string(what));
    if (bytes->size() != 32)
        return Error(ErrorCode::InvalidArgument, "the " + std::string(what) + " must be 32 bytes (64 hex digits), but " +
                                                     std::to_string(bytes->size()) + " bytes were given");
    Bytes32 out{};
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

std::string toBase64(std::span<const std::uint8_t> bytes) { return encode64(bytes, kBase64, true); }

Expected<Bytes> fromBase64(std::string_view text) {
    static const auto table = reverseTable(kBase64);
    return decode64(text, table, true);
}

std::string toBase64Url(std::span<const std::uint8_t> bytes) { return encode64(bytes, kBase64Url, false); }

Expected<Bytes> fromBase64Url(std::string_view text) {
    static const auto table = reverseTable(kBase64Url);
    return decode64(text, table, false);
}

std::string toBase32(std::span<const std::uint8_t> bytes, bool upperCase) {
    const std::string_view alphabet = upperCase ? kBase32Upper : kBase32Lower;
    std::string out;
    out.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t acc = 0;
    int have = 0;
    for (const std::uint8_t b : bytes) {
        acc = (acc << 8) | b;
        have += 8;
        while (have >= 5) {
            have -= 5;
            out += alphabet[(acc >> have) & 31];
        }
        acc &= (1U << have) - 1;
    }
    if (have) out += alphabet[(acc << (5 - have)) & 31];
    return out;
}

Expected<Bytes> fromBase32(std::string_view text) {
    static const auto lower = reverseTable(kBase32Lower);
    static const auto upper = reverseTable(kBase32Upper);
    Bytes out;
    out.reserve(text.size() * 5 / 8);
    std::uint32_t acc = 0;
    int have = 0;
    for (const char c : text) {
        int v = lower[static_cast<std::uint8_t>(c)];
        if (v < 0) v = upper[static_cast<std::uint8_t>(c)];
        if (v < 0) return Error(ErrorCode::Corrupt, "illegal base32 data");
        acc = (acc << 5) | static_cast<std::uint32_t>(v);
        have += 5;
        if (have >= 8) {
            have -= 8;
            out.push_back(static_cast<std::uint8_t>(acc >> have));
            acc &= (1U << have) - 1;
        }
    }
    if (have >= 5 || acc != 0) return Error(ErrorCode::Corrupt, "illegal base32 data (left-over bits)");
    return out;
}

} // namespace lsw
