// SPDX-License-Identifier: MIT OR Apache-2.0
// history: what this worker has finished, how long it took, and what that comes to.
#include "base/go_duration.h"
#include "cli/commands/command.h"
#include "cli/output.h"
#include "common/history_file.h"
#include "common/worker_client.h"
#include "history/history_database.h"
#include "history/history_text.h"
#include "sector/proof_type.h"

#include <CLI/CLI.hpp>

#include <QtCore/QDateTime>
#include <QtCore/QSaveFile>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace lsw::cli {
namespace {

using history::TaskRecord;

struct HistoryOptions {
    std::string sector, type, since, outcome, csv;
    std::size_t limit = 50;
    bool json = false;
};

/// "2026-11-30", "2026-11-30T08:00", "24h" or "7d" (before now) as UTC ms.
Expected<std::int64_t> sinceMs(const std::string& text) {
    if (text.empty()) return std::int64_t{0};
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
    std::int64_t days = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (status == std::errc() && std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)) == "d" && days >= 0 && days < 100000) return now - days * 86'400'000;
    if (const auto span = parseGoDuration(text)) return now - span->count();
    const QDateTime when = QDateTime::fromString(QString::fromStdString(text), Qt::ISODate);
    if (when.isValid()) return when.toMSecsSinceEpoch();
    return Error(ErrorCode::InvalidArgument, "--since is \"" + text + "\", but it needs a time such as 24h or 7d, or a date such as 2026-11-30 or 2026-11-30T08:00");
}

Expected<history::Filter> filterOf(const HistoryOptions& options) {
    history::Filter out;
    out.sector = options.sector;
    out.type = options.type;
    auto since = sinceMs(options.since);
    if (!since) return std::move(since).error();
    out.sinceMs = *since;
    if (!options.outcome.empty()) {
        out.outcome = history::outcomeNamed(options.outcome);
        if (!out.outcome) return Error(ErrorCode::InvalidArgument, "--outcome is \"" + options.outcome + "\"; there are done, failed, aborted and interrupted");
    }
    return out;
}

Expected<std::vector<TaskRecord>> rowsOf(const GlobalOptions& global, const history::Filter& filter) {
    const auto database = history::HistoryDatabase::openToRead(common::historyFile(common::workerRepo(global.workerRepo)));
    if (!database) return database.error();
    return (*database)->rows(filter);
}

std::string took(std::int64_t ms) { return ms > 0 ? durationText(static_cast<double>(ms) / 1000) : "-"; }

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text + "  ";
}

std::string line(const TaskRecord& row) {
    const QString when = row.endedMs > 0 ? QDateTime::fromMSecsSinceEpoch(row.endedMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) : QStringLiteral("-");
    std::string out = padded(when.toStdString(), 19) + padded(row.sector, 16) + padded(row.shortName, 4) + padded(took(row.activeMs), 10) + std::string(history::outcomeName(row.outcome));
    if (!row.resumedAt.empty()) out += ", resumed at " + row.resumedAt + (row.keptMs > 0 ? " (" + took(row.keptMs) + " kept)" : "");
    if (!row.error.empty()) out += ": " + row.error.substr(0, row.error.find('\n'));
    return out + '\n';
}

Expected<void> writeFile(const std::string& name, const std::string& text) {
    QSaveFile file(QString::fromStdString(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size()) || !file.commit())
        return Error(ErrorCode::StorageUnavailable, name + " cannot be written: " + file.errorString().toStdString());
    return {};
}

common::ExitCode list(const GlobalOptions& global, const HistoryOptions& options) {
    auto filter = filterOf(options);
    if (!filter) return fail(filter.error(), options.json);
    filter->limit = options.limit;
    const auto rows = rowsOf(global, *filter);
    if (!rows) return fail(rows.error(), options.json);
    if (!options.csv.empty()) {
        const std::string text = history::csvText(*rows);
        if (options.csv == "-") {
            print(text);
            return common::ExitCode::Success;
        }
        if (auto written = writeFile(options.csv, text); !written) return fail(written.error(), options.json);
        if (options.json) printJson({{"schema", 1}, {"ok", true}, {"file", options.csv}, {"rows", rows->size()}});
        else say(std::to_string(rows->size()) + (rows->size() == 1 ? " row" : " rows") + " written to " + options.csv);
        return common::ExitCode::Success;
    }
    if (options.json) {
        boost::json::array out;
        for (const TaskRecord& row : *rows) out.push_back(history::toJson(row));
        printJson({{"schema", 1}, {"tasks", std::move(out)}});
        return common::ExitCode::Success;
    }
    if (rows->empty()) print("No finished task fits.\n");
    for (const TaskRecord& row : *rows) print(line(row));
    if (options.limit > 0 && rows->size() == options.limit) say("The newest " + std::to_string(options.limit) + "; --limit 0 shows all.");
    return common::ExitCode::Success;
}

