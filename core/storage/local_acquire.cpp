// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/durable_files.h"
#include "storage/local_store_private.h"
#include "storage/path_filters.h"
#include "storage/remote_fetch.h"

#include <algorithm>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace {

std::string wireName(SectorId sector) { return '{' + std::to_string(sector.miner) + ' ' + std::to_string(sector.number) + '}'; }
std::string maskText(FileType types) { return '(' + std::to_string(static_cast<std::uint32_t>(types)) + ')'; }

bool lists(const std::vector<std::string>& names, std::string_view one) { return std::find(names.begin(), names.end(), one) != names.end(); }

template <typename Info>
bool mayAllocate(const Info& info, FileType one, PathType kind, std::uint64_t miner) {
    if (kind == PathType::Sealing ? !info.canSeal : !info.canStore) return false;
    return typeAllowed(info.allowTypes, info.denyTypes, one) && minerAllowed(info.allowMiners, info.denyMiners, miner).valueOr(false);
}

// A miner that restarted knows no path until we have attached ours again, seconds later: a task that asks in between must not fail for it.
constexpr std::chrono::milliseconds kForgottenPause{500};
constexpr int kForgottenTries = 20;

void pause(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, time, [] { return false; });
}

} // namespace

std::uint64_t spaceNeeded(FileType one, PathType kind, std::uint64_t sectorSize) {
    const bool isSealing = kind == PathType::Sealing;
    std::uint64_t tenths = 10;
    if (one == FileType::Cache) tenths = isSealing ? 141 : 1;
    if (one == FileType::UpdateCache) tenths = isSealing ? 21 : 1;
    return tenths * sectorSize / 10;
}

LocalStore::Private::Hold& LocalStore::Private::Hold::operator=(Hold&& other) noexcept {
    if (this == &other) return *this;
    free();
    m_store = std::move(other.m_store);
    m_keys = std::move(other.m_keys);
    return *this;
}

void LocalStore::Private::Hold::free() {
    if (!m_store) return;
    {
        const std::lock_guard lock(m_store->mutex);
        for (const std::uint64_t key : m_keys) m_store->reservations.erase(key);
    }
    m_store.reset();
}

Expected<LocalStore::Private::Gate> LocalStore::Private::Gate::enter(std::shared_ptr<Private> store, SectorId sector, const std::stop_token& stop) {
    std::unique_lock lock(store->mutex);
    if (!store->changed.wait(lock, stop, [&] { return !store->busySectors.contains(sector); }))
        return Error(ErrorCode::Cancelled, "stopped while another transfer of sector " + sector::sectorName(sector) + " was running");
    store->busySectors.insert(sector);
    return Gate(store, sector);
}

LocalStore::Private::Gate::~Gate() {
    if (!m_store) return;
    {
        const std::lock_guard lock(m_store->mutex);
        m_store->busySectors.erase(m_sector);
    }
    m_store->changed.notify_all();
}

bool LocalStore::Private::mayAllocateHere(FileType one, PathType kind, std::uint64_t sectorSize, std::uint64_t miner) const {
    for (const PathState& path : openStates()) {
        if (!mayAllocate(path.metadata, one, kind, miner)) continue;
        const auto stat = statOf(path);
        if (stat && static_cast<std::uint64_t>(stat->available) >= spaceNeeded(one, kind, sectorSize)) return true;
    }
    return false;
}

Place LocalStore::Private::placeIn(const PathState& path, SectorId sector, FileType one) const {
    return {path.id, path.path, path.path / sector::fileTypeName(one) / sector::sectorName(sector)};
}

Expected<LocalStore::Private::Hold> LocalStore::Private::reserve(SectorId sector, const Places& places, FileType types, PathType table,
                                                                 std::uint64_t sectorSize) {
    std::vector<std::uint64_t> keys;
    const auto takeBack = [&](Error error) {
        const std::lock_guard lock(mutex);
        for (const std::uint64_t key : keys) reservations.erase(key);
        return error;
    };
    for (const auto& [type, place] : places) {
        if (!any(types & type)) continue;
        const auto path = stateOf(place.storageId);
        if (!path) return takeBack(Error(ErrorCode::NotFound, "the storage path " + place.storageId + " was detached"));
        const auto measured = measure(*path, place.path);
        if (!measured) return takeBack(measured.error());
        const std::uint64_t bytes = spaceNeeded(type, table, sectorSize);
        const std::uint64_t need = bytes - std::min(bytes, measured->disk.onDisk.contains(0) ? measured->disk.onDisk.at(0) : 0);
        // Checked and entered at once: two that were measured before either was entered cannot have the same room.
        std::unique_lock lock(mutex);
        const FsStat stat = statLocked(*path, *measured);
        if (static_cast<std::uint64_t>(stat.available) < need) {
            lock.unlock();
            return takeBack(Error(ErrorCode::NoSpace, "can't reserve " + std::to_string(bytes) + " bytes in '" + place.root.string() + "' (id:" + place.storageId +
                                                          "), only " + std::to_string(stat.available) + " available"));
        }
        keys.push_back(nextReservation++);
        reservations.emplace(keys.back(), Reservation{place.storageId, place.root, sector, type, bytes});
    }
    return Hold(shared_from_this(), std::move(keys));
}

