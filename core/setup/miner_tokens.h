// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/api_info.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Tokens of a miner: what they allow, and new ones. They neither expire nor can they be taken back one by one: only a new signing key ends them all.
namespace lsw::setup {

/// Each allows what those before it allow.
enum class TokenLevel { None, Read, Write, Sign, Admin };

/// What a token says of itself. Anybody can write that; only the miner, or its signing key, knows whether it holds.
struct TokenFacts {
    bool isJwt = false;                   ///< lotus 1.36 takes others too, about which nothing can be said here
    std::vector<std::string> permissions; ///< "read" first
    TokenLevel level = TokenLevel::None;  ///< the highest whose lower ones are all there
};
TokenFacts tokenFacts(std::string_view token);

/// "read", "write", "sign", "admin"; InvalidArgument.
Expected<TokenLevel> parseTokenLevel(std::string_view name);
std::string_view nameOf(TokenLevel level);
/// A worker needs all of it: it calls methods of admin and of read, and lotus looks for each by its name.
constexpr bool isEnoughForWorker(TokenLevel level) { return level == TokenLevel::Admin; }

/// A token as 'lotus-miner auth create-token --perm' makes it, signed with the key in the repo of a miner, which need not run.
/// errors  as protocol::readSigningKey; InvalidArgument for the level None
Expected<std::string> createTokenFromKeystore(const std::filesystem::path& repo, TokenLevel level);

/// The same by the miner itself (Filecoin.AuthNew), for which `api` needs an admin token. Blocks for at most ten seconds.
/// errors  MinerUnreachable, PermissionDenied, Timeout, Remote; Corrupt when the answer is no token of that level
Expected<std::string> createTokenByMiner(const protocol::ApiInfo& api, TokenLevel level);

/// Whether the key in this repo signed the token; PermissionDenied when another did, else as readSigningKey.
Expected<void> checkSignedByRepo(const std::filesystem::path& repo, std::string_view token);

/// What the miner says that the token allows (Filecoin.AuthVerify). Blocks for at most ten seconds; errors as createTokenByMiner.
Expected<std::vector<std::string>> askWhatTokenAllows(const protocol::ApiInfo& api);

} // namespace lsw::setup
