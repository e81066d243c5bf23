// SPDX-License-Identifier: MIT OR Apache-2.0
// tasks: what runs, which kinds are taken, and the end of one that shall not go on.
#include "cli/commands/command.h"
#include "cli/commands/task_text.h"
#include "cli/output.h"
#include "common/worker_client.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace lsw::cli {
namespace {

using worker::TaskView;

constexpr int kAbortMs = 60000; ///< the computation ends within 2 s; removing large files may take longer

/// The kinds that lotus-worker lets be switched, in its order of listing them.
struct Settable {
    const char* shortName;
    const char* name;
};
constexpr std::array kSettable{Settable{"UNS", "seal/v0/unseal"},        Settable{"C2", "seal/v0/commit/2"},
                               Settable{"PC2", "seal/v0/precommit/2"},   Settable{"PC1", "seal/v0/precommit/1"},
                               Settable{"PR2", "seal/v0/provereplicaupdate/2"}, Settable{"RU", "seal/v0/replicaupdate"},
                               Settable{"AP", "seal/v0/addpiece"},       Settable{"DC", "seal/v0/datacid"},
                               Settable{"GSK", "seal/v0/regensectorkey"}};

Expected<const Settable*> settable(std::string text) {
    const std::string given = text;
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const Settable& one : kSettable)
        if (text == one.shortName || given == one.name) return &one;
    std::string known;
    for (const Settable& one : kSettable) known += (known.empty() ? "" : ", ") + std::string(one.shortName);
    return Error(ErrorCode::InvalidArgument, "there is no kind of task \"" + given + "\" that can be switched; there are: " + known);
}

common::ExitCode list(const GlobalOptions& global, bool json) {
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    const auto view = client->view();
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

/// The open task whose id begins so.
Expected<TaskView> taskOf(const worker::WorkerView& view, const std::string& id) {
    const TaskView* found = nullptr;
    for (const TaskView& task : view.tasks) {
        if (id.empty() || !task.call.starts_with(id)) continue;
        if (found) return Error(ErrorCode::InvalidArgument, "several tasks have an id that begins with " + id + ": give more of it");
        found = &task;
    }
    if (!found) return Error(ErrorCode::NotFound, "no open task has an id that begins with \"" + id + "\"; see lotus-seal-worker tasks");
    return *found;
}

common::ExitCode abort(const GlobalOptions& global, const std::string& id, bool json) {
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    const auto view = client->view();
    if (!view) return fail(view.error(), json);
    const auto task = taskOf(*view, id);
    if (!task) return fail(task.error(), json);
    if (task->sectors > 0) return fail(Error(ErrorCode::Unsupported, "a proof of storage cannot be aborted: the miner waits for it on an open connection"), json);
    const auto ended = client->call("LotusSealWorker.TaskAbort", {boost::json::string(task->call)}, kAbortMs);
    if (!ended) return fail(ended.error(), json);
    if (json) printJson({{"schema", 1}, {"ok", true}, {"call", task->call}, {"sector", task->sector}, {"type", task->type}});
    else
        say(task->shortName + " of " + task->sector +
            " is aborted: its computation has ended, what it had half made is removed, and the miner is told that it failed. The miner decides whether it asks again.");
    return common::ExitCode::Success;
}

common::ExitCode switchTypes(const GlobalOptions& global, const std::vector<std::string>& names, bool all, bool on, bool json) {
    std::vector<const Settable*> chosen;
    if (all == !names.empty()) return fail(Error(ErrorCode::InvalidArgument, "name the kinds of task, or give --all"), json);
    for (const std::string& name : names) {
        const auto one = settable(name);
        if (!one) return fail(one.error(), json);
        chosen.push_back(*one);
    }
    if (all)
        for (const Settable& one : kSettable) chosen.push_back(&one);
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    boost::json::array changed;
    std::string told;
    for (const Settable* one : chosen) {
        const auto done = client->call(on ? "Filecoin.TaskEnable" : "Filecoin.TaskDisable", {boost::json::string(one->name)});
        if (!done) return fail(done.error(), json);
        changed.emplace_back(one->name);
        told += ' ' + std::string(one->shortName);
    }
    if (json) printJson({{"schema", 1}, {"ok", true}, {on ? "enabled" : "disabled", std::move(changed)}});
    else if (on) say("Taken from now on:" + told);
    else say("Not taken any more, until the worker is started again or `tasks enable` is given; running ones go on:" + told);
    return common::ExitCode::Success;
}

void addSwitch(CLI::App& tasks, const char* name, const char* text, bool on, const GlobalOptions& global, Action& action) {
    auto json = std::make_shared<bool>(false);
    auto all = std::make_shared<bool>(false);
    auto names = std::make_shared<std::vector<std::string>>();
    CLI::App* command = tasks.add_subcommand(name, text);
    command->add_flag("--all", *all, "All kinds that can be switched");
    command->add_option("TYPE", *names, "UNS, C2, PC2, PC1, PR2, RU, AP, DC, GSK");
    command->add_flag("--json", *json, "As JSON (schema 1)");
    command->callback([=, &global, &action] { action = [=, &global] { return switchTypes(global, *names, *all, on, *json); }; });
}

} // namespace

void addTasksCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto json = std::make_shared<bool>(false);
    auto id = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("tasks", "List the tasks of the running worker, abort one, choose the kinds it takes");
    command->add_flag("--json", *json, "As JSON (schema 1)");
    command->require_subcommand(0, 1);

    CLI::App* listing = command->add_subcommand("list", "List the tasks (as without a subcommand)");
    listing->add_flag("--json", *json, "As JSON (schema 1)");
    CLI::App* aborting = command->add_subcommand("abort", "End one task for good: computation, half-made files, and the call at the miner");
    aborting->add_option("ID", *id, "Id of the call, or how it begins (tasks --json)")->required();
    aborting->add_flag("--json", *json, "As JSON (schema 1)");
    addSwitch(*command, "enable", "Take these kinds of task", true, global, action);
    addSwitch(*command, "disable", "Take these kinds of task no more; running ones go on", false, global, action);

    // Callbacks of subcommands come before the one of their parent.
    aborting->callback([=, &global, &action] { action = [=, &global] { return abort(global, *id, *json); }; });
    command->callback([=, &global, &action] {
        if (command->get_subcommands().empty() || command->got_subcommand(listing)) action = [=, &global] { return list(global, *json); };
    });
}

} // namespace lsw::cli
