// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/commands/prover_commands.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "common/json_line.h"
#include "practice/practice_bench.h"

#include <CLI/CLI.hpp>

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>

#include <algorithm>
#include <utility>

namespace lsw::cli {
namespace {

using practice::BenchFigure;
using practice::BenchRow;

/// What the figure means.
std::string_view explanation(BenchFigure figure) {
    switch (figure) {
    case BenchFigure::Registration: return "From the start of the program until the miner had accepted the worker.";
    case BenchFigure::Practice:
        return "A whole practice run: AddPiece, PC1, PC2, C1, finalize, move, unseal and read back of a 2 KiB sector, with all checks.";
    case BenchFigure::AddPiece: return "A piece as large as the sector, pushed by the miner over HTTP, padded, written and committed to.";
    case BenchFigure::PreCommit1:
        return "PreCommit 1 of an 8 MiB sector by the official crate, from the miner's call until the result was with the miner.";
    case BenchFigure::PreCommit2: return "PreCommit 2 of the same sector: the trees and CommR.";
    case BenchFigure::Commit1: return "Commit 1 of the same sector: the places that the seed asks for, opened and checked.";
    case BenchFigure::SessionLatency:
        return "The slowest answer to Filecoin.Session while PreCommit 2 ran on all processors; a miner drops a worker that does not "
               "answer it.";
    case BenchFigure::LoadLatency:
        return "The 99th percentile of answers to Filecoin.Session while PreCommit 2 ran on all processors, 64 calls were queued, 8 files were "
               "fetched and 2 sent.";
    case BenchFigure::LoadRoundTrip: return "What one of these answers took when they were asked for without a pause on one connection (median).";
    case BenchFigure::LoadMemory: return "The most resident memory that the service took under that load; its provers are processes of their own.";
    case BenchFigure::IdleCpu: return "Part of one processor that the window takes, with its worker registered and nothing to do.";
    case BenchFigure::Transfer: return "A sealed file read from the worker over loopback by the client that workers use; the best of some times.";
    case BenchFigure::TransferAgainstGo:
        return "The same compared with Go's net/http serving the file to Go's own client, both in turn (the best time of each).";
    case BenchFigure::ParameterFetch:
        return "A file fetched by `params fetch` from a server on loopback, checked and flushed to the disk, compared with `curl -o F && b2sum F` in turn (the best time of each).";
    case BenchFigure::ParameterMemory: return "The most resident memory that this took.";
    case BenchFigure::IdleMemory: return "Resident memory of the window and its worker, with nothing to do.";
    }
    return {};
}

std::string textOf(const boost::json::value& value) {
    if (value.is_number()) return common::jsonLine(value);
    std::string text;
    if (const auto* list = value.if_array())
        for (const auto& item : *list) text += (text.empty() ? "" : ", ") + textOf(item);
    if (const auto* object = value.if_object())
        for (const auto& member : *object) text += (text.empty() ? "" : ", ") + std::string(member.key()) + ' ' + textOf(member.value());
    return text;
}

void showRow(const BenchRow& row) {
    std::string text = '[' + std::string(row.info.name) + "] ";
    if (!row.skipped.empty())
        text += "not measured: " + row.skipped;
    else
        text += textOf(boost::json::value(row.value)) + ' ' + std::string(row.info.unit);
    if (const auto within = row.within())
        text += std::string(*within ? " (within" : " (MISSES") + " the goal: at most " + textOf(boost::json::value(*row.info.goal)) + ' ' +
                std::string(row.info.unit) + ')';
    text += "\n    " + std::string(explanation(row.info.figure)) + '\n';
    for (const auto& member : row.details) text += "    " + std::string(member.key()) + ": " + textOf(member.value()) + '\n';
    print(text);
}

boost::json::object jsonOf(const BenchRow& row) {
    boost::json::object line{{"schema", 1}, {"row", row.info.name}};
    if (row.skipped.empty())
        line["value"] = row.value;
    else
        line["value"] = nullptr;
    line["unit"] = row.info.unit;
    if (row.info.goal)
        line["goal"] = *row.info.goal;
    else
        line["goal"] = nullptr;
    if (const auto within = row.within())
        line["within"] = *within;
    else
        line["within"] = nullptr;
    if (!row.skipped.empty()) line["skipped"] = row.skipped;
    for (const auto& member : row.details) line[member.key()] = member.value();
    return line;
}

struct BenchOptions {
    bool quick = false, json = false;
    std::vector<std::string> only;
    std::string against;
    std::vector<std::pair<const char*, std::string>> ofProver{{"--shape", {}}, {"--rounds", {}}, {"--threads", {}}, {"--folder", {}}};
};

/// Rows that a prover measures (bench/bench_command.h); the others are measured from outside of a worker.
constexpr std::string_view kProverRows[] = {"kernel", "piece", "add-piece", "tree-d", "pc1", "pc1-multicore", "pc1-x2", "pc1-x4", "pc1-x16",
                                            "pc1-parts", "pc1-small-pages", "pc2", "pc2-11", "update", "unseal"};

bool isProverRow(std::string_view name) { return std::ranges::find(kProverRows, name) != std::end(kProverRows); }

bool isForProver(const BenchOptions& options) {
    return options.against == "official" || std::ranges::any_of(options.only, isProverRow) ||
           std::ranges::any_of(options.ofProver, [](const auto& option) { return !option.second.empty(); });
}

common::ExitCode benchInProver(const BenchOptions& options) {
    std::vector<std::string> arguments{"bench"};
    for (const std::string& name : options.only) {
        if (!isProverRow(name))
            return fail(Error(ErrorCode::InvalidArgument, "kernels and phases are measured in a prover, \"" + name + "\" is not: ask for them in two commands"), options.json);
        arguments.push_back(name);
    }
    if (options.quick || options.against == "go")
        return fail(Error(ErrorCode::InvalidArgument, "kernels and phases are not measured with --quick or against go"), options.json);
    if (!options.against.empty()) arguments.insert(arguments.end(), {"--against", options.against});
    for (const auto& [name, value] : options.ofProver)
        if (!value.empty()) arguments.insert(arguments.end(), {name, value});
    if (options.json) arguments.emplace_back("--json");
    return becomeProver(arguments, options.json);
}

common::ExitCode bench(const BenchOptions& options) {
    if (isForProver(options)) return benchInProver(options);
    practice::BenchSettings settings;
    settings.quick = options.quick;
    settings.againstGo = !options.against.empty();
    for (const auto& figure : practice::benchFigures())
        if (std::find(options.only.begin(), options.only.end(), figure.name) != options.only.end()) settings.only.insert(figure.figure);
    for (const std::string& name : options.only)
        for (const BenchFigure figure : practice::benchGroup(name)) settings.only.insert(figure);
    // The comparison belongs to the row that it compares.
    if (settings.againstGo && settings.only.contains(BenchFigure::Transfer)) settings.only.insert(BenchFigure::TransferAgainstGo);

    const StopSignal signal; // before any other thread
    settings.stop = signal.token();
    const QTemporaryDir temporary(QDir::tempPath() + QStringLiteral("/lotus-seal-worker-bench-XXXXXX"));
    if (!temporary.isValid())
        return fail(Error(ErrorCode::StorageUnavailable,
                          "cannot make a folder in " + QDir::tempPath().toStdString() + ": " + temporary.errorString().toStdString()),
                    options.json);
    settings.folder = temporary.path().toStdString();
    const std::string programs = QCoreApplication::applicationDirPath().toStdString();
    settings.workerProgram = programs + "/lotus-seal-worker";
    settings.windowProgram = programs + "/lotus-seal-worker-gui";

    int missed = 0;
    const practice::BenchListener listener{[&](const BenchRow& row) {
                                               if (row.within() == false) ++missed;
                                               if (options.json)
                                                   printJson(jsonOf(row));
                                               else
                                                   showRow(row);
                                           },
                                           [](const std::string& what) { say("Measuring: " + what); }};
    if (const auto done = practice::runBench(settings, listener); !done) return fail(done.error(), options.json);
    if (missed == 0) return common::ExitCode::Success;
    say("lotus-seal-worker: " + std::to_string(missed) + (missed == 1 ? " figure misses its goal" : " figures miss their goals") +
        "; was the machine doing something else?");
    return common::ExitCode::VerificationFailed;
}

} // namespace

void addBenchCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<BenchOptions>();
    CLI::App* command = app.add_subcommand(
        "bench", "Measure this machine and this program: registration, sealing, answers under load, what the window takes; kernels and phases");
    std::vector<std::string> names;
    for (const auto& figure : practice::benchFigures()) names.emplace_back(figure.name);
    for (const auto group : practice::kBenchGroups) names.emplace_back(group);
    for (const auto row : kProverRows) names.emplace_back(row);
    command->add_option("rows,--only", options->only, "Measure these rows or groups of rows alone: latency, sealing, memory, parameters, …; kernel, pc1, pc2, …")->check(CLI::IsMember(names));
    command->add_option("--against", options->against, "go: compare transfers with Go's net/http; official: kernels and phases, beside the official crate")
        ->check(CLI::IsMember({"go", "official"}));
    const char* const texts[] = {"Size of the sector of a phase (8MiB)", "Rounds of a kernel or phase (3)", "Processors for a phase (all)", "Folder for a phase's sectors (the temp folder)"};
    for (std::size_t i = 0; i < options->ofProver.size(); ++i) command->add_option(options->ofProver[i].first, options->ofProver[i].second, texts[i]);
    command->add_flag("--quick", options->quick, "Less data and fewer repetitions");
    command->add_flag("--json", options->json, "One JSON line for each row");
    command->callback([options, &action] { action = [options] { return bench(*options); }; });
}

} // namespace lsw::cli
