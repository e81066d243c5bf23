// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/history_summary.h"

#include "history/finish_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace lsw::history {
namespace {

Spread spreadOf(const std::vector<double>& times) {
    Spread out;
    out.count = times.size();
    if (times.empty()) return out;
    const auto at = [&](double share) { return static_cast<std::int64_t>(std::llround(percentile(times, share))); };
    out.p20 = at(0.2);
    out.median = at(0.5);
    out.p80 = at(0.8);
    out.most = at(1);
    return out;
}

KindSummary summaryOf(const std::vector<const TaskRecord*>& rows) {
    KindSummary out;
    out.type = rows.front()->type;
    out.shortName = rows.front()->shortName;
    out.sectorSize = rows.front()->sectorSize;
    std::vector<double> whole;
    std::map<std::string, std::vector<double>> phases;
    std::vector<std::string> order;
    for (const TaskRecord* row : rows) {
        switch (row->outcome) {
        case Outcome::Done: ++out.done; break;
        case Outcome::Failed: ++out.failed; break;
        case Outcome::Aborted: ++out.aborted; break;
        case Outcome::Interrupted: ++out.interrupted; break;
        }
        if (!row->resumedAt.empty()) {
            ++out.resumed;
            out.keptMs += row->keptMs;
        }
        out.peakMemory = std::max(out.peakMemory, row->peakMemory);
        out.bytesMoved += row->bytesMoved;
        if (row->outcome != Outcome::Done || !row->resumedAt.empty()) continue;
        if (row->activeMs > 0) whole.push_back(static_cast<double>(row->activeMs));
        for (const PhaseTime& phase : row->phases) {
            auto& times = phases[phase.name];
            if (times.empty()) order.push_back(phase.name);
            times.push_back(static_cast<double>(phase.ms));
        }
    }
    out.whole = spreadOf(whole);
    for (const std::string& name : order) out.phases.emplace_back(name, spreadOf(phases[name]));
    return out;
}

} // namespace

int lifeOrder(std::string_view shortName) {
    static constexpr std::array<std::string_view, 18> order{"AP", "DC", "PC1", "PC2", "C1", "C2", "FIN", "FUS", "GET", "UNS", "RU", "PR1", "PR2", "FRU", "GSK", "DL", "WDP", "WNP"};
    return static_cast<int>(std::ranges::find(order, shortName) - order.begin());
}

Summary summarize(std::span<const TaskRecord> rows) {
    Summary out;
    std::map<std::tuple<std::uint64_t, int, std::string>, std::vector<const TaskRecord*>> kinds;
    std::set<std::string> finalized, proved;
    for (const TaskRecord& row : rows) {
        kinds[{row.sectorSize, lifeOrder(row.shortName), row.type}].push_back(&row);
        const std::int64_t ended = std::max({row.endedMs, row.begunMs, row.queuedMs}), begun = row.queuedMs > 0 ? row.queuedMs : ended;
        if (ended > 0) {
            out.fromMs = out.fromMs == 0 ? begun : std::min(out.fromMs, begun);
            out.toMs = std::max(out.toMs, ended);
        }
        if (row.outcome != Outcome::Done) continue;
        if (row.shortName == "FIN") finalized.insert(row.sector);
        if (row.shortName == "C2") proved.insert(row.sector);
    }
    for (const auto& [key, members] : kinds) out.kinds.push_back(summaryOf(members));
    // A worker that never finalizes may do the last long step of sectors that others finish.
    out.sectors = finalized.empty() ? proved.size() : finalized.size();
    constexpr double kDayMs = 24.0 * 3600 * 1000;
    if (out.sectors > 0) out.sectorsPerDay = static_cast<double>(out.sectors) / std::max(1.0, static_cast<double>(out.toMs - out.fromMs) / kDayMs);
    return out;
}

} // namespace lsw::history
