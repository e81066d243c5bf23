// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/doctor_private.h"
#include "setup/disk_facts.h"
#include "setup/machine_check.h"
#include "setup/machine_facts.h"
#include "setup/miner_process.h"

#include "base/text.h"
#include "storage/path_probe.h"
#include "storage/storage_config.h"

#include <algorithm>

/// #14: the worker's folder and its storage paths.
namespace lsw::setup::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kUsualSize = std::uint64_t{32} << 30; ///< when no miner says its own

bool isSameFolder(const fs::path& a, const fs::path& b) {
    std::error_code failed;
    return !a.empty() && !b.empty() && fs::equivalent(a, b, failed);
}

/// Folders that the miner seals or stores in; empty when its repo is not here.
std::vector<fs::path> foldersOfMiner(const Visit& visit) {
    std::vector<fs::path> out;
    if (!visit.miner || visit.miner->repo.empty()) return out;
    out.push_back(visit.miner->repo);
    if (const auto paths = storage::readStorageConfig(visit.miner->repo))
        for (const std::string& one : *paths) out.push_back(storage::expandHome(one));
    return out;
}

void checkNewFolder(const fs::path& folder, CheckNotes& notes) {
    const fs::path there = existingFolder(folder);
    if (const std::string why = whyNotWritable(there); !why.empty()) return notes.find(Finding::PathUnwritable, {there.string(), why, ownUserName()});
    const auto disk = diskFacts(there);
    notes.find(Finding::StorageNew, {folder.string(), disk ? byteText(disk->free) : "an unknown amount"});
}

/// Whether somebody else has the worker's folder.
bool isHeldByOther(Visit& visit, const fs::path& folder, CheckNotes& notes) {
    const auto holder = repoHolder(folder);
    if (!holder) return false;
    // lotus-worker's lock is one of its process, this worker's one of its open file, which tells of no process.
    if (*holder == 0 && !ourSession(visit).empty()) {
        notes.evidence("The worker of this folder runs.");
        return false;
    }
    notes.find(Finding::WorkerFolderHeld, {folder.string(), *holder ? programText(*holder) : "a worker that does not answer"});
    return true;
}

struct SealPath {
    std::string folder;
    std::uint64_t available = 0;
};

/// The path when it can seal and be used; what is wrong with it goes into the notes.
std::optional<SealPath> checkPath(const std::string& text, const std::vector<fs::path>& ofMiner, CheckNotes& notes) {
    const fs::path folder = storage::expandHome(text);
    if (std::any_of(ofMiner.begin(), ofMiner.end(), [&](const fs::path& one) { return isSameFolder(one, folder); })) {
        notes.find(Finding::FolderOfMiner, {folder.string()});
        return std::nullopt;
    }
    storage::PathProbe probe;
    const auto figures = probe.figures(folder, {}); // first: it does not wait for a disk that is away
    const auto metadata = figures ? storage::readPathMetadata(folder) : Expected<storage::PathMetadata>(figures.error());
    if (!metadata) {
        notes.find(Finding::PathGone, {folder.string(), metadata.error().detail()});
        return std::nullopt;
    }
    const auto available = static_cast<std::uint64_t>(std::max<std::int64_t>(0, figures->available));
    const std::string what = std::string(metadata->canSeal ? "can seal" : "cannot seal") + (metadata->canStore ? ", can store" : "");
    notes.evidence(folder.string() + ": " + what + ", " + byteText(available) + " free");
    if (const std::string why = whyNotWritable(folder); !why.empty()) {
        notes.find(Finding::PathUnwritable, {folder.string(), why, ownUserName()});
        return std::nullopt;
    }
    if (!metadata->canSeal) return std::nullopt;
    return SealPath{folder.string(), available};
}

} // namespace

Outcome checkStorage(Visit& visit, CheckNotes& notes) {
    const fs::path& folder = visit.question.workerRepo;
    const std::vector<fs::path> ofMiner = foldersOfMiner(visit);
    if (std::any_of(ofMiner.begin(), ofMiner.end(), [&](const fs::path& one) { return isSameFolder(one, folder); })) {
        notes.find(Finding::FolderOfMiner, {folder.string()});
        return {};
    }
    std::error_code failed;
    if (!fs::exists(folder / "keystore", failed)) { // what makes a start fill the folder
        checkNewFolder(folder, notes);
        return {};
    }
    if (isHeldByOther(visit, folder, notes)) return {};
    const auto paths = storage::readStorageConfig(folder);
    if (!paths) {
        notes.find(Finding::StorageUnreadable, {paths.error().message()});
        return {};
    }
    const std::uint64_t size = visit.view && visit.view->sectorSize ? *visit.view->sectorSize : kUsualSize, need = bytesInWork(size);
    const bool isSizeKnown = visit.view && visit.view->sectorSize;
    std::optional<SealPath> largest;
    std::uint64_t fits = 0;
    for (const std::string& text : *paths) {
        const auto path = checkPath(text, ofMiner, notes);
        if (!path) continue;
        fits += path->available / need;
        if (!largest || path->available > largest->available) largest = path;
    }
    if (!largest && !notes.hasFailed()) notes.find(Finding::NoSealPath, {folder.string()});
    if (!largest) return {};
    if (fits == 0 && isSizeKnown) notes.find(Finding::PathTooSmall, {byteText(size), byteText(need), largest->folder, byteText(largest->available)});
    else notes.find(Finding::StorageGood, {largest->folder, byteText(largest->available), std::to_string(fits), byteText(size)});
    return {};
}

} // namespace lsw::setup::doctor
