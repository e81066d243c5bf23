// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "tasks/call_journal.h"

#include <filesystem>

namespace lsw::worker {

/// Takes over what a lotus-worker that used this folder before has begun and not returned (`datastore/metadata`, a LevelDB):
/// each call is committed to `journal` first, then all are removed from there. A crash in between takes the same over once more,
/// which changes nothing; so each is answered, and none twice.
///
/// out     how many calls were found
/// StorageUnavailable, with the way to drain it, when the list cannot be read: nothing is changed then.
/// thread  blocks; the holder of the repo's lock, before anything else uses the journal
Expected<std::size_t> takeOverStockCalls(const std::filesystem::path& repo, tasks::CallJournal& journal);

} // namespace lsw::worker
