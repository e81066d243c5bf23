// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/service_watchdog.h"

#include <pthread.h>

#include <QtCore/QMetaObject>

namespace lsw::worker {

ServiceWatchdog::ServiceWatchdog(Report report, std::chrono::milliseconds interval, std::chrono::milliseconds limit)
    : m_report(std::move(report)), m_interval(interval), m_limit(limit), m_thread([this](const std::stop_token& stop) { watch(stop); }) {}

ServiceWatchdog::~ServiceWatchdog() {
    m_thread.request_stop();
    m_thread.join();
}

void ServiceWatchdog::watch(const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "lsw-watchdog");
    std::uint64_t asked = 0;
    bool told = false;
    auto askedAt = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        if (m_answered.load() == asked) {
            ++asked;
            told = false;
            askedAt = std::chrono::steady_clock::now();
            QMetaObject::invokeMethod(&m_loop, [this, asked] { m_answered.store(asked); }, Qt::QueuedConnection);
        } else if (!told && std::chrono::steady_clock::now() - askedAt >= m_limit) {
            told = true;
            ++m_blocked;
            const char* operation = m_operation.load();
            m_report(operation ? operation : "an operation without a name");
        }
        m_wake.wait_for(lock, stop, m_interval, [] { return false; });
    }
}

} // namespace lsw::worker
