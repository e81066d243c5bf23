// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/connection_doctor.h"

/// Whether the miner counts the worker that was started here: its own view before and after.
namespace lsw::setup {

struct JoinReport {
    bool hasJoined = false;
    bool isRunning = false;                 ///< whether a worker answers from our folder
    std::optional<WorkerUse> before, after; ///< as far as the miner told
    std::optional<Found> trouble;           ///< of one that has not joined: what fails on the way to the miner; none when nothing does

    /// One English sentence or two: what the miner counts now, or why it does not and what to do.
    std::string sentence() const;
};

/// Asks the miner every second until it counts our worker, or until the limit. `before` is what it said earlier; without it its first answer is taken, if our
/// worker was not yet among those counted.
///
/// thread  blocks for `limit` and one question more; a fired stop token ends it within a second
JoinReport watchJoin(DoctorQuestion question, std::optional<WorkerUse> before, std::chrono::milliseconds limit, const std::stop_token& stop);

} // namespace lsw::setup
