// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/multiaddr.h"

#include <variant>

/// The parsers behind multiaddr.h and api_info.h. A refusal is a fixed sentence: it cannot repeat a token that stands in the text.
namespace lsw::protocol {

std::variant<Endpoint, const char*> readMultiaddr(std::string_view text);
std::variant<Endpoint, const char*> readEndpoint(std::string_view text);

} // namespace lsw::protocol
