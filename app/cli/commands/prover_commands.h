// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/exit_code.h"

#include <string>
#include <vector>

namespace lsw::cli {

/// Goes on as the prover that tasks would be run by, with these arguments: its output, signals and exit code are then ours. Comes back only when
/// it cannot be started.
common::ExitCode becomeProver(const std::vector<std::string>& arguments, bool isJson);

} // namespace lsw::cli
