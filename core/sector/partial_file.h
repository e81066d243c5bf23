// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/piece_size.h"
#include "sector/rle_plus.h"

#include <filesystem>

namespace lsw::sector {

/// An unsealed sector file that may hold only some of its pieces:
/// `[padded data : sector size][RLE+ of the padded bytes present : n][n as u32 LE]`.
///
/// A file of exactly the sector size has no trailer and counts as full. The data themselves are written by whoever holds
/// the descriptor; this class keeps the trailer. The trailer is written after the data were flushed, so a torn write leaves
/// a range unmarked rather than marked and empty.
///
/// source  lotus storage/sealer/partialfile/partialfile.go
class PartialFile {
public:
    /// Creates the file (mode 0644, space reserved where the file system can) with nothing allocated.
    /// AlreadyExists is no error: an old file is emptied, as lotus does. NoSpace leaves no file behind.
    static Expected<PartialFile> create(const std::filesystem::path& path, PaddedBytes sectorSize);

    /// Opens an existing file; Corrupt when size and trailer contradict each other.
    static Expected<PartialFile> open(const std::filesystem::path& path, PaddedBytes sectorSize);

    PartialFile(PartialFile&& other) noexcept;
    PartialFile& operator=(PartialFile&& other) noexcept;
    ~PartialFile();

    /// The open file, positioned anywhere; read and write with pread/pwrite.
    int descriptor() const { return m_fd; }
    PaddedBytes sectorSize() const { return m_sectorSize; }
    const RunSet& allocated() const { return m_allocated; }
    bool isAllocated(PaddedBytes offset, PaddedBytes size) const;

    /// Flushes the data, then marks the range and rewrites the trailer (also flushed).
    Expected<void> markAllocated(PaddedBytes offset, PaddedBytes size);
    /// Rewrites the trailer without the range, then gives the space back to the file system.
    Expected<void> release(PaddedBytes offset, PaddedBytes size);

private:
    PartialFile(int fd, PaddedBytes sectorSize, RunSet allocated);
    Expected<void> writeTrailer(const RunSet& allocated);

    int m_fd = -1;
    PaddedBytes m_sectorSize;
    RunSet m_allocated;
};

} // namespace lsw::sector
