// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/local_store_private.h"
#include "storage/remote_fetch.h"

#include <sys/stat.h>

#include <algorithm>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace {

std::string sectorText(SectorId sector, FileType one) {
    return '{' + std::to_string(sector.miner) + ' ' + std::to_string(sector.number) + "}(" + std::to_string(static_cast<std::uint32_t>(one)) + ')';
}

bool lists(const std::vector<std::string>& names, const std::string& one) { return std::find(names.begin(), names.end(), one) != names.end(); }

bool onOneFileSystem(const fs::path& a, const fs::path& b) {
    struct stat first {}, second {};
    return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev;
}

} // namespace

Expected<void> LocalStore::Private::dropAndRemove(const PathState& path, SectorId sector, FileType one, std::stop_token stop) {
    // The index forgets first: nobody may come for a file that is going.
    LSW_TRY(index.drop(path.id, sector, one, stop));
    const fs::path file = placeIn(path, sector, one).path;
    LSW_TRY(removeWhole(file));
    forgetUnfinished(file.parent_path() / kFetchingFolder / file.filename());
    probe.usageChanged(path.path);
    // Only news for the miner; the regular report follows anyway.
    (void)reportHealth(stop);
    return {};
}

Expected<LocalStore::Private::Found> LocalStore::Private::removeOurs(SectorId sector, FileType one, const std::vector<std::string>& keepIn, std::stop_token stop) {
    const auto found = index.find(sector, one, 0, stop);
    if (!found) return found.error();
    Found out{false, !found->empty()};
    for (const PathState& path : openStates()) {
        const bool isDeclared = std::any_of(found->begin(), found->end(), [&](const auto& info) { return info.id == path.id; });
        std::error_code ignored;
        if (!isDeclared && !fs::exists(placeIn(path, sector, one).path, ignored)) continue;
        out.here = out.anywhere = true;
        if (!lists(keepIn, path.id)) LSW_TRY(dropAndRemove(path, sector, one, stop));
    }
    return out;
}

Expected<void> LocalStore::Private::removeAnywhere(SectorId sector, FileType one, bool force, const std::vector<std::string>& keepIn, std::stop_token stop) {
    const auto removed = removeOurs(sector, one, keepIn, stop);
    if (!removed) return removed.error();
    if (!removed->anywhere && !force) return Error(ErrorCode::NotFound, "can't delete sector " + sectorText(sector, one) + ", not found");
    const auto found = index.find(sector, one, 0, stop);
    if (!found) return found.error();
    std::string keep;
    for (const std::string& id : keepIn) keep += (keep.empty() ? "?keep=" : ".") + id;
    Expected<void> first;
    for (const SectorStorageInfo& info : *found) {
        if (lists(keepIn, info.id) || stateOf(info.id)) continue;
        Expected<void> deleted;
        for (const std::string& url : info.urls) {
            deleted = deleteRemote(url + keep, settings.token, stop);
            if (deleted) break;
            if (deleted.error().code() == ErrorCode::Cancelled) return deleted;
        }
        if (!deleted && first) first = std::move(deleted);
    }
    // A holder that is switched off must not stop a sector from being made anew.
    if (!first && !force) return Error(first.error()).whileDoing("removing sector " + sectorText(sector, one));
    return {};
}

Expected<void> LocalStore::remove(SectorId sector, FileType one, bool force, std::stop_token stop, const std::vector<std::string>& keepIn) {
    return m_private->removeAnywhere(sector, one, force, keepIn, stop);
}

Expected<void> LocalStore::removeLocal(SectorId sector, FileType one, const std::vector<std::string>& keepIn, std::stop_token stop) {
    const auto removed = m_private->removeOurs(sector, one, keepIn, stop);
    if (!removed) return removed.error();
    if (!removed->here) return Error(ErrorCode::NotFound, "can't delete sector " + sectorText(sector, one) + ", not found");
    return {};
}

Expected<void> LocalStore::removeCopies(SectorId sector, FileType one, std::stop_token stop) {
    const auto isPrimary = [](const SectorStorageInfo& info) { return info.primary; };
    const auto before = m_private->index.find(sector, one, 0, stop);
    if (!before) return before.error();
    if (std::any_of(before->begin(), before->end(), isPrimary)) {
        for (const SectorStorageInfo& info : *before) {
            const auto state = m_private->stateOf(info.id);
            if (state && !info.primary) LSW_TRY(m_private->dropAndRemove(*state, sector, one, stop));
        }
    }
    const auto after = m_private->index.find(sector, one, 0, stop);
    if (!after) return after.error();
    const auto kept = std::find_if(after->begin(), after->end(), isPrimary);
    if (kept == after->end()) return {};
    return m_private->removeAnywhere(sector, one, true, {kept->id}, stop);
}