Expected<Places> LocalStore::Private::locate(SectorId sector, FileType existing, FileType allocate, PathType kind, std::uint64_t sectorSize,
                                             std::stop_token stop) {
    if (any(existing & allocate)) return Error(ErrorCode::InvalidArgument, "can't both find and allocate a sector");
    Places places;
    for (const FileType one : sector::kFileTypes) {
        const bool isWanted = any(one & existing), isToMake = any(one & allocate);
        if (!isWanted && !isToMake) continue;
        const auto found = index.find(sector, one, sectorSize, stop);
        if (!found && found.error().code() == ErrorCode::Cancelled) return found.error();
        // An index that cannot say where a type is must not end a task: asking for another place or another holder comes next.
        if (!found) continue;
        for (const SectorStorageInfo& info : *found) {
            const auto state = stateOf(info.id);
            if (!state) continue;
            const Place place = placeIn(*state, sector, one);
            std::error_code ignored;
            if (isWanted && !fs::exists(place.path, ignored)) continue;
            if (isToMake && !mayAllocate(info, one, kind, sector.miner)) continue;
            places.emplace(one, place);
            break;
        }
    }
    for (const FileType one : sector::kFileTypes) {
        if (!any(one & allocate) || places.contains(one)) continue;
        auto best = index.bestAlloc(one, sectorSize, kind, sector.miner, stop);
        for (int again = 0; !best && best.error().code() == ErrorCode::Remote && again < kForgottenTries && mayAllocateHere(one, kind, sectorSize, sector.miner); ++again) {
            pause(kForgottenPause, stop);
            best = index.bestAlloc(one, sectorSize, kind, sector.miner, stop);
        }
        if (!best && best.error().code() == ErrorCode::Cancelled) return std::move(best).error();
        if (!best) return std::move(best).error().whileDoing("finding best storage for allocating ");
        for (const StorageInfo& info : *best) {
            const auto state = stateOf(info.id);
            if (!state || !mayAllocate(info, one, kind, sector.miner)) continue;
            // The miner's list is as old as our last health report: another of our paths may have the room that the best one just promised away.
            const auto stat = statOf(*state);
            const bool hasRoom = stat && static_cast<std::uint64_t>(stat->available) >= spaceNeeded(one, kind, sectorSize);
            if (hasRoom) {
                places.insert_or_assign(one, placeIn(*state, sector, one));
                break;
            }
            places.emplace(one, placeIn(*state, sector, one));
        }
        if (!places.contains(one)) return Error(ErrorCode::NoSpace, "couldn't find a suitable path for a sector");
    }
    return places;
}

Expected<void> LocalStore::Private::fetchOne(SectorId sector, FileType one, const Place& to, std::optional<protocol::AcquireMode> mode,
                                             const TaskContext& context) {
    const bool isMove = mode == protocol::AcquireMode::Move;
    auto found = index.find(sector, one, 0, context.stop);
    if (!found) return std::move(found).error();
    std::stable_sort(found->begin(), found->end(), [](const auto& a, const auto& b) { return a.weight < b.weight; });
    std::vector<std::string> urls;
    for (const SectorStorageInfo& info : *found)
        // Ours were looked at: what the index has of them and the disk has not cannot be fetched from ourselves.
        if (info.id != to.storageId && !stateOf(info.id))
            for (const std::string& url : info.urls)
                if (!lists(urls, url)) urls.push_back(url);
    const std::string what = "failed to acquire sector " + wireName(sector) + " from remote";
    if (urls.empty()) return Error(ErrorCode::NotFound, what + maskText(one) + ": sector not found");

    {
        std::unique_lock lock(mutex);
        if (!changed.wait(lock, context.stop, [&] { return runningFetches < std::max(1, settings.parallelFetches); }))
            return Error(ErrorCode::Cancelled, "stopped while waiting for other transfers");
        ++runningFetches;
    }
    TaskContext named{context.stop, [&](const Progress& progress) {
                          Progress copy = progress;
                          copy.step = sector::fileTypeName(one);
                          context.report(copy);
                      },
                      context.aborted};
    auto source = fetchFile(urls, settings.token, to.path.parent_path() / kFetchingFolder / to.path.filename(), to.path, named,
                            sector::isDirectory(one) ? FetchKind::Folder : FetchKind::File);
    {
        const std::lock_guard lock(mutex);
        --runningFetches;
    }
    changed.notify_all();
    if (!source) {
        if (context.isAborted()) forgetUnfinished(to.path.parent_path() / kFetchingFolder / to.path.filename());
        std::string tried;
        for (const std::string& url : urls) tried += (tried.empty() ? "" : " ") + url;
        if (source.error().code() == ErrorCode::Cancelled || source.error().code() == ErrorCode::NoSpace) return std::move(source).error().whileDoing(what);
        return std::move(source).error().whileDoing(what + " (tried [" + tried + "])");
    }
    probe.usageChanged(to.root);
    LSW_TRY(index.declare(to.storageId, sector, one, isMove, context.stop));
    // The file is here and known: a source that does not let go of its copy is no reason to fail.
    if (isMove) (void)deleteRemote(*source + "?keep=" + to.storageId, settings.token, context.stop);
    return {};
}

