// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/join_watch.h"

#include <condition_variable>
#include <mutex>

namespace lsw::setup {
namespace {

constexpr std::chrono::milliseconds kPause{1000};

/// False when it is over.
bool pause(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

} // namespace

std::string JoinReport::sentence() const {
    if (hasJoined) {
        const bool rose = before && after && after->remote > before->remote;
        std::string out = rose ? "The miner counts one remote worker more now." : "The miner counts this worker.";
        if (after) out += " Worker use: " + after->text();
        if (after && before) out += " (before: " + before->text() + ')';
        return out + (after ? "." : "");
    }
    if (trouble) return "The miner does not count this worker: " + trouble->sentence() + ' ' + trouble->fixSentence();
    if (!isRunning) return "No worker runs here yet, so the miner counts none: start it with lotus-seal-worker run.";
    return "The worker runs, and the miner does not count it yet: lotus-seal-worker doctor shows what each of them says, the log of the miner why it refuses.";
}

JoinReport watchJoin(DoctorQuestion question, std::optional<WorkerUse> before, std::chrono::milliseconds limit, const std::stop_token& stop) {
    question.only = {CheckId::Miner};
    JoinReport out;
    out.before = before;
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const Diagnosis seen = examine(question, stop);
        const CheckResult* failure = seen.firstFailure();
        out.trouble = failure ? std::optional(failure->found) : std::nullopt;
        if (seen.miner && seen.miner->workersUnknown.empty()) {
            out.hasJoined = seen.miner->isOurWorkerRegistered();
            out.isRunning = !seen.miner->ourSession.empty();
            out.after = workerUse(*seen.miner);
            if (!out.before && !out.hasJoined) out.before = out.after;
        }
        if (out.hasJoined || std::chrono::steady_clock::now() >= until || !pause(kPause, stop)) return out;
    }
}

} // namespace lsw::setup
