// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/file.h"
#include "base/file_sum.h"
#include "params/parameter_manifest.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace lsw::params {

/// A power of two, so that a file of this size has about 64 chunks, within 64 KiB and 8 MiB.
std::uint64_t chunkBytesFor(std::uint64_t size);

/// Sums of the chunks of a file that was right when they were taken. When it is right no longer they say where, so that only that is fetched again.
///
/// They lie in FOLDER/lotus-seal-worker-sums/NAME: one line ("lotus-seal-worker sums 1 DIGEST SIZE CHUNK"), then one sum in a line for each chunk.
/// They are against chance alone, and nothing is believed because of them: what was mended is hashed as a whole like everything else.
class ChunkSums {
public:
    explicit ChunkSums(std::uint64_t size);

    std::uint64_t size() const { return m_size; }
    std::uint64_t chunkBytes() const { return m_chunkBytes; }
    /// All bytes of the file, in their order.
    void add(std::span<const std::uint8_t> bytes);
    /// Losing them costs a longer fetch, no more: what goes wrong is not said.
    void save(const std::filesystem::path& folder, const ParameterFile& file) const;
    /// Those of this file as the manifest wants it; nothing when there are none.
    static std::optional<ChunkSums> load(const std::filesystem::path& folder, const ParameterFile& file);

    /// Which chunks of the file are as they were; one that lies beyond its end is not. Io; Cancelled.
    Expected<std::vector<bool>> intact(const File& there, std::stop_token stop) const;

private:
    std::uint64_t m_size, m_chunkBytes, m_added = 0;
    std::vector<FileSum> m_sums;
};

} // namespace lsw::params
