// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/child_starter.h"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <fcntl.h>
#include <future>
#include <mutex>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace lsw::tasks {
namespace {

struct Pipe {
    OwnedFd readEnd, writeEnd;
};

Expected<Pipe> makePipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return errnoError(errno, "making a pipe");
    return Pipe{OwnedFd(fds[0]), OwnedFd(fds[1])};
}

/// What the forked child needs; prepared before the fork, because afterwards only async-signal-safe calls are allowed.
struct Plan {
    const char* program;
    char* const* argv;
    char* const* environment;
    int input, output, errors, inherited, report, niceness;
    pid_t parent;
};

[[noreturn]] void runChild(const Plan& plan) {
    const auto fail = [&](int why) {
        [[maybe_unused]] const ssize_t n = ::write(plan.report, &why, sizeof why);
        ::_exit(127);
    };
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail(errno);
    if (::getppid() != plan.parent) ::_exit(127); // it died before the line above
    // A session of its own: kernels that share processors out between sessions (sched_autogroup) then count what the prover takes against
    // the prover, and not against the threads that answer the miner.
    ::setsid();
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // Up first, so that none of the four targets is one of the sources.
    std::array<int, 4> from{plan.input, plan.output, plan.errors, plan.inherited};
    for (int& fd : from) {
        if (fd < 0) continue;
        fd = ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
        if (fd < 0) fail(errno);
    }
    const int report = ::fcntl(plan.report, F_DUPFD_CLOEXEC, 10);
    if (report < 0) fail(errno);
    for (int target = 0; target < 4; ++target) {
        const int fd = from[static_cast<std::size_t>(target)];
        if (fd < 0) ::close(target);
        else if (::dup2(fd, target) < 0) {
            const int why = errno;
            [[maybe_unused]] const ssize_t n = ::write(report, &why, sizeof why);
            ::_exit(127);
        }
    }
    // Everything of ours is close-on-exec already; this is for descriptors of libraries.
    if (::syscall(SYS_close_range, 4U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) != 0) {
        for (int fd = 4; fd < 4096; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    if (plan.niceness > 0) ::setpriority(PRIO_PROCESS, 0, plan.niceness);
    ::execve(plan.program, plan.argv, plan.environment);
    const int why = errno;
    [[maybe_unused]] const ssize_t n = ::write(report, &why, sizeof why);
    ::_exit(127);
}

/// For standard input: writing to a socket whose reader is gone can be told not to raise SIGPIPE.
Expected<Pipe> makeSocketPipe() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) return errnoError(errno, "making a socket pair");
    return Pipe{OwnedFd(fds[0]), OwnedFd(fds[1])};
}

Expected<Child> forkAndExec(const ChildOrder& order) {
    auto input = makeSocketPipe(), output = makePipe(), errors = makePipe(), report = makePipe();
    for (auto* pipe : {&input, &output, &errors, &report}) {
        if (!*pipe) return std::move(*pipe).error().whileDoing("starting " + order.program.string());
    }
    std::string name = order.program.string();
    std::vector<char*> environment;
    for (const std::string& entry : order.environment) environment.push_back(const_cast<char*>(entry.c_str()));
    environment.push_back(nullptr);
    std::vector<char*> argv{name.data()};
    for (const std::string& argument : order.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const Plan plan{name.c_str(),          argv.data(),      environment.data(),       input->readEnd.get(), output->writeEnd.get(),
                    errors->writeEnd.get(), order.inherited, report->writeEnd.get(), order.niceness,       ::getpid()};
    const pid_t pid = ::fork();
    if (pid < 0) return errnoError(errno, "starting " + name);
    if (pid == 0) runChild(plan);
    report->writeEnd.reset();
    int why = 0;
    ssize_t got = 0;
    do got = ::read(report->readEnd.get(), &why, sizeof why);
    while (got < 0 && errno == EINTR);
    if (got > 0) {
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
        return errnoError(why, "starting " + name);
    }
    Child child;
    child.pid = pid;
    child.process = OwnedFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!child.process) {
        const int failed = errno;
        ::kill(pid, SIGKILL);
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
        return errnoError(failed, "watching " + name);
    }
    child.input = std::move(input->writeEnd);
    child.output = std::move(output->readEnd);
    child.errors = std::move(errors->readEnd);
    for (const OwnedFd* fd : {&child.input, &child.output, &child.errors}) ::fcntl(fd->get(), F_SETFL, O_NONBLOCK);
    return child;
}

} // namespace

/// The mutex guards the queue alone; promises carry the results.
class ChildStarter::Private {
public:
    Private() : m_thread([this](std::stop_token stop) { run(stop); }) {}

    std::future<Expected<Child>> ask(const ChildOrder& order) {
        std::packaged_task<Expected<Child>()> task([order] { return forkAndExec(order); });
        auto future = task.get_future();
        {
            const std::lock_guard lock(m_mutex);
            m_queue.push_back(std::move(task));
        }
        m_wake.notify_one();
        return future;
    }

private:
    void run(std::stop_token stop) {
        ::pthread_setname_np(::pthread_self(), "lsw-starter");
        for (;;) {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_queue.empty(); })) return;
            auto task = std::move(m_queue.front());
            m_queue.pop_front();
            lock.unlock();
            task();
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<std::packaged_task<Expected<Child>()>> m_queue;
    std::jthread m_thread; // last: it uses the others
};

ChildStarter::ChildStarter() : m_private(std::make_unique<Private>()) {}
ChildStarter::~ChildStarter() = default;

Expected<Child> ChildStarter::start(const ChildOrder& order) { return m_private->ask(order).get(); }

} // namespace lsw::tasks
