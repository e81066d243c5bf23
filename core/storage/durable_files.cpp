// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/durable_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kCopyBuffer = 4U << 20;
constexpr std::string_view kNewMark = ".new-";
const fs::file_time_type kStarted = fs::file_time_type::clock::now();

/// A free name out of sight for what leaves `path`; while it lives, removeAside() leaves that name alone.
class AsideName {
public:
    explicit AsideName(const fs::path& path) {
        const std::lock_guard lock(s_mutex);
        m_path = path.parent_path() / kFetchingFolder / (path.filename().string() + ourMark() + std::to_string(s_counter++));
        s_inUse.insert(m_path.filename().string());
    }
    AsideName(const AsideName&) = delete;
    AsideName& operator=(const AsideName&) = delete;
    ~AsideName() {
        const std::lock_guard lock(s_mutex);
        s_inUse.erase(m_path.filename().string());
    }
    const fs::path& path() const { return m_path; }

    /// ".removed-PID-"
    static std::string ourMark() { return std::string(kRemovedMark) + std::to_string(::getpid()) + '-'; }
    static bool isInUse(const std::string& name) {
        const std::lock_guard lock(s_mutex);
        return s_inUse.contains(name);
    }

private:
    static inline std::mutex s_mutex;
    static inline std::set<std::string> s_inUse;
    static inline unsigned s_counter = 0;
    fs::path m_path;
};

Expected<void> makeFetchingFolder(const fs::path& path) {
    const fs::path folder = path.parent_path() / kFetchingFolder;
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return writeError(errno, "cannot make the folder " + folder.string());
    return {};
}

Expected<void> removeTree(const fs::path& path) {
    std::error_code failed;
    fs::remove_all(path, failed);
    if (failed) return errnoError(failed.value(), "cannot remove " + path.string());
    return {};
}

Expected<void> copyOneFile(const fs::path& from, const fs::path& to, const TaskContext& context, Progress& progress) {
    const FileHandle in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in) return errnoError(errno, "cannot read " + from.string());
    const FileHandle out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!out) return writeError(errno, "cannot make " + to.string());
    ::posix_fadvise(in.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    const auto buffer = std::make_unique<char[]>(kCopyBuffer);
    for (;;) {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while copying " + from.string());
        const ssize_t got = ::read(in.get(), buffer.get(), kCopyBuffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "cannot read " + from.string());
        if (got == 0) break;
        LSW_TRY(writeAll(out.get(), buffer.get(), static_cast<std::size_t>(got), to));
        progress.done += static_cast<std::uint64_t>(got);
        context.report(progress);
    }
    if (::fsync(out.get()) != 0) return writeError(errno, "cannot flush " + to.string());
    return {};
}

Expected<void> copyFolder(const fs::path& from, const fs::path& to, const TaskContext& context, Progress& progress) {
    if (::mkdir(to.c_str(), 0755) != 0) return writeError(errno, "cannot make the folder " + to.string());
    std::error_code failed;
    for (fs::directory_iterator it(from, failed), end; !failed && it != end; it.increment(failed)) {
        if (!it->is_regular_file()) return Error(ErrorCode::Corrupt, it->path().string() + " is no plain file and cannot be copied; remove it");
        LSW_TRY(copyOneFile(it->path(), to / it->path().filename(), context, progress));
    }
    if (failed) return errnoError(failed.value(), "cannot list " + from.string());
    return syncFolder(to);
}

std::uint64_t contentSize(const fs::path& path) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) return fs::file_size(path, ignored);
    std::uint64_t sum = 0;
    for (fs::directory_iterator it(path, ignored), end; !ignored && it != end; it.increment(ignored))
        if (it->is_regular_file(ignored)) sum += it->file_size(ignored);
    return sum;
}

} // namespace

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
    if (this == &other) return *this;
    if (m_descriptor >= 0) ::close(m_descriptor);
    m_descriptor = other.release();
    return *this;
}

FileHandle::~FileHandle() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

int FileHandle::release() { return std::exchange(m_descriptor, -1); }

Error writeError(int errnum, std::string what) {
    if (errnum != EFBIG) return errnoError(errnum, std::move(what));
    return Error(ErrorCode::NoSpace, std::move(what) + ": the file would be larger than the file system or a limit of this process allows");
}

Expected<void> writeAll(int descriptor, const void* data, std::size_t size, const fs::path& named) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t wrote = ::write(descriptor, at, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return writeError(errno, "cannot write " + named.string());
        at += wrote;
        size -= static_cast<std::size_t>(wrote);
    }
    return {};
}

Expected<std::string> readFileWhole(const fs::path& file, std::size_t limit) {
    const FileHandle in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in) return errnoError(errno, "cannot read " + file.string());
    std::string text;
    char buffer[4096];
    for (;;) {
        const ssize_t got = ::read(in.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "cannot read " + file.string());
        if (got == 0) return text;
        text.append(buffer, static_cast<std::size_t>(got));
        if (text.size() > limit) return Error(ErrorCode::Corrupt, file.string() + " is larger than such a file can be");
    }
}

