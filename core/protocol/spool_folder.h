// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace lsw::protocol {

/// A file of the spool: bytes that would be too many for memory. Removed with its last owner unless it is kept.
class SpoolFile {
public:
    SpoolFile(std::filesystem::path path, std::uint64_t size) : m_path(std::move(path)), m_size(size) {}
    ~SpoolFile();
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::string name() const { return m_path.filename().string(); }
    std::uint64_t size() const { return m_size; }
    /// From now on only SpoolFolder::remove() removes it.
    void keep() { m_kept = true; }

private:
    std::filesystem::path m_path;
    std::uint64_t m_size;
    std::atomic<bool> m_kept{false};
};

/// Fills one file; what is not finished is removed.
///
/// thread  one that may block
class SpoolWriter {
public:
    SpoolWriter(std::filesystem::path path, int descriptor) : m_path(std::move(path)), m_descriptor(descriptor) {}
    ~SpoolWriter();
    SpoolWriter(SpoolWriter&& other) noexcept;
    SpoolWriter& operator=(SpoolWriter&&) = delete;

    /// NoSpace or Io.
    Expected<void> write(std::span<const std::uint8_t> bytes);
    /// On disk afterwards, its name included.
    Expected<std::shared_ptr<SpoolFile>> finish();

private:
    std::filesystem::path m_path;
    int m_descriptor;
    std::uint64_t m_size = 0;
};

/// The private folder in which a worker keeps large inputs and results as files, raw as they are inside base64.
///
/// A JSON text that we keep names one as {"spool_file":"NAME","size":BYTES} where the base64 string would be. Such a text is ours alone:
/// it never goes over the wire, and none that comes from there is read as one.
/// thread  any; every call may block
class SpoolFolder {
public:
    explicit SpoolFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Makes the folder (mode 0700) and notes what an earlier run left in it.
    Expected<void> prepare();
    Expected<SpoolWriter> create();
    /// Bytes as a kept file, named as above.
    Expected<std::string> store(std::span<const std::uint8_t> bytes);

    std::filesystem::path pathOf(const std::string& name) const { return m_folder / name; }
    /// Whether every file that the text names is there and has its size.
    bool holdsAllOf(std::string_view text) const;
    void removeFilesOf(std::string_view text) const;
    /// What was there at prepare(), is there still and has none of these names: nobody's. What this run makes is its own affair.
    std::vector<std::filesystem::path> leftovers(const std::set<std::string>& named) const;
    /// Removes these.
    void removeLeftovers(const std::set<std::string>& named) const;

private:
    std::filesystem::path m_folder;
    std::set<std::string> m_found; ///< at prepare()
};

/// A file as a text names it.
struct SpoolMark {
    std::size_t begin = 0, end = 0; ///< of the mark in the text
    std::string name;
    std::uint64_t size = 0;
};
std::string spoolMark(const std::string& name, std::uint64_t size);
/// All marks of a text, in their order. What stands inside a JSON string cannot look like one: its quotes have backslashes.
std::vector<SpoolMark> spoolMarks(std::string_view text);

} // namespace lsw::protocol
