// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/leftovers.h"

#include "storage/local_store_private.h"
#include "storage/remote_fetch.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <functional>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace {

using Kind = Leftover::Kind;

constexpr std::string_view kPartMark = ".part"; ///< the origin of an unfinished transfer, beside it
constexpr std::string_view kNewMark = ".new-";  ///< a small file that was being written, and by which process

std::vector<fs::path> entriesOf(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code ignored;
    for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end; it.increment(ignored)) out.push_back(it->path());
    std::sort(out.begin(), out.end());
    return out;
}

/// The lock that a running task has on its scratch folder; a free one is held by what is returned.
FileHandle lockOfScratch(const fs::path& folder) {
    FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (handle && ::flock(handle.get(), LOCK_EX | LOCK_NB) != 0) return FileHandle();
    return handle;
}

/// The process in "NAME.MARK123-4" or "NAME.MARK123"; 0 when there is none.
pid_t processIn(const std::string& name, std::string_view mark) {
    const auto at = name.rfind(mark);
    if (at == std::string::npos) return 0;
    const std::string rest = name.substr(at + mark.size());
    return static_cast<pid_t>(sector::parseUnsigned(rest.substr(0, rest.find('-')), "process").valueOr(0));
}

bool isRunning(pid_t process) { return process > 0 && (::kill(process, 0) == 0 || errno != ESRCH); }

/// Looks through one path.
class Search {
public:
    /// What tells whether a sector file is at home.
    struct Home {
        SectorIndex& index;
        std::map<SectorId, FileType> declared; ///< to be in this path
        bool canStore;                         ///< in a path that stores, what is declared is at home
    };
    /// `isShared`: other workers may have the path too. Without `home` the miner is not asked.
    Search(std::string storageId, fs::path path, bool isShared, std::function<bool(SectorId)> isOwned, std::optional<Home> home)
        : m_storageId(std::move(storageId)), m_path(std::move(path)), m_isShared(isShared), m_isOwned(std::move(isOwned)), m_home(std::move(home)) {}

    Expected<std::vector<Leftover>> run(const std::stop_token& stop) {
        for (const fs::path& entry : entriesOf(m_path)) {
            const std::string name = entry.filename().string();
            if (name.find(kNewMark) != std::string::npos && !isRunning(processIn(name, kNewMark)))
                add(leftoverAt(Kind::Scratch, entry, "a file that was being written when a worker was killed", true), {});
        }
        for (Leftover& scratch : abandonedScratch(m_path, kScratchPrefix)) add(std::move(scratch), {});
        for (const FileType type : sector::kFileTypes) {
            const fs::path folder = m_path / sector::fileTypeName(type);
            lookAtTransfers(folder / kFetchingFolder);
            for (const fs::path& entry : entriesOf(folder)) {
                if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while looking for leftovers");
                if (entry.filename() == kFetchingFolder) continue;
                if (auto looked = lookAt(entry, type, stop); !looked) return std::move(looked).error();
            }
        }
        return std::move(m_out);
    }

private:
    void add(Leftover one, std::optional<SectorId> sector) {
        one.storageId = m_storageId;
        one.sector = sector;
        if (m_isShared && one.isSure) {
            one.isSure = false;
            one.owner += "; or of another worker that has this path too";
        }
        m_out.push_back(std::move(one));
    }

    void lookAtTransfers(const fs::path& folder) {
        const auto entries = entriesOf(folder);
        for (const fs::path& entry : entries) {
            std::string name = entry.filename().string();
            if (name.find(kRemovedMark) != std::string::npos) {
                // Of this process: it is at it.
                if (processIn(name, kRemovedMark) != ::getpid()) add(leftoverAt(Kind::Removed, entry, "on its way out when a worker was killed", true), {});
                continue;
            }
            const bool isOrigin = name.ends_with(kPartMark);
            if (isOrigin) name.resize(name.size() - kPartMark.size());
            // The origin belongs to the part beside it, and goes with it.
            if (isOrigin && std::find(entries.begin(), entries.end(), folder / name) != entries.end()) continue;
            const auto id = sector::parseSectorName(name);
            if (!id) {
                add(leftoverAt(Kind::Stranger, entry, "not named like a sector file", false), {});
                continue;
            }
            if (m_isOwned(*id)) continue;
            add(leftoverAt(Kind::Transfer, entry, "an unfinished transfer of sector " + name + ", which no call waits for now", true), *id);
        }
    }

    Expected<void> lookAt(const fs::path& entry, FileType type, const std::stop_token& stop) {
        const std::string name = entry.filename().string();
        const auto id = sector::parseSectorName(name);
        std::error_code ignored;
        if (!id || fs::is_directory(entry, ignored) != sector::isDirectory(type)) {
            add(leftoverAt(Kind::Stranger, entry, id ? "named like a sector file, but of the wrong kind" : "not named like a sector file", false), {});
            return {};
        }
        if (m_isOwned(*id) || !m_home) return {};
        const auto known = m_home->declared.find(*id);
        if (known == m_home->declared.end() || !any(known->second & type)) {
            add(leftoverAt(Kind::Undeclared, entry, "sector " + name + ", which the miner does not know to be here; storage redeclare would tell it", false), *id);
            return {};
        }
        if (m_home->canStore) return {};
        const auto holders = m_home->index.find(*id, type, 0, stop);
        if (!holders) return holders.error();
        const auto ours = std::find_if(holders->begin(), holders->end(), [&](const SectorStorageInfo& one) { return one.id == m_storageId; });
        const auto home = std::find_if(holders->begin(), holders->end(), [&](const SectorStorageInfo& one) { return one.id != m_storageId && one.primary; });
        if (ours == holders->end() || ours->primary || home == holders->end()) return {};
        add(leftoverAt(Kind::Copy, entry, "a copy; sector " + name + " is kept in the storage path " + home->id, true), *id);
        return {};
    }

