// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_index.h"

#include <algorithm>
#include <optional>
#include <set>

#include "protocol/multiaddr.h"
#include "sector/sector_files.h"
#include "storage/path_filters.h"

namespace lsw::practice {
namespace {

constexpr std::int64_t kHeartbeatLimitMs = 50000;

struct Overhead {
    FileType type;
    std::uint64_t sealing, finalized; ///< tenths of the sector
};
constexpr Overhead kOverheads[] = {{FileType::Unsealed, 10, 10}, {FileType::Sealed, 10, 10},     {FileType::Cache, 141, 1},
                                   {FileType::Update, 10, 10},   {FileType::UpdateCache, 21, 1}, {FileType::Piece, 10, 10}};

bool has(const std::vector<std::string>& list, std::string_view text) { return std::find(list.begin(), list.end(), text) != list.end(); }

/// Names that are no file type are left out; an empty rest means no restriction.
std::vector<std::string> knownTypes(const std::vector<std::string>& names) {
    std::vector<std::string> out;
    for (const std::string& name : names)
        if (sector::fileTypeFromName(name)) out.push_back(name);
    return out;
}

bool anyTypeAllowed(const StorageInfo& info, FileType types) {
    return std::any_of(sector::kFileTypes.begin(), sector::kFileTypes.end(),
                       [&](FileType one) { return any(types & one) && storage::typeAllowed(info.allowTypes, info.denyTypes, one); });
}

Expected<bool> minerAllowed(const StorageInfo& info, std::uint64_t miner) { return storage::minerAllowed(info.allowMiners, info.denyMiners, miner); }

/// The last element but one of a file's URL; with several types there is no such file, and the element says so.
std::string typeElement(FileType types) {
    for (const FileType one : sector::kFileTypes)
        if (types == one) return std::string(sector::fileTypeName(one));
    return "unknown-" + std::to_string(static_cast<std::uint32_t>(types));
}

std::string trimmedSlash(std::string url) {
    while (!url.empty() && url.back() == '/') url.pop_back();
    return url;
}

SectorStorageInfo describe(const StorageInfo& path, SectorId id, FileType types) {
    SectorStorageInfo out;
    out.id = path.id;
    for (const std::string& url : path.urls) {
        out.baseUrls.push_back(url);
        out.urls.push_back(trimmedSlash(url) + '/' + typeElement(types) + '/' + sector::sectorName(id));
    }
    out.canSeal = path.canSeal;
    out.canStore = path.canStore;
    out.allowTypes = path.allowTypes;
    out.denyTypes = path.denyTypes;
    out.allowMiners = path.allowMiners;
    out.denyMiners = path.denyMiners;
    return out;
}

} // namespace

PracticeIndex::PracticeIndex(Clock nowMs) : m_nowMs(std::move(nowMs)) {}

Expected<void> PracticeIndex::attach(StorageInfo info, const FsStat& stat) {
    info.allowTypes = knownTypes(info.allowTypes);
    info.denyTypes = knownTypes(info.denyTypes);
    const auto known = m_paths.find(info.id);
    if (known == m_paths.end()) {
        const std::string id = info.id;
        m_paths.emplace(id, Path{std::move(info), stat, m_nowMs(), {}});
        return {};
    }
    StorageInfo& old = known->second.info;
    for (const std::string& url : info.urls) {
        if (auto endpoint = protocol::parseEndpoint(url); !endpoint)
            return std::move(endpoint).error().whileDoing("failed to parse url " + url);
        if (!has(old.urls, url)) old.urls.push_back(url);
    }
    info.urls = std::move(old.urls);
    old = std::move(info);
    return {};
}

Expected<void> PracticeIndex::detach(const std::string& id, const std::string& url) {
    const auto known = m_paths.find(id);
    if (known == m_paths.end()) return Error(ErrorCode::NotFound, "storage '" + id + "' isn't registered");
    std::vector<std::string>& urls = known->second.info.urls;
    if (urls.size() > 1) {
        std::erase(urls, url);
        return {};
    }
    if (!has(urls, url))
        return Error(ErrorCode::InvalidArgument, "not dropping path, requested and index urls don't match ('" + url + "' != '" +
                                                     (urls.empty() ? std::string() : urls.front()) + "')");
    m_paths.erase(known);
    for (auto it = m_holders.begin(); it != m_holders.end();) {
        std::erase_if(it->second, [&](const Holder& holder) { return holder.id == id; });
        it = it->second.empty() ? m_holders.erase(it) : std::next(it);
    }
    return {};
}

Expected<StorageInfo> PracticeIndex::info(const std::string& id) const {
    const auto known = m_paths.find(id);
    if (known == m_paths.end()) return Error(ErrorCode::NotFound, "sector store not found");
    return known->second.info;
}

Expected<FsStat> PracticeIndex::stat(const std::string& id) const {
    const auto known = m_paths.find(id);
    if (known == m_paths.end()) return Error(ErrorCode::NotFound, "sector store not found");
    return known->second.stat;
}

Expected<void> PracticeIndex::reportHealth(const std::string& id, const HealthReport& report) {
    const auto known = m_paths.find(id);
    if (known == m_paths.end()) return Error(ErrorCode::NotFound, "health report for unknown storage: " + id);
    known->second.stat = report.stat;
    known->second.error = report.error;
    known->second.heartbeatMs = m_nowMs();
    return {};
}

void PracticeIndex::declare(const std::string& id, SectorId sector, FileType types, bool primary) {
    for (const FileType one : sector::kFileTypes) {
        if (!any(types & one)) continue;
        std::vector<Holder>& holders = m_holders[{sector, one}];
        const auto known = std::find_if(holders.begin(), holders.end(), [&](const Holder& holder) { return holder.id == id; });
        if (known == holders.end()) holders.push_back({id, primary});
        else known->primary = known->primary || primary;
    }
}

void PracticeIndex::drop(const std::string& id, SectorId sector, FileType types) {
    for (const FileType one : sector::kFileTypes) {
        const auto known = any(types & one) ? m_holders.find({sector, one}) : m_holders.end();
        if (known == m_holders.end()) continue;
        std::erase_if(known->second, [&](const Holder& holder) { return holder.id == id; });
        if (known->second.empty()) m_holders.erase(known);
    }
}

Expected<std::vector<SectorStorageInfo>> PracticeIndex::find(SectorId sector, FileType types, std::uint64_t sectorSize, bool allowFetch) const {
    struct Match {
        std::uint64_t count = 0;
        bool primary = false;
    };
    std::map<std::string, Match> matches;
    for (const FileType one : sector::kFileTypes) {
        const auto known = any(types & one) ? m_holders.find({sector, one}) : m_holders.end();
        if (known == m_holders.end()) continue;
        for (const Holder& holder : known->second) {
            Match& match = matches[holder.id];
            ++match.count;
            match.primary = match.primary || holder.primary;
        }
    }
    std::vector<SectorStorageInfo> out;
    // The groups that the holders let their files go to; nothing once one of them lets its files go anywhere.
    std::optional<std::set<std::string>> allowedTo = std::set<std::string>();
    for (const auto& [id, match] : matches) {
        const auto path = m_paths.find(id);
        if (path == m_paths.end()) continue;
        const StorageInfo& info = path->second.info;
        if (allowedTo && !info.allowTo.empty()) allowedTo->insert(info.allowTo.begin(), info.allowTo.end());
        else allowedTo.reset();
        SectorStorageInfo entry = describe(info, sector, types);
        entry.weight = info.weight * match.count;
        entry.primary = match.primary;
        out.push_back(std::move(entry));
    }
    if (!allowFetch) return out;
    const std::uint64_t need = spaceNeeded(types, sectorSize, PathType::Sealing);
    for (const auto& [id, path] : m_paths) {
        if (!path.info.canSeal) continue;
        const auto mayTake = minerAllowed(path.info, sector.miner);
        if (!mayTake) return mayTake.error();
        if (!*mayTake || matches.contains(id) || !isAlive(path) || static_cast<std::uint64_t>(std::max<std::int64_t>(path.stat.available, 0)) < need) continue;
        if (!anyTypeAllowed(path.info, types)) continue;
        const std::vector<std::string>& groups = path.info.groups;
        if (allowedTo && std::none_of(groups.begin(), groups.end(), [&](const std::string& group) { return allowedTo->contains(group); })) continue;
        out.push_back(describe(path.info, sector, types));
    }
    return out;
}

Expected<std::vector<StorageInfo>> PracticeIndex::bestAlloc(FileType types, std::uint64_t sectorSize, PathType kind,
                                                            std::uint64_t miner) const {
    const std::uint64_t need = spaceNeeded(types, sectorSize, kind);
    std::vector<const Path*> good;
    for (const auto& [id, path] : m_paths) {
        if (kind == PathType::Sealing ? !path.info.canSeal : !path.info.canStore) continue;
        const auto mayTake = minerAllowed(path.info, miner);
        if (!mayTake) return mayTake.error();
        if (!*mayTake || !isAlive(path)) continue;
        if (static_cast<std::uint64_t>(std::max<std::int64_t>(path.stat.available, 0)) < need) continue;
        good.push_back(&path);
    }
    if (good.empty()) return Error(ErrorCode::NotFound, "no good path found");
    const auto score = [](const Path* path) { return static_cast<double>(path->stat.available) * static_cast<double>(path->info.weight); };
    std::stable_sort(good.begin(), good.end(), [&](const Path* a, const Path* b) { return score(a) > score(b); });
    std::vector<StorageInfo> out;
    for (const Path* path : good) out.push_back(path->info);
    return out;
}

std::map<std::string, std::vector<SectorDeclaration>> PracticeIndex::list() const {
    std::map<std::string, std::map<SectorId, FileType>> types;
    for (const auto& [id, path] : m_paths) types[id];
    for (const auto& [key, holders] : m_holders)
        for (const Holder& holder : holders) {
            FileType& mask = types[holder.id].try_emplace(key.first, FileType::None).first->second;
            mask = mask | key.second;
        }
    std::map<std::string, std::vector<SectorDeclaration>> out;
    for (const auto& [id, sectors] : types) {
        out[id];
        for (const auto& [sector, mask] : sectors) out[id].push_back({sector, mask});
    }
    return out;
}

void PracticeIndex::clear() {
    m_paths.clear();
    m_holders.clear();
    m_locks.clear();
}

std::uint64_t PracticeIndex::spaceNeeded(FileType types, std::uint64_t sectorSize, PathType kind) {
    std::uint64_t sum = 0;
    for (const Overhead& row : kOverheads)
        if (any(types & row.type)) sum += (kind == PathType::Sealing ? row.sealing : row.finalized) * sectorSize / 10;
    return sum;
}

bool PracticeIndex::isAlive(const Path& path) const { return path.error.empty() && m_nowMs() - path.heartbeatMs < kHeartbeatLimitMs; }

} // namespace lsw::practice
