// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>

namespace lsw::practice {

/// What one process has used. Its children are not counted.
struct ProcessFigures {
    double cpuSeconds = 0; ///< user and system time of all its threads since its start
    std::uint64_t residentBytes = 0;
    std::uint64_t peakBytes = 0;         ///< the most that was resident
    std::uint64_t proportionalBytes = 0; ///< PSS: pages shared with n processes count 1/n; 0 when the system does not tell
};

/// Reads /proc; NotFound when there is no such process.
Expected<ProcessFigures> processFigures(std::int64_t pid);

/// Time of all processors together since boot, in ticks.
struct MachineTimes {
    std::uint64_t busy = 0, total = 0;
};
/// Zeros when the system does not tell.
MachineTimes machineTimes();

} // namespace lsw::practice
