// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/go_duration.h"

#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace lsw {

Expected<std::chrono::milliseconds> parseGoDuration(std::string_view text) {
    struct Unit {
        std::string_view name;
        double milliseconds;
    };
    constexpr std::array<Unit, 7> units{{{"ns", 1e-6}, {"us", 1e-3}, {"\u00b5s", 1e-3}, {"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}}};
    const Error bad(ErrorCode::InvalidArgument, "\"" + std::string(text) + "\" is no duration; write for example 30s, 1m30s or 500ms");
    if (text == "0") return std::chrono::milliseconds(0);
    double total = 0;
    std::string_view rest = text;
    if (rest.empty()) return bad;
    while (!rest.empty()) {
        double number = 0;
        const auto [end, ec] = std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
        if (ec != std::errc() || number < 0) return bad;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        const auto unitLength = rest.find_first_of("0123456789.-+");
        const std::string_view name = rest.substr(0, unitLength);
        bool known = false;
        for (const Unit& unit : units) {
            if (unit.name != name) continue;
            total += number * unit.milliseconds;
            known = true;
        }
        if (!known) return bad;
        rest.remove_prefix(name.size());
    }
    if (total > static_cast<double>(std::numeric_limits<int>::max())) return bad;
    return std::chrono::milliseconds(static_cast<std::int64_t>(total));
}

} // namespace lsw
