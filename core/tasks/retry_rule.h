// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "protocol/lotus_types.h"

#include <chrono>
#include <optional>

namespace lsw::tasks {

/// Which failures of a task are worth another attempt on this machine before the miner hears of them.
///
/// The protocol has a code for "try again" (100), but a miner gives up the sector all the same: so it is never sent, and what
/// may pass by itself is tried again here. That is:
/// - a prover that died without an answer (killed for memory, a machine check): 2 more attempts;
/// - a miner, or the holder of a file, that did not answer (a restart, a lost line): 4 more.
/// Nothing else: what failed by its inputs or for want of space fails again. Pushed piece data come once, so a task that has
/// read from them is not repeated.
///
/// attempt  how many there were, from 1
/// Returns how many attempts there are in all, or nothing when this failure is final.
std::optional<int> attemptsInAll(const Error& error, const protocol::TaskCall& call, int attempt);

/// How long to wait before the attempt that follows: the base, doubled each time.
std::chrono::milliseconds delayBefore(int nextAttempt, std::chrono::milliseconds base);

} // namespace lsw::tasks
