// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <functional>
#include <stop_token>

namespace lsw {

/// Processors this process may run on, at least 1.
unsigned usableProcessors();

/// Calls work(begin, end) for all of [0, count), `grain` numbers at a time and in order of their start, on up to `threads` threads, this one
/// among them. The first failure ends it, as does the stop token (Cancelled); what runs then is finished. Exceptions of `work` come out here.
Expected<void> inParallel(unsigned threads, std::uint64_t count, std::uint64_t grain,
                          const std::function<Expected<void>(std::uint64_t begin, std::uint64_t end)>& work, std::stop_token stop = {});

} // namespace lsw
