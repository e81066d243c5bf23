// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace lsw {

/// An open file, closed with its owner. Reads and writes are whole or an error; several threads may use one at different places.
class File {
public:
    static Expected<File> openToRead(const std::filesystem::path& path);
    /// Created or emptied; the owner's alone to write (0644).
    static Expected<File> create(const std::filesystem::path& path);
    /// To write and read; it must be there, and what is in it stays.
    static Expected<File> openToWrite(const std::filesystem::path& path);
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    int descriptor() const { return m_descriptor; }
    const std::filesystem::path& path() const { return m_path; }
    Expected<std::uint64_t> size() const;
    /// Corrupt when the file ends before the buffer is full.
    Expected<void> readAt(std::uint64_t offset, std::span<std::uint8_t> out) const;
    Expected<void> writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) const;
    /// Takes the room now, so that a full disk is met before the work and not in the middle; the file gets this length.
    Expected<void> allocate(std::uint64_t size) const;
    Expected<void> sync() const;
    /// Begins to bring to the disk what was written there, without waiting for it: a sync() later has less to wait for.
    void beginSync(std::uint64_t offset, std::uint64_t size) const;
    /// Will be read once from the beginning to the end.
    void willBeReadInOrder() const;
    /// Begins to read that, without waiting for it.
    void willBeRead(std::uint64_t offset, std::uint64_t size) const;
    /// What was read or written is not needed again: it makes room in the page cache.
    void forget(std::uint64_t offset, std::uint64_t size) const;

private:
    File(int descriptor, std::filesystem::path path) : m_descriptor(descriptor), m_path(std::move(path)) {}
    int m_descriptor;
    std::filesystem::path m_path;
};

/// A file, or memory of nobody's, mapped into this process; unmapped with its owner.
class Mapping {
public:
    /// The whole file, to be read.
    static Expected<Mapping> ofFile(const File& file);
    /// Zeros. Huge pages are asked for: they make random reads of a layer half as dear.
    static Expected<Mapping> ofMemory(std::uint64_t size);
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping();

    std::uint8_t* data() const { return m_data; }
    std::size_t size() const { return m_size; }
    /// Of memory: whether the system gives it in huge pages. What is touched already counts, so ask when it is in use.
    bool isInHugePages() const;

private:
    Mapping(std::uint8_t* data, std::size_t size) : m_data(data), m_size(size) {}
    std::uint8_t* m_data;
    std::size_t m_size;
};

} // namespace lsw