Expected<void> LocalStore::Private::moveOne(SectorId sector, FileType one, const Place& from, const Place& to, std::uint64_t sectorSize,
                                            const TaskContext& context) {
    if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped before moving " + from.path.string());
    // On another disk the long part comes first, while the old place is still the known one.
    fs::path ready = from.path;
    if (!onOneFileSystem(from.path, to.path.parent_path())) {
        const auto hold = reserve(sector, {{one, to}}, one, PathType::Storage, sectorSize);
        if (!hold) return Error(hold.error()).whileDoing("reserving storage space");
        ready = to.path.parent_path() / kFetchingFolder / to.path.filename();
        std::error_code failed;
        fs::create_directories(ready.parent_path(), failed);
        if (failed) return writeError(failed.value(), "cannot make the folder " + ready.parent_path().string());
        forgetUnfinished(ready);
        TaskContext named{context.stop, [&](const Progress& progress) {
                              Progress copy = progress;
                              copy.step = sector::fileTypeName(one);
                              context.report(copy);
                          }};
        if (auto copied = copyFlushed(from.path, ready, named); !copied) {
            if (context.isAborted()) forgetUnfinished(ready);
            return copied;
        }
    }
    if (auto dropped = index.drop(from.storageId, sector, one, context.stop); !dropped) {
        if (ready != from.path) forgetUnfinished(ready);
        return dropped;
    }
    if (auto moved = putInPlace(ready, to.path); !moved) {
        // A failing disk may refuse to flush the name that it gave a moment before: wherever the file is whole, the index has to know it.
        std::error_code ignored;
        const bool isStillThere = fs::exists(from.path, ignored), hasArrived = fs::exists(to.path, ignored);
        if (ready != from.path) forgetUnfinished(ready);
        if (isStillThere && hasArrived) (void)removeWhole(to.path);
        if (isStillThere) (void)index.declare(from.storageId, sector, one, false, context.stop);
        else if (hasArrived) (void)index.declare(to.storageId, sector, one, true, context.stop);
        return std::move(moved).error().whileDoing("moving sector " + sectorText(sector, one));
    }
    probe.usageChanged(from.root);
    probe.usageChanged(to.root);
    LSW_TRY(index.declare(to.storageId, sector, one, true, context.stop));
    if (ready != from.path) return removeWhole(from.path);
    return {};
}

Expected<void> LocalStore::moveToStorage(const protocol::SectorRef& ref, FileType types, const TaskContext& context) {
    const auto proof = sector::proofInfo(ref.proof);
    if (!proof) return proof.error();
    const std::uint64_t sectorSize = (*proof)->sectorSize.value;
    const auto gate = Private::Gate::enter(m_private, ref.id, context.stop);
    if (!gate) return gate.error();
    {
        auto here = m_private->locate(ref.id, types, FileType::None, PathType::Storage, sectorSize, context.stop);
        if (!here) return std::move(here).error();
        LSW_TRY(m_private->fetchMissing(ref.id, types, PathType::Storage, protocol::AcquireMode::Move, sectorSize, *here, context));
    }
    const auto to = m_private->locate(ref.id, FileType::None, types, PathType::Storage, sectorSize, context.stop);
    if (!to) return Error(to.error()).whileDoing("acquire dest storage");
    const auto from = m_private->locate(ref.id, types, FileType::None, PathType::Storage, sectorSize, context.stop);
    if (!from) return Error(from.error()).whileDoing("acquire src storage");
    for (const auto& [one, target] : *to) {
        const auto source = from->find(one);
        if (source == from->end()) return Error(ErrorCode::NotFound, "sector " + sectorText(ref.id, one) + " was removed while it was moved");
        const auto sourceInfo = m_private->index.info(source->second.storageId, context.stop);
        if (!sourceInfo) return Error(sourceInfo.error()).whileDoing("failed to get source storage info");
        const auto targetInfo = m_private->index.info(target.storageId, context.stop);
        if (!targetInfo) return Error(targetInfo.error()).whileDoing("failed to get dest storage info");
        if (sourceInfo->id == targetInfo->id || sourceInfo->canStore) continue;
        LSW_TRY(m_private->moveOne(ref.id, one, source->second, target, sectorSize, context));
    }
    (void)m_private->reportHealth(context.stop);
    return {};
}

} // namespace lsw::storage
