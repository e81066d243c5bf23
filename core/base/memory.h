// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>

namespace lsw {

/// What this machine has left, in bytes.
struct MemoryLeft {
    std::uint64_t available = 0; ///< without swapping (MemAvailable); 0 when it cannot be known
    std::uint64_t swap = 0;      ///< SwapFree
};
MemoryLeft memoryLeft();

} // namespace lsw
