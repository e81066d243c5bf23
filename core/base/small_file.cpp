// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/small_file.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace lsw {

Expected<std::string> readSmallFile(const std::filesystem::path& file, std::size_t most) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errnoError(errno, "the file " + file.string() + " cannot be read");
    std::string text(most + 1, '\0');
    std::size_t size = 0;
    int failed = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(descriptor, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failed = errno;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    ::close(descriptor);
    if (failed == EISDIR) return Error(ErrorCode::InvalidArgument, file.string() + " is a folder and not a file");
    if (failed) return errnoError(failed, "the file " + file.string() + " cannot be read");
    if (size > most) return Error(ErrorCode::InvalidArgument, file.string() + " is larger than " + std::to_string(most >> 10) + " KiB, which is more than such a file has");
    text.resize(size);
    return text;
}

} // namespace lsw
