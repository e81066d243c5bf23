// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <string>
#include <string_view>
#include <vector>

namespace lsw::params {

/// Where parameters can be had: an address that a CID is put behind.
struct Gateway {
    std::string name;    ///< what a person says: "chainsafe", "china"; the address itself for one of their own
    std::string address; ///< ends in '/'
    std::string about;   ///< one sentence
};

/// Those that are known, in the order in which they are tried.
const std::vector<Gateway>& knownGateways();

/// One gateway as a person may write it: a known name, or an http(s) address with or without the slash at its end, in quotes or not.
/// InvalidArgument says what is wrong: no address, or one that has a CID in it already.
Expected<Gateway> parseGateway(std::string_view text);

/// What is used: those given (commas or spaces between them), else IPFS_GATEWAY, else those that were chosen for the folder (kept_gateways.h), else the
/// known ones; with `inChina` the mirror there first.
struct GatewayChoice {
    std::vector<Gateway> gateways;
    std::string origin; ///< "given", "from environment", "chosen", "automatic"
};
Expected<GatewayChoice> chosenGateways(const std::vector<std::string>& given, std::string_view environment, const std::vector<Gateway>& kept, bool inChina);

/// Whether this machine is set up for people in China: language zh_CN, or a clock at UTC+8 with no other language said.
bool seemsInChina();

} // namespace lsw::params
