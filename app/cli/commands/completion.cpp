// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_tree.h"
#include "cli/commands/command.h"
#include "cli/output.h"

#include <CLI/CLI.hpp>

namespace lsw::cli {

void addCompletionCommand(CLI::App& app, Action& action) {
    auto shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", "Print the completion of a shell's prompt: source <(lotus-seal-worker completion bash)");
    command->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&app, &action, shell] {
        action = [&app, shell] {
            const CommandTree tree = commandTree(app);
            print(*shell == "bash" ? bashCompletion(tree) : *shell == "zsh" ? zshCompletion(tree) : fishCompletion(tree));
            return common::ExitCode::Success;
        };
    });
}

void addManualCommand(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("manual", "Print the manual page of this program: lotus-seal-worker manual | man -l -");
    command->callback([&app, &action] {
        action = [&app] {
            print(manualPage(commandTree(app)));
            return common::ExitCode::Success;
        };
    });
}

} // namespace lsw::cli
