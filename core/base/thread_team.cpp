// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/thread_team.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <sched.h>

namespace lsw {

unsigned usableProcessors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        if (const int count = CPU_COUNT(&set); count > 0) return static_cast<unsigned>(count);
    return std::max(1U, std::thread::hardware_concurrency());
}

Expected<void> inParallel(unsigned threads, std::uint64_t count, std::uint64_t grain,
                          const std::function<Expected<void>(std::uint64_t, std::uint64_t)>& work, std::stop_token stop) {
    std::atomic<std::uint64_t> next{0};
    std::atomic<bool> isOver{false};
    std::mutex mutex;
    std::optional<Error> failure;
    std::exception_ptr thrown;
    const auto turn = [&] {
        while (!isOver.load(std::memory_order_relaxed)) {
            const std::uint64_t begin = next.fetch_add(grain, std::memory_order_relaxed);
            if (begin >= count) return;
            try {
                auto done = stop.stop_requested() ? Expected<void>(Error(ErrorCode::Cancelled, "stopped")) : work(begin, std::min(count, begin + grain));
                if (done) continue;
                const std::lock_guard lock(mutex);
                if (!failure) failure = std::move(done).error();
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!thrown) thrown = std::current_exception();
            }
            isOver = true;
        }
    };
    {
        std::vector<std::jthread> others;
        const std::uint64_t pieces = (count + grain - 1) / grain;
        for (unsigned i = 1; i < threads && i < pieces; ++i) others.emplace_back(turn);
        turn();
    }
    if (thrown) std::rethrow_exception(thrown);
    if (failure) return std::move(*failure);
    return {};
}

} // namespace lsw
