// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"
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
};

/// The route "/remote" as worker and miner serve it: stat, files with ranges, folders as tar, DELETE with keep, allocated. Needs `permission`.
/// Names are parsed, never joined: nothing outside the storage paths can be reached.
protocol::HttpRoute fetchRoute(FetchSource source, std::string permission = "admin");

} // namespace lsw::storage
