// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "bench/bench_row.h"

namespace lsw::bench {

/// One row for every kernel, shape and implementation: nanoseconds for one item (a pair of nodes, 128 padded bytes, a hash, a label of one sector)
/// and how many times faster than the portable one that is. Implementations run in turn, `rounds` times, on one thread, in the cache.
/// What the portable one gives is compared first. False when something differs.
bool benchKernels(unsigned rounds, const RowSink& sink);

} // namespace lsw::bench
