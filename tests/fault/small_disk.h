// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include <sys/types.h>

namespace lsw::test {

/// Takes this program, which has one thread yet, into a mount namespace of its own (as root, or as the root of a user namespace).
/// False when this machine lets nobody do that.
bool enterMountNamespace();

/// A small file system of its own on a folder, for as long as it lives.
class SmallDisk {
public:
    SmallDisk(std::filesystem::path folder, std::uint64_t bytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    explicit operator bool() const { return m_mounted; }

    /// Takes all its space but that much. False when there is less.
    bool fill(std::uint64_t leave);
    void free();

private:
    std::filesystem::path m_folder;
    bool m_mounted = false;
};

/// The other full disk: no file of the process may grow over that size (0: any may again).
void limitFileSize(pid_t pid, std::uint64_t bytes);

} // namespace lsw::test
