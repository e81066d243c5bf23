// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <algorithm>

#include <sys/resource.h>

namespace lsw {

/// For threads that move bulk data: lets the threads that answer the miner run first when all processors are busy. Without it, ten transfers
/// on two processors keep a short answer waiting for tens of milliseconds. Costs nothing on an idle machine; cannot be taken back.
inline void letOthersRunFirst() {
    constexpr int kSteps = 5;
    static thread_local bool t_done = false;
    if (t_done) return;
    t_done = true;
    // On Linux, 0 is the calling thread.
    ::setpriority(PRIO_PROCESS, 0, std::min(19, ::getpriority(PRIO_PROCESS, 0) + kSteps));
}

} // namespace lsw
