// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/file.h"
#include "params/parameter_manifest.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lsw::params {

/// A file that is being fetched: NAME.part holds the bytes where they belong, NAME.part.map which chunks are there.
///
/// The map is one line of text ("lotus-seal-worker part 2 CID TOTAL CHUNK BOOT") and then one byte for each chunk: '0'; 'w', the bytes were written; '1',
/// they were flushed before this was. A '1' is true even after a power cut; a 'w' as long as the system runs that wrote it (BOOT is its number), whatever
/// became of the program. Nothing else is promised: only the digest of the whole file says that it is right.
class PartFile {
public:
    /// What an earlier fetch of this file left; nothing when it left none that can be continued (it is removed then).
    static Expected<std::optional<PartFile>> resume(const std::filesystem::path& folder, const ParameterFile& file);
    /// Begun anew, with the room taken: NoSpace now and not after hours.
    static Expected<PartFile> create(const std::filesystem::path& folder, const ParameterFile& file, std::uint64_t total, std::uint64_t chunkBytes);
    /// What lies under the file's own name is taken for a part of it. `intact`: which of its chunks are right; empty: all that lie within it, as
    /// lotus' fetcher leaves one that broke off.
    static Expected<PartFile> adopt(const std::filesystem::path& folder, const ParameterFile& file, std::uint64_t total, std::uint64_t chunkBytes,
                                    const std::vector<bool>& intact);
    static void remove(const std::filesystem::path& folder, const ParameterFile& file);

    std::uint64_t total() const { return m_total; }
    std::size_t chunks() const { return m_there.size(); }
    std::uint64_t begin(std::size_t chunk) const { return chunk * m_chunkBytes; }
    std::uint64_t end(std::size_t chunk) const;
    bool has(std::size_t chunk) const { return m_there[chunk]; }
    std::uint64_t bytesThere() const;
    bool isWhole() const;

    Expected<void> write(std::uint64_t offset, std::span<const std::uint8_t> bytes) const { return m_data.writeAt(offset, bytes); }
    void nowHas(std::size_t chunk);
    /// Of what is there now and is not to be: it is fetched again.
    void drop(std::size_t chunk);
    /// Makes durable what is there, then says so in the map.
    Expected<void> flush();
    const File& data() const { return m_data; }

    /// The whole file under its own name, durable; the map is gone. Its digest was checked before.
    Expected<void> finish() &&;

private:
    static Expected<PartFile> begin(Expected<File> data, const std::filesystem::path& folder, const ParameterFile& file, std::uint64_t total,
                                    std::uint64_t chunkBytes);
    void mark(std::size_t chunk, char how) const;
    Expected<void> beginMap(const ParameterFile& file);
    PartFile(File data, File map, std::filesystem::path place, std::uint64_t total, std::uint64_t chunkBytes);
    File m_data, m_map;
    std::filesystem::path m_place;
    std::uint64_t m_total, m_chunkBytes, m_mapBegin = 0;
    std::vector<bool> m_there, m_said;
};

} // namespace lsw::params
