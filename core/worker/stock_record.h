// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "tasks/call_journal.h"

#include <string_view>

namespace lsw::worker {

/// Where lotus-worker's list of begun calls lies in its database.
inline constexpr std::string_view kStockCallPrefix = "/worker/calls/";

/// One record of lotus-worker's list of begun calls as the journal keeps it: Begun, so that the next thing that happens to it is
/// its return with code 101. `key` is "/worker/calls/<miner>-<sector>-<uuid>", `value` CBOR. Corrupt when they are something else.
///
/// source  lotus v1.36 storage/sealer/worker_calltracker.go, cbor_gen.go
Expected<tasks::CallRecord> readStockCall(std::string_view key, std::string_view value);

} // namespace lsw::worker
