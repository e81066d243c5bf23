// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/output.h"
#include "tasks/resource_variables.h"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace lsw::cli {
namespace {

struct Choice {
    bool all = false, defaults = false, json = false;
};

common::ExitCode resources(const Choice& choice) {
    boost::json::object variables;
    for (const auto& one : tasks::resourceVariables([](const std::string& name) {
             const char* value = std::getenv(name.c_str());
             return std::string(value ? value : "");
         })) {
        // As lotus-worker: what is set; with --all the defaults of the rest too; with --default the defaults alone.
        const std::string& value = choice.defaults ? one.defaultValue : one.value.empty() && choice.all ? one.defaultValue : one.value;
        if (value.empty()) continue;
        if (choice.json) variables[one.name] = value;
        else print(one.name + '=' + value + '\n');
    }
    boost::json::array notes;
    for (const std::string& note : tasks::misspeltResources(tasks::environmentNames())) {
        notes.emplace_back(note);
        if (!choice.json) say("Note: " + note);
    }
    if (choice.json) printJson({{"schema", 1}, {"variables", std::move(variables)}, {"notes", std::move(notes)}});
    return common::ExitCode::Success;
}

} // namespace

void addResourcesCommand(CLI::App& app, Action& action) {
    auto choice = std::make_shared<Choice>();
    CLI::App* command = app.add_subcommand("resources", "Print what the environment sets in the resource table, and what is misspelt there");
    command->add_flag("--all", choice->all, "Also what is not set, with its default");
    command->add_flag("--default", choice->defaults, "The defaults alone");
    command->add_flag("--json", choice->json, "As JSON (schema 1)");
    command->callback([choice, &action] { action = [choice] { return resources(*choice); }; });
}

} // namespace lsw::cli
