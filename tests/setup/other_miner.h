// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lsw::test {

/// Takes the lock of a repo as lotus does; the open file, or -1.
inline int lockOf(const std::filesystem::path& repo) {
    const int file = ::open((repo / "repo.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    return ::fcntl(file, F_SETLK, &range) == 0 ? file : -1;
}

/// Another process that looks like a miner: its name, its flags, its environment; with `lock` it holds that repo's lock.
class OtherMiner {
public:
    OtherMiner(const std::string& name, std::vector<std::string> arguments, std::vector<std::string> variables, const std::filesystem::path& lock = {}) {
        int ready[2] = {-1, -1};
        if (::pipe(ready) != 0) return;
        m_pid = ::fork();
        if (m_pid == 0) {
            std::vector<std::string> all{"/somewhere/" + name};
            all.insert(all.end(), arguments.begin(), arguments.end());
            variables.push_back("LSW_READY=" + std::to_string(ready[1]));
            variables.push_back("LSW_LOCK=" + lock.string());
            std::vector<char*> argv, envp;
            for (std::string& one : all) argv.push_back(one.data());
            for (std::string& one : variables) envp.push_back(one.data());
            argv.push_back(nullptr);
            envp.push_back(nullptr);
            ::execve("/proc/self/exe", argv.data(), envp.data());
            ::_exit(1);
        }
        ::close(ready[1]);
        char byte = 0;
        m_isReady = ::read(ready[0], &byte, 1) == 1;
        ::close(ready[0]);
    }
    ~OtherMiner() {
        if (m_pid <= 0) return;
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    OtherMiner(const OtherMiner&) = delete;
    OtherMiner& operator=(const OtherMiner&) = delete;
    pid_t pid() const { return m_pid; }
    bool isReady() const { return m_isReady; }

    /// Whether this process is the other one; what it then does.
    static bool isThis() { return ::getenv("LSW_READY") != nullptr; }
    static int live() {
        const std::string lock = ::getenv("LSW_LOCK");
        if (!lock.empty() && lockOf(lock) < 0) return 1;
        const int ready = std::atoi(::getenv("LSW_READY"));
        if (::write(ready, "x", 1) != 1) return 1;
        ::close(ready);
        for (;;) ::pause();
    }

private:
    pid_t m_pid = -1;
    bool m_isReady = false;
};

} // namespace lsw::test