    const std::string m_storageId;
    const fs::path m_path;
    const bool m_isShared;
    const std::function<bool(SectorId)> m_isOwned;
    const std::optional<Home> m_home;
    std::vector<Leftover> m_out;
};

} // namespace

std::string_view leftoverKindName(Kind kind) {
    switch (kind) {
    case Kind::Transfer: return "transfer";
    case Kind::Removed: return "removed";
    case Kind::Scratch: return "scratch";
    case Kind::Stranger: return "stranger";
    case Kind::Undeclared: return "undeclared";
    case Kind::Copy: return "copy";
    case Kind::Spool: return "spool";
    }
    return {};
}

Leftover leftoverAt(Kind kind, const fs::path& path, std::string owner, bool isSure) {
    Leftover out{kind, path, {}, {}, diskUsage(path), 0, std::move(owner), isSure};
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0)
        out.modifiedMs = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000 + static_cast<std::int64_t>(status.st_mtim.tv_nsec) / 1000000;
    return out;
}

std::vector<Leftover> abandonedScratch(const fs::path& folder, std::string_view prefix) {
    std::vector<Leftover> out;
    for (const fs::path& entry : entriesOf(folder)) {
        std::error_code ignored;
        if (!entry.filename().string().starts_with(prefix) || !fs::is_directory(entry, ignored) || !lockOfScratch(entry)) continue;
        out.push_back(leftoverAt(Kind::Scratch, entry, "working files of a task that is gone", true));
    }
    return out;
}

Expected<std::vector<Leftover>> LocalStore::leftovers(const std::set<SectorId>& owned, std::stop_token stop) const {
    const auto listed = m_private->index.list(stop);
    if (!listed) return listed.error();
    std::vector<Leftover> out;
    for (const auto& path : m_private->openStates()) {
        const auto known = listed->find(path.id);
        const auto info = m_private->index.info(path.id, stop);
        std::shared_ptr<PathLock> ours;
        {
            const std::lock_guard lock(m_private->mutex);
            if (const auto found = m_private->locks.find(path.id); found != m_private->locks.end()) ours = found->second;
        }
        const bool isShared = !ours || !ours->isAlone() || !info || info->urls.size() > 1;
        Search::Home home{m_private->index, {}, path.metadata.canStore};
        if (known != listed->end())
            for (const SectorDeclaration& one : known->second) home.declared[one.sector] = home.declared[one.sector] | one.types;
        const auto isOwned = [&](SectorId sector) {
            const std::lock_guard lock(m_private->mutex);
            return owned.contains(sector) || m_private->busySectors.contains(sector);
        };
        auto some = Search(path.id, path.path, isShared, isOwned, std::move(home)).run(stop);
        if (!some) return some;
        std::move(some->begin(), some->end(), std::back_inserter(out));
    }
    return out;
}

Expected<void> LocalStore::removeLeftover(const Leftover& leftover, std::stop_token stop) {
    // Whoever begins with the sector now waits, and then finds it as it is.
    std::optional<Private::Gate> gate;
    if (leftover.sector) {
        auto entered = Private::Gate::enter(m_private, *leftover.sector, stop);
        if (!entered) return std::move(entered).error();
        gate.emplace(std::move(*entered));
    }
    const auto path = m_private->stateOf(leftover.storageId);
    if (leftover.kind == Kind::Copy) {
        const auto type = sector::fileTypeFromName(leftover.path.parent_path().filename().string());
        if (!type || !path) return Error(ErrorCode::NotFound, leftover.path.string() + " is in no open storage path any more");
        return m_private->dropAndRemove(*path, *leftover.sector, *type, stop);
    }
    LSW_TRY(removeFromDisk(leftover));
    if (path) m_private->probe.usageChanged(path->path);
    return {};
}

Expected<void> removeFromDisk(const Leftover& leftover) {
    if (leftover.kind == Kind::Undeclared) return removeWhole(leftover.path);
    std::error_code failed;
    FileHandle lock;
    if (leftover.kind == Kind::Scratch && fs::is_directory(leftover.path, failed)) {
        lock = lockOfScratch(leftover.path);
        if (!lock) return Error(ErrorCode::AlreadyExists, leftover.path.string() + " is in use by now");
    }
    fs::remove_all(leftover.path, failed);
    if (failed) return errnoError(failed.value(), "cannot remove " + leftover.path.string());
    if (leftover.kind == Kind::Transfer) forgetUnfinished(leftover.path);
    return {};
}

Expected<StoppedPaths> StoppedPaths::open(const fs::path& repo) {
    const auto configured = readStorageConfig(repo);
    if (!configured) return configured.error();
    StoppedPaths out;
    for (const std::string& text : *configured) {
        const fs::path path = expandHome(text);
        auto metadata = readPathMetadata(path);
        if (!metadata) return std::move(metadata).error();
        auto lock = PathLock::take(path);
        if (!lock) return std::move(lock).error();
        std::error_code ignored;
        out.m_paths.push_back({metadata->id, path, fs::equivalent(path, repo, ignored), std::move(*lock)});
    }
    return out;
}

Expected<std::vector<Leftover>> StoppedPaths::leftovers(const std::set<SectorId>& owned, std::stop_token stop) const {
    std::vector<Leftover> out;
    for (const Path& path : m_paths) {
        const bool isShared = !path.isOwn || !path.lock.isAlone();
        auto some = Search(path.id, path.path, isShared, [&](SectorId sector) { return owned.contains(sector); }, {}).run(stop);
        if (!some) return some;
        std::move(some->begin(), some->end(), std::back_inserter(out));
    }
    return out;
}

} // namespace lsw::storage