std::string spreadText(const history::Spread& spread) {
    return padded(took(spread.median), 10) + padded(took(spread.p20), 10) + padded(took(spread.p80), 10) + padded(took(spread.most), 10) + std::to_string(spread.count);
}

std::string summaryText(const history::Summary& summary) {
    std::string out = padded("", 34) + padded("median", 10) + padded("20 %", 10) + padded("80 %", 10) + padded("longest", 10) + "tasks\n";
    for (const auto& kind : summary.kinds) {
        out += padded(kind.shortName + (kind.sectorSize > 0 ? ' ' + sector::sizeName(kind.sectorSize) : ""), 34) + spreadText(kind.whole) + '\n';
        if (kind.phases.size() > 1)
            for (const auto& [name, spread] : kind.phases) out += padded("  " + name, 34) + spreadText(spread) + '\n';
        std::string rest;
        const auto add = [&](std::size_t count, const char* what) {
            if (count > 0) rest += (rest.empty() ? "" : ", ") + std::to_string(count) + ' ' + what;
        };
        add(kind.failed, "failed");
        add(kind.aborted, "aborted");
        add(kind.interrupted, "interrupted");
        add(kind.resumed, "resumed");
        if (kind.keptMs > 0) rest += " (" + took(kind.keptMs) + " kept)";
        if (!rest.empty()) out += "  " + rest + '\n';
    }
    std::array<char, 32> perDay{};
    std::snprintf(perDay.data(), perDay.size(), "%.1f", summary.sectorsPerDay);
    return out + "Sectors finished: " + std::to_string(summary.sectors) + ", " + perDay.data() + " a day\n";
}

common::ExitCode summary(const GlobalOptions& global, const HistoryOptions& options) {
    const auto filter = filterOf(options);
    if (!filter) return fail(filter.error(), options.json);
    const auto rows = rowsOf(global, *filter);
    if (!rows) return fail(rows.error(), options.json);
    const auto out = history::summarize(*rows);
    if (options.json) printJson(history::toJson(out));
    else if (rows->empty()) print("No finished task fits.\n");
    else print(summaryText(out));
    return common::ExitCode::Success;
}

void addFilters(CLI::App& command, HistoryOptions& options) {
    command.add_option("--sector", options.sector, "Of this sector: s-t01000-7, or 7");
    command.add_option("--type", options.type, "Of this kind of task: PC1, C2, …");
    command.add_option("--since", options.since, "Ended since then: 24h, 7d, 2026-11-30, 2026-11-30T08:00");
    command.add_option("--outcome", options.outcome, "done, failed, aborted or interrupted");
    command.add_flag("--json", options.json, "As JSON (schema 1)");
}

} // namespace

void addHistoryCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<HistoryOptions>();
    CLI::App* command = app.add_subcommand("history", "What this worker has finished, and how long it took");
    command->require_subcommand(0, 1);
    CLI::App* listing = command->add_subcommand("list", "The finished tasks, newest first (as without a subcommand)");
    CLI::App* summing = command->add_subcommand("summary", "Medians and percentiles by kind of task and phase, sectors per day");
    for (CLI::App* one : {command, listing, summing}) addFilters(*one, *options);
    for (CLI::App* one : {command, listing}) {
        one->add_option("--limit", options->limit, "At most so many, 0: all (default: 50)");
        one->add_option("--csv", options->csv, "Write them as CSV to this file (-: standard output)");
    }
    command->callback([=, &global, &action] {
        action = [=, &global] { return command->got_subcommand(summing) ? summary(global, *options) : list(global, *options); };
    });
}

} // namespace lsw::cli
