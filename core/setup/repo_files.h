// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/multiaddr.h"

#include <filesystem>
#include <optional>
#include <string>

/// The files of a lotus repo, for miner_repo and miner_finder. No message repeats what stands in a file.
namespace lsw::setup {

/// The text of a file of at most 64 KiB (longer ones are cut there), or the errno in `failed`.
std::optional<std::string> readSmall(const std::filesystem::path& path, int& failed);

/// What makes a folder a repo. Lotus asks for datastore or keystore; a copy of `api` and `token` alone is as good to read.
bool looksLikeRepo(const std::filesystem::path& folder);

/// That `repo` is a folder with a repo in it; NotFound, PermissionDenied, InvalidArgument.
Expected<void> checkRepo(const std::filesystem::path& repo);

/// What the `api` file says, as it stands there; NotRunning when there is none.
Expected<protocol::Endpoint> readApi(const std::filesystem::path& repo);
/// An address for all interfaces (0.0.0.0, ::) becomes that of the loopback.
protocol::Endpoint asDialledHere(protocol::Endpoint endpoint);

/// The `token` file without blanks around it; "" when there is none.
Expected<std::string> readToken(const std::filesystem::path& repo);

/// The path that a person wrote, with "~" for `home`, absolute and plain.
std::filesystem::path expandedRepo(const std::string& text, const std::filesystem::path& home);

} // namespace lsw::setup
