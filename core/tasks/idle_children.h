// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tasks/child_starter.h"

namespace lsw::tasks {

/// Provers that have answered and wait for their next order. One that nobody takes within `patience` is ended.
///
/// thread  any; the mutex guards the list alone
class IdleChildren {
public:
    explicit IdleChildren(std::chrono::milliseconds patience);
    ~IdleChildren(); ///< ends all of them

    void keep(Child child);
    /// The one that was kept last and lives; nothing when there is none.
    std::optional<Child> take();

private:
    struct Idle {
        Child child;
        std::chrono::steady_clock::time_point until;
    };
    void endExpired(const std::stop_token& stop);

    const std::chrono::milliseconds m_patience;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::vector<Idle> m_idle; ///< in the order in which they are to be ended
    std::jthread m_thread;    ///< last: it uses the others
};

} // namespace lsw::tasks
