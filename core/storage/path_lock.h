// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "storage/durable_files.h"

namespace lsw::storage {

/// Tells who has a storage path open: a shared flock on a file in it, which ends with the process however that ends.
///
/// Several workers, and the miner, may have one path (a network disk): the index then knows it under several addresses. What must not happen
/// while others work there – clearing up after a killed process – asks isAlone().
class PathLock {
public:
    /// StorageUnavailable when the path cannot be written.
    static Expected<PathLock> take(const std::filesystem::path& storagePath);
    PathLock(PathLock&&) noexcept = default;
    PathLock& operator=(PathLock&&) noexcept = default;
    /// Removes the file when no other has it, then lets go.
    ~PathLock();
    /// Whether no other lotus-seal-worker has this path open now. Others that do not lock (lotus-worker, lotus-miner) are not seen.
    bool isAlone() const;

private:
    PathLock(std::filesystem::path file, FileHandle handle) : m_file(std::move(file)), m_handle(std::move(handle)) {}
    std::filesystem::path m_file;
    FileHandle m_handle;
};

} // namespace lsw::storage
