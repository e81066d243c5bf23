// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/json_rpc.h"
#include "practice/sector_locks.h"
#include "protocol/lotus_types.h"

#include <functional>
#include <map>

namespace lsw::practice {

using protocol::FileType;
using protocol::FsStat;
using protocol::HealthReport;
using protocol::PathType;
using protocol::SectorDeclaration;
using protocol::SectorId;
using protocol::SectorStorageInfo;
using protocol::StorageInfo;

/// Who holds which file of which sector, as a miner keeps it.
///
/// A path counts for new files as long as its last health report is younger than 50 s and without error.
/// source  the index methods of the miner's API (Storage*), lotus v1.36 storage/paths/index.go: behaviour, not code
/// thread  none of its own: the miner's
class PracticeIndex {
public:
    using Clock = std::function<std::int64_t()>; ///< ms, steady

    explicit PracticeIndex(Clock nowMs);

    Expected<void> attach(StorageInfo info, const FsStat& stat);
    Expected<void> detach(const std::string& id, const std::string& url);
    Expected<StorageInfo> info(const std::string& id) const;
    Expected<FsStat> stat(const std::string& id) const;
    Expected<void> reportHealth(const std::string& id, const HealthReport& report);
    /// Idempotent; primary can only be raised. An unknown path is accepted.
    void declare(const std::string& id, SectorId sector, FileType types, bool primary);
    void drop(const std::string& id, SectorId sector, FileType types);
    /// One entry for each path that holds any of the types; `allowFetch` adds the paths that could receive it, with weight 0: those that seal,
    /// have the room and are in a group that every holder allows. InvalidArgument when such a path's miner lists hold no miner's address.
    Expected<std::vector<SectorStorageInfo>> find(SectorId sector, FileType types, std::uint64_t sectorSize, bool allowFetch) const;
    /// Best first; NotFound "no good path found", InvalidArgument as find().
    Expected<std::vector<StorageInfo>> bestAlloc(FileType types, std::uint64_t sectorSize, PathType kind, std::uint64_t miner) const;
    std::map<std::string, std::vector<SectorDeclaration>> list() const;
    SectorLocks& locks() { return m_locks; }
    void clear();

    /// Bytes that files of these types need while sealing or in storage (units of a tenth of the sector).
    static std::uint64_t spaceNeeded(FileType types, std::uint64_t sectorSize, PathType kind);

private:
    struct Path {
        StorageInfo info;
        FsStat stat;
        std::int64_t heartbeatMs = 0;
        std::string error;
    };
    struct Holder {
        std::string id;
        bool primary = false;
    };
    bool isAlive(const Path& path) const;

    Clock m_nowMs;
    SectorLocks m_locks;
    std::map<std::string, Path> m_paths;
    std::map<std::pair<SectorId, FileType>, std::vector<Holder>> m_holders;
};

/// JSON of the index's answers: AllowTypes and DenyTypes are `[]` where others are null, as the miner writes them.
boost::json::value answerJson(const StorageInfo& info);
boost::json::value answerJson(const SectorStorageInfo& info);

/// The Storage* methods (without StorageAuthVerify), all with permission `admin`. `index` must outlive the table.
void addIndexMethods(protocol::MethodTable& table, PracticeIndex& index);

} // namespace lsw::practice
