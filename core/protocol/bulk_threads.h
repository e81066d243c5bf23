// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace lsw::protocol {

/// The blocking threads of a server: started when one is missing, kept for the next connection, joined at stop().
///
/// One mutex guards queue, threads and the list of those to abort; no job runs and no connection is touched under it.
class BulkThreads {
public:
    using Job = std::function<void(BulkConnection)>;

    BulkThreads() = default;
    ~BulkThreads();
    BulkThreads(const BulkThreads&) = delete;
    BulkThreads& operator=(const BulkThreads&) = delete;

    /// Whether run() would take another: not when too many wait, and not after stop().
    bool hasRoom() const;
    /// Runs the job on a thread, or queues it when 64 run.
    void run(Job job, BulkConnection connection);

    /// Jobs running and waiting.
    std::size_t active() const;
    /// Blocks until none is active, or that time.
    void waitUntilIdle(std::chrono::steady_clock::time_point deadline);
    /// Aborts every connection and joins the threads. Not from one of them.
    void stop();

private:
    struct Entry {
        Job job;
        std::unique_ptr<BulkConnection> connection;
        std::function<void()> abort;
    };
    void threadMain();

    mutable std::mutex m_mutex;
    std::condition_variable m_work, m_idle;
    std::deque<Entry> m_queue;
    std::vector<std::thread> m_threads;
    std::vector<std::shared_ptr<std::function<void()>>> m_running;
    std::size_t m_waitingThreads = 0;
    bool m_stopped = false;
};

} // namespace lsw::protocol
