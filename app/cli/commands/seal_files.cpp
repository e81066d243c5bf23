// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/seal_files.h"

#include "cli/output.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace lsw::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 6> kOurNames{"unsealed", "sealed", "cache", "pc1.json", "c1.json", "proof"};

Expected<int> openRegularFile(const fs::path& file, std::uint64_t& size) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const int errnum = errno;
        if (errnum == ENOENT) return Error(ErrorCode::InvalidArgument, "there is no file " + file.string());
        return errnoError(errnum, "opening " + file.string());
    }
    struct stat st {};
    if (::fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        ::close(fd);
        return Error(ErrorCode::InvalidArgument, file.string() + " is no regular file");
    }
    size = static_cast<std::uint64_t>(st.st_size);
    return fd;
}

bool writeAll(int fd, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t n = ::write(fd, data, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false; // the prover has gone: its answer tells why
        data += n;
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

/// Copies the file into the pipe, then zeros up to `total` bytes.
Expected<void> feed(int from, int into, std::uint64_t total, const std::string& name) {
    std::vector<char> buffer(1 << 20);
    std::uint64_t left = total;
    bool atEnd = false;
    while (left > 0) {
        std::size_t have = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left));
        if (!atEnd) {
            const ssize_t n = ::read(from, buffer.data(), have);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return errnoError(errno, "reading " + name);
            if (n == 0) {
                atEnd = true;
                std::fill(buffer.begin(), buffer.end(), '\0');
            } else have = static_cast<std::size_t>(n);
        }
        if (atEnd) have = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left));
        if (!writeAll(into, buffer.data(), have)) return {};
        left -= have;
    }
    return {};
}

} // namespace

SealFiles::SealFiles(const fs::path& where) : folder(fs::absolute(where)), unsealed(folder / "unsealed"), sealed(folder / "sealed"), cache(folder / "cache") {}

Expected<void> SealFiles::prepare(sector::PaddedBytes sectorSize) const {
    std::error_code ec;
    if (fs::exists(folder, ec) && !fs::is_directory(folder, ec)) return Error(ErrorCode::StorageUnavailable, folder.string() + " is no folder");
    bool hadOurs = false;
    for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
        const std::string name = entry->path().filename().string();
        if (std::find(kOurNames.begin(), kOurNames.end(), name) == kOurNames.end())
            return Error(ErrorCode::AlreadyExists, folder.string() + " holds \"" + name + "\", which no earlier seal made; give a new or empty folder");
        hadOurs = true;
    }
    fs::create_directories(folder, ec);
    if (ec || ::access(folder.c_str(), W_OK) != 0)
        return Error(ErrorCode::StorageUnavailable, folder.string() + " cannot be written" + (ec ? ": " + ec.message() : std::string()));
    const fs::space_info space = fs::space(folder, ec);
    if (!ec && space.available < sectorSize.value)
        return Error(ErrorCode::NoSpace, folder.string() + " has " + byteText(space.available) + " free; the unsealed sector alone needs " + byteText(sectorSize.value));
    if (hadOurs) say("Replacing what an earlier seal left in " + folder.string());
    for (const std::string_view name : kOurNames) {
        fs::remove_all(folder / name, ec);
        if (ec) return Error(ErrorCode::StorageUnavailable, (folder / name).string() + " cannot be removed: " + ec.message());
    }
    fs::create_directories(cache, ec);
    if (ec) return Error(ErrorCode::StorageUnavailable, cache.string() + " cannot be made: " + ec.message());
    const int fd = ::open(unsealed.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return errnoError(errno, "creating " + unsealed.string());
    const int failed = ::posix_fallocate(fd, 0, static_cast<off_t>(sectorSize.value));
    ::close(fd);
    if (failed) {
        discard();
        return errnoError(failed, "reserving " + byteText(sectorSize.value) + " for " + unsealed.string());
    }
    return {};
}

void SealFiles::discard() const {
    std::error_code ec;
    for (const std::string_view name : kOurNames) fs::remove_all(folder / name, ec);
    if (fs::is_empty(folder, ec) && !ec) fs::remove(folder, ec);
}

Expected<void> SealFiles::write(std::string_view name, std::string_view content) const {
    const fs::path file = folder / name;
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return errnoError(errno, "creating " + file.string());
    const bool ok = writeAll(fd, content.data(), content.size());
    const int errnum = errno;
    ::close(fd);
    if (!ok) return errnoError(errnum, "writing " + file.string());
    return {};
}

Expected<SealInput> SealInput::userData(const fs::path& file, sector::UnpaddedBytes size) {
    std::uint64_t have = 0;
    const auto fd = openRegularFile(file, have);
    if (!fd) return fd.error();
    if (have > size.value) {
        ::close(*fd);
        return Error(ErrorCode::InvalidArgument, file.string() + " has " + std::to_string(have) + " bytes; a sector of this size holds " + std::to_string(size.value));
    }
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        const int errnum = errno;
        ::close(*fd);
        return errnoError(errnum, "making a pipe");
    }
    SealInput input;
    input.m_descriptor = ends[0];
    input.m_outcome = std::make_shared<Expected<void>>();
    input.m_feeder = std::thread([from = *fd, into = ends[1], total = size.value, outcome = input.m_outcome, name = file.string()] {
        *outcome = feed(from, into, total, name);
        ::close(from);
        ::close(into);
    });
    return input;
}

Expected<SealInput> SealInput::padded(const fs::path& file, sector::PaddedBytes size) {
    std::uint64_t have = 0;
    const auto fd = openRegularFile(file, have);
    if (!fd) return fd.error();
    SealInput input;
    input.m_descriptor = *fd;
    if (have != size.value)
        return Error(ErrorCode::InvalidArgument, file.string() + " has " + std::to_string(have) + " bytes; --padded needs exactly one sector, " + std::to_string(size.value) + " bytes");
    return input;
}

SealInput::SealInput(SealInput&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_outcome(std::move(other.m_outcome)), m_feeder(std::move(other.m_feeder)) {}

SealInput::~SealInput() { static_cast<void>(finish()); }

Expected<void> SealInput::finish() {
    if (m_descriptor >= 0) ::close(std::exchange(m_descriptor, -1)); // a feeder that still writes gets EPIPE
    if (m_feeder.joinable()) m_feeder.join();
    return m_outcome ? *m_outcome : Expected<void>();
}

} // namespace lsw::cli
