// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/edited_file.h"

#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/durable_files.h"

namespace lsw::setup {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFileLimit = 1U << 20;

Error changedMeanwhile(const fs::path& path) {
    return Error(ErrorCode::AlreadyExists, path.string() + " was changed by somebody else meanwhile; nothing was written: look at it and do it again");
}

/// A flushed neighbour of the file with this text; its name is one that removeUnfinishedWrites() knows.
Expected<fs::path> writeBeside(const fs::path& file, std::string_view text, mode_t mode, const struct stat* owner) {
    const fs::path made = file.string() + ".new-" + std::to_string(::getpid());
    ::unlink(made.c_str());
    const storage::FileHandle out(::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out) return storage::writeError(errno, "cannot write beside " + file.string());
    Expected<void> written = storage::writeAll(out.get(), text.data(), text.size(), file);
    if (written && owner && (owner->st_uid != ::geteuid() || owner->st_gid != ::getegid()) && ::fchown(out.get(), owner->st_uid, owner->st_gid) != 0)
        written = errnoError(errno, "cannot keep the owner of " + file.string());
    if (written && ::fchmod(out.get(), mode) != 0) written = errnoError(errno, "cannot keep the rights of " + file.string());
    if (written && ::fsync(out.get()) != 0) written = storage::writeError(errno, "cannot flush " + file.string());
    if (written) return made;
    ::unlink(made.c_str());
    return std::move(written).error();
}

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.push_back(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

} // namespace

Expected<EditedFile> EditedFile::read(const fs::path& file) {
    EditedFile out;
    out.m_path = file;
    std::error_code failed;
    if (fs::is_symlink(fs::symlink_status(file, failed))) {
        out.m_path = fs::canonical(file, failed);
        if (failed) return Error(ErrorCode::NotFound, file.string() + " is a link that leads nowhere: remove it, or make what it names");
    }
    struct stat status {};
    if (::stat(out.m_path.c_str(), &status) != 0) {
        if (errno == ENOENT) return out;
        return errnoError(errno, "cannot look at " + out.m_path.string());
    }
    if (!S_ISREG(status.st_mode)) return Error(ErrorCode::InvalidArgument, out.m_path.string() + " is no plain file");
    if (status.st_size > static_cast<off_t>(kFileLimit)) return Error(ErrorCode::InvalidArgument, out.m_path.string() + " is larger than 1 MiB, which no such file is");
    auto text = storage::readFileWhole(out.m_path, kFileLimit);
    if (!text) return std::move(text).error();
    out.m_text = std::move(*text);
    out.m_exists = true;
    return out;
}

Expected<void> EditedFile::replace(std::string_view text, mode_t modeOfNew) {
    const fs::path folder = m_path.parent_path().empty() ? fs::path(".") : m_path.parent_path();
    if (!m_exists) {
        std::error_code failed;
        if (fs::create_directories(folder.parent_path(), failed); failed) return errnoError(failed.value(), "cannot make " + folder.parent_path().string());
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return storage::writeError(errno, "cannot make " + folder.string());
    }
    // The folder, because the file itself is another one after each replacement.
    const storage::FileHandle lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock) return errnoError(errno, "cannot look into " + folder.string());
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return Error(ErrorCode::AlreadyExists, m_path.string() + " is just being written by another program; nothing was written: do it again");
    struct stat status {};
    const bool isThere = ::stat(m_path.c_str(), &status) == 0;
    if (isThere != m_exists) return changedMeanwhile(m_path);
    if (isThere) {
        const auto now = storage::readFileWhole(m_path, kFileLimit);
        if (!now || *now != m_text) return changedMeanwhile(m_path);
        if ((status.st_mode & S_IWUSR) == 0 || ::access(m_path.c_str(), W_OK) != 0)
            return Error(ErrorCode::PermissionDenied, m_path.string() + " is read-only; nothing was written: 'chmod u+w' lets it be changed");
    }
    const auto made = writeBeside(m_path, text, isThere ? status.st_mode & 07777 : modeOfNew, isThere ? &status : nullptr);
    if (!made) return made.error();
    if (::rename(made->c_str(), m_path.c_str()) != 0) {
        const int reason = errno;
        ::unlink(made->c_str());
        return storage::writeError(reason, "cannot write " + m_path.string());
    }
    m_text = text;
    m_exists = true;
    return syncFolder(folder);
}

std::string changedLines(std::string_view before, std::string_view after) {
    auto old = linesOf(before), now = linesOf(after);
    std::size_t same = 0;
    while (same < old.size() && same < now.size() && old[same] == now[same]) ++same;
    while (old.size() > same && now.size() > same && old.back() == now.back()) {
        old.pop_back();
        now.pop_back();
    }
    std::string out;
    for (std::size_t i = same; i < old.size(); ++i) out += "- " + std::string(old[i]) + '\n';
    for (std::size_t i = same; i < now.size(); ++i) out += "+ " + std::string(now[i]) + '\n';
    return out;
}

} // namespace lsw::setup
