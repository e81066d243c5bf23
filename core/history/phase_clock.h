// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "history/task_record.h"

#include <mutex>

namespace lsw::history {

/// The name under which the time of a step is added up: phase and step without their counts ("layer 3 of 11" and "layer 4 of 11" are "pc1 layer").
std::string phaseName(const Progress& progress);

/// How far one running task is, as its reports and a clock tell.
struct Reading {
    std::vector<PhaseTime> phases; ///< in the order in which they began; the last is the one that runs, so far
    double fraction = -1;          ///< of the phase that runs, 0 to 1; −1: it cannot be counted
    double begunAt = 0;            ///< what that fraction was when it was reported first: what an earlier attempt had left
    double unit = 0;               ///< the part of the phase that one layer or tree is; 0: it has none
    std::int64_t activeMs = 0;     ///< since the task began
    std::uint64_t bytesMoved = 0;
    std::uint64_t bytesPerSecond = 0; ///< of a transfer that runs
    std::string resumedAt;         ///< "layer 8 of 11"; empty: from the start
    double kept = 0;               ///< fraction of the resumed phase that was there
    std::string keptPhase;         ///< its name
};

/// Follows the progress of one task.
///
/// The clock is one that stands still while the machine sleeps, so that a night in a closed laptop is not work.
/// thread  any
class PhaseClock {
public:
    /// The task begins; `nowMs` as of now().
    void start(std::int64_t nowMs);
    void note(const Progress& progress, std::int64_t nowMs);
    Reading reading(std::int64_t nowMs) const;
    /// ms of the clock that stands still while the machine sleeps.
    static std::int64_t now();

private:
    void addTime(std::int64_t nowMs);

    mutable std::mutex m_mutex; ///< guards all of the following, for the time of a copy
    std::int64_t m_begun = -1, m_since = -1; ///< −1: not begun
    Reading m_state;
    std::string m_phase, m_step;
    bool m_looksAtOld = false;      ///< the engine checks what an earlier attempt left
    std::uint64_t m_firstDone = 0, m_lastDone = 0;
    std::int64_t m_stepBegun = 0;
};

} // namespace lsw::history
