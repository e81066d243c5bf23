// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <filesystem>

namespace lsw::protocol {

/// The file in a lotus repo with the secret that signs its tokens: `keystore/` and the base32 of "auth-jwt-private".
std::filesystem::path signingKeyFile(const std::filesystem::path& repo);

/// The secret of a lotus repo. No message repeats what stands in the file.
/// errors  NotFound: the miner has never run; PermissionDenied: another user's, or (as lotus has it) one that others can read; Corrupt; Io
/// source  lotus v1.36 node/repo/fsrepo.go, node/modules/core.go
Expected<Bytes> readSigningKey(const std::filesystem::path& repo);

} // namespace lsw::protocol
