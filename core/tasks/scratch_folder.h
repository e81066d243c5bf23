// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "tasks/owned_fd.h"

#include <chrono>
#include <filesystem>
#include <string_view>

namespace lsw::tasks {

/// A folder of our own for one order, mode 0700, removed with all that is in it. It is locked while it is in use, so that what
/// a killed process left can be told from what is in use.
class ScratchFolder {
public:
    /// What tasks make beside sector files, in the root of a storage path.
    static constexpr std::string_view kUnsealPrefix = "lsw-unseal-", kKeyPrefix = "lsw-key-";
    /// Removes all of that which nobody has locked: for a path in which no task can run yet.
    static void removeLeft(const std::filesystem::path& storagePath);


    /// `<parent>/<prefix>XXXXXX`; an empty parent is the temp folder; a missing one is made.
    static Expected<ScratchFolder> make(const std::filesystem::path& parent, std::string_view prefix);
    /// Removes folders of the prefix that nobody has locked. One that is `young` may not be locked yet and stays.
    static void removeStale(const std::filesystem::path& parent, std::string_view prefix, std::chrono::seconds young = kYoung);
    static constexpr std::chrono::seconds kYoung{60};

    ScratchFolder(ScratchFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})), m_lock(std::move(other.m_lock)) {}
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ~ScratchFolder();
    const std::filesystem::path& path() const { return m_path; }

private:
    ScratchFolder(std::filesystem::path path, OwnedFd lock) : m_path(std::move(path)), m_lock(std::move(lock)) {}

    std::filesystem::path m_path;
    OwnedFd m_lock;
};

} // namespace lsw::tasks
