// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace lsw::setup {

/// What a disk does with large files in their order, bytes a second.
struct DiskSpeed {
    double write = 0, read = 0;
    std::uint64_t bytes = 0;     ///< written and read
    bool passesCache = false;    ///< past the page cache (O_DIRECT); else written with a flush
};

/// Writes a nameless file of at most 256 MiB for at most half a second, and reads it for as long; nothing is left behind, whatever ends the process.
///
/// thread  blocks for about a second; on a disk that hangs for 5 s
/// errors  NoSpace when less than four times as much is free: a disk nearly full is neither measured well nor to be filled; Timeout; Cancelled; the system's
Expected<DiskSpeed> measureDiskSpeed(const std::filesystem::path& folder, const std::stop_token& stop);

} // namespace lsw::setup
