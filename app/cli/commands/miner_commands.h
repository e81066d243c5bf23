// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "cli/commands/command.h"
#include "base/expected.h"

namespace lsw::cli {

/// All of standard input, at most 256 KiB. InvalidArgument when there is none (a terminal is told what to paste).
Expected<std::string> readStandardInput(const std::string& whatToPaste);

} // namespace lsw::cli
