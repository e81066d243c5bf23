// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

/// Work on the files of one sector around the official crate: what must be gone, there, or durable before and after it runs.
namespace lsw::proofs {

/// Whether a file of a cache folder was left by PC1 or PC2 ("sc-02-data-…", p_aux, t_aux, the synthetic proofs, a checkpoint).
bool isCacheFile(std::string_view name);
/// Of PC2 alone: trees C and R, p_aux, t_aux, its checkpoint.
bool isPreCommit2File(std::string_view name);
/// What finalizing removes: layers, tree C, tree D, and a checkpoint should there be one.
bool isClearedFile(std::string_view name);

/// Removes the files of a folder whose name `chosen` accepts; others and folders stay. A folder that is not there is NotFound.
Expected<void> removeFiles(const std::filesystem::path& folder, const std::function<bool(std::string_view)>& chosen);

/// NotFound or Corrupt unless `file` is a regular file of that size (`atLeast`: or larger). `what` names it in the message.
Expected<void> requireFile(const std::filesystem::path& file, std::uint64_t size, std::string_view what, bool atLeast = false);

/// The official crate takes ".dat" anywhere in a path for a file's ending: InvalidArgument for such a folder.
Expected<void> requirePlainPath(const std::filesystem::path& folder);

/// What will be written where; folders on one disk are added up.
struct SpaceNeed {
    std::filesystem::path folder;
    std::uint64_t bytes = 0;
};
/// NoSpace when a disk has less free. The crate writes through memory maps, where a full disk is no error but the end of the process.
Expected<void> requireSpace(const std::vector<SpaceNeed>& needs, std::string_view what);

/// Copies the first `size` bytes of a file over another (created, emptied first); `progress` gets the bytes so far.
Expected<void> copyHead(const std::filesystem::path& from, const std::filesystem::path& to, std::uint64_t size, std::stop_token stop,
                        const std::function<void(std::uint64_t)>& progress);

/// Creates an empty file of mode 0644, or empties one that is there and makes it writable for its owner.
Expected<void> createEmpty(const std::filesystem::path& file);

/// Gives an existing file real room for its first `size` bytes, extending it where it is shorter. What it has there is kept, or becomes zeros
/// where the file system cannot give room otherwise: for files that are written anew. The crate writes them through memory maps, where a hole on
/// a full disk ends the process.
Expected<void> allocateRoom(const std::filesystem::path& file, std::uint64_t size);

/// Copies or renames `from` to `to`, whichever is possible; `from` is gone afterwards.
Expected<void> moveFile(const std::filesystem::path& from, const std::filesystem::path& to, std::stop_token stop);

/// fsync of one file; of all regular files of a folder and the folder itself.
Expected<void> syncFile(const std::filesystem::path& file);
Expected<void> syncFolder(const std::filesystem::path& folder);

} // namespace lsw::proofs
