// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace lsw::kernels {

/// What one core takes to label so many sectors beside each other.
struct LabelWidth {
    std::size_t sectors = 1;  ///< 1, 2, 4, 16 or 32
    double nanoseconds = 0;   ///< of the processor, for one label of one sector
    bool operator==(const LabelWidth&) const = default;
};

/// The widths of the kernel in use, narrowest first, as this processor does them on a small graph in its cache. Measured once in a process, 50 to
/// 200 ms. In memory the wide ones gain more than here: the parents of all sectors are fetched at once.
const std::vector<LabelWidth>& labelWidths();

/// Sectors that are labelled beside each other. A width that is larger leaves lanes empty; that may still be cheaper than a narrow one.
struct LabelGroup {
    std::size_t sectors = 1, width = 1;
    bool operator==(const LabelGroup&) const = default;
};

/// How one core labels so many sectors at the least cost: group after group, none wider than `mostLanes` (at least 1).
std::vector<LabelGroup> labelGroups(std::size_t sectors, std::size_t mostLanes, const std::vector<LabelWidth>& widths);
/// What a node of all of them takes so, in nanoseconds.
double costOf(const std::vector<LabelGroup>& groups, const std::vector<LabelWidth>& widths);
/// How many of so many sectors that wait one core had better take at once: the fewest with which a sector costs (nearly) the least.
std::size_t bestTogether(std::size_t waiting, const std::vector<LabelWidth>& widths);

} // namespace lsw::kernels
