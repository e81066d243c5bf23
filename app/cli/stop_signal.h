// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace lsw::cli {

/// Turns SIGINT and SIGTERM into calls: the first asks for a stop, the second ends the process at once (exit 130). SIGHUP does
/// the same, unless there is an `onHangup`: then it ends nothing.
///
/// The signals are blocked in every thread started afterwards, so make it before any other thread.
/// thread  `onStop` and `onHangup` run on an own thread
class StopSignal {
public:
    explicit StopSignal(std::function<void()> onStop = [] {}, std::function<void()> onHangup = {});
    ~StopSignal();
    /// Fires with the first signal.
    std::stop_token token() const { return m_source.get_token(); }

private:
    void wait(const std::function<void()>& onStop, const std::function<void()>& onHangup);

    std::stop_source m_source;
    std::atomic<bool> m_done = false;
    std::thread m_thread;
};

} // namespace lsw::cli
