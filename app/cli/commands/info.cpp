// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/commands/run_report.h"
#include "cli/commands/task_text.h"
#include "cli/output.h"
#include "common/worker_client.h"

#include <CLI/CLI.hpp>

namespace lsw::cli {
namespace {

using worker::WorkerView;

/// The part that lotus-worker has too, under its names.
boost::json::value lotusJson(const common::LotusView& view) {
    boost::json::array gpus, types, paths;
    for (const auto& one : view.gpus) gpus.emplace_back(one);
    for (const auto& one : view.taskTypes) types.emplace_back(one);
    for (const auto& one : view.paths)
        paths.push_back({{"id", one.id}, {"weight", one.weight}, {"can_seal", one.canSeal}, {"can_store", one.canStore}, {"local", one.local}});
    return {{"worker_version", view.version}, {"session", view.session}, {"enabled", view.enabled}, {"hostname", view.hostname}, {"cpus", view.cpus},
            {"gpus", std::move(gpus)}, {"mem_used", view.memUsed}, {"mem_physical", view.memPhysical}, {"swap_used", view.memSwapUsed},
            {"swap", view.memSwap}, {"task_types", std::move(types)}, {"paths", std::move(paths)}};
}

std::string ownText(const WorkerView& view) {
    const auto bytes = [](std::int64_t value) { return byteText(value > 0 ? static_cast<std::uint64_t>(value) : 0); };
    std::string out = "\nMore of lotus-seal-worker " + view.version + ":\n\tConnection: " + connectionSentence(view) + "\n\tTakes tasks: " + modeText(view) + "\n\tEngine: " + view.engine +
                      "\n\tPC1: " + view.preCommit1Batch +
                      "\n\tPromised to tasks: " + std::to_string(view.cpusUsed) + " of " + std::to_string(view.cpus) + " cores, " +
                      byteText(view.memBudgetUsed) + " of memory\n";
    for (const auto& gpu : view.gpus) out += "\tGPU of this machine: " + gpu + " (not offered to the miner: the engine computes on the processor)\n";
    for (const auto& path : view.paths) {
        out += "\tStorage: " + path.path + ", " + bytes(path.available) + " free of " + bytes(path.capacity) + ", " + bytes(path.reserved) + " reserved\n";
        if (!path.error.empty()) out += "\t\t" + path.error + '\n';
        for (const auto& note : path.notes) out += "\t\t" + note + '\n';
    }
    for (const auto& note : view.notes) out += "\tNote: " + note + '\n';
    out += "\tTasks: " + std::to_string(view.tasks.size()) + '\n';
    for (const auto& task : view.tasks) out += '\t' + taskLine(task);
    return out;
}

common::ExitCode info(const GlobalOptions& global, bool json) {
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    const auto lotus = client->lotusView();
    if (!lotus) return fail(lotus.error(), json);
    const auto view = client->view();
    // A lotus-worker has nothing more to tell.
    if (!view && view.error().code() != ErrorCode::Remote) return fail(view.error(), json);
    if (!json) {
        print(common::lotusInfoText(*lotus, "lotus-seal-worker version " LSW_VERSION) + (view ? ownText(*view) : std::string()));
        return common::ExitCode::Success;
    }
    boost::json::value out = view ? worker::toJson(*view) : boost::json::value{{"schema", 1}};
    out.as_object()["lotus"] = lotusJson(*lotus);
    printJson(out);
    return common::ExitCode::Success;
}

} // namespace

void addInfoCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("info", "Show the running worker: connection, tasks, storage");
    command->add_flag("--json", *json, "As JSON (schema 1)");
    command->callback([json, &global, &action] { action = [json, &global] { return info(global, *json); }; });
}

} // namespace lsw::cli
