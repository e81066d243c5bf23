// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"
#include "protocol/lotus_post.h"
#include "storage/sector_index.h"

#include <filesystem>
#include <functional>
#include <optional>

namespace lsw::storage {

/// What /remote serves. Called on io threads.
struct FetchSource {
    std::function<std::optional<std::filesystem::path>(SectorId, FileType)> find;
    std::function<Expected<FsStat>(const std::string& storageId)> stat;
    std::function<Expected<void>(SectorId, FileType, const std::vector<std::string>& keepIn)> remove;
    /// The vanilla proof of one sector that lies here (POST /remote/vanilla/single), and the openings of C1 (…/porep). Absent: not served.
    std::function<Expected<Bytes>(const protocol::SingleVanillaRequest&, std::stop_token)> singleVanilla{};
    std::function<Expected<std::string>(const protocol::PorepVanillaRequest&, std::stop_token)> porepVanilla{};
};

/// The route "/remote" as worker and miner serve it: stat, files with ranges, folders as tar, DELETE with keep, allocated, vanilla proofs. Needs `permission`.
/// Names are parsed, never joined: nothing outside the storage paths can be reached.
protocol::HttpRoute fetchRoute(FetchSource source, std::string permission = "admin");

} // namespace lsw::storage
