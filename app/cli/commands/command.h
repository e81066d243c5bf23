// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/exit_code.h"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace lsw::cli {

/// What every command can be told before or after its name.
struct GlobalOptions {
    std::string workerRepo; ///< --worker-repo; empty: LOTUS_WORKER_PATH, WORKER_PATH, ~/.lotusworker
    std::string minerRepo;  ///< --miner-repo; empty: as setup/miner_repo.h finds it
    std::string gpuProving; ///< --enable-gpu-proving: "true", "false"; empty: not given
};

/// The chosen command, bound to its options; runs after the whole command line was understood.
using Action = std::function<common::ExitCode()>;

// One function for each command: adds it to the command line and, when it was chosen, sets `action`.
void addRunCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addInfoCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addTasksCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addHistoryCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addStorageCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addStopCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addModeCommands(CLI::App& app, const GlobalOptions& global, Action& action); ///< pause, drain, resume, wait-quiet
void addSetCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addConfigCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addImportCommand(CLI::App& group, const GlobalOptions& global, Action& action); ///< config import
void addPracticeCommand(CLI::App& app, Action& action);
void addBenchCommand(CLI::App& app, Action& action);
void addSelfTestCommand(CLI::App& app, Action& action);
void addSealCommand(CLI::App& app, Action& action);
void addParamsCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addSetupCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addPc2Command(CLI::App& app, Action& action);
void addVerifyCommand(CLI::App& app, Action& action);
void addUnsealCommand(CLI::App& app, Action& action);
void addResourcesCommand(CLI::App& app, Action& action);
void addMinerCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addTokenCommand(CLI::App& app, const GlobalOptions& global, Action& action);
void addVersionCommand(CLI::App& app, Action& action);
void addCompletionCommand(CLI::App& app, Action& action);
void addManualCommand(CLI::App& app, Action& action);
void addDoctorCommand(CLI::App& app, const GlobalOptions& global, Action& action);

} // namespace lsw::cli
