// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "protocol/json_rpc.h"

namespace lsw::protocol {

/// An HS256 token with {"Allow":[…]} in that order, as `auth create-token` makes it.
std::string makeToken(const Bytes& secret, const std::vector<std::string>& allow);
/// The token of any header and payload (JSON texts), signed by HMAC-SHA256; to build odd ones for tests.
std::string signToken(const Bytes& secret, std::string_view header, std::string_view payload);
/// The permissions of a token signed with that secret; PermissionDenied "JWT Verification failed: …" otherwise.
Expected<Permissions> verifyToken(const Bytes& secret, std::string_view token);
/// The permissions written in a token, unverified (to show them); Corrupt when it is no JWT.
Expected<Permissions> peekPermissions(std::string_view token);

} // namespace lsw::protocol