Expected<void> writeFileWhole(const fs::path& file, std::string_view text) {
    const fs::path made = file.string() + std::string(kNewMark) + std::to_string(::getpid());
    Expected<void> written;
    {
        const FileHandle out(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (!out) return writeError(errno, "cannot write " + file.string());
        written = writeAll(out.get(), text.data(), text.size(), made);
        if (written && ::fsync(out.get()) != 0) written = writeError(errno, "cannot flush " + made.string());
    }
    if (written && ::rename(made.c_str(), file.c_str()) != 0) written = writeError(errno, "cannot write " + file.string());
    if (!written) {
        ::unlink(made.c_str());
        return written;
    }
    return syncFolder(file.parent_path().empty() ? fs::path(".") : file.parent_path());
}

void removeUnfinishedWrites(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code ignored;
    for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end; it.increment(ignored)) {
        const std::string name = it->path().filename().string();
        const auto mark = name.rfind(kNewMark);
        if (mark == std::string::npos || !it->is_regular_file()) continue;
        pid_t writer = 0;
        const char* const last = name.data() + name.size();
        if (const auto parsed = std::from_chars(name.data() + mark + kNewMark.size(), last, writer); parsed.ec != std::errc() || parsed.ptr != last) continue;
        // In a container every start may have the number that the last one had.
        const bool isOurs = writer == ::getpid();
        if (isOurs ? fs::last_write_time(it->path(), ignored) < kStarted : ::kill(writer, 0) != 0 && errno == ESRCH) found.push_back(it->path());
    }
    for (const fs::path& path : found) fs::remove(path, ignored);
}

std::uint64_t diskUsage(const fs::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return 0;
    if (S_ISLNK(status.st_mode) && ::stat(path.c_str(), &status) != 0) return 0;
    std::uint64_t sum = static_cast<std::uint64_t>(status.st_blocks) * 512;
    if (!S_ISDIR(status.st_mode)) return sum;
    std::error_code failed;
    for (fs::recursive_directory_iterator it(path, fs::directory_options::skip_permission_denied, failed), end; !failed && it != end; it.increment(failed))
        if (::lstat(it->path().c_str(), &status) == 0) sum += static_cast<std::uint64_t>(status.st_blocks) * 512;
    return sum;
}

Expected<void> copyFlushed(const fs::path& from, const fs::path& to, const TaskContext& context) {
    Progress progress{"move", {}, 0, contentSize(from), "bytes"};
    std::error_code ignored;
    auto copied = fs::is_directory(from, ignored) ? copyFolder(from, to, context, progress) : copyOneFile(from, to, context, progress);
    if (copied) copied = syncFolder(to.parent_path());
    if (!copied) fs::remove_all(to, ignored);
    return copied;
}

Expected<void> putInPlace(const fs::path& made, const fs::path& place) {
    std::error_code ignored;
    std::optional<AsideName> aside;
    // rename() replaces a file by a file at once; a folder that is not empty has to leave first.
    if (fs::exists(fs::symlink_status(place, ignored)) && (fs::is_directory(place, ignored) || fs::is_directory(made, ignored))) {
        LSW_TRY(makeFetchingFolder(place));
        aside.emplace(place);
        if (::rename(place.c_str(), aside->path().c_str()) != 0) return writeError(errno, "cannot replace " + place.string());
    }
    if (::rename(made.c_str(), place.c_str()) != 0) {
        Error failed = writeError(errno, "cannot move " + made.string() + " to " + place.string());
        if (aside && ::rename(aside->path().c_str(), place.c_str()) != 0) return std::move(failed).whileDoing("replacing " + place.string());
        return failed;
    }
    LSW_TRY(syncFolder(place.parent_path()));
    if (made.parent_path() != place.parent_path()) LSW_TRY(syncFolder(made.parent_path()));
    if (aside) return removeTree(aside->path());
    return {};
}

Expected<void> removeWhole(const fs::path& path) {
    std::error_code ignored;
    const auto status = fs::symlink_status(path, ignored);
    if (!fs::exists(status)) return {};
    if (!fs::is_directory(status)) {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return errnoError(errno, "cannot remove " + path.string());
        return syncFolder(path.parent_path());
    }
    LSW_TRY(makeFetchingFolder(path));
    const AsideName aside(path);
    if (::rename(path.c_str(), aside.path().c_str()) != 0) return errnoError(errno, "cannot remove " + path.string());
    // Before the first file of it goes: after a power cut the old name must not hold a part of the folder.
    LSW_TRY(syncFolder(path.parent_path()));
    return removeTree(aside.path());
}

void removeAside(const fs::path& typeFolder) {
    std::vector<fs::path> found;
    std::error_code ignored;
    for (fs::directory_iterator it(typeFolder / kFetchingFolder, ignored), end; !ignored && it != end; it.increment(ignored)) {
        const std::string name = it->path().filename().string();
        if (name.find(AsideName::ourMark()) != std::string::npos && !AsideName::isInUse(name)) found.push_back(it->path());
    }
    // As removeWhole(): the old name may not come back with a part of it.
    if (found.empty() || !syncFolder(typeFolder)) return;
    for (const fs::path& path : found) (void)removeTree(path);
}

} // namespace lsw::storage
