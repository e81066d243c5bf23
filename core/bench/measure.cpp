// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/measure.h"

#include <algorithm>
#include <ctime>

namespace lsw::bench {
namespace {

double now(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

} // namespace

Stopwatch::Stopwatch() : m_begin{now(CLOCK_PROCESS_CPUTIME_ID), now(CLOCK_MONOTONIC)} {}

Cost Stopwatch::elapsed() const { return {now(CLOCK_PROCESS_CPUTIME_ID) - m_begin.cpu, now(CLOCK_MONOTONIC) - m_begin.wall}; }

Spread spreadOf(std::vector<double> values) {
    std::ranges::sort(values);
    return {values[values.size() / 2], values.front(), values.back()};
}

} // namespace lsw::bench