Expected<void> LocalStore::Private::fetchMissing(SectorId sector, FileType existing, PathType kind, std::optional<protocol::AcquireMode> mode,
                                                 std::uint64_t sectorSize, Places& places, const TaskContext& context) {
    FileType missing = FileType::None;
    for (const FileType one : sector::kFileTypes)
        if (any(one & existing) && !places.contains(one)) missing = missing | one;
    if (!any(missing)) return {};
    auto targets = locate(sector, FileType::None, missing, kind, sectorSize, context.stop);
    if (!targets) return std::move(targets).error().whileDoing("allocate local sector for fetching");
    const auto hold = reserve(sector, *targets, missing, kind, sectorSize);
    if (!hold) return Error(hold.error()).whileDoing("reserving storage space");
    for (const auto& [one, place] : *targets) {
        LSW_TRY(fetchOne(sector, one, place, mode, context));
        places.emplace(one, place);
    }
    return {};
}

Expected<SectorLease> LocalStore::acquire(const protocol::SectorRef& ref, FileType existing, FileType allocate, PathType kind,
                                          std::optional<protocol::AcquireMode> fetchMode, const TaskContext& context) {
    const auto proof = sector::proofInfo(ref.proof);
    if (!proof) return proof.error();
    const std::uint64_t sectorSize = (*proof)->sectorSize.value;
    const auto gate = Private::Gate::enter(m_private, ref.id, context.stop);
    if (!gate) return gate.error();
    auto places = m_private->locate(ref.id, existing, allocate, kind, sectorSize, context.stop);
    if (!places) return std::move(places).error();
    LSW_TRY(m_private->fetchMissing(ref.id, existing, kind, fetchMode, sectorSize, *places, context));
    // A worker always reserves what making a file needs at its largest, whatever the path is for.
    auto hold = m_private->reserve(ref.id, *places, allocate, PathType::Sealing, sectorSize);
    if (!hold) return std::move(hold).error().whileDoing("reserving storage space");
    SectorLease lease;
    lease.m_private = std::make_unique<SectorLease::Private>();
    lease.m_private->store = m_private;
    lease.m_private->sector = ref.id;
    lease.m_private->allocated = allocate;
    lease.m_private->places = std::move(*places);
    lease.m_private->hold = std::move(*hold);
    lease.m_private->isPrimary = fetchMode == protocol::AcquireMode::Move;
    lease.m_private->stop = context.stop;
    lease.m_private->aborted = context.aborted;
    return lease;
}

SectorLease::SectorLease() = default;
SectorLease::SectorLease(SectorLease&&) noexcept = default;

SectorLease& SectorLease::operator=(SectorLease&& other) noexcept {
    if (this == &other) return *this;
    (void)release();
    m_private = std::move(other.m_private);
    return *this;
}

SectorLease::~SectorLease() { (void)release(); }

void SectorLease::Private::discard() {
    hold.free();
    for (const auto& [one, place] : places) {
        if (!any(one & allocated)) continue;
        std::error_code ignored;
        if (!fs::exists(place.path, ignored)) continue;
        // The room first, then the index: nobody comes for a file that was being made.
        (void)removeWhole(place.path);
        (void)store->index.drop(place.storageId, sector, one, stop);
    }
}

fs::path SectorLease::path(FileType one) const {
    const auto found = m_private ? m_private->places.find(one) : Places::const_iterator();
    return m_private && found != m_private->places.end() ? found->second.path : fs::path();
}

std::string SectorLease::storageId(FileType one) const {
    const auto found = m_private ? m_private->places.find(one) : Places::const_iterator();
    return m_private && found != m_private->places.end() ? found->second.storageId : std::string();
}

fs::path SectorLease::root(FileType one) const {
    const auto found = m_private ? m_private->places.find(one) : Places::const_iterator();
    return m_private && found != m_private->places.end() ? found->second.root : fs::path();
}

Expected<void> SectorLease::release() {
    const auto held = std::move(m_private);
    if (!held) return {};
    if (held->aborted && held->aborted->load()) {
        held->discard();
        return Error(ErrorCode::Cancelled, "the task was aborted");
    }
    held->hold.free();
    Expected<void> first;
    for (const auto& [one, place] : held->places) {
        if (!any(one & held->allocated)) continue;
        // A task that failed before it made the file has nothing to declare; what it made is declared whatever became of the task.
        std::error_code ignored;
        if (!fs::exists(place.path, ignored)) continue;
        // A task flushes what it writes; that the file has its name is for us to flush. The result that goes out after this must find it.
        if (auto flushed = syncFolder(place.path.parent_path()); !flushed && first) first = std::move(flushed);
        if (auto declared = held->store->index.declare(place.storageId, held->sector, one, held->isPrimary, held->stop); !declared && first)
            first = std::move(declared);
    }
    return first;
}

} // namespace lsw::storage
