// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "tasks/call_journal.h"

#include <filesystem>
#include <string_view>

namespace lsw::worker {

/// One record of lotus-worker's list of begun calls as the journal keeps it: Begun, so that the next thing that happens to it is
/// its return with code 101. `key` is "/worker/calls/<miner>-<sector>-<uuid>", `value` CBOR. Corrupt when they are something else.
///
/// source  lotus v1.36 storage/sealer/worker_calltracker.go, cbor_gen.go
Expected<tasks::CallRecord> readStockCall(std::string_view key, std::string_view value);

/// Takes over what a lotus-worker that used this folder before has begun and not returned (`datastore/metadata`, a LevelDB):
/// each call is committed to `journal` first, then all are removed from there. A crash in between takes the same over once more,
/// which changes nothing; so each is answered, and none twice.
///
/// out     how many calls were found
/// StorageUnavailable, with the way to drain it, when the list cannot be read: nothing is changed then.
/// thread  blocks; the holder of the repo's lock, before anything else uses the journal
Expected<std::size_t> takeOverStockCalls(const std::filesystem::path& repo, tasks::CallJournal& journal);

} // namespace lsw::worker
