// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/finish_estimate.h"

#include <algorithm>
#include <cmath>

namespace lsw::history {
namespace {

constexpr std::size_t kMostRuns = 20, kEnoughRuns = 3;
constexpr double kPaceAlone = 0.15; ///< how wide the range is, to either side, without earlier runs
constexpr double kLeastWidth = 0.03; ///< no prediction is better than that
constexpr std::int64_t kLongest = std::int64_t{1000} * 3600 * 24 * 365; ///< ms; beyond it an estimate is nonsense

double ms(std::int64_t value) { return static_cast<double>(std::max<std::int64_t>(0, value)); }
std::int64_t rounded(double value) { return static_cast<std::int64_t>(std::llround(std::clamp(value, 0.0, static_cast<double>(kLongest)))); }

/// How an earlier run divides at the place where this task is.
struct Division {
    double behind = 0, before = 0; ///< ms of that run: what this task has done itself, and what it has not done
};

Division divide(const PastRun& run, const Reading& reading) {
    Division out;
    std::size_t reached = 0; // phases of the run up to here lie behind this task
    const auto placeOf = [&](const std::string& name) {
        const auto it = std::find_if(run.phases.begin(), run.phases.end(), [&](const PhaseTime& one) { return one.name == name; });
        return static_cast<std::size_t>(it - run.phases.begin());
    };
    for (std::size_t i = 0; i + 1 < reading.phases.size(); ++i)
        if (const std::size_t place = placeOf(reading.phases[i].name); place < run.phases.size()) reached = std::max(reached, place + 1);
    std::size_t current = run.phases.size();
    if (!reading.phases.empty()) current = placeOf(reading.phases.back().name);
    if (current < run.phases.size()) reached = std::max(reached, current);
    for (std::size_t i = 0; i < run.phases.size(); ++i) {
        const double time = ms(run.phases[i].ms);
        const double kept = run.phases[i].name == reading.keptPhase ? reading.kept : 0;
        if (i == current) {
            // Uncounted phases are taken by their time.
            const double own = ms(reading.phases.back().ms);
            const double fraction = reading.fraction >= 0 ? reading.fraction : time > 0 ? std::min(0.95, own / time) : 1;
            out.behind += std::max(0.0, fraction - kept) * time;
            out.before += (1 - fraction) * time;
        } else if (i < reached) {
            out.behind += (1 - kept) * time;
        } else {
            out.before += time;
        }
    }
    return out;
}

/// ms that the rest of the phase takes at its own pace; negative when too little of it is done to tell.
double restAtOwnPace(const Reading& reading, double enough) {
    if (reading.phases.empty() || reading.fraction < 0) return -1;
    const double done = reading.fraction - reading.begunAt;
    if (done < enough || done <= 0) return -1;
    return (1 - reading.fraction) * ms(reading.phases.back().ms) / done;
}

} // namespace

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    if (low + 1 >= values.size()) return values.back();
    return values[low] + (at - static_cast<double>(low)) * (values[low + 1] - values[low]);
}

void PastRuns::add(const TaskRecord& record) {
    if (record.outcome != Outcome::Done || !record.resumedAt.empty() || record.activeMs <= 0) return;
    auto& runs = m_runs[{record.type, record.sectorSize, record.engine}];
    runs.push_back({record.phases, record.activeMs, record.beside});
    if (runs.size() > kMostRuns) runs.pop_front();
}

std::vector<PastRun> PastRuns::like(const std::string& type, std::uint64_t sectorSize, const std::string& engine, int beside) const {
    const auto it = m_runs.find({type, sectorSize, engine});
    if (it == m_runs.end()) return {};
    std::vector<PastRun> alike;
    for (const PastRun& run : it->second)
        if (run.beside == beside) alike.push_back(run);
    if (alike.size() >= kEnoughRuns) return alike;
    return {it->second.begin(), it->second.end()};
}

Forecast forecast(const Reading& reading, std::span<const PastRun> past) {
    Forecast out;
    if (past.empty()) {
        // Layers of one sector are alike, and so are the parts of a transfer; what follows other phases is not known.
        const bool isTransfer = reading.bytesPerSecond > 0;
        const double rest = restAtOwnPace(reading, reading.unit > 0 ? 2 * reading.unit : isTransfer ? 0.1 : 2);
        if (rest >= 0) {
            out.remainingMs = rounded(rest);
            out.leastMs = rounded(rest * (1 - kPaceAlone));
            out.mostMs = rounded(rest * (1 + kPaceAlone));
        }
        if (reading.kept > 0 && !reading.phases.empty() && reading.phases.back().name == reading.keptPhase && reading.fraction > reading.begunAt)
            out.keptMs = rounded(reading.kept * ms(reading.phases.back().ms) / (reading.fraction - reading.begunAt));
        return out;
    }
    std::vector<double> rests, totals, kept;
    for (const PastRun& run : past) {
        const Division at = divide(run, reading);
        const double share = at.behind + at.before > 0 ? at.behind / (at.behind + at.before) : 0;
        const double pace = at.behind > 0 ? ms(reading.activeMs) / at.behind : 1;
        const double weight = std::min(1.0, 2 * share);
        rests.push_back(at.before * (weight * pace + (1 - weight)));
        totals.push_back(ms(run.totalMs));
        for (const PhaseTime& phase : run.phases)
            if (phase.name == reading.keptPhase) kept.push_back(reading.kept * ms(phase.ms));
    }
    const double floor = std::max(0.0, restAtOwnPace(reading, std::max(reading.unit, 0.2)));
    const double middle = std::max(floor, percentile(rests, 0.5));
    out.remainingMs = rounded(middle);
    out.leastMs = rounded(std::min(std::max(floor, percentile(rests, 0.2)), middle * (1 - kLeastWidth)));
    out.mostMs = rounded(std::max(percentile(rests, 0.8), middle * (1 + kLeastWidth)));
    out.runs = past.size();
    out.usualMs = rounded(percentile(totals, 0.5));
    out.keptMs = rounded(percentile(kept, 0.5));
    return out;
}

} // namespace lsw::history
