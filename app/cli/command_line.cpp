// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_line.h"

#include "cli/commands/command.h"
#include "cli/output.h"

#include <CLI/CLI.hpp>

#include <QtCore/QCoreApplication>

#include <exception>

namespace lsw::cli {

namespace {

/// What is wrong with the command line. CLI11 says of a mistyped command only that one is required.
std::string sentence(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    if (!app.get_subcommands().empty() || error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError)) return error.what();
    std::string known;
    for (const CLI::App* command : app.get_subcommands(nullptr)) known += (known.empty() ? "" : ", ") + command->get_name();
    for (int i = 1; i < argc; ++i)
        if (argv[i][0] != '-') return "there is no command \"" + std::string(argv[i]) + "\"; there are: " + known;
    return "say what to do by a subcommand: " + known;
}

} // namespace

int runCommandLine(int argc, char** argv) {
    CLI::App app("Takes the heavy sealing work off a Lotus storage miner.", "lotus-seal-worker");
    app.set_version_flag("--version", "lotus-seal-worker " LSW_VERSION);
    app.require_subcommand(1);
    app.fallthrough();

    GlobalOptions global;
    app.add_option("--worker-repo,--workerrepo", global.workerRepo, "Folder of this worker (LOTUS_WORKER_PATH; default ~/.lotusworker)");
    app.add_option("--miner-repo,--storagerepo", global.minerRepo, "Folder of the miner (LOTUS_MINER_PATH; default ~/.lotusminer)");
    app.add_flag("--enable-gpu-proving,!--disable-gpu-proving", global.gpuProving, "Use a GPU for proofs where there is one")
        ->envname("LOTUS_WORKER_ENABLE_GPU_PROVING")
        ->default_val(true);

    Action action;
    addRunCommand(app, global, action);
    addPracticeCommand(app, action);
    addBenchCommand(app, action);
    addInfoCommand(app, global, action);
    addTasksCommand(app, global, action);
    addStopCommand(app, global, action);
    addSealCommand(app, action);
    addVerifyCommand(app, action);
    addUnsealCommand(app, action);
    addResourcesCommand(app, action);
    addVersionCommand(app, action);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error); // --help, --version
        say("lotus-seal-worker: " + sentence(app, error, argc, argv));
        say("See lotus-seal-worker " + (app.get_subcommands().empty() ? std::string() : app.get_subcommands().front()->get_name() + ' ') + "--help");
        return static_cast<int>(common::ExitCode::BadArguments);
    }
    const QCoreApplication application(argc, argv); // calls over the network need one, though not its loop
    try {
        return static_cast<int>(action());
    } catch (const std::exception& error) { // a defect of ours; never a stack trace for the user
        return static_cast<int>(fail(Error(ErrorCode::Internal, std::string("unexpected failure: ") + error.what())));
    }
}

} // namespace lsw::cli
