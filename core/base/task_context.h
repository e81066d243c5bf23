// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace lsw {

/// How far one piece of work is. Counted in exact units, never guessed.
struct Progress {
    std::string phase;        ///< "addpiece", "pc1", "pc2", "c1", "c2", "finalize", "unseal", "fetch", …
    std::string step;         ///< inside the phase: "tree-d", "layer 3 of 11"; empty when there is one step
    std::uint64_t done = 0;   ///< units done
    std::uint64_t total = 0;  ///< units in all; 0 when it cannot be known (the official crate reports nothing)
    std::string unit;         ///< "bytes", "nodes", "layers"
};

/// What a long task is given: a way to be stopped and a way to say how far it is.
///
/// thread  report may be called from any thread; the receiver thins it out
struct TaskContext {
    std::stop_token stop;
    std::function<void(const Progress&)> report = [](const Progress&) {};
    /// Set before `stop` fires when the task is aborted, not only interrupted: nobody will take it up again.
    std::shared_ptr<const std::atomic<bool>> aborted = nullptr;

    /// Whether what was half made is to be removed rather than kept.
    bool isAborted() const { return aborted && aborted->load(); }
};

} // namespace lsw
