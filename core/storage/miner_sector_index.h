// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/miner_client.h"
#include "storage/sector_index.h"

#include <chrono>

namespace lsw::storage {

/// The index that the miner keeps, over Filecoin.Storage*. Posts each call to the client's thread and waits for it.
///
/// A stop token that has fired ends the waiting for questions at once; what tells the index of a change is still sent once and waited for
/// up to two seconds, so that an aborted task does not leave files that nobody knows of.
/// errors  Remote with the miner's message, PermissionDenied, Cancelled, Corrupt; Internal when called on the client's thread
class MinerSectorIndex final : public SectorIndex {
public:
    explicit MinerSectorIndex(protocol::RpcClient& miner, std::chrono::milliseconds retryAfter = std::chrono::seconds(5));
    ~MinerSectorIndex() override;
    Expected<void> attach(const StorageInfo&, const FsStat&, std::stop_token) override;
    Expected<void> detach(const std::string& id, const std::string& url, std::stop_token) override;
    Expected<StorageInfo> info(const std::string& id, std::stop_token) override;
    Expected<void> reportHealth(const std::string& id, const HealthReport&, std::stop_token) override;
    Expected<void> declare(const std::string& id, SectorId, FileType types, bool primary, std::stop_token) override;
    Expected<void> drop(const std::string& id, SectorId, FileType types, std::stop_token) override;
    Expected<std::vector<SectorStorageInfo>> find(SectorId, FileType types, std::uint64_t sectorSize, std::stop_token) override;
    Expected<std::vector<StorageInfo>> bestAlloc(FileType types, std::uint64_t sectorSize, PathType, std::uint64_t miner, std::stop_token) override;
    Expected<std::map<std::string, std::vector<SectorDeclaration>>> list(std::stop_token) override;

private:
    class Private;
    std::shared_ptr<Private> m_private;
};

} // namespace lsw::storage
