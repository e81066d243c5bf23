// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace lsw::worker {

/// What leftoverAnswer() says, of a worker that does not run. Its folder is held meanwhile, as a running one holds it. The miner is not asked,
/// so what only its index can tell is not in it (storage::StoppedPaths).
///
/// NotFound when no worker of this program has run in that folder, StorageUnavailable when one runs there, and the errors of its journal.
Expected<boost::json::value> leftoversWhileStopped(const std::filesystem::path& repo, const std::vector<std::string>& toDelete, std::stop_token stop);

} // namespace lsw::worker
