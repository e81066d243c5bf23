// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/multiaddr.h"

#include <optional>

namespace lsw::protocol {

/// What `TOKEN:MULTIADDR` says.
struct ApiInfo {
    std::string token;                 ///< may be empty
    Endpoint endpoint;
};

/// Parses *_API_INFO as lotus 1.36 does: the first of a comma separated list, the token before the first ':' unless "//" follows.
/// InvalidArgument never repeats the token.
Expected<ApiInfo> parseApiInfo(std::string_view text);

} // namespace lsw::protocol
