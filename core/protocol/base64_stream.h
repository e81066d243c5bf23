// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

namespace lsw::protocol {

/// Decodes base64 that comes in pieces, by the rules of fromBase64().
class Base64Decoder {
public:
    /// Appends the bytes that are whole by now. Corrupt, as fromBase64() words it.
    Expected<void> feed(std::string_view text, Bytes& out);
    Expected<void> finish() const;

private:
    std::uint32_t m_bits = 0;
    int m_have = 0;
    std::uint64_t m_digits = 0, m_pads = 0;
};

} // namespace lsw::protocol
