// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/parameter_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "params/chunk_sums.h"
#include "params/parameter_digest.h"

namespace lsw::params {
namespace {

namespace fs = std::filesystem;

constexpr const char* kChecked = "lotus-seal-worker-checked";
constexpr std::size_t kCopyBlock = 4U << 20;

std::uint64_t sizeOf(const fs::path& file) {
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    return failed ? 0 : size;
}

} // namespace

fs::path parameterFolder(const fs::path& given) {
    if (!given.empty()) return given;
    if (const char* set = std::getenv("FIL_PROOFS_PARAMETER_CACHE"); set && *set) return set;
    return "/var/tmp/filecoin-proof-parameters";
}

std::string_view fileStateName(FileState state) {
    switch (state) {
    case FileState::Missing: return "missing";
    case FileState::Partial: return "partial";
    case FileState::Unchecked: return "unchecked";
    case FileState::Right: return "right";
    case FileState::Wrong: return "wrong";
    }
    return "";
}

ParameterFolder::ParameterFolder(fs::path folder) : m_folder(std::move(folder)) { load(); }

std::optional<ParameterFolder::Seen> ParameterFolder::look(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return Seen{static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ino, {}};
}

void ParameterFolder::load() {
    std::ifstream in(m_folder / kChecked);
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string name;
        Seen one;
        if (words >> one.digest >> one.size >> one.seconds >> one.nanoseconds >> one.inode >> name) m_checked[name] = one;
    }
}

void ParameterFolder::save() const {
    // Losing it costs a further reading, no more.
    const fs::path made = m_folder / (std::string(kChecked) + ".new-" + std::to_string(::getpid()));
    {
        std::ofstream out(made);
        for (const auto& [name, one] : m_checked)
            out << one.digest << ' ' << one.size << ' ' << one.seconds << ' ' << one.nanoseconds << ' ' << one.inode << ' ' << name << '\n';
        if (!out.flush()) return;
    }
    std::error_code ignored;
    fs::rename(made, m_folder / kChecked, ignored);
    if (ignored) fs::remove(made, ignored);
}

FileStatus ParameterFolder::status(const ParameterFile& file) const {
    const auto now = look(placeOf(file));
    if (!now) {
        const std::uint64_t part = sizeOf(m_folder / (file.name + ".part"));
        return {part > 0 ? FileState::Partial : FileState::Missing, 0};
    }
    const auto known = m_checked.find(file.name);
    const bool isKnown = known != m_checked.end() && known->second.size == now->size && known->second.seconds == now->seconds &&
                         known->second.nanoseconds == now->nanoseconds && known->second.inode == now->inode;
    if (!isKnown) return {FileState::Unchecked, now->size};
    return {known->second.digest == file.digest ? FileState::Right : FileState::Wrong, now->size};
}

Expected<FileStatus> ParameterFolder::check(const ParameterFile& file, bool anew, const TaskContext& context) {
    const FileStatus before = status(file);
    if (before.state == FileState::Missing || before.state == FileState::Partial)
        return Error(ErrorCode::NotFound, "there is no " + file.name + " in " + m_folder.string());
    if (before.state != FileState::Unchecked && !anew) return before;
    auto opened = File::openToRead(placeOf(file));
    if (!opened) return std::move(opened).error();
    opened->willBeReadInOrder();
    auto seen = look(placeOf(file));
    const auto size = opened->size();
    if (!size) return size.error();
    ChunkSums sums(*size);
    auto digest = digestOf(*opened, 0, *size, context.stop, [&](std::uint64_t done, std::span<const std::uint8_t> bytes) {
        sums.add(bytes);
        context.report({"params", file.name, done, *size, "bytes"});
    });
    if (!digest) return std::move(digest).error();
    if (*digest == file.digest) sums.save(m_folder, file);
    if (seen) {
        seen->digest = *digest;
        m_checked[file.name] = *seen; // as it was before: a file that changed meanwhile is unchecked again
        save();
    }
    return FileStatus{*digest == file.digest ? FileState::Right : FileState::Wrong, *size};
}

