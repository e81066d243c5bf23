// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/path_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lsw::storage {
namespace fs = std::filesystem;

Expected<PathLock> PathLock::take(const fs::path& storagePath) {
    const fs::path file = storagePath / ".lotus-seal-worker.lock";
    for (;;) {
        FileHandle handle(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
        if (!handle) {
            const int why = errno;
            return Error(why == ENOSPC || why == EDQUOT ? ErrorCode::NoSpace : ErrorCode::StorageUnavailable,
                         "the storage path " + storagePath.string() + " cannot be written (" + std::strerror(why) +
                             "); give this user the right to write there, or detach the path");
        }
        if (::flock(handle.get(), LOCK_EX | LOCK_NB) != 0) {
            const int why = errno;
            if (why == EINTR) continue;
            if (why != EWOULDBLOCK) {
                return Error(ErrorCode::StorageUnavailable,
                             "the storage path " + storagePath.string() + " cannot be locked: " + std::strerror(why));
            }
            const auto holder = readFileWhole(file, 64);
            const std::string who = holder && !holder->empty() ? " (process " + *holder + ')' : std::string();
            return Error(ErrorCode::StorageUnavailable, "the storage path " + storagePath.string() + " is in use by another lotus-seal-worker" + who +
                                                            "; stop that one, or detach the path there");
        }
        struct stat ours {}, named {};
        // The holder removes the file before it lets go: what we locked may have lost its name meanwhile.
        if (::fstat(handle.get(), &ours) != 0 || ::stat(file.c_str(), &named) != 0 || ours.st_ino != named.st_ino || ours.st_dev != named.st_dev) continue;
        const std::string pid = std::to_string(::getpid());
        // Only for the sentence above: not knowing the process is no reason to fail.
        if (::ftruncate(handle.get(), 0) == 0) (void)!::pwrite(handle.get(), pid.data(), pid.size(), 0);
        return PathLock(file, std::move(handle));
    }
}

PathLock::~PathLock() {
    if (m_handle) ::unlink(m_file.c_str());
}

} // namespace lsw::storage
