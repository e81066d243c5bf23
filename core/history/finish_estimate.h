// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/phase_clock.h"
#include "history/task_record.h"

#include <deque>
#include <map>
#include <span>
#include <tuple>

namespace lsw::history {

/// What one earlier task took.
struct PastRun {
    std::vector<PhaseTime> phases;
    std::int64_t totalMs = 0;
    int beside = 0;
};

/// What earlier tasks took, by kind: type, sector size and engine. Only tasks that were done, from the start, count.
class PastRuns {
public:
    void add(const TaskRecord& record);
    /// The newest ones, at most 20; those that had as many beside them, when there are three of these.
    std::vector<PastRun> like(const std::string& type, std::uint64_t sectorSize, const std::string& engine, int beside) const;

private:
    std::map<std::tuple<std::string, std::uint64_t, std::string>, std::deque<PastRun>> m_runs;
};

/// When a task will be done. Negative: nothing can be said yet.
struct Forecast {
    std::int64_t remainingMs = -1;
    std::int64_t leastMs = -1, mostMs = -1; ///< the 20th and the 80th percentile
    std::size_t runs = 0;                   ///< on how many earlier tasks it rests
    std::int64_t usualMs = 0;               ///< the median of what they took; 0: none
    std::int64_t keptMs = 0;                ///< what was not done again, as an earlier attempt had left it
};

/// From the counts of a running task and from what earlier ones took.
///
/// Each earlier run says how much of its time was behind it at the place where this task is, and how long the rest took; this task's own pace against it
/// counts the more, the further it is: wholly from the middle on. Without earlier runs the pace alone counts, once two layers, or a tenth of a
/// transfer, are done. Never less than the rest of the phase at its own pace.
Forecast forecast(const Reading& reading, std::span<const PastRun> past);

/// The value below which `share` (0 to 1) of them lie, between two of them by their distance; 0 of none.
double percentile(std::vector<double> values, double share);

} // namespace lsw::history
