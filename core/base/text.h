// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lsw {

/// ASCII letters in lower case, the rest as it is.
inline std::string lowerCase(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// Without the characters of `outside` at both ends.
inline std::string_view trimmed(std::string_view text, std::string_view outside = " \t\r\n\v\f") {
    const auto begin = text.find_first_not_of(outside);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(outside) - begin + 1);
}

/// "31 GiB", "1.5 GiB", "2 KiB": at most one decimal, which is what a person compares with.
std::string byteText(std::uint64_t bytes);

} // namespace lsw
