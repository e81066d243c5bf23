// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

namespace lsw::test {

/// What the preloaded disk_shim does to files under the folders of LSW_DISK_ROOTS ("a:b"). It lies in the file LSW_DISK_CONTROL, which
/// the test maps as well and changes while programs run. All zero: nothing.
struct DiskControl {
    std::atomic<std::uint32_t> slowWriteUs;   ///< a write takes up to that much longer
    std::atomic<std::uint32_t> slowSyncUs;    ///< and an fsync
    std::atomic<std::uint32_t> failPerMillion; ///< so many of a million writes and fsyncs meet EIO
    std::atomic<std::uint32_t> failed;        ///< how often that was
    std::atomic<std::uint32_t> keepsShadow;   ///< what is flushed is noted in LSW_DISK_SHADOW: all that a power cut leaves
};

/// Names an inode for as long as the machine runs: numbers alone are used again.
inline std::string inodeKey(int folder, const char* name, int flags) {
    struct statx found {};
    if (::statx(folder, name, flags | AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &found) != 0) return {};
    char text[80];
    std::snprintf(text, sizeof text, "%llx-%llx-%x", static_cast<unsigned long long>(found.stx_ino),
                  static_cast<unsigned long long>(found.stx_btime.tv_sec), found.stx_btime.tv_nsec);
    return text;
}

} // namespace lsw::test
