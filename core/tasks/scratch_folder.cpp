// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/scratch_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <stdlib.h>
#include <string>
#include <sys/file.h>

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;

Expected<fs::path> parentOrTemp(const fs::path& parent) {
    if (!parent.empty()) return parent;
    std::error_code failed;
    fs::path temp = fs::temp_directory_path(failed);
    if (failed) return Error(ErrorCode::StorageUnavailable, "there is no temp folder: " + failed.message());
    return temp;
}

OwnedFd lockFolder(const fs::path& folder) {
    OwnedFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return OwnedFd();
    return fd;
}

} // namespace

Expected<ScratchFolder> ScratchFolder::make(const fs::path& parent, std::string_view prefix) {
    auto place = parentOrTemp(parent);
    if (!place) return std::move(place).error();
    std::error_code failed;
    fs::create_directories(*place, failed);
    std::string name = (*place / (std::string(prefix) + "XXXXXX")).string();
    if (!::mkdtemp(name.data())) return errnoError(errno, "creating a scratch folder in " + place->string());
    OwnedFd lock = lockFolder(name);
    if (!lock) {
        ::rmdir(name.c_str());
        return Error(ErrorCode::Io, "the scratch folder " + name + " cannot be locked");
    }
    return ScratchFolder(name, std::move(lock));
}

void ScratchFolder::removeStale(const fs::path& parent, std::string_view prefix, std::chrono::seconds young) {
    const auto place = parentOrTemp(parent);
    if (!place) return;
    std::error_code failed;
    for (fs::directory_iterator it(*place, failed), end; !failed && it != end; it.increment(failed)) {
        if (!it->path().filename().string().starts_with(prefix)) continue;
        std::error_code ignored;
        const auto when = fs::last_write_time(it->path(), ignored);
        if (ignored || fs::file_time_type::clock::now() - when < young) continue;
        if (const OwnedFd lock = lockFolder(it->path())) fs::remove_all(it->path(), ignored);
    }
}

void ScratchFolder::removeLeft(const fs::path& storagePath) {
    for (const std::string_view prefix : {kUnsealPrefix, kKeyPrefix}) removeStale(storagePath, prefix, std::chrono::seconds(0));
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!m_path.empty()) fs::remove_all(m_path, ignored);
}

} // namespace lsw::tasks
