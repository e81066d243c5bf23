// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lsw::storage {

/// `sectorstore.json` of a storage path, field for field as lotus has it.
struct PathMetadata {
    std::string id;
    std::uint64_t weight = 10;
    bool canSeal = true, canStore = false;
    std::uint64_t maxStorage = 0; ///< bytes, 0: no limit
    std::vector<std::string> groups, allowTo, allowTypes, denyTypes, allowMiners, denyMiners;
};

/// NotFound, Corrupt (names file and field).
Expected<PathMetadata> readPathMetadata(const std::filesystem::path& storagePath);
/// Written whole to a temporary file and renamed.
Expected<void> writePathMetadata(const std::filesystem::path& storagePath, const PathMetadata& metadata);

/// `storage.json` of a repo: the storage paths to open, as written there ("~" unexpanded).
Expected<std::vector<std::string>> readStorageConfig(const std::filesystem::path& repo);
Expected<void> writeStorageConfig(const std::filesystem::path& repo, const std::vector<std::string>& paths);

/// "~" and "~/…" with the home folder.
std::filesystem::path expandHome(const std::string& path);

} // namespace lsw::storage
