// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/history_text.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace lsw::history {
namespace {

std::string isoTime(std::int64_t ms) {
    if (ms <= 0) return {};
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm utc{};
    if (!gmtime_r(&seconds, &utc)) return {};
    std::array<char, 32> out{};
    std::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return out.data();
}

/// A field that a spreadsheet takes as text: quoted where needed, and never a formula.
std::string field(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

boost::json::object toJson(const Spread& spread) {
    return {{"count", spread.count}, {"p20_ms", spread.p20}, {"median_ms", spread.median}, {"p80_ms", spread.p80}, {"most_ms", spread.most}};
}

} // namespace

boost::json::object toJson(const TaskRecord& record) {
    boost::json::array phases;
    for (const PhaseTime& phase : record.phases) phases.push_back({{"name", phase.name}, {"ms", phase.ms}});
    return {{"call", record.call},
            {"sector", record.sector},
            {"type", record.type},
            {"short_name", record.shortName},
            {"proof", record.proof},
            {"sector_size", record.sectorSize},
            {"engine", record.engine},
            {"kernels", record.kernels},
            {"queued_ms", record.queuedMs},
            {"begun_ms", record.begunMs},
            {"ended_ms", record.endedMs},
            {"active_ms", record.activeMs},
            {"phases", std::move(phases)},
            {"outcome", outcomeName(record.outcome)},
            {"error_code", record.errorCode},
            {"error", record.error},
            {"peak_memory", record.peakMemory},
            {"bytes_moved", record.bytesMoved},
            {"resumed_at", record.resumedAt},
            {"kept_ms", record.keptMs},
            {"beside", record.beside}};
}

boost::json::object toJson(const Summary& summary) {
    boost::json::array kinds;
    for (const KindSummary& kind : summary.kinds) {
        boost::json::array phases;
        for (const auto& [name, spread] : kind.phases) {
            auto one = toJson(spread);
            one["name"] = name;
            phases.push_back(std::move(one));
        }
        kinds.push_back({{"type", kind.type},
                         {"short_name", kind.shortName},
                         {"sector_size", kind.sectorSize},
                         {"done", kind.done},
                         {"failed", kind.failed},
                         {"aborted", kind.aborted},
                         {"interrupted", kind.interrupted},
                         {"resumed", kind.resumed},
                         {"kept_ms", kind.keptMs},
                         {"peak_memory", kind.peakMemory},
                         {"bytes_moved", kind.bytesMoved},
                         {"whole", toJson(kind.whole)},
                         {"phases", std::move(phases)}});
    }
    return {{"schema", 1},
            {"from_ms", summary.fromMs},
            {"to_ms", summary.toMs},
            {"sectors", summary.sectors},
            {"sectors_per_day", summary.sectorsPerDay},
            {"kinds", std::move(kinds)}};
}

std::string csvText(std::span<const TaskRecord> rows) {
    std::string out = "sector,task,type,sector_size,queued,begun,ended,active_seconds,outcome,error_code,error,engine,kernels,peak_memory,bytes_moved,resumed_at,"
                      "kept_seconds,beside,phases,call\r\n";
    const auto seconds = [](std::int64_t ms) {
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(ms) / 1000);
        return std::string(text.data());
    };
    for (const TaskRecord& row : rows) {
        std::string phases;
        for (const PhaseTime& phase : row.phases) phases += (phases.empty() ? "" : ";") + phase.name + '=' + std::to_string(phase.ms);
        for (const std::string& one :
             {row.sector, row.shortName, row.type, std::to_string(row.sectorSize), isoTime(row.queuedMs), isoTime(row.begunMs), isoTime(row.endedMs), seconds(row.activeMs),
              std::string(outcomeName(row.outcome)), row.errorCode, row.error, row.engine, row.kernels, std::to_string(row.peakMemory), std::to_string(row.bytesMoved),
              row.resumedAt, seconds(row.keptMs), std::to_string(row.beside), phases})
            out += field(one) + ',';
        out += field(row.call) + "\r\n";
    }
    return out;
}

} // namespace lsw::history
