// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/partial_file.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lsw::sector {
namespace {

constexpr std::uint64_t kMaxTrailer = 32ULL << 20;

bool spaceReservationUnsupported(int errnum) { return errnum == EOPNOTSUPP || errnum == ENOSYS; }

} // namespace

PartialFile::PartialFile(int fd, PaddedBytes sectorSize, RunSet allocated)
    : m_fd(fd), m_sectorSize(sectorSize), m_allocated(std::move(allocated)) {}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_sectorSize(other.m_sectorSize), m_allocated(std::move(other.m_allocated)) {}

PartialFile& PartialFile::operator=(PartialFile&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    std::swap(m_sectorSize, other.m_sectorSize);
    std::swap(m_allocated, other.m_allocated);
    return *this;
}

PartialFile::~PartialFile() {
    if (m_fd >= 0) ::close(m_fd);
}

Expected<PartialFile> PartialFile::create(const std::filesystem::path& path, PaddedBytes sectorSize) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return errnoError(errno, "creating " + path.string());
    PartialFile file(fd, sectorSize, {});
    int failed = 0;
    if (::fallocate(fd, 0, 0, static_cast<off_t>(sectorSize.value)) != 0 && !spaceReservationUnsupported(errno))
        failed = errno;
    if (failed) {
        ::unlink(path.c_str());
        return errnoError(failed, "reserving " + std::to_string(sectorSize.value) + " bytes for " + path.string());
    }
    if (auto written = file.writeTrailer({}); !written) {
        ::unlink(path.c_str());
        return std::move(written).error().whileDoing("creating " + path.string());
    }
    return file;
}

Expected<PartialFile> PartialFile::open(const std::filesystem::path& path, PaddedBytes sectorSize) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return errnoError(errno, "opening " + path.string());
    PartialFile file(fd, sectorSize, {});
    struct stat st {};
    if (::fstat(fd, &st) != 0) return errnoError(errno, "reading the size of " + path.string());
    const auto size = static_cast<std::uint64_t>(st.st_size);
    if (size == sectorSize.value) {
        file.m_allocated.add({0, sectorSize.value});
        return file;
    }
    const auto corrupt = [&](const std::string& why) {
        return Error(ErrorCode::Corrupt, path.string() + " is not an unsealed sector file: " + why);
    };
    if (size < sectorSize.value + 4) return corrupt("it has " + std::to_string(size) + " bytes");
    std::array<std::uint8_t, 4> tail{};
    if (::pread(fd, tail.data(), 4, static_cast<off_t>(size - 4)) != 4) return errnoError(errno, "reading " + path.string());
    const std::uint64_t length = tail[0] | (std::uint64_t{tail[1]} << 8) | (std::uint64_t{tail[2]} << 16) |
                                 (std::uint64_t{tail[3]} << 24);
    if (length > kMaxTrailer || size != sectorSize.value + length + 4)
        return corrupt("its trailer says " + std::to_string(length) + " bytes, its size " + std::to_string(size));
    Bytes rle(length);
    if (::pread(fd, rle.data(), length, static_cast<off_t>(sectorSize.value)) != static_cast<ssize_t>(length))
        return errnoError(errno, "reading the trailer of " + path.string());
    auto runs = decodeRlePlus(rle);
    if (!runs) return std::move(runs).error().whileDoing("reading the trailer of " + path.string());
    if (!runs->empty() && runs->runs().back().end > sectorSize.value) return corrupt("its trailer marks bytes beyond the sector");
    file.m_allocated = std::move(*runs);
    return file;
}

bool PartialFile::isAllocated(PaddedBytes offset, PaddedBytes size) const {
    return m_allocated.contains({offset.value, offset.value + size.value});
}

Expected<void> PartialFile::writeTrailer(const RunSet& allocated) {
    Bytes trailer = encodeRlePlus(allocated);
    const auto length = static_cast<std::uint32_t>(trailer.size());
    for (int shift = 0; shift < 32; shift += 8) trailer.push_back(static_cast<std::uint8_t>(length >> shift));
    const auto at = static_cast<off_t>(m_sectorSize.value);
    if (::pwrite(m_fd, trailer.data(), trailer.size(), at) != static_cast<ssize_t>(trailer.size()))
        return errnoError(errno, "writing the trailer");
    if (::ftruncate(m_fd, at + static_cast<off_t>(trailer.size())) != 0) return errnoError(errno, "truncating after the trailer");
    if (::fsync(m_fd) != 0) return errnoError(errno, "flushing the trailer");
    m_allocated = allocated;
    return {};
}

Expected<void> PartialFile::markAllocated(PaddedBytes offset, PaddedBytes size) {
    if (offset.value + size.value > m_sectorSize.value)
        return Error(ErrorCode::InvalidArgument, "a piece ends beyond the sector");
    if (::fdatasync(m_fd) != 0) return errnoError(errno, "flushing the piece");
    RunSet next = m_allocated;
    next.add({offset.value, offset.value + size.value});
    return writeTrailer(next);
}

Expected<void> PartialFile::release(PaddedBytes offset, PaddedBytes size) {
    RunSet next = m_allocated;
    next.remove({offset.value, offset.value + size.value});
    LSW_TRY(writeTrailer(next));
    if (::fallocate(m_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset.value),
                    static_cast<off_t>(size.value)) != 0 &&
        !spaceReservationUnsupported(errno))
        return errnoError(errno, "releasing a range of an unsealed file");
    return {};
}

} // namespace lsw::sector
