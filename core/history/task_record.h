// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::history {

/// How a task ended.
enum class Outcome {
    Done,
    Failed,
    Aborted,     ///< by the operator, for good
    Interrupted, ///< the worker stopped or died meanwhile; the miner asks again
};
/// "done", "failed", "aborted", "interrupted"
std::string_view outcomeName(Outcome outcome);
std::optional<Outcome> outcomeNamed(std::string_view name);

/// What one phase of a task took. Layers of one sector are one phase, as are its base trees.
struct PhaseTime {
    std::string name; ///< "pc1 tree-d", "pc1 layer", "pc2 trees", "fetch sealed"; see phase_clock.h
    std::int64_t ms = 0;
    bool operator==(const PhaseTime&) const = default;
};

/// One finished task.
struct TaskRecord {
    std::string call;             ///< uuid of the call; of a proof of storage "post-" and when it began
    std::string sector;           ///< "s-t01000-1"; of a proof of storage "t01000"
    std::string type;             ///< "seal/v0/precommit/1"
    std::string shortName;        ///< "PC1"
    std::int64_t proof = -1;      ///< registered seal proof; −1: not known
    std::uint64_t sectorSize = 0; ///< bytes; 0: not known
    std::string engine;           ///< "native", "official"; empty of a task that computes nothing
    std::string kernels;          ///< "pairs sha-ni, …"; of the native engine
    std::int64_t queuedMs = 0, begunMs = 0, endedMs = 0; ///< UTC, ms since 1970; 0: never, or not known
    std::int64_t activeMs = 0;    ///< from begin to end without the time in which the machine slept; 0: not known
    std::vector<PhaseTime> phases; ///< in the order in which they began
    Outcome outcome = Outcome::Done;
    std::string errorCode;        ///< name of the ErrorCode of a failed one
    std::string error;            ///< its message
    std::uint64_t peakMemory = 0; ///< bytes
    std::uint64_t bytesMoved = 0; ///< between paths and machines, and of pieces that were received
    std::string resumedAt;        ///< "layer 8 of 11": where it took up what an earlier attempt had left
    std::int64_t keptMs = 0;      ///< what was not computed again thanks to that, estimated
    int beside = 0;               ///< how many others of its type ran when it began
    bool operator==(const TaskRecord&) const = default;

    std::int64_t phaseMs(std::string_view name) const;
};

} // namespace lsw::history
