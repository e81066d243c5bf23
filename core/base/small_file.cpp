// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/small_file.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace lsw {

std::optional<std::string> readBeginning(const std::filesystem::path& file, std::size_t most, bool waits, int& failed) {
    failed = 0;
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | (waits ? 0 : O_NONBLOCK));
    if (descriptor < 0) {
        failed = errno;
        return std::nullopt;
    }
    std::string text(most, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(descriptor, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failed = errno;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    ::close(descriptor);
    if (failed) return std::nullopt;
    text.resize(size);
    return text;
}

Expected<std::string> readSmallFile(const std::filesystem::path& file, std::size_t most) {
    int failed = 0;
    auto text = readBeginning(file, most + 1, true, failed);
    if (failed == EISDIR) return Error(ErrorCode::InvalidArgument, file.string() + " is a folder and not a file");
    if (!text) return errnoError(failed, "the file " + file.string() + " cannot be read");
    if (text->size() > most) return Error(ErrorCode::InvalidArgument, file.string() + " is larger than " + std::to_string(most >> 10) + " KiB, which is more than such a file has");
    return std::move(*text);
}

} // namespace lsw