void ParameterFolder::remember(const ParameterFile& file) {
    auto seen = look(placeOf(file));
    if (!seen) return;
    seen->digest = file.digest;
    m_checked[file.name] = *seen;
    save();
}

Expected<void> ParameterFolder::make() const {
    std::error_code failed;
    fs::create_directories(m_folder, failed);
    if (failed) return errnoError(failed.value(), "cannot make the folder of the parameters " + m_folder.string());
    if (::access(m_folder.c_str(), W_OK | X_OK) != 0)
        return errnoError(errno, "the folder of the parameters " + m_folder.string() + " cannot be written; choose another by --folder or FIL_PROOFS_PARAMETER_CACHE");
    return {};
}

Expected<std::uint64_t> ParameterFolder::freeBytes() const {
    struct statvfs status {};
    if (::statvfs(m_folder.c_str(), &status) != 0) return errnoError(errno, "cannot look at the disk of " + m_folder.string());
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

Expected<bool> ParameterFolder::import(const ParameterFile& file, const fs::path& from, const TaskContext& context) {
    const fs::path source = from / file.name, place = placeOf(file), made = m_folder / (file.name + ".import");
    const auto opened = File::openToRead(source);
    if (!opened) return opened.error().code() == ErrorCode::NotFound ? Expected<bool>(false) : Expected<bool>(opened.error());
    const auto size = opened->size();
    if (!size) return size.error();
    std::error_code ignored;
    fs::remove(made, ignored);
    // A link is the same bytes; it is hashed under its new name either way, after which nobody has to believe anything.
    if (::link(source.c_str(), made.c_str()) != 0) {
        const auto out = File::create(made);
        if (!out) return out.error();
        const auto copied = [&]() -> Expected<void> {
            LSW_TRY(out->allocate(*size));
            Bytes block(kCopyBlock);
            for (std::uint64_t at = 0; at < *size;) {
                if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while copying " + source.string());
                const auto part = std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), *size - at)));
                LSW_TRY(opened->readAt(at, part));
                LSW_TRY(out->writeAt(at, part));
                at += part.size();
                context.report({"params", file.name, at, *size, "bytes"});
            }
            return out->sync();
        };
        if (auto done = copied(); !done) {
            fs::remove(made, ignored);
            return std::move(done).error();
        }
    }
    const auto link = File::openToRead(made);
    if (!link) return link.error();
    ChunkSums sums(*size);
    const auto digest = digestOf(*link, 0, *size, context.stop, [&](std::uint64_t done, std::span<const std::uint8_t> bytes) {
        sums.add(bytes);
        context.report({"params", file.name, done, *size, "bytes"});
    });
    if (!digest || *digest != file.digest) {
        fs::remove(made, ignored);
        return digest ? Expected<bool>(false) : Expected<bool>(digest.error());
    }
    if (::rename(made.c_str(), place.c_str()) != 0) return errnoError(errno, "cannot give the imported file its name " + place.string());
    fs::remove(made, ignored); // rename() of two links of one file does nothing
    remember(file);
    sums.save(m_folder, file);
    return true;
}

Expected<FetchLock> FetchLock::take(const fs::path& folder) {
    const fs::path file = folder / "fetch.lock";
    FetchLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock.m_descriptor < 0) return errnoError(errno, "cannot open " + file.string());
    struct flock wanted {};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    if (::fcntl(lock.m_descriptor, F_SETLK, &wanted) == 0) return lock;
    if (errno != EACCES && errno != EAGAIN) return errnoError(errno, "cannot lock " + file.string());
    struct flock holder = wanted;
    const bool isKnown = ::fcntl(lock.m_descriptor, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK && holder.l_pid > 0;
    return Error(ErrorCode::StorageUnavailable, "another program" + (isKnown ? " (process " + std::to_string(holder.l_pid) + ')' : std::string()) +
                                                    " is fetching parameters into " + folder.string() + "; wait for it, or end it");
}

FetchLock::FetchLock(FetchLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
FetchLock& FetchLock::operator=(FetchLock&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}
FetchLock::~FetchLock() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

} // namespace lsw::params
