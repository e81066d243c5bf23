// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "cli/commands/command.h"
#include "setup/miner_finder.h"
#include "setup/miner_repo.h"

namespace lsw::cli {

/// `miner listen`, below `miner`.
void addMinerListenCommand(CLI::App& miner, const GlobalOptions& global, Action& action);

/// The miner that `run` would work for, with what is kept and configured.
Expected<setup::FoundMiner> minerOfRun(const GlobalOptions& global);
/// All miners of this machine, the one that lotus would take first.
std::vector<setup::LocalMiner> localMiners(const GlobalOptions& global);
/// The one whose files are meant: the first, which must be a repo that this user may read. NotConfigured, NotFound, PermissionDenied.
Expected<setup::LocalMiner> localMiner(const GlobalOptions& global);

/// "A, B, C"
std::string listText(const std::vector<std::string>& texts);

/// All of standard input, at most 256 KiB. InvalidArgument when it is longer. A person at a terminal is told what to paste.
Expected<std::string> readStandardInput(const std::string& whatToPaste);

} // namespace lsw::cli
