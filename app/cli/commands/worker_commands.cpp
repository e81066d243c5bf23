// SPDX-License-Identifier: MIT OR Apache-2.0
// tasks, stop: the commands that talk to a worker running elsewhere.
#include "cli/commands/command.h"
#include "cli/commands/task_text.h"
#include "cli/output.h"
#include "common/worker_client.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <thread>

namespace lsw::cli {
namespace {

using worker::TaskView;
using worker::WorkerView;

Expected<WorkerView> viewOfRunningWorker(const GlobalOptions& global) {
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return client.error();
    return client->view();
}

common::ExitCode tasksList(const GlobalOptions& global, bool json) {
    const auto view = viewOfRunningWorker(global);
    if (!view) return fail(view.error(), json);
    if (json) {
        const boost::json::value whole = worker::toJson(*view);
        printJson({{"schema", 1}, {"tasks", whole.at("tasks")}, {"finished", whole.at("finished")}});
        return common::ExitCode::Success;
    }
    if (view->tasks.empty()) print("No tasks: the miner has asked for nothing that is still open.\n");
    for (const TaskView& task : view->tasks) print(taskLine(task));
    if (!view->finished.empty()) print("Finished:\n");
    for (const TaskView& task : view->finished) print(taskLine(task));
    return common::ExitCode::Success;
}

common::ExitCode stop(const GlobalOptions& global, bool wait, bool json) {
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    if (const auto stopped = client->stop(); !stopped) return fail(stopped.error(), json);
    if (!json) say("The worker stops: its storage is detached from the miner; finished results that are not delivered stay in its journal.");
    bool gone = !wait;
    // It lingers for 20 s so that the miner sees it leave.
    for (int i = 0; wait && i < 120 && !gone; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        gone = !client->answers();
    }
    if (!gone) return fail(Error(ErrorCode::Timeout, "the worker was asked to stop but still answers after a minute"), json);
    if (json) printJson({{"schema", 1}, {"ok", true}, {"waited", wait}});
    else if (wait) say("Stopped. Start it again with: lotus-seal-worker run");
    return common::ExitCode::Success;
}

} // namespace

void addTasksCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("tasks", "List the tasks of the running worker");
    command->add_flag("--json", *json, "As JSON (schema 1)");
    command->callback([json, &global, &action] { action = [json, &global] { return tasksList(global, *json); }; });
}

void addStopCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto json = std::make_shared<bool>(false);
    auto noWait = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("stop", "Stop the running worker");
    command->add_flag("--json", *json, "As JSON (schema 1)");
    command->add_flag("--no-wait", *noWait, "Do not wait until it has ended");
    command->callback([=, &global, &action] { action = [=, &global] { return stop(global, !*noWait, *json); }; });
}

} // namespace lsw::cli
