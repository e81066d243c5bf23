// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/text.h"

#include <array>
#include <cstdio>

namespace lsw {

std::string byteText(std::uint64_t bytes) {
    constexpr std::array<const char*, 6> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    const bool isWhole = unit == 0 || value - static_cast<double>(static_cast<std::uint64_t>(value)) < 0.05 || value >= 100;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), isWhole ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text.data();
}

} // namespace lsw
