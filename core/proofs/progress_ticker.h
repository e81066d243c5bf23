// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace lsw::proofs {

/// Reports progress while a call runs that reports none itself: looks five times a second and passes on what changed.
///
/// thread  `look` runs on a thread of the ticker's own, from the constructor to the destructor
class ProgressTicker {
public:
    ProgressTicker(const TaskContext& context, std::function<Progress()> look);
    ProgressTicker(const ProgressTicker&) = delete;
    ProgressTicker& operator=(const ProgressTicker&) = delete;
    ~ProgressTicker();

private:
    std::mutex m_mutex; ///< for the condition alone: the thread sleeps on it and is woken to end
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

/// What to show of a phase nothing can be seen of from outside: the whole seconds since now, without a total.
std::function<Progress()> secondsOf(std::string phase, std::string step);

} // namespace lsw::proofs
