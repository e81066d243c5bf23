// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/idle_children.h"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>

namespace lsw::tasks {
namespace {

bool lives(const Child& child) {
    pollfd ended{child.process.get(), POLLIN, 0};
    return ::poll(&ended, 1, 0) == 0;
}

/// With all it started, and no zombie stays.
void end(const Child& child) {
    ::kill(-child.pid, SIGKILL);
    ::kill(child.pid, SIGKILL);
    while (::waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {}
}

} // namespace

IdleChildren::IdleChildren(std::chrono::milliseconds patience)
    : m_patience(patience), m_thread([this](const std::stop_token& stop) { endExpired(stop); }) {}

IdleChildren::~IdleChildren() {
    m_thread.request_stop();
    m_thread.join();
    for (const Idle& one : m_idle) end(one.child);
}

void IdleChildren::keep(Child child) {
    {
        const std::lock_guard lock(m_mutex);
        m_idle.push_back({std::move(child), std::chrono::steady_clock::now() + m_patience});
    }
    m_changed.notify_one();
}

std::optional<Child> IdleChildren::take() {
    for (;;) {
        std::optional<Child> child;
        {
            const std::lock_guard lock(m_mutex);
            if (m_idle.empty()) return std::nullopt;
            child = std::move(m_idle.back().child);
            m_idle.pop_back();
        }
        if (lives(*child)) return child;
        end(*child);
    }
}

void IdleChildren::endExpired(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "lsw-idle");
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return !m_idle.empty(); })) {
        const auto until = m_idle.front().until; // a copy: the list changes meanwhile
        m_changed.wait_until(lock, stop, until, [] { return false; });
        if (stop.stop_requested()) return;
        std::vector<Idle> expired;
        while (!m_idle.empty() && m_idle.front().until <= std::chrono::steady_clock::now()) {
            expired.push_back(std::move(m_idle.front()));
            m_idle.erase(m_idle.begin());
        }
        lock.unlock();
        for (const Idle& one : expired) end(one.child);
        lock.lock();
    }
}

} // namespace lsw::tasks
