// SPDX-License-Identifier: MIT OR Apache-2.0
// Multiaddrs, URLs, HOST:PORT and *_API_INFO: what is understood says the same again, and no message tells a token.
#include "fuzz.h"

#include "protocol/api_info.h"
#include "sector/sector_id.h"

using namespace lsw;
using namespace lsw::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto endpoint = parseMultiaddr(text)) {
        const std::string again = toMultiaddr(*endpoint);
        const auto second = parseMultiaddr(again);
        fuzz::require(second.hasValue(), "a multiaddr that was written is read");
        fuzz::require(second->host == endpoint->host && second->port == endpoint->port, "it names the same place");
        fuzz::require(!endpoint->host.empty(), "a place has a name");
    }
    if (const auto endpoint = parseEndpoint(text)) {
        fuzz::require(endpoint->scheme == "http" || endpoint->scheme == "https", "a scheme that is spoken");
        fuzz::require(endpoint->url("/rpc/v0").find_first_of("\r\n") == std::string::npos, "a URL is one line");
    }
    if (const auto endpoint = parseHostPort(text)) (void)endpoint->url("/remote");
    const std::string secret = "tokenTHATmustNOTbeTOLD";
    const auto info = parseApiInfo(secret + ":" + text);
    if (!info) fuzz::require(info.error().message().find(secret) == std::string::npos, "no message tells a token");
    (void)parseApiInfo(text).hasValue();
    if (const auto id = sector::parseSectorName(text)) fuzz::require(sector::sectorName(*id) == text, "a sector has one name");
    (void)sector::parseMinerId(text).hasValue();
    return 0;
}
