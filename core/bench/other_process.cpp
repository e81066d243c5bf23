// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/other_process.h"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lsw::bench {

Expected<int> runAgain(const std::vector<std::string>& arguments, const std::string& variable, const std::string& value,
                       const std::function<void(std::string)>& line) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errnoError(errno, "cannot make a pipe");
    std::vector<char*> argv{const_cast<char*>("lotus-seal-prover")};
    for (const std::string& one : arguments) argv.push_back(const_cast<char*>(one.c_str()));
    argv.push_back(nullptr);
    ::setenv(variable.c_str(), value.c_str(), 1);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    pid_t child = -1;
    const int failed = ::posix_spawn(&child, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::unsetenv(variable.c_str());
    ::close(ends[1]);
    if (failed != 0) {
        ::close(ends[0]);
        return errnoError(failed, "cannot start this program again");
    }
    std::string text;
    std::array<char, 4096> block;
    for (;;) {
        const ssize_t got = ::read(ends[0], block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        text.append(block.data(), static_cast<std::size_t>(got));
        for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
            line(text.substr(0, end));
            text.erase(0, end + 1);
        }
    }
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status)) return Error(ErrorCode::ChildDied, "the second process was ended by signal " + std::to_string(WTERMSIG(status)));
    return WEXITSTATUS(status);
}

} // namespace lsw::bench
