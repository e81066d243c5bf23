// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>

namespace lsw {

/// What this machine has left, or the group of processes that this one is in (cgroup) may still take; bytes.
struct MemoryLeft {
    std::uint64_t available = 0; ///< without swapping; 0 when it cannot be known
    std::uint64_t swap = 0;      ///< free swap
};
MemoryLeft memoryLeft();

} // namespace lsw
