// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "cli/commands/command.h"
#include "common/worker_client.h"

namespace lsw::cli {

/// `storage leftovers`, below `storage`.
void addLeftoversCommand(CLI::App& storage, const GlobalOptions& global, Action& action);

} // namespace lsw::cli
