// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace lsw::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into calls: the first asks for a stop, the second ends the process at once (exit 130).
///
/// The signals are blocked in every thread started afterwards, so make it before any other thread.
/// thread  `onStop` runs on an own thread
class StopSignal {
public:
    explicit StopSignal(std::function<void()> onStop = [] {});
    ~StopSignal();
    /// Fires with the first signal.
    std::stop_token token() const { return m_source.get_token(); }

private:
    void wait(std::function<void()> onStop);

    std::stop_source m_source;
    std::atomic<bool> m_done = false;
    std::thread m_thread;
};

} // namespace lsw::cli
