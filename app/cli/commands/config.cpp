// SPDX-License-Identifier: MIT OR Apache-2.0
// config: what this worker is told, by whom, and whether it is sound.
#include "cli/commands/command.h"
#include "cli/commands/miner_commands.h"
#include "cli/output.h"
#include "common/configuration.h"
#include "common/worker_client.h"
#include "setup/pasted_info.h"

#include <CLI/CLI.hpp>

#include <array>

namespace lsw::cli {
namespace {

using common::Configuration;
using common::Layer;

struct ConfigOptions {
    bool origin = false, json = false;
};

constexpr std::array<const char*, 5> kLayerNames{"default", "role", "file", "environment", "flag"};

Configuration read(const GlobalOptions& global) {
    return common::readConfiguration({common::configurationFile(common::workerRepo(global.workerRepo)), common::environmentVariable, {}});
}

boost::json::array jsonOf(const std::vector<std::string>& texts) { return boost::json::array(texts.begin(), texts.end()); }

/// The miner that a worker would find. It is no setting: a connection is kept apart from them, with its token.
boost::json::object jsonOf(const Expected<setup::FoundMiner>& miner) {
    if (!miner) return {{"fault", miner.error().message()}};
    return {{"address", setup::addressText(miner->api.endpoint)}, {"origin", miner->source}, {"has_token", !miner->api.token.empty()}, {"notes", jsonOf(miner->notes)}};
}

common::ExitCode sayFaults(const Configuration& configuration) {
    for (const std::string& fault : configuration.faults) say("Wrong: " + fault);
    for (const std::string& note : configuration.notes) say("Note: " + note);
    return configuration.faults.empty() ? common::ExitCode::Success : common::ExitCode::BadArguments;
}

common::ExitCode show(const GlobalOptions& global, const ConfigOptions& options) {
    const Configuration configuration = read(global);
    if (options.json) {
        boost::json::object values;
        for (const common::Setting& setting : common::settings()) {
            const common::SettingChoice& value = configuration.at(setting.key);
            values[setting.key] = {{"value", value.text},
                                   {"origin", kLayerNames[static_cast<std::size_t>(value.origin.layer)]},
                                   {"where", value.origin.where},
                                   {"live", setting.takes == common::Takes::Live}};
        }
        boost::json::object variables;
        for (const auto& [name, variable] : configuration.variables) variables[name] = variable.text;
        printJson({{"schema", 1},
                   {"file", configuration.file.string()},
                   {"exists", configuration.isFileThere},
                   {"settings", std::move(values)},
                   {"environment", std::move(variables)},
                   {"miner", jsonOf(minerOfRun(global))},
                   {"faults", jsonOf(configuration.faults)},
                   {"notes", jsonOf(configuration.notes)}});
        return configuration.faults.empty() ? common::ExitCode::Success : common::ExitCode::BadArguments;
    }
    const auto line = [&](std::string text, const std::string& origin) {
        if (options.origin) {
            if (text.size() < 40) text.resize(40, ' ');
            text += " # " + origin;
        }
        print(text + '\n');
    };
    for (const common::Setting& setting : common::settings()) {
        const common::SettingChoice& value = configuration.at(setting.key);
        line(setting.key + " = " + setup::tomlValueText(common::settingValue(setting, value.text)), value.origin.text());
    }
    if (!configuration.variables.empty()) print("\n[environment]\n");
    for (const auto& [name, variable] : configuration.variables)
        line(name + " = " + setup::tomlValueText(variable.text), common::SettingOrigin{Layer::File, "line " + std::to_string(variable.line)}.text());
    if (options.origin) {
        const auto miner = minerOfRun(global);
        print("\n# The miner: " + (miner ? setup::addressText(miner->api.endpoint) + ", from " + miner->source : miner.error().message()) + '\n');
        for (const std::string& note : miner ? miner->notes : std::vector<std::string>()) say("Note: " + note);
    }
    return sayFaults(configuration);
}

common::ExitCode check(const GlobalOptions& global, const ConfigOptions& options) {
    const Configuration configuration = read(global);
    if (options.json) {
        printJson({{"schema", 1},
                   {"ok", configuration.faults.empty()},
                   {"file", configuration.file.string()},
                   {"exists", configuration.isFileThere},
                   {"faults", jsonOf(configuration.faults)},
                   {"notes", jsonOf(configuration.notes)}});
        return configuration.faults.empty() ? common::ExitCode::Success : common::ExitCode::BadArguments;
    }
    const common::ExitCode exit = sayFaults(configuration);
    if (exit == common::ExitCode::Success)
        say(configuration.isFileThere ? configuration.file.string() + " and the environment are in order."
                                      : "There is no " + configuration.file.string() + "; the environment is in order.");
    return exit;
}

common::ExitCode path(const GlobalOptions& global, const ConfigOptions& options) {
    const auto file = common::configurationFile(common::workerRepo(global.workerRepo));
    std::error_code ignored;
    const bool isThere = std::filesystem::exists(file, ignored);
    if (options.json) printJson({{"schema", 1}, {"file", file.string()}, {"exists", isThere}});
    else print(file.string() + '\n');
    if (!options.json && !isThere) say("It is not there yet: `lotus-seal-worker set KEY=VALUE` makes it.");
    return common::ExitCode::Success;
}

} // namespace

void addConfigCommand(CLI::App& app, const GlobalOptions& global, Action& action) {
    auto options = std::make_shared<ConfigOptions>();
    CLI::App* group = app.add_subcommand("config", "What this worker is told: file, environment and defaults together");
    group->require_subcommand(1);
    const auto add = [&](const char* name, const char* about, common::ExitCode (*run)(const GlobalOptions&, const ConfigOptions&)) {
        CLI::App* command = group->add_subcommand(name, about);
        command->add_flag("--json", options->json, "As JSON (schema 1)");
        command->callback([options, run, &global, &action] { action = [options, run, &global] { return run(global, *options); }; });
        return command;
    };
    add("show", "Every setting with its value", &show)->add_flag("--origin", options->origin, "Also who gave it: default, role, file, environment");
    add("check", "Whether file and environment are in order (exit code 2: not)", &check);
    add("path", "Where the file is", &path);
    addImportCommand(*group, global, action);
}

} // namespace lsw::cli
