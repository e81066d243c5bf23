// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/local_store.h"

#include "storage/durable_files.h"
#include "storage/local_store_private.h"
#include "storage/path_filters.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace {

Expected<void> makeTypeFolders(const fs::path& root, bool isAlone) {
    for (const FileType type : sector::kFileTypes) {
        const fs::path folder = root / sector::fileTypeName(type);
        if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
            const int why = errno;
            if (why == ENOSPC || why == EDQUOT) return errnoError(why, "cannot make the folder " + folder.string());
            return Error(ErrorCode::StorageUnavailable, "cannot make the folder " + folder.string() + ": " + std::strerror(why));
        }
        std::error_code ignored;
        if (!fs::is_directory(folder, ignored))
            return Error(ErrorCode::StorageUnavailable, folder.string() + " is not a folder; sector files cannot be kept there: move it away");
        if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
            return Error(ErrorCode::StorageUnavailable, "the folder " + folder.string() + " cannot be written (" + std::strerror(errno) +
                                                            "); give this user the right to write there, or detach the path");
        if (!isAlone) continue;
        // What a process that was killed had already taken out of sight.
        std::vector<fs::path> removed;
        removeUnfinishedWrites(folder / kFetchingFolder);
        for (fs::directory_iterator it(folder / kFetchingFolder, ignored), end; !ignored && it != end; it.increment(ignored))
            if (it->path().filename().string().find(kRemovedMark) != std::string::npos) removed.push_back(it->path());
        for (const fs::path& path : removed) fs::remove_all(path, ignored);
    }
    if (isAlone) removeUnfinishedWrites(root);
    return syncFolder(root); // or a power cut takes a new type folder with all that was flushed in it
}

/// "/a/b", "/a/b/" and "/a/./b" are one.
bool isSamePath(const fs::path& a, const fs::path& b) {
    const auto plain = [](const fs::path& path) {
        const fs::path normal = path.lexically_normal();
        return normal.has_filename() ? normal : normal.parent_path();
    };
    return plain(a) == plain(b);
}

std::int64_t asSigned(std::uint64_t value) { return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX)); }

} // namespace

LocalStore::LocalStore(Settings settings, SectorIndex& index) : m_private(std::make_shared<Private>(std::move(settings), index)) {}
LocalStore::~LocalStore() = default;

std::vector<LocalStore::Private::PathState> LocalStore::Private::openStates() const {
    const std::lock_guard lock(mutex);
    return paths;
}

std::optional<LocalStore::Private::PathState> LocalStore::Private::stateOf(const std::string& id) const {
    const std::lock_guard lock(mutex);
    for (const PathState& path : paths)
        if (path.id == id) return path;
    return std::nullopt;
}

StorageInfo LocalStore::Private::infoOf(const PathState& path) const {
    const PathMetadata& m = path.metadata;
    StorageInfo info;
    info.id = m.id;
    info.urls = {settings.remoteUrl};
    info.weight = m.weight;
    info.maxStorage = m.maxStorage;
    info.canSeal = m.canSeal;
    info.canStore = m.canStore;
    info.groups = m.groups;
    info.allowTo = m.allowTo;
    info.allowTypes = m.allowTypes;
    info.denyTypes = m.denyTypes;
    info.allowMiners = m.allowMiners;
    info.denyMiners = m.denyMiners;
    return info;
}

Expected<LocalStore::Private::Measured> LocalStore::Private::measure(const PathState& path, const fs::path& another) const {
    std::vector<PathProbe::File> files;
    {
        const std::lock_guard lock(mutex);
        for (const auto& [key, reservation] : reservations) {
            if (reservation.storageId != path.id) continue;
            const fs::path folder = reservation.root / sector::fileTypeName(reservation.type);
            const std::string name = sector::sectorName(reservation.sector);
            files.push_back({key, folder / name, folder / kFetchingFolder / name});
        }
    }
    if (!another.empty()) files.push_back({0, another, {}});
    auto disk = probe.figures(path.path, files);
    if (!disk) return std::move(disk).error();
    Measured out{*std::move(disk), 0};
    if (path.metadata.maxStorage == 0) return out;
    const auto used = probe.usage(path.path);
    if (!used) return used.error();
    out.used = *used;
    return out;
}

