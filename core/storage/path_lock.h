// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "storage/durable_files.h"

namespace lsw::storage {

/// One instance at a time for a storage path: an flock on a file in it, which ends with the process however that ends.
class PathLock {
public:
    /// StorageUnavailable when another instance holds it (names the process) or the path cannot be written.
    static Expected<PathLock> take(const std::filesystem::path& storagePath);
    PathLock(PathLock&&) noexcept = default;
    PathLock& operator=(PathLock&&) noexcept = default;
    /// Removes the file, then lets go.
    ~PathLock();

private:
    PathLock(std::filesystem::path file, FileHandle handle) : m_file(std::move(file)), m_handle(std::move(handle)) {}
    std::filesystem::path m_file;
    FileHandle m_handle;
};

} // namespace lsw::storage
