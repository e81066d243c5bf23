// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/task_context.h"
#include "params/parameter_manifest.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lsw::params {

/// The folder of the parameters: the one given, else FIL_PROOFS_PARAMETER_CACHE, else /var/tmp/filecoin-proof-parameters, as the official crate has it.
std::filesystem::path parameterFolder(const std::filesystem::path& given);

enum class FileState {
    Missing,
    Partial,   ///< a fetch was begun
    Unchecked, ///< there, but its bytes were not hashed since they last changed
    Right,
    Wrong,     ///< there, and not what the manifest says
};
/// "missing", "partial", "unchecked", "right", "wrong".
std::string_view fileStateName(FileState state);

struct FileStatus {
    FileState state = FileState::Missing;
    std::uint64_t bytes = 0;  ///< there now
};

/// One folder with parameter files. What was hashed once is remembered by size, time and inode in the file "lotus-seal-worker-checked" of the folder,
/// so that 133 GiB are not read at every start.
///
/// thread  one at a time
class ParameterFolder {
public:
    explicit ParameterFolder(std::filesystem::path folder);

    const std::filesystem::path& path() const { return m_folder; }
    std::filesystem::path placeOf(const ParameterFile& file) const { return m_folder / file.name; }
    /// Without reading the file itself.
    FileStatus status(const ParameterFile& file) const;
    /// Hashes the file unless that is known; with `anew` in any case. Progress in bytes of this file. NotFound when it is not there; Io; Cancelled.
    Expected<FileStatus> check(const ParameterFile& file, bool anew, const TaskContext& context);
    /// It has just been hashed and is right.
    void remember(const ParameterFile& file);

    /// Makes the folder, with those above it. PermissionDenied, Io name it.
    Expected<void> make() const;
    /// Bytes free on its disk for this user.
    Expected<std::uint64_t> freeBytes() const;

    /// Takes a file from elsewhere if it is right: a hard link where that is possible, else a copy. False when `from` has none or a wrong one.
    Expected<bool> import(const ParameterFile& file, const std::filesystem::path& from, const TaskContext& context);

private:
    struct Seen {
        std::uint64_t size = 0;
        std::int64_t seconds = 0, nanoseconds = 0;
        std::uint64_t inode = 0;
        std::string digest;
    };
    static std::optional<Seen> look(const std::filesystem::path& file);
    void load();
    void save() const;
    std::filesystem::path m_folder;
    std::map<std::string, Seen> m_checked;
};

/// The lock that lotus' own fetcher takes: "fetch.lock" in the folder. Held as long as this lives.
class FetchLock {
public:
    /// StorageUnavailable names the process that holds it.
    static Expected<FetchLock> take(const std::filesystem::path& folder);
    FetchLock(FetchLock&& other) noexcept;
    FetchLock& operator=(FetchLock&& other) noexcept;
    ~FetchLock();

private:
    explicit FetchLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace lsw::params