FsStat LocalStore::Private::statLocked(const PathState& path, const Measured& measured) const {
    FsStat stat;
    stat.capacity = measured.disk.capacity;
    stat.fsAvailable = stat.available = measured.disk.available;
    for (const auto& [key, reservation] : reservations) {
        if (reservation.storageId != path.id) continue;
        const auto onDisk = measured.disk.onDisk.find(key);
        stat.reserved += asSigned(reservation.bytes - std::min(onDisk == measured.disk.onDisk.end() ? 0 : onDisk->second, reservation.bytes));
    }
    stat.available = std::max<std::int64_t>(0, stat.available - stat.reserved);
    if (path.metadata.maxStorage > 0) {
        stat.max = asSigned(path.metadata.maxStorage);
        stat.used = asSigned(measured.used);
        // Reserved bytes count against the limit as well: what will be written cannot be promised twice.
        stat.available = std::min(stat.available, std::max<std::int64_t>(0, stat.max - stat.used - stat.reserved));
    }
    return stat;
}

Expected<FsStat> LocalStore::Private::statOf(const PathState& path) const {
    const auto measured = measure(path, {});
    if (!measured) return measured.error();
    const std::lock_guard lock(mutex);
    return statLocked(path, *measured);
}

Expected<void> LocalStore::Private::declareAll(PathState& path, bool dropMissing, std::stop_token stop) {
    const auto stat = statOf(path);
    if (!stat) return stat.error();
    LSW_TRY(index.attach(infoOf(path), *stat, stop));
    std::map<SectorId, FileType> missing;
    if (dropMissing) {
        const auto listed = index.list(stop);
        if (!listed) return listed.error();
        if (const auto ours = listed->find(path.id); ours != listed->end())
            for (const SectorDeclaration& declared : ours->second) missing[declared.sector] = missing[declared.sector] | declared.types;
    }
    const PathMetadata& m = path.metadata;
    path.notes = filterProblems(m.allowTypes, m.denyTypes, m.allowMiners, m.denyMiners, (path.path / "sectorstore.json").string());
    for (const FileType type : sector::kFileTypes) {
        const fs::path folder = path.path / sector::fileTypeName(type);
        std::vector<std::string> names;
        std::error_code failed;
        for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) names.push_back(it->path().filename().string());
        if (failed) return errnoError(failed.value(), "cannot list " + folder.string());
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            if (name == kFetchingFolder) continue;
            const auto id = sector::parseSectorName(name);
            if (!id) {
                path.notes.push_back((folder / name).string() + " is not named like a sector file and is left alone");
                continue;
            }
            std::error_code ignored;
            if (fs::is_directory(folder / name, ignored) != sector::isDirectory(type)) {
                path.notes.push_back((folder / name).string() + (sector::isDirectory(type) ? " is not a folder" : " is not a file") + " and is left alone");
                continue;
            }
            LSW_TRY(index.declare(path.id, *id, type, path.metadata.canStore, stop));
            if (const auto found = missing.find(*id); found != missing.end()) found->second = found->second & ~type;
        }
    }
    for (const auto& [id, types] : missing)
        for (const FileType type : sector::kFileTypes)
            if (any(types & type)) LSW_TRY(index.drop(path.id, id, type, stop));
    return {};
}

Expected<void> LocalStore::Private::closePath(const PathState& path, std::stop_token stop) {
    Expected<void> detached;
    const auto info = index.info(path.id, stop);
    if (!info) detached = info.error();
    else
        for (const std::string& url : info->urls)
            if (url == settings.remoteUrl)
                if (auto one = index.detach(path.id, url, stop); !one && detached) detached = std::move(one);
    const std::lock_guard lock(mutex);
    std::erase_if(paths, [&](const PathState& open) { return open.id == path.id; });
    locks.erase(path.id);
    return detached;
}

Expected<void> LocalStore::Private::reportHealth(std::stop_token stop) {
    Expected<void> first;
    for (const PathState& path : openStates()) {
        const auto stat = statOf(path);
        HealthReport report;
        if (stat) report.stat = *stat;
        else report.error = stat.error().message();
        if (auto sent = index.reportHealth(path.id, report, stop); !sent && first) first = std::move(sent);
    }
    return first;
}

Expected<void> LocalStore::openAll(std::stop_token stop) {
    const auto configured = readStorageConfig(m_private->settings.repo);
    if (!configured) return configured.error();
    for (const std::string& path : *configured) LSW_TRY(openPath(expandHome(path), false, stop));
    return {};
}

