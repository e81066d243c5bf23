// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/api_info.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lsw::setup {

/// Where a miner was found and what was passed over on the way.
struct FoundMiner {
    protocol::ApiInfo api;
    std::string source;               ///< "MINER_API_INFO", "--miner-repo", "LOTUS_MINER_PATH", "~/.lotusminer", …
    std::filesystem::path repo;       ///< empty when it came from an API_INFO variable
    std::vector<std::string> notes;   ///< one line each: an old name used, what lost against what
};

struct MinerQuery {
    std::string repoFlag;             ///< --miner-repo / --storagerepo; empty: not given
    std::string apiInfoFlag;          ///< --api-info of ours; empty: not given
    std::function<std::string(const std::string&)> environment; ///< "" when unset
    std::filesystem::path home;
};

/// Finds the miner in lotus' order: MINER_API_INFO, STORAGE_API_INFO, then flag, LOTUS_MINER_PATH, LOTUS_STORAGE_PATH, then
/// ~/.lotusminer, ~/.lotusstorage. Of two names the modern one wins and the loser is named.
/// NotConfigured lists what was looked at; NotFound/Corrupt for a named repo that is none; MinerUnreachable for a repo without a running API.
Expected<FoundMiner> findMiner(const MinerQuery& query);

/// Reads `api` and `token` of a lotus repo (miner or worker).
Expected<protocol::ApiInfo> readRepoEndpoint(const std::filesystem::path& repo);

} // namespace lsw::setup
