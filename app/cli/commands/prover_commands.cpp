// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/prover_commands.h"

#include "cli/commands/command.h"
#include "cli/output.h"
#include "tasks/isolated_engine.h"
#include "tasks/parent_cache_choice.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstdlib>

#include <unistd.h>

namespace lsw::cli {

common::ExitCode becomeProver(const std::vector<std::string>& arguments, bool isJson) {
    const auto program = tasks::IsolatedEngine({}).proverProgram();
    if (!program) return fail(program.error(), isJson);
    if (const auto parents = tasks::parentCacheChoice(); !parents.empty()) ::setenv("FIL_PROOFS_PARENT_CACHE", parents.c_str(), 1);
    std::string name = program->string();
    std::vector<std::string> texts = arguments;
    std::vector<char*> argv{name.data()};
    for (std::string& text : texts) argv.push_back(text.data());
    argv.push_back(nullptr);
    ::execv(name.c_str(), argv.data());
    return fail(errnoError(errno, "cannot start " + name), isJson);
}

void addSelfTestCommand(CLI::App& app, Action& action) {
    auto isJson = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("selftest", "Test every kernel against known answers, and a small sector against the official crate");
    command->add_flag("--json", *isJson, "One JSON line for each test");
    command->callback([isJson, &action] {
        action = [isJson] {
            std::vector<std::string> arguments{"selftest"};
            if (*isJson) arguments.emplace_back("--json");
            return becomeProver(arguments, *isJson);
        };
    });
}

} // namespace lsw::cli