Expected<void> LocalStore::openPath(const fs::path& given, bool addToConfig, std::stop_token stop) {
    const fs::path path = expandHome(given.string());
    const auto failed = [&](Error error) { return std::move(error).whileDoing("opening local path"); };
    auto metadata = readPathMetadata(path);
    if (!metadata) return failed(std::move(metadata).error());
    const std::string id = metadata->id;
    if (const auto open = m_private->stateOf(id))
        return failed(Error(ErrorCode::AlreadyExists, "path with ID " + id + " already opened: '" + open->path.string() + '\''));
    auto lock = PathLock::take(path);
    if (!lock) return failed(std::move(lock).error());
    if (auto made = makeTypeFolders(path, lock->isAlone()); !made) return failed(std::move(made).error());
    Private::PathState state{id, path, std::move(*metadata), {}};
    if (auto declared = m_private->declareAll(state, false, stop); !declared) return failed(std::move(declared).error().whileDoing(path.string()));
    {
        const std::lock_guard guard(m_private->mutex);
        // Two threads may have opened two folders with one identity.
        if (m_private->locks.contains(id)) return failed(Error(ErrorCode::AlreadyExists, "path with ID " + id + " already opened"));
        m_private->paths.push_back(std::move(state));
        m_private->locks.emplace(id, std::make_shared<PathLock>(std::move(*lock)));
    }
    if (!addToConfig) return {};
    auto configured = readStorageConfig(m_private->settings.repo);
    if (!configured && configured.error().code() != ErrorCode::NotFound) return std::move(configured).error();
    std::vector<std::string> all = configured ? std::move(*configured) : std::vector<std::string>();
    for (const std::string& known : all)
        if (isSamePath(expandHome(known), path)) return {};
    all.push_back(path.string());
    return writeStorageConfig(m_private->settings.repo, all);
}

Expected<void> LocalStore::detachPath(const fs::path& given, std::stop_token stop) {
    const fs::path path = expandHome(given.string());
    std::optional<Private::PathState> state;
    for (const auto& open : m_private->openStates())
        if (isSamePath(open.path, path)) state = open;
    if (!state) return Error(ErrorCode::NotFound, "no local paths match '" + path.string() + '\'');
    auto configured = readStorageConfig(m_private->settings.repo);
    if (!configured) return std::move(configured).error();
    const auto removed = std::erase_if(*configured, [&](const std::string& known) { return isSamePath(expandHome(known), state->path); });
    if (removed == 0) return Error(ErrorCode::NotFound, "path not found in storage.json");
    LSW_TRY(writeStorageConfig(m_private->settings.repo, *configured));
    return m_private->closePath(*state, stop);
}

Expected<void> LocalStore::detachAll(std::stop_token stop) {
    Expected<void> first;
    for (const auto& open : m_private->openStates())
        if (auto closed = m_private->closePath(open, stop); !closed && first) first = std::move(closed);
    return first;
}

Expected<void> LocalStore::redeclare(const std::optional<std::string>& id, bool dropMissing, std::stop_token stop) {
    Expected<void> first;
    for (Private::PathState state : m_private->openStates()) {
        if (id && state.id != *id) continue;
        auto metadata = readPathMetadata(state.path);
        Expected<void> done;
        if (!metadata) done = std::move(metadata).error();
        else if (metadata->id != state.id)
            done = Error(ErrorCode::Corrupt, "the storage path " + state.path.string() + " has another ID now (" + metadata->id + " instead of " + state.id +
                                                 "); is another disk mounted there?");
        else {
            state.metadata = std::move(*metadata);
            done = m_private->declareAll(state, dropMissing, stop);
        }
        if (!done && first) first = done;
        if (!done) continue;
        const std::lock_guard lock(m_private->mutex);
        for (auto& open : m_private->paths)
            if (open.id == state.id) open = state;
    }
    return first;
}

Expected<void> LocalStore::reportHealth(std::stop_token stop) {
    for (const Private::PathState& path : m_private->openStates())
        for (const FileType type : sector::kFileTypes) removeAside(path.path / sector::fileTypeName(type));
    return m_private->reportHealth(stop);
}

std::vector<LocalStore::OpenPath> LocalStore::openPaths() const {
    std::vector<OpenPath> out;
    for (auto& state : m_private->openStates()) {
        const auto stat = m_private->statOf(state);
        out.push_back({state.id, state.path, state.metadata, stat ? *stat : FsStat{}, state.notes, stat ? std::string() : stat.error().message()});
    }
    return out;
}

Expected<FsStat> LocalStore::stat(const std::string& id) const {
    const auto state = m_private->stateOf(id);
    if (!state) return Error(ErrorCode::NotFound, "no storage path " + id + " is open here");
    return m_private->statOf(*state);
}

std::optional<fs::path> LocalStore::localPath(SectorId sector, FileType one) const {
    for (const auto& state : m_private->openStates()) {
        const fs::path path = m_private->placeIn(state, sector, one).path;
        std::error_code ignored;
        if (fs::exists(path, ignored)) return path;
    }
    return std::nullopt;
}

} // namespace lsw::storage
