// SPDX-License-Identifier: MIT OR Apache-2.0
// stop, drain, pause, resume, wait-quiet: what makes a running worker do less, or more again.
#include "cli/commands/command.h"
#include "base/go_duration.h"
#include "cli/output.h"
#include "common/worker_client.h"
#include "worker/work_mode.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <string_view>
#include <thread>

namespace lsw::cli {
namespace {

using worker::WorkMode;

struct StopOptions {
    bool json = false, noWait = false, finish = false, now = false;
};

/// Waits until nobody answers any more; `seconds` 0: as long as it takes.
bool isGone(const common::WorkerClient& client, int seconds) {
    for (int i = 0; seconds == 0 || i < seconds * 2; ++i) {
        if (!client.answers()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    return false;
}

constexpr std::string_view kGoesOn = "PC1 and PC2 go on from their last checkpoint when the miner asks for them again.";

common::ExitCode stop(const GlobalOptions& global, const StopOptions& options) {
    const bool json = options.json;
    if (options.finish && options.now) return fail(Error(ErrorCode::InvalidArgument, "--finish and --now contradict each other"), json);
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    if (options.finish || options.now) {
        const auto asked = client->call("LotusSealWorker.Stop", {options.now ? "now" : "finish"});
        if (!asked) return fail(asked.error(), json);
    } else if (const auto stopped = client->stop(); !stopped) {
        return fail(stopped.error(), json);
    }
    if (!json) {
        if (options.finish) say("The worker takes no more tasks, lets the running ones end and stops then. `stop` ends them at once; `resume` calls it off.");
        else if (options.now) say("The worker ends at once; calls that were running are returned to the miner as interrupted by the next start. " + std::string(kGoesOn));
        else say("The worker stops: its storage is detached from the miner; finished results that are not delivered stay in its journal. " + std::string(kGoesOn));
    }
    // It lingers for 20 s so that the miner sees it leave. What runs may take hours.
    const bool gone = options.noWait || isGone(*client, options.finish ? 0 : 60);
    if (!gone) return fail(Error(ErrorCode::Timeout, "the worker was asked to stop but still answers after a minute"), json);
    if (json) printJson({{"schema", 1}, {"ok", true}, {"waited", !options.noWait}});
    else if (!options.noWait) say("Stopped. Start it again with: lotus-seal-worker run");
    return common::ExitCode::Success;
}

common::ExitCode setMode(const GlobalOptions& global, WorkMode mode, bool wait, bool json) {
    const auto repo = common::workerRepo(global.workerRepo);
    auto client = common::WorkerClient::find(repo);
    Expected<void> set;
    bool isRunning = client.hasValue();
    if (client) {
        const auto answer = client->call("LotusSealWorker.SetMode", {boost::json::string(workModeName(mode))});
        if (!answer) set = answer.error();
        isRunning = set || set.error().code() != ErrorCode::NotRunning;
    } else {
        set = client.error();
    }
    // What is kept over restarts can be told to a worker that does not run as well.
    if (!isRunning && mode != WorkMode::Draining) {
        set = worker::writeWorkMode(repo, mode);
        if (!set && set.error().code() == ErrorCode::NotFound) set = Error(ErrorCode::NotRunning, set.error().message() + ": start one with lotus-seal-worker run");
    }
    if (!set) return fail(set.error(), json);
    const bool waited = wait && isRunning && mode == WorkMode::Draining && isGone(*client, 0);
    if (json) {
        printJson({{"schema", 1}, {"ok", true}, {"mode", workModeName(mode)}, {"running", isRunning && !waited}});
        return common::ExitCode::Success;
    }
    const std::string from = isRunning ? "" : " from its next start on";
    switch (mode) {
    case WorkMode::Working: say("The worker takes tasks" + (isRunning ? std::string(" again.") : from + '.')); break;
    case WorkMode::Paused: say("The worker begins no task" + from + ", also after a restart; running ones go on. Undo it with: lotus-seal-worker resume"); break;
    case WorkMode::Draining:
        say("The worker takes no new tasks, also after a restart, does those it has, and stops then. Undo it with: lotus-seal-worker resume");
        if (waited) say("Drained and stopped.");
        break;
    }
    return common::ExitCode::Success;
}

common::ExitCode waitQuiet(const GlobalOptions& global, const std::string& timeout, bool json) {
    int limitMs = 0;
    if (!timeout.empty()) {
        const auto parsed = parseGoDuration(timeout);
        if (!parsed) return fail(Error(parsed.error()).whileDoing("reading --timeout"), json);
        limitMs = static_cast<int>(parsed->count());
    }
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    if (limitMs > 0 && !client->answers()) return fail(Error(ErrorCode::NotRunning, "no worker answers. Start one with: lotus-seal-worker run"), json);
    const auto quiet = client->call("Filecoin.WaitQuiet", {}, limitMs);
    if (!quiet && limitMs > 0 && client->answers()) return fail(Error(ErrorCode::Timeout, "the worker still has tasks after " + timeout), json);
    if (!quiet) return fail(quiet.error(), json);
    if (json) printJson({{"schema", 1}, {"ok", true}});
    else say("No task runs or waits, and every result is delivered.");
    return common::ExitCode::Success;
}

} // namespace

void addStopCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<StopOptions>();
    CLI::App* command = app.add_subcommand("stop", "Stop the running worker");
    command->add_flag("--json", options->json, "As JSON (schema 1)");
    command->add_flag("--no-wait", options->noWait, "Do not wait until it has ended");
    command->add_flag("--finish", options->finish, "Let the running tasks end first; those that wait are returned as interrupted by the next start");
    command->add_flag("--now", options->now, "Do not wait until the miner has seen it leave");
    command->callback([=, &global, &action] { action = [=, &global] { return stop(global, *options); }; });
}

void addModeCommands(CLI::App& app, const GlobalOptions& global, Action& action) {
    const auto add = [&](const char* name, const char* text, WorkMode mode) {
        auto json = std::make_shared<bool>(false), wait = std::make_shared<bool>(false);
        CLI::App* command = app.add_subcommand(name, text);
        command->add_flag("--json", *json, "As JSON (schema 1)");
        if (mode == WorkMode::Draining) command->add_flag("--wait", *wait, "Wait until it has stopped");
        command->callback([=, &global, &action] { action = [=, &global] { return setMode(global, mode, *wait, *json); }; });
    };
    add("pause", "Begin no more tasks until resume; running ones go on", WorkMode::Paused);
    add("drain", "Take no new tasks, do those that are here, then stop; kept over restarts until resume", WorkMode::Draining);
    add("resume", "Take tasks again after pause, drain or stop --finish", WorkMode::Working);

    auto json = std::make_shared<bool>(false);
    auto timeout = std::make_shared<std::string>();
    CLI::App* quiet = app.add_subcommand("wait-quiet", "Wait until no task is left and every result is delivered");
    quiet->add_flag("--json", *json, "As JSON (schema 1)");
    quiet->add_option("--timeout", *timeout, "How long at most (90s, 2h); default: without a limit");
    quiet->callback([=, &global, &action] { action = [=, &global] { return waitQuiet(global, *timeout, *json); }; });
}

} // namespace lsw::cli
