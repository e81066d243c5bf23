// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/file.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lsw {
namespace {

Expected<File> opened(const std::filesystem::path& path, int flags, const char* what, File (*make)(int, std::filesystem::path)) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
    if (descriptor < 0) return errnoError(errno, what + path.string());
    return make(descriptor, path);
}

} // namespace

Expected<File> File::openToRead(const std::filesystem::path& path) {
    return opened(path, O_RDONLY, "cannot open ", [](int fd, std::filesystem::path at) { return File(fd, std::move(at)); });
}

Expected<File> File::create(const std::filesystem::path& path) {
    return opened(path, O_RDWR | O_CREAT | O_TRUNC, "cannot create ", [](int fd, std::filesystem::path at) { return File(fd, std::move(at)); });
}

Expected<File> File::openToWrite(const std::filesystem::path& path) {
    return opened(path, O_RDWR, "cannot open ", [](int fd, std::filesystem::path at) { return File(fd, std::move(at)); });
}

File::File(File&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_path, other.m_path);
    return *this;
}

File::~File() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Expected<std::uint64_t> File::size() const {
    struct stat st {};
    if (::fstat(m_descriptor, &st) != 0) return errnoError(errno, "cannot look at " + m_path.string());
    return static_cast<std::uint64_t>(st.st_size);
}

Expected<void> File::readAt(std::uint64_t offset, std::span<std::uint8_t> out) const {
    while (!out.empty()) {
        const ssize_t got = ::pread(m_descriptor, out.data(), out.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "cannot read " + m_path.string());
        if (got == 0) return Error(ErrorCode::Corrupt, m_path.string() + " ends after " + std::to_string(offset) + " bytes");
        out = out.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

Expected<void> File::writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) const {
    while (!bytes.empty()) {
        const ssize_t put = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errnoError(errno, "cannot write " + m_path.string());
        bytes = bytes.subspan(static_cast<std::size_t>(put));
        offset += static_cast<std::uint64_t>(put);
    }
    return {};
}

Expected<void> File::allocate(std::uint64_t size) const {
    if (size == 0) return {};
    int failed = 0;
    do {
        failed = ::fallocate(m_descriptor, 0, 0, static_cast<off_t>(size)) == 0 ? 0 : errno;
    } while (failed == EINTR);
    // Some file systems cannot; a full disk is then met while writing.
    if (failed == EOPNOTSUPP || failed == ENOSYS) failed = ::ftruncate(m_descriptor, static_cast<off_t>(size)) == 0 ? 0 : errno;
    if (failed != 0) return errnoError(failed, "no room for the " + std::to_string(size) + " bytes of " + m_path.string());
    return {};
}

Expected<void> File::sync() const {
    if (::fsync(m_descriptor) != 0) return errnoError(errno, "cannot make " + m_path.string() + " durable");
    return {};
}

void File::beginSync(std::uint64_t offset, std::uint64_t size) const {
    (void)::sync_file_range(m_descriptor, static_cast<off_t>(offset), static_cast<off_t>(size), SYNC_FILE_RANGE_WRITE);
}

void File::willBeReadInOrder() const { (void)::posix_fadvise(m_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL); }

void File::willBeRead(std::uint64_t offset, std::uint64_t size) const {
    (void)::posix_fadvise(m_descriptor, static_cast<off_t>(offset), static_cast<off_t>(size), POSIX_FADV_WILLNEED);
}

void File::forget(std::uint64_t offset, std::uint64_t size) const {
    (void)::posix_fadvise(m_descriptor, static_cast<off_t>(offset), static_cast<off_t>(size), POSIX_FADV_DONTNEED);
}

Expected<Mapping> Mapping::ofFile(const File& file) {
    const auto size = file.size();
    if (!size) return size.error();
    if (*size == 0) return Error(ErrorCode::Corrupt, file.path().string() + " is empty");
    void* at = ::mmap(nullptr, *size, PROT_READ, MAP_SHARED, file.descriptor(), 0);
    if (at == MAP_FAILED) return errnoError(errno, "cannot map " + file.path().string());
    return Mapping(static_cast<std::uint8_t*>(at), *size);
}

Expected<Mapping> Mapping::ofMemory(std::uint64_t size) {
    void* at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return errnoError(errno, "no memory for " + std::to_string(size) + " bytes");
    (void)::madvise(at, size, MADV_HUGEPAGE);
    return Mapping(static_cast<std::uint8_t*>(at), size);
}

Mapping::Mapping(Mapping&& other) noexcept : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

Mapping::~Mapping() {
    if (m_data) ::munmap(m_data, m_size);
}

bool Mapping::isInHugePages() const {
    // The entry of our range in smaps, and the line of it that counts huge pages.
    std::ifstream maps("/proc/self/smaps");
    std::string line;
    bool isOurs = false;
    const auto begin = reinterpret_cast<std::uintptr_t>(m_data);
    while (std::getline(maps, line)) {
        const auto dash = line.find('-');
        if (dash != std::string::npos && dash < 17 && line.find(':') > dash) {
            const std::uintptr_t from = std::stoull(line.substr(0, dash), nullptr, 16), to = std::stoull(line.substr(dash + 1), nullptr, 16);
            isOurs = from <= begin && begin < to;
        } else if (isOurs && line.starts_with("AnonHugePages:")) {
            return std::stoull(line.substr(14)) > 0;
        }
    }
    return false;
}

} // namespace lsw
