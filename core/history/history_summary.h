// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/task_record.h"

#include <span>

namespace lsw::history {

/// How long something took, in ms, of all that were done.
struct Spread {
    std::size_t count = 0;
    std::int64_t p20 = 0, median = 0, p80 = 0, most = 0;
};

/// One kind of task at one sector size.
struct KindSummary {
    std::string type, shortName;
    std::uint64_t sectorSize = 0;
    std::size_t done = 0, failed = 0, aborted = 0, interrupted = 0, resumed = 0;
    std::int64_t keptMs = 0;         ///< of all resumed ones together
    std::uint64_t peakMemory = 0;    ///< the largest, bytes
    std::uint64_t bytesMoved = 0;
    Spread whole;                    ///< of those that were done from the start
    std::vector<std::pair<std::string, Spread>> phases; ///< in the order of the newest
};

struct Summary {
    std::vector<KindSummary> kinds; ///< by size, then in the order of a sector's life
    std::size_t sectors = 0;        ///< that a last step (finalize, or else Commit 2) was done of
    double sectorsPerDay = 0;       ///< between the first and the last row, at least a day; 0: none
    std::int64_t fromMs = 0, toMs = 0; ///< UTC, of the rows
};

/// Of rows in any order.
Summary summarize(std::span<const TaskRecord> rows);

/// The place of a kind of task in the life of a sector, by its short name: AP before PC1 before …; unknown ones last.
int lifeOrder(std::string_view shortName);

} // namespace lsw::history
