// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_line.h"

#include <csignal>

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN); // a peer that leaves must not end us: sendfile has no MSG_NOSIGNAL
    return lsw::cli::runCommandLine(argc, argv);
}
