// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace lsw {

/// How many letters have to be added and taken away to make one word of the other: what a mistyped name may have meant.
std::size_t letterDistance(std::string_view a, std::string_view b);

} // namespace lsw
