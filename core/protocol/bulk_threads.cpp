// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/bulk_threads.h"

#include <algorithm>
#include <csignal>

#include <pthread.h>

#include "base/quiet_thread.h"

namespace lsw::protocol {

namespace {

constexpr std::size_t kThreads = 64;
constexpr std::size_t kActive = 192;

void nameThisThread(std::size_t number) {
    const std::string name = "lsw-bulk-" + std::to_string(number);
    pthread_setname_np(pthread_self(), name.c_str());
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    letOthersRunFirst();
}

} // namespace

BulkThreads::~BulkThreads() { stop(); }

bool BulkThreads::hasRoom() const {
    const std::lock_guard lock(m_mutex);
    return !m_stopped && m_queue.size() + m_running.size() < kActive;
}

std::size_t BulkThreads::active() const {
    const std::lock_guard lock(m_mutex);
    return m_queue.size() + m_running.size();
}

void BulkThreads::run(Job job, BulkConnection connection) {
    Entry entry{std::move(job), std::make_unique<BulkConnection>(std::move(connection)), {}};
    entry.abort = entry.connection->aborter();
    const std::lock_guard lock(m_mutex);
    if (m_stopped) return;
    m_queue.push_back(std::move(entry));
    if (m_waitingThreads < m_queue.size() && m_threads.size() < kThreads) {
        try {
            m_threads.emplace_back([this, number = m_threads.size() + 1] {
                nameThisThread(number);
                threadMain();
            });
        } catch (const std::system_error&) {
            if (m_threads.empty()) m_queue.pop_back(); // no thread to be had: the peer sees a closed connection
        }
    }
    m_work.notify_one();
}

void BulkThreads::threadMain() {
    std::unique_lock lock(m_mutex);
    while (true) {
        ++m_waitingThreads;
        m_work.wait(lock, [this] { return m_stopped || !m_queue.empty(); });
        --m_waitingThreads;
        if (m_queue.empty()) return;
        Entry entry = std::move(m_queue.front());
        m_queue.pop_front();
        const auto abort = std::make_shared<std::function<void()>>(entry.abort);
        m_running.push_back(abort);
        lock.unlock();
        try {
            entry.job(std::move(*entry.connection));
        } catch (...) {
            // A handler that throws costs its connection and nothing else.
        }
        entry = {};
        lock.lock();
        std::erase(m_running, abort);
        if (m_queue.empty() && m_running.empty()) m_idle.notify_all();
    }
}

void BulkThreads::waitUntilIdle(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(m_mutex);
    m_idle.wait_until(lock, deadline, [this] { return m_queue.empty() && m_running.empty(); });
}

void BulkThreads::stop() {
    std::vector<std::thread> threads;
    std::deque<Entry> dropped;
    std::vector<std::shared_ptr<std::function<void()>>> running;
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        threads.swap(m_threads);
        dropped.swap(m_queue);
        running = m_running;
    }
    m_work.notify_all();
    for (const auto& abort : running) (*abort)();
    dropped.clear();
    for (std::thread& thread : threads) thread.join();
}

} // namespace lsw::protocol
