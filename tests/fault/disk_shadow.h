// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "disk_shim.h"

#include <cerrno>
#include <filesystem>
#include <memory>
#include <vector>

#include <dirent.h>
#include <unistd.h>

namespace lsw::test {

/// Notes what the open file or folder holds now in the shadow: for a file its content ("f-KEY"), for a folder the names in it ("d-KEY").
/// A name whose file was never noted stands for an empty one. That is the least that POSIX promises after a flush, less than most file
/// systems keep.
inline void noteFlushed(int descriptor, const std::string& shadow) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return;
    const std::string key = inodeKey(descriptor, "", AT_EMPTY_PATH);
    if (key.empty()) return;
    static std::atomic<unsigned> counter{0};
    const std::string fresh = shadow + "/new-" + std::to_string(::getpid()) + '-' + std::to_string(counter++);
    const std::string again = "/proc/self/fd/" + std::to_string(descriptor);
    const int out = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) return;
    bool whole = true;
    const auto put = [&](const char* data, std::size_t size) {
        // write(2) itself: the shim's own must not be asked.
        while (size > 0) {
            const ssize_t wrote = ::pwrite(out, data, size, ::lseek(out, 0, SEEK_END));
            if (wrote <= 0) {
                whole = false;
                return;
            }
            data += wrote;
            size -= static_cast<std::size_t>(wrote);
        }
    };
    if (S_ISDIR(status.st_mode)) {
        std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(again.c_str()), &::closedir);
        while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
            const std::string name = entry->d_name;
            if (name == "." || name == "..") continue;
            struct stat one {};
            if (::fstatat(descriptor, entry->d_name, &one, AT_SYMLINK_NOFOLLOW) != 0) continue;
            if (!S_ISDIR(one.st_mode) && !S_ISREG(one.st_mode)) continue;
            const std::string line = std::string(S_ISDIR(one.st_mode) ? "d " : "f ") + inodeKey(descriptor, entry->d_name, 0) + ' ' + name + '\n';
            put(line.data(), line.size());
        }
        whole = whole && folder;
    } else if (S_ISREG(status.st_mode)) {
        const int in = ::open(again.c_str(), O_RDONLY | O_CLOEXEC);
        std::vector<char> block(1 << 16);
        for (off_t at = 0; whole;) {
            const ssize_t got = in < 0 ? -1 : ::pread(in, block.data(), block.size(), at);
            if (got < 0) whole = false;
            if (got <= 0) break;
            put(block.data(), static_cast<std::size_t>(got));
            at += got;
        }
        if (in >= 0) ::close(in);
        ::fchmod(out, status.st_mode & 07777);
    } else {
        whole = false;
    }
    ::close(out);
    if (!whole || ::rename(fresh.c_str(), (shadow + (S_ISDIR(status.st_mode) ? "/d-" : "/f-") + key).c_str()) != 0) ::unlink(fresh.c_str());
}

} // namespace lsw::test
