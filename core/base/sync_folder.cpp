// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/sync_folder.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace lsw {

Expected<void> syncFolder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errnoError(errno, "cannot open the folder " + folder.string());
    // Some network file systems cannot flush folders and say EINVAL; their renames are durable anyway.
    const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    if (failed != 0 && failed != EINVAL) return errnoError(failed, "cannot flush the folder " + folder.string());
    return {};
}

} // namespace lsw
