// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtCore/QObject>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace lsw::worker {

/// Watches that a thread's event loop answers, and names what it was doing when it did not.
///
/// A thread of its own posts a ping to the loop each `interval`; a ping that is not answered within `limit` is reported once,
/// with the name that the watched thread has set around its current operation.
///
/// thread  made and destroyed on the watched thread; `report` is called on the watchdog's own thread "lsw-watchdog"
class ServiceWatchdog {
public:
    using Report = std::function<void(const std::string& operation)>;

    explicit ServiceWatchdog(Report report, std::chrono::milliseconds interval = std::chrono::milliseconds(100),
                             std::chrono::milliseconds limit = std::chrono::milliseconds(500));
    ~ServiceWatchdog();

    /// How often the thread was found blocked.
    int blockedCount() const { return m_blocked.load(); }

    /// Names the current operation of the calling thread while it lives; `name` must be a literal. Nests.
    class Operation {
    public:
        Operation(ServiceWatchdog& watchdog, const char* name) : m_watchdog(watchdog), m_before(watchdog.m_operation.exchange(name)) {}
        ~Operation() { m_watchdog.m_operation.store(m_before); }
        Operation(const Operation&) = delete;
        Operation& operator=(const Operation&) = delete;

    private:
        ServiceWatchdog& m_watchdog;
        const char* m_before;
    };

private:
    void watch(const std::stop_token& stop);

    Report m_report;
    std::chrono::milliseconds m_interval, m_limit;
    std::atomic<const char*> m_operation{nullptr};
    std::atomic<int> m_blocked{0};
    std::atomic<std::uint64_t> m_answered{0};
    QObject m_loop;                      ///< receives the pings
    std::mutex m_mutex;                  ///< only for the wait of the watchdog's thread; the watched thread never takes it
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

} // namespace lsw::worker
