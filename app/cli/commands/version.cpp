// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/command.h"
#include "cli/output.h"

#include <CLI/CLI.hpp>

namespace lsw::cli {

void addVersionCommand(CLI::App& app, Action& action) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("version", "Say which version this is");
    command->add_flag("--json", *json, "As JSON");
    command->callback([json, &action] {
        action = [json] {
            if (*json) printJson({{"schema", 1}, {"name", "lotus-seal-worker"}, {"version", LSW_VERSION}});
            else print("lotus-seal-worker " LSW_VERSION "\n");
            return common::ExitCode::Success;
        };
    });
}

} // namespace lsw::cli
