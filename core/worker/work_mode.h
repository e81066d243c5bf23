// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <filesystem>

namespace lsw::worker {

/// What the worker of this folder was told last; Working when it was told nothing. Corrupt names the file and what to do.
Expected<WorkMode> readWorkMode(const std::filesystem::path& repo);
/// Makes it durable. Blocks on the disk. NotFound when no worker ever ran in that folder.
Expected<void> writeWorkMode(const std::filesystem::path& repo, WorkMode mode);

} // namespace lsw::worker
