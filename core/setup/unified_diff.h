// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lsw::setup {

/// What `diff -u` shows, with three lines around each change; empty when the texts are equal. For texts that differ in at most some hundred
/// lines: the cost is the square of those between the first and the last change. A CR at the end of a line is shown as "^M" where it changes.
std::string unifiedDiff(std::string_view before, std::string_view after, const std::string& name);

} // namespace lsw::setup
