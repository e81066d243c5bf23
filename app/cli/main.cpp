// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/command_line.h"

#include <csignal>

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN); // a peer that leaves must not end us: sendfile has no MSG_NOSIGNAL
    std::signal(SIGXFSZ, SIG_IGN); // nor a limit of the file size: what is written then fails as on a full disk
    return lsw::cli::runCommandLine(argc, argv);
}
