// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_line.h"

#include "cli/commands/command.h"
#include "cli/output.h"
#include "common/worker_client.h"

#include <CLI/CLI.hpp>

#include <QtCore/QCoreApplication>

#include <exception>

namespace lsw::cli {

namespace {

std::string namesOfCommands(const CLI::App& app) {
    std::string known;
    for (const CLI::App* command : app.get_subcommands(nullptr)) known += (known.empty() ? "" : ", ") + command->get_name();
    return known;
}

/// What is wrong with the command line. CLI11 says of a mistyped command only that one is required.
std::string sentence(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError)) return error.what();
    if (!app.get_subcommands().empty()) {
        const CLI::App& group = *app.get_subcommands().front();
        const bool isGroup = !group.get_subcommands(nullptr).empty() && group.get_subcommands().empty();
        return isGroup ? "say what to do by a subcommand of " + group.get_name() + ": " + namesOfCommands(group) : error.what();
    }
    const std::string known = namesOfCommands(app);
    for (int i = 1; i < argc; ++i)
        if (argv[i][0] != '-') return "there is no command \"" + std::string(argv[i]) + "\"; there are: " + known;
    return "say what to do by a subcommand: " + known;
}

/// `help` and `help COMMAND`, which programs of Go have beside --help.
void addHelpCommand(CLI::App& app, Action& action) {
    auto name = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("help", "Show the commands, or the options of one");
    command->add_option("COMMAND", *name, "A command");
    command->callback([&app, &action, name] {
        action = [&app, name] {
            const CLI::App* shown = name->empty() ? &app : nullptr;
            for (const CLI::App* one : app.get_subcommands(nullptr))
                if (one->check_name(*name)) shown = one;
            if (!shown) return fail(Error(ErrorCode::InvalidArgument, "there is no command \"" + *name + '"'));
            // Not help(), which shows the command that was chosen: this one.
            print(shown->get_formatter()->make_help(shown, shown == &app ? app.get_name() : app.get_name() + ' ' + shown->get_name(), CLI::AppFormatMode::Normal));
            return common::ExitCode::Success;
        };
    });
}

} // namespace

int runCommandLine(int argc, char** argv) {
    CLI::App app("Takes the heavy sealing work off a Lotus storage miner.", "lotus-seal-worker");
    app.set_version_flag("-v,--version", "lotus-seal-worker " LSW_VERSION);
    app.require_subcommand(1);
    app.fallthrough();

    GlobalOptions global;
    app.add_option("--worker-repo,--workerrepo", global.workerRepo, "Folder of this worker (LOTUS_WORKER_PATH; default ~/.lotusworker)");
    app.add_option("--miner-repo,--storagerepo", global.minerRepo, "Folder of the miner (LOTUS_MINER_PATH; default ~/.lotusminer)");
    app.add_flag_function("--enable-gpu-proving,!--disable-gpu-proving", [&global](std::int64_t count) { global.gpuProving = count > 0 ? "true" : "false"; },
                          "Use a GPU for proofs where there is one (default: yes) (Env:LOTUS_WORKER_ENABLE_GPU_PROVING)");

    // Of lotus-worker: accepted so that its command lines go on working. This program ends with a sentence, not with a report of a panic.
    std::string panicReports;
    app.add_option("--panic-reports", panicReports)->envname("LOTUS_PANIC_REPORT_PATH")->group("");

    Action action;
    addRunCommand(app, global, action);
    addPracticeCommand(app, action);
    addBenchCommand(app, action);
    addSelfTestCommand(app, action);
    addInfoCommand(app, global, action);
    addTasksCommand(app, global, action);
    addHistoryCommand(app, global, action);
    addStorageCommand(app, global, action);
    addStopCommand(app, global, action);
    addModeCommands(app, global, action);
    addSetCommand(app, global, action);
    addConfigCommand(app, global, action);
    addDoctorCommand(app, global, action);
    addSealCommand(app, action);
    addParamsCommand(app, global, action);
    addSetupCommand(app, global, action);
    addPc2Command(app, action);
    addVerifyCommand(app, action);
    addUnsealCommand(app, action);
    addMinerCommand(app, global, action);
    addTokenCommand(app, global, action);
    addResourcesCommand(app, action);
    addCompletionCommand(app, action);
    addManualCommand(app, action);
    addVersionCommand(app, action);
    addHelpCommand(app, action);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error); // --help, --version
        say("lotus-seal-worker: " + sentence(app, error, argc, argv));
        say("See lotus-seal-worker " + (app.get_subcommands().empty() ? std::string() : app.get_subcommands().front()->get_name() + ' ') + "--help");
        return static_cast<int>(common::ExitCode::BadArguments);
    }
    if (const std::string note = common::workerRepoNote(global.workerRepo); !note.empty()) say("Note: " + note);
    const QCoreApplication application(argc, argv); // calls over the network need one, though not its loop
    try {
        const common::ExitCode code = action();
        if (const auto lost = outputError(); lost && code == common::ExitCode::Success) {
            say("lotus-seal-worker: " + lost->message());
            return static_cast<int>(common::exitCodeFor(lost->code()));
        }
        return static_cast<int>(code);
    } catch (const std::exception& error) { // a defect of ours; never a stack trace for the user
        return static_cast<int>(fail(Error(ErrorCode::Internal, std::string("unexpected failure: ") + error.what())));
    }
}

} // namespace lsw::cli
