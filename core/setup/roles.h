// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace lsw::setup {

/// What a machine is for. A role fills in the settings that nobody gave: which tasks are offered, how many at once, what stays free.
struct Role {
    std::string_view name;                    ///< "pc1", as `role = "pc1"` and `--role pc1` have it
    std::string_view about;                   ///< one sentence
    std::span<const std::string_view> tasks;  ///< the task switches of `run` that are on ("precommit1"); all others are off
    int maxPreCommit1 = 0, maxPreCommit2 = 0, maxCommit2 = 0; ///< at once; 0: as memory and cores allow
    std::uint64_t leaveMemory = 0;            ///< bytes that are left to other programs
    std::string_view parameters;              ///< what is proven, in the words of params::circuitsFor(); empty: no parameters are needed
};

/// All of them, the usual ones first.
std::span<const Role> roles();
/// InvalidArgument lists the names.
Expected<const Role*> roleNamed(std::string_view name);

} // namespace lsw::setup
