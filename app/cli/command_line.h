// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

namespace lsw::cli {

/// Parses the command line, runs the chosen command to its end and gives the exit code (common/exit_code.h).
/// Data go to standard output, talk to standard error.
int runCommandLine(int argc, char** argv);

} // namespace lsw::cli
