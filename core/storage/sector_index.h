// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_types.h"

#include <stop_token>

namespace lsw::storage {

using protocol::CallId;
using protocol::FsStat;
using protocol::HealthReport;
using protocol::PathType;
using protocol::SectorDeclaration;
using protocol::SectorStorageInfo;
using protocol::StorageInfo;
using sector::FileType;
using sector::SectorId;

/// Who holds which file of which sector. The miner keeps it; this is the blocking view of it that pool threads use.
///
/// thread  io and seal threads only: every method waits for the miner's answer. MinerUnreachable is retried inside
///         (every 5 s until the stop token fires), because a miner's restart must not cost a finished task.
class SectorIndex {
public:
    virtual ~SectorIndex() = default;
    virtual Expected<void> attach(const StorageInfo&, const FsStat&, std::stop_token) = 0;
    virtual Expected<void> detach(const std::string& id, const std::string& url, std::stop_token) = 0;
    virtual Expected<StorageInfo> info(const std::string& id, std::stop_token) = 0;
    virtual Expected<void> reportHealth(const std::string& id, const HealthReport&, std::stop_token) = 0;
    virtual Expected<void> declare(const std::string& id, SectorId, FileType types, bool primary, std::stop_token) = 0;
    virtual Expected<void> drop(const std::string& id, SectorId, FileType types, std::stop_token) = 0;
    /// `sectorSize` 0 and no fetch candidates, as a worker asks.
    virtual Expected<std::vector<SectorStorageInfo>> find(SectorId, FileType types, std::uint64_t sectorSize, std::stop_token) = 0;
    virtual Expected<std::vector<StorageInfo>> bestAlloc(FileType types, std::uint64_t sectorSize, PathType, std::uint64_t miner, std::stop_token) = 0;
    virtual Expected<std::map<std::string, std::vector<SectorDeclaration>>> list(std::stop_token) = 0;
};

} // namespace lsw::storage
