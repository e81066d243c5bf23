// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/sync_folder.h"
#include "base/task_context.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lsw::storage {

/// Where transfers and removals of a type folder happen; never declared, never served.
inline constexpr std::string_view kFetchingFolder = "fetching";
/// Marks what was taken out of sight and waits for its removal.
inline constexpr std::string_view kRemovedMark = ".removed-";

/// A file descriptor that closes itself.
class FileHandle {
public:
    FileHandle() = default;
    explicit FileHandle(int descriptor) : m_descriptor(descriptor) {}
    FileHandle(FileHandle&& other) noexcept : m_descriptor(other.release()) {}
    FileHandle& operator=(FileHandle&& other) noexcept;
    ~FileHandle();
    int get() const { return m_descriptor; }
    int release();
    explicit operator bool() const { return m_descriptor >= 0; }

private:
    int m_descriptor = -1;
};

/// As errnoError(), and a file size limit counts as a full disk too.
Error writeError(int errnum, std::string what);

/// Writes all of it, however often the kernel takes a part; NoSpace, Io.
Expected<void> writeAll(int descriptor, const void* data, std::size_t size, const std::filesystem::path& named);

/// A small file whole; NotFound, Io, Corrupt when it is larger than `limit` bytes.
Expected<std::string> readFileWhole(const std::filesystem::path& file, std::size_t limit);
/// Written to a neighbour, flushed, renamed: the file has the old or the new text at every moment.
Expected<void> writeFileWhole(const std::filesystem::path& file, std::string_view text);

/// Removes from a folder what a killed process had begun to write with writeFileWhole().
void removeUnfinishedWrites(const std::filesystem::path& folder);

/// Bytes on disk of a file or of a folder with all in it; 0 when it is not there.
std::uint64_t diskUsage(const std::filesystem::path& path);

/// Copies a file or a flat folder to a name that is free; flushed to the disk when it returns. What it made is gone when it fails.
/// Progress in bytes. NoSpace, Io, Cancelled, Corrupt for anything in the folder that is no plain file.
Expected<void> copyFlushed(const std::filesystem::path& from, const std::filesystem::path& to, const TaskContext& context);

/// Renames `made` to `place` on one file system and removes what lay there. At every moment one of the two names holds `made` whole.
Expected<void> putInPlace(const std::filesystem::path& made, const std::filesystem::path& place);

/// Removes a sector file or folder of a type folder: first out of sight by one rename, which is flushed, so that no half folder is ever
/// found there. It stays removed after a power cut.
/// Not being there is no error. What a failing disk keeps out of sight is left to removeAside().
Expected<void> removeWhole(const std::filesystem::path& path);

/// Removes what this process took out of sight in a type folder and, because the disk failed, could not remove then; what is being removed
/// now is left alone.
void removeAside(const std::filesystem::path& typeFolder);

} // namespace lsw::storage
