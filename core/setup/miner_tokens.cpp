// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_tokens.h"

#include "protocol/jwt.h"
#include "protocol/miner_client.h"
#include "protocol/miner_keystore.h"

#include <algorithm>
#include <array>

namespace lsw::setup {
namespace {

constexpr std::array<std::string_view, 4> kRising{"read", "write", "sign", "admin"};

std::vector<std::string> allowedBy(TokenLevel level) { return {kRising.begin(), kRising.begin() + static_cast<std::ptrdiff_t>(level)}; }

Error noLevel() { return Error(ErrorCode::InvalidArgument, "a token must allow something: read, write, sign or admin"); }

} // namespace

TokenFacts tokenFacts(std::string_view token) {
    TokenFacts out;
    const auto allowed = protocol::peekPermissions(token);
    if (!allowed) return out;
    out.isJwt = true;
    for (const std::string_view one : kRising)
        if (allowed->contains(std::string(one))) out.permissions.emplace_back(one);
    while (static_cast<std::size_t>(out.level) < kRising.size() && allowed->contains(std::string(kRising[static_cast<std::size_t>(out.level)])))
        out.level = static_cast<TokenLevel>(static_cast<int>(out.level) + 1);
    for (const std::string& one : *allowed)
        if (std::find(kRising.begin(), kRising.end(), one) == kRising.end()) out.permissions.push_back(one);
    return out;
}

Expected<TokenLevel> parseTokenLevel(std::string_view name) {
    const auto found = std::find(kRising.begin(), kRising.end(), name);
    if (found == kRising.end()) return Error(ErrorCode::InvalidArgument, "\"" + std::string(name) + "\" is no permission; there are read, write, sign and admin");
    return static_cast<TokenLevel>(found - kRising.begin() + 1);
}

std::string_view nameOf(TokenLevel level) { return level == TokenLevel::None ? "none" : kRising[static_cast<std::size_t>(level) - 1]; }

Expected<std::string> createTokenFromKeystore(const std::filesystem::path& repo, TokenLevel level) {
    if (level == TokenLevel::None) return noLevel();
    const auto secret = protocol::readSigningKey(repo);
    if (!secret) return secret.error();
    return protocol::makeToken(*secret, allowedBy(level));
}

Expected<std::string> createTokenByMiner(const protocol::ApiInfo& api, TokenLevel level) {
    if (level == TokenLevel::None) return noLevel();
    boost::json::array permissions;
    for (const std::string& one : allowedBy(level)) permissions.emplace_back(one);
    const auto answer = protocol::callBlocking(api, "Filecoin.AuthNew", {std::move(permissions)});
    if (!answer) return answer.error();
    // Bytes of Go: base64 of the text.
    const auto* text = answer->if_string();
    const auto bytes = text ? fromBase64(std::string_view(*text)) : Expected<Bytes>(Error(ErrorCode::Corrupt, ""));
    if (!bytes || tokenFacts(asText(*bytes)).level != level) return Error(ErrorCode::Corrupt, "the miner's answer to AuthNew is no token of the wanted permission");
    return std::string(asText(*bytes));
}

Expected<void> checkSignedByRepo(const std::filesystem::path& repo, std::string_view token) {
    const auto secret = protocol::readSigningKey(repo);
    if (!secret) return secret.error();
    if (!protocol::verifyToken(*secret, token))
        return Error(ErrorCode::PermissionDenied, "the token was not made by the miner of " + repo.string() + ", or before its signing key was made anew");
    return {};
}

Expected<std::vector<std::string>> askWhatTokenAllows(const protocol::ApiInfo& api) {
    const auto answer = protocol::callBlocking(api, "Filecoin.AuthVerify", {boost::json::value(api.token)});
    if (!answer) return answer.error();
    std::vector<std::string> out;
    const auto* list = answer->if_array();
    if (!list && !answer->is_null()) return Error(ErrorCode::Corrupt, "the miner's answer to AuthVerify is no list");
    if (list)
        for (const boost::json::value& one : *list)
            if (const auto* name = one.if_string()) out.emplace_back(name->data(), name->size());
    return out;
}

} // namespace lsw::setup
