// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/expected.h"
#include "tasks/owned_fd.h"

namespace lsw::tasks {

/// A running child and our ends of its standard streams (non-blocking, close-on-exec).
struct Child {
    pid_t pid = -1;
    OwnedFd input;           ///< a socket: write with send()
    OwnedFd output, errors;
    OwnedFd process; ///< a pidfd: readable when the child has ended
};

struct ChildOrder {
    std::filesystem::path program;
    std::vector<std::string> environment; ///< "NAME=value", the whole of it
    int inherited = -1;                   ///< becomes descriptor 3 of the child
    int niceness = 0;
    std::vector<std::string> arguments{}; ///< behind the program's name
};

/// Starts children that the kernel kills when this process dies, whatever ends it.
///
/// The parent-death signal of Linux is sent when the *thread* that forked ends. So one thread of this object forks all of
/// them, and it lives as long as the object. Children lead a process group of their own: a Ctrl-C in the terminal is not theirs.
class ChildStarter {
public:
    ChildStarter();
    ~ChildStarter();
    /// Waits until the program runs. Io, NotFound, PermissionDenied name the program. Any thread.
    Expected<Child> start(const ChildOrder& order);

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::tasks
