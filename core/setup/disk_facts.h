// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace lsw::setup {

enum class DiskKind { Solid, Turning, Network, Memory, Unknown };

/// What a folder lies on.
struct DiskFacts {
    std::uint64_t device = 0;          ///< the same for folders of one file system
    std::string fileSystem;            ///< "ext4", "nfs4"; empty when it is not told
    std::string disk;                  ///< "nvme0n1"; empty when there is none of its own
    DiskKind kind = DiskKind::Unknown;
    std::uint64_t free = 0;            ///< bytes for a user without privileges
};

/// Of the folder, or of the nearest one above it that is there. Nothing when a disk does not answer within 5 s.
/// `root`: where proc and sys are.
std::optional<DiskFacts> diskFacts(const std::filesystem::path& folder, const std::filesystem::path& root = "/");

/// The folder, or the nearest one above it that is there.
std::filesystem::path existingFolder(std::filesystem::path folder);

} // namespace lsw::setup
