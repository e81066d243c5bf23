// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/api_info.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lsw::setup {

/// Where a miner was found and what was passed over on the way.
struct FoundMiner {
    protocol::ApiInfo api;
    std::string source;               ///< "MINER_API_INFO", "--miner-repo", "LOTUS_MINER_PATH", "~/.lotusminer", …
    std::filesystem::path repo;       ///< empty when it came from an API_INFO variable
    std::vector<std::string> notes;   ///< one sentence each: an old name used, what lost against what, a token that others can read
};

/// A connection that a person gave this program to keep (app/common/token_store).
struct KeptMiner {
    protocol::ApiInfo api;
    std::string source;               ///< "the system's keychain", "the file …"
};

struct MinerQuery {
    std::string repoFlag;             ///< --miner-repo / --storagerepo; empty: not given; "~" is the home folder, as in variables
    std::string apiInfoFlag;          ///< --api-info of ours, before everything else; empty: not given
    std::function<std::string(const std::string&)> environment; ///< "" when unset
    std::filesystem::path home;       ///< empty: there is none
    std::string repoSetting;          ///< miner-repo of the configuration: behind flags and variables; empty: not given
    std::function<Expected<std::optional<KeptMiner>>(std::vector<std::string>& notes)> kept; ///< asked when it may be needed; may be empty
};

/// Finds the miner in lotus' order: MINER_API_INFO, STORAGE_API_INFO, then flag, LOTUS_MINER_PATH, LOTUS_STORAGE_PATH, then miner-repo of the
/// configuration, then what was kept here, then ~/.lotusminer, ~/.lotusstorage. A miner that is found without a token gets the kept one when that is for the same
/// address. Of two names the modern one wins and the loser is named. What is named but wrong is an
/// error; nothing after it is tried. No message or note holds a token.
///
/// errors  NotConfigured lists what was looked at; InvalidArgument for an API_INFO that cannot be read; NotFound/InvalidArgument for a
///         named repo that is none; PermissionDenied for one that this user may not read; MinerUnreachable for a repo without a
///         running API
/// thread  any but the service thread: reads files
/// source  lotus v1.36 cli/util/api.go, node/repo/fsrepo.go
Expected<FoundMiner> findMiner(const MinerQuery& query);

/// Reads `api` and `token` of a lotus repo (miner or worker). Without a `token` file the token is empty; an address for all
/// interfaces (0.0.0.0, ::) becomes that of the loopback, since a repo is read where its program runs.
/// NotFound, InvalidArgument, PermissionDenied as findMiner; NotRunning when there is no `api` file.
Expected<protocol::ApiInfo> readRepoEndpoint(const std::filesystem::path& repo);

} // namespace lsw::setup
