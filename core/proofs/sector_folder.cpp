// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/sector_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sector/proof_type.h"
#include "sector/sector_files.h"

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;

/// Closes on every way out.
struct Opened {
    int fd;
    explicit Opened(int opened) : fd(opened) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() {
        if (fd >= 0) ::close(fd);
    }
};

} // namespace

bool isCacheFile(std::string_view name) {
    return name.starts_with("sc-02-data-") || name == sector::kPAuxName || name == sector::kTAuxName || name == sector::kSyntheticName ||
           sector::isCheckpointFile(name);
}

bool isPreCommit2File(std::string_view name) {
    return name.starts_with("sc-02-data-tree-c") || name.starts_with("sc-02-data-tree-r-last") || name == sector::kPAuxName ||
           name == sector::kTAuxName || name.starts_with(sector::kTreeCheckpointName);
}

bool isClearedFile(std::string_view name) {
    return name.starts_with("sc-02-data-layer-") || name.starts_with("sc-02-data-tree-c") || name.starts_with("sc-02-data-tree-d") ||
           sector::isCheckpointFile(name);
}

Expected<void> removeFiles(const fs::path& folder, const std::function<bool(std::string_view)>& chosen) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) return errnoError(error.value(), "cannot read the folder " + folder.string());
    std::vector<fs::path> files;
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
        if (!entries->is_directory(error) && chosen(entries->path().filename().string())) files.push_back(entries->path());
    }
    if (error) return errnoError(error.value(), "cannot read the folder " + folder.string());
    for (const fs::path& file : files)
        if (::unlink(file.c_str()) != 0 && errno != ENOENT) return errnoError(errno, "cannot remove " + file.string());
    return {};
}

Expected<void> requireFile(const fs::path& file, std::uint64_t size, std::string_view what, bool atLeast) {
    struct stat st {};
    if (::stat(file.c_str(), &st) != 0) return errnoError(errno, std::string(what) + " is missing: " + file.string());
    if (!S_ISREG(st.st_mode)) return Error(ErrorCode::InvalidArgument, std::string(what) + " is no regular file: " + file.string());
    const auto have = static_cast<std::uint64_t>(st.st_size);
    if (have == size || (atLeast && have > size)) return {};
    return Error(ErrorCode::Corrupt,
                 std::string(what) + " has " + std::to_string(have) + " bytes instead of " + std::to_string(size) + ": " + file.string());
}

Expected<void> requirePlainPath(const fs::path& folder) {
    if (folder.string().find(".dat") == std::string::npos) return {};
    return Error(ErrorCode::InvalidArgument,
                 "the folder " + folder.string() + " has \".dat\" in its path, which the official crate cannot handle: choose another");
}

Expected<void> requireSpace(const std::vector<SpaceNeed>& needs, std::string_view what) {
    struct Disk {
        fs::path folder;
        std::uint64_t needed = 0;
    };
    std::map<dev_t, Disk> disks;
    for (const SpaceNeed& need : needs) {
        struct stat st {};
        if (::stat(need.folder.c_str(), &st) != 0) return errnoError(errno, "cannot look at the folder " + need.folder.string());
        Disk& disk = disks[st.st_dev];
        disk.folder = need.folder;
        disk.needed += need.bytes;
    }
    for (const auto& [device, disk] : disks) {
        struct statvfs vfs {};
        if (::statvfs(disk.folder.c_str(), &vfs) != 0) return errnoError(errno, "cannot look at the disk of " + disk.folder.string());
        const std::uint64_t free = static_cast<std::uint64_t>(vfs.f_bavail) * vfs.f_frsize;
        if (free < disk.needed)
            return Error(ErrorCode::NoSpace, std::string(what) + " needs " + sector::sizeName(disk.needed) + " on the disk of " +
                                                 disk.folder.string() + ", which has " + sector::sizeName(free) + " free");
    }
    return {};
}

Expected<void> copyHead(const fs::path& from, const fs::path& to, std::uint64_t size, std::stop_token stop,
                        const std::function<void(std::uint64_t)>& progress) {
    const Opened in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.fd < 0) return errnoError(errno, "cannot open " + from.string());
    LSW_TRY(createEmpty(to));
    const Opened out(::open(to.c_str(), O_WRONLY | O_CLOEXEC));
    if (out.fd < 0) return errnoError(errno, "cannot write " + to.string());
    std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, 4U << 20)));
    for (std::uint64_t at = 0; at < size;) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while copying " + from.string());
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at));
        const ssize_t got = ::read(in.fd, buffer.data(), wanted);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "cannot read " + from.string());
        if (got == 0) return Error(ErrorCode::Corrupt, from.string() + " ends after " + std::to_string(at) + " bytes");
        for (ssize_t done = 0; done < got;) {
            const ssize_t put = ::write(out.fd, buffer.data() + done, static_cast<std::size_t>(got - done));
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return errnoError(errno, "cannot write " + to.string());
            done += put;
        }
        at += static_cast<std::uint64_t>(got);
        if (progress) progress(at);
    }
    return {};
}

Expected<void> createEmpty(const fs::path& file) {
    Opened opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (opened.fd < 0 && errno == EACCES && ::chmod(file.c_str(), 0644) == 0)
        opened.fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (opened.fd < 0) return errnoError(errno, "cannot create " + file.string());
    return {};
}

Expected<void> allocateRoom(const fs::path& file, std::uint64_t size) {
    const Opened opened(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (opened.fd < 0) return errnoError(errno, "cannot open " + file.string());
    int failed = 0;
    do failed = ::fallocate(opened.fd, 0, 0, static_cast<off_t>(size)) == 0 ? 0 : errno;
    while (failed == EINTR);
    if (failed == 0) return {};
    if (failed != EOPNOTSUPP && failed != ENOSYS)
        return errnoError(failed, "cannot make room for " + sector::sizeName(size) + " in " + file.string());
    const std::vector<std::uint8_t> zeros(static_cast<std::size_t>(std::min<std::uint64_t>(size, 4U << 20)));
    for (std::uint64_t at = 0; at < size;) {
        const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), size - at));
        const ssize_t put = ::pwrite(opened.fd, zeros.data(), part, static_cast<off_t>(at));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errnoError(errno, "cannot make room in " + file.string());
        at += static_cast<std::uint64_t>(put);
    }
    return {};
}

Expected<void> moveFile(const fs::path& from, const fs::path& to, std::stop_token stop) {
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
    if (errno != EXDEV) return errnoError(errno, "cannot move " + from.string() + " to " + to.string());
    struct stat st {};
    if (::stat(from.c_str(), &st) != 0) return errnoError(errno, "cannot look at " + from.string());
    LSW_TRY(copyHead(from, to, static_cast<std::uint64_t>(st.st_size), std::move(stop), {}));
    if (::unlink(from.c_str()) != 0) return errnoError(errno, "cannot remove " + from.string());
    return {};
}

Expected<void> syncFile(const fs::path& file) {
    const Opened opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (opened.fd < 0) return errnoError(errno, "cannot open " + file.string());
    if (::fsync(opened.fd) != 0) return errnoError(errno, "cannot make " + file.string() + " durable");
    return {};
}

Expected<void> syncFolder(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) return errnoError(error.value(), "cannot read the folder " + folder.string());
    for (; entries != fs::directory_iterator(); entries.increment(error))
        if (entries->is_regular_file(error)) LSW_TRY(syncFile(entries->path()));
    if (error) return errnoError(error.value(), "cannot read the folder " + folder.string());
    return syncFile(folder);
}

} // namespace lsw::proofs
