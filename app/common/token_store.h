// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/keychain.h"
#include "setup/miner_repo.h"

#include <filesystem>

/// The connection to the miner (TOKEN:ADDRESS) that a person gave this program to keep. There is one.
namespace lsw::common {

enum class TokenPlace {
    Credential, ///< systemd's LoadCredential=miner-api-info: read, never written
    Keychain,
    File,       ///< readable for this user alone, not encrypted
};

struct KeptConnection {
    protocol::ApiInfo api;
    TokenPlace place = TokenPlace::File;
};

/// What `token where` tells.
struct TokenPlaces {
    KeychainState keychain = KeychainState::NoBus;
    std::filesystem::path file;
    std::optional<TokenPlace> kept; ///< where one is
};

/// `$XDG_CONFIG_HOME/lotus-seal-worker/token`, else below ~/.config.
std::filesystem::path keptTokenFile();

/// The kept connection: a credential of systemd, else the keychain, else the file. A keychain that cannot be used is passed over, unless it alone could have it:
/// then `notes` says so, as it does of a file that others can read. InvalidArgument when what is kept is no connection.
Expected<std::optional<KeptConnection>> keptConnection(std::vector<std::string>& notes);

/// Keeps it in place of what was kept. Without `place`: in the keychain when that is ready, else in the file. What the other place had is removed.
/// errors  NotInstalled when the keychain is asked for and not ready; PermissionDenied, NoSpace, Io, Timeout
Expected<TokenPlace> keepConnection(const protocol::ApiInfo& api, std::optional<TokenPlace> place = {});

/// Removes it everywhere; false when there was none. A keychain that is locked is an error.
Expected<bool> forgetConnection();

TokenPlaces tokenPlaces();

/// For setup::MinerQuery::kept.
Expected<std::optional<setup::KeptMiner>> keptMiner(std::vector<std::string>& notes);

std::string_view nameOf(TokenPlace place);
/// "the system's keychain", "the file …, not encrypted".
std::string sentenceOf(TokenPlace place);

} // namespace lsw::common
