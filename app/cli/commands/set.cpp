// SPDX-License-Identifier: MIT OR Apache-2.0
// set: changes the configuration, and the running worker where it can.
#include "cli/commands/command.h"
#include "cli/output.h"
#include "common/configuration.h"
#include "common/worker_client.h"
#include "setup/edited_file.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace lsw::cli {
namespace {

using common::ConfigurationChange;

struct SetOptions {
    std::vector<std::string> changes;
    bool enabled = true, json = false;
};

common::ExitCode setEnabled(const GlobalOptions& global, bool enabled, bool json) {
    const auto client = common::WorkerClient::find(common::workerRepo(global.workerRepo));
    if (!client) return fail(client.error(), json);
    const auto done = client->call("Filecoin.SetEnabled", {enabled});
    if (!done) return fail(done.error(), json);
    if (json) printJson({{"schema", 1}, {"ok", true}, {"enabled", enabled}});
    else say(enabled ? "The worker takes tasks again, unless it is paused or draining." : "The worker takes no new tasks until it is started again or `set --enabled=true` is given; `pause` is kept over restarts.");
    return common::ExitCode::Success;
}

Expected<std::vector<ConfigurationChange>> understood(const std::vector<std::string>& words) {
    std::vector<ConfigurationChange> out;
    for (const std::string& word : words) {
        const auto sign = word.find('=');
        if (sign == std::string::npos || sign == 0) return Error(ErrorCode::InvalidArgument, "\"" + word + "\" is no KEY=VALUE, such as listen=0.0.0.0:3456");
        out.push_back({word.substr(0, sign), word.substr(sign + 1)});
    }
    return out;
}

bool isIn(const std::vector<std::string>& list, const std::string& one) { return std::ranges::find(list, one) != list.end(); }

/// What the value was, as it is given to `set`; nothing for a variable that was not there.
std::optional<std::string> oldValue(const common::Configuration& before, const std::string& key) {
    if (const auto value = before.values.find(key); value != before.values.end()) return value->second.text;
    const auto variable = before.variables.find(key.substr(key.find('.') + 1));
    return variable == before.variables.end() ? std::nullopt : std::optional(variable->second.text);
}

/// Quoted for a shell where it needs that.
std::string shellWord(const std::string& text) {
    if (text.find_first_of(" \t'\"$`\\;&|<>()*?[]{}~#!") == std::string::npos) return text;
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

common::ExitCode change(const GlobalOptions& global, const SetOptions& options) {
    const bool json = options.json;
    const auto changes = understood(options.changes);
    if (!changes) return fail(changes.error(), json);
    const auto repo = common::workerRepo(global.workerRepo);
    common::ConfigurationSources sources{common::configurationFile(repo), common::environmentVariable, {}};
    auto file = setup::EditedFile::read(sources.file);
    if (!file) return fail(file.error(), json);
    const auto text = common::changedConfiguration(file->text(), *changes);
    if (!text) return fail(text.error(), json);
    const common::Configuration before = common::readConfiguration(sources);
    sources.text = *text;
    const auto after = common::soundConfiguration(sources);
    if (!after) return fail(Error(after.error()).whileDoing("nothing was written"), json);
    if (*text != file->text())
        if (const auto written = file->replace(*text); !written) return fail(written.error(), json);

    const auto client = common::WorkerClient::ofRepo(repo);
    const auto answer = client ? client->call("LotusSealWorker.Reload") : Expected<boost::json::value>(client.error());
    const auto reloaded = answer ? worker::reloadResultFromJson(*answer) : Expected<worker::ReloadResult>(answer.error());
    const bool isRunning = reloaded || reloaded.error().code() != ErrorCode::NotRunning;

    boost::json::object changed;
    for (const ConfigurationChange& one : *changes) {
        changed[one.key] = one.text;
        if (json) continue;
        const auto was = oldValue(before, one.key);
        say(one.key + " = " + one.text + (was && *was != one.text ? " (was \"" + *was + "\"; undo with: lotus-seal-worker set " + shellWord(one.key + '=' + *was) + ')' : std::string()));
        const auto value = after->values.find(one.key);
        if (value != after->values.end() && value->second.origin.layer == common::Layer::Environment)
            say("Note: " + value->second.origin.where + " of the environment wins over the file.");
        if (!isRunning) continue;
        if (!reloaded || isIn(reloaded->restart, one.key)) say("  takes effect after a restart of the worker");
        else if (isIn(reloaded->applied, one.key)) say("  in effect now");
        else say("  changes nothing in the running worker: it has this value already, or one by a flag or variable, which wins");
    }
    if (json) {
        boost::json::object out{{"schema", 1}, {"ok", true}, {"file", file->path().string()}, {"changed", std::move(changed)}, {"running", isRunning}};
        if (reloaded) {
            out["applied"] = boost::json::array(reloaded->applied.begin(), reloaded->applied.end());
            out["restart"] = boost::json::array(reloaded->restart.begin(), reloaded->restart.end());
        }
        printJson(out);
    } else if (!isRunning) {
        say("Written into " + file->path().string() + "; it takes effect when the worker is started.");
    } else if (!reloaded) {
        say("Note: the running worker did not take it over: " + reloaded.error().message());
    }
    return common::ExitCode::Success;
}

} // namespace

void addSetCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<SetOptions>();
    CLI::App* command = app.add_subcommand("set", "Change the configuration (set KEY=VALUE), in the running worker too where it can; see config show");
    command->add_option("KEY=VALUE", options->changes, "Settings, as `config show` names them");
    command->add_flag("--json", options->json, "As JSON (schema 1)");
    CLI::Option* enabled = command->add_flag("--enabled", options->enabled, "Take tasks (--enabled=false: none), as lotus-worker has it; see pause and resume");
    command->callback([=, &global, &action] {
        action = [=, &global] {
            if (options->changes.empty()) return setEnabled(global, options->enabled, options->json);
            if (enabled->count() > 0) return fail(Error(ErrorCode::InvalidArgument, "--enabled and KEY=VALUE are two things: give one of them"), options->json);
            return change(global, *options);
        };
    });
}

} // namespace lsw::cli
