// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace lsw::setup {

/// Asks something that may never be answered, such as a network disk that is away. `ask` gives an optional; nothing comes when it takes longer than
/// `patience`. Then its thread goes on waiting, so it must hold all that it uses.
template <typename Ask>
auto answerWithin(std::chrono::milliseconds patience, Ask ask) -> decltype(ask()) {
    struct Question {
        std::mutex mutex;
        std::condition_variable answered;
        bool isAnswered = false;
        decltype(ask()) answer;
    };
    auto question = std::make_shared<Question>();
    const auto work = [question, ask = std::move(ask)] {
        auto got = ask();
        {
            const std::lock_guard lock(question->mutex);
            question->answer = std::move(got);
            question->isAnswered = true;
        }
        question->answered.notify_all();
    };
    try {
        std::thread(work).detach();
    } catch (const std::system_error&) {
        work();
    }
    std::unique_lock lock(question->mutex);
    question->answered.wait_for(lock, patience, [&] { return question->isAnswered; });
    return question->isAnswered ? std::move(question->answer) : decltype(ask())();
}

} // namespace lsw::setup
