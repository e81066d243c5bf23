// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/worker_repo.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QtCore/QUuid>

#include "storage/durable_files.h"
#include "storage/storage_config.h"
#include "worker/repo_layout.h"

namespace lsw::worker {

namespace fs = std::filesystem;

namespace {

Error notUsable(const fs::path& path, const std::error_code& why) {
    return Error(ErrorCode::StorageUnavailable, "the worker's folder cannot be prepared: " + path.string() + ": " + why.message());
}

/// Replaces a file in one step, with exactly these rights.
Expected<void> writeFile(const fs::path& file, const std::string& text, mode_t mode) {
    const fs::path temporary = file.string() + ".new";
    unlink(temporary.c_str());
    const int handle = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (handle < 0) return errnoError(errno, "writing " + file.string());
    std::size_t done = 0;
    while (done < text.size()) {
        const auto wrote = ::write(handle, text.data() + done, text.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) {
            const int failure = errno;
            ::close(handle);
            unlink(temporary.c_str());
            return errnoError(failure, "writing " + file.string());
        }
        done += static_cast<std::size_t>(wrote);
    }
    ::close(handle);
    if (rename(temporary.c_str(), file.c_str()) != 0) return errnoError(errno, "writing " + file.string());
    return {};
}

/// A new folder's first contents.
Expected<void> fill(const fs::path& folder, bool noLocalStorage) {
    std::error_code failure;
    fs::create_directories(folder / "datastore", failure);
    if (failure) return notUsable(folder / "datastore", failure);
    if (!fs::exists(folder / "config.toml")) LSW_TRY(writeFile(folder / "config.toml", "", 0644));
    std::vector<std::string> paths;
    if (!noLocalStorage) {
        if (!fs::exists(folder / "sectorstore.json")) {
            storage::PathMetadata own;
            own.id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
            LSW_TRY(storage::writePathMetadata(folder, own));
        }
        paths.push_back(folder.string());
    }
    // An older folder that lost its keystore keeps its paths.
    if (!fs::exists(folder / "storage.json")) LSW_TRY(storage::writeStorageConfig(folder, paths));
    // Last, because its presence says that the folder is complete: a start that was cut off fills again.
    fs::create_directory(folder / "keystore", failure);
    if (failure) return notUsable(folder / "keystore", failure);
    fs::permissions(folder / "keystore", fs::perms::owner_all, failure);
    return {};
}

/// The lock that lotus-worker takes as well: a write lock on the whole of the empty `repo.lock`, whose holder removes it at its end.
Expected<int> lockFolder(const fs::path& folder) {
    const auto file = folder / "repo.lock";
    for (;;) {
        const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (lock < 0) return notUsable(file, std::error_code(errno, std::generic_category()));
        // A lock of the open file: it excludes the record lock that lotus-worker takes, and a second worker in this process too.
        struct flock whole {};
        whole.l_type = F_WRLCK;
        whole.l_whence = SEEK_SET;
        if (fcntl(lock, F_OFD_SETLK, &whole) != 0) {
            const int reason = errno;
            ::close(lock);
            if (reason == EAGAIN || reason == EACCES)
                return Error(ErrorCode::StorageUnavailable, "another worker uses the folder " + folder.string() +
                                                                ": stop it, or give this one a folder of its own with --worker-repo");
            return notUsable(file, std::error_code(reason, std::generic_category()));
        }
        struct stat mine {}, named {};
        if (::fstat(lock, &mine) == 0 && ::stat(file.c_str(), &named) == 0 && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino) return lock;
        ::close(lock); // its holder ended and removed the name between our two steps
    }
}

} // namespace

Expected<std::unique_ptr<WorkerRepo>> WorkerRepo::open(const fs::path& wanted, bool noLocalStorage) {
    std::error_code failure;
    const fs::path folder = fs::absolute(storage::expandHome(wanted.string()), failure);
    if (failure) return notUsable(wanted, failure);
    fs::create_directories(folder, failure);
    if (failure) return notUsable(folder, failure);

    const auto lock = lockFolder(folder);
    if (!lock) return lock.error();
    std::unique_ptr<WorkerRepo> repo(new WorkerRepo(folder, *lock));
    for (const fs::path& place : {folder, folder / kOwnFolder}) storage::removeUnfinishedWrites(place);
    if (!fs::exists(folder / "keystore")) {
        auto filled = fill(folder, noLocalStorage);
        if (!filled) return std::move(filled).error().whileDoing("filling the new folder of the worker");
    }
    LSW_TRY(prepareOwnFolder(folder));
    return repo;
}

WorkerRepo::~WorkerRepo() {
    unlink((m_folder / "api").c_str());
    // Removed while it is still held, so that nobody can lock the name that goes away.
    unlink((m_folder / "repo.lock").c_str());
    ::close(m_lock);
}

Expected<void> WorkerRepo::announce(const protocol::Endpoint& own, const std::string& token) {
    LSW_TRY(writeFile(m_folder / "api", protocol::toMultiaddr(own), 0644));
    LSW_TRY(writeFile(m_folder / "token", token, 0600));
    return {};
}

} // namespace lsw::worker
