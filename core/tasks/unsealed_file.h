// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "tasks/task_bodies.h"

namespace lsw::tasks {

/// For an unsealed file that was begun here and holds nothing.
inline void removeUnsealed(SectorId id, const std::filesystem::path& path, const TaskWork& work) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    // When we are stopping, the miner is not waited for: it learns it when the paths are declared again.
    if (!work.context.stop.stop_requested()) (void)work.store.removeLocal(id, FileType::Unsealed, {}, work.context.stop);
}

} // namespace lsw::tasks
