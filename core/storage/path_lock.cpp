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
        while (::flock(handle.get(), LOCK_SH) != 0) {
            const int why = errno;
            if (why == EINTR) continue;
            return Error(ErrorCode::StorageUnavailable, "the storage path " + storagePath.string() + " cannot be locked: " + std::strerror(why));
        }
        struct stat ours {}, named {};
        // The last holder removes the file before it lets go: what we locked may have lost its name meanwhile.
        if (::fstat(handle.get(), &ours) != 0 || ::stat(file.c_str(), &named) != 0 || ours.st_ino != named.st_ino || ours.st_dev != named.st_dev) continue;
        return PathLock(file, std::move(handle));
    }
}

bool PathLock::isAlone() const {
    // A lock that is being changed may be lost to another one in between; a shared one comes back at once, for nobody keeps the other kind.
    const bool alone = ::flock(m_handle.get(), LOCK_EX | LOCK_NB) == 0;
    while (::flock(m_handle.get(), LOCK_SH) != 0 && errno == EINTR) {}
    return alone;
}

PathLock::~PathLock() {
    if (m_handle && ::flock(m_handle.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(m_file.c_str());
}

} // namespace lsw::storage
