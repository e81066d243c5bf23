// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/base64_stream.h"

#include <array>

namespace lsw::protocol {

namespace {

constexpr std::array<std::int8_t, 256> digitTable() {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kDigits.size(); ++i) table[static_cast<std::uint8_t>(kDigits[i])] = static_cast<std::int8_t>(i);
    return table;
}
constexpr auto kTable = digitTable();

} // namespace

Expected<void> Base64Decoder::feed(std::string_view text, Bytes& out) {
    out.reserve(out.size() + text.size() / 4 * 3 + 3);
    for (const char c : text) {
        const int digit = kTable[static_cast<std::uint8_t>(c)];
        if (digit >= 0 && m_pads == 0) {
            m_bits = m_bits << 6 | static_cast<std::uint32_t>(digit);
            m_have += 6;
            ++m_digits;
            if (m_have < 8) continue;
            m_have -= 8;
            out.push_back(static_cast<std::uint8_t>(m_bits >> m_have));
            m_bits &= (1U << m_have) - 1;
        } else if (c == '=') {
            ++m_pads;
        } else if (c != '\n' && c != '\r') {
            return Error(ErrorCode::Corrupt, "illegal base64 data");
        }
    }
    return {};
}

Expected<void> Base64Decoder::finish() const {
    if (m_digits % 4 == 1 || (m_digits + m_pads) % 4 != 0 || m_pads > 2) return Error(ErrorCode::Corrupt, "illegal base64 data (length)");
    return {};
}

} // namespace lsw::protocol
