// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace lsw::protocol {

/// Host and port of an endpoint.
struct Endpoint {
    std::string scheme = "http";       ///< "http" or "https"
    std::string host;                  ///< name, IPv4, or IPv6 without brackets
    std::uint16_t port = 0;
    std::string path;                  ///< of a URL form, without trailing slash; usually empty
    /// "http://[::1]:2345/rpc/v0"
    std::string url(std::string_view path) const;
    bool operator==(const Endpoint&) const = default;
};

/// Parses "/ip4/127.0.0.1/tcp/2345/http", "/ip6/…", "/dns4/name/tcp/…", with "/wss" or "/tls" for https. InvalidArgument says what is wrong.
Expected<Endpoint> parseMultiaddr(std::string_view text);
/// Parses a multiaddr or a URL (http, https, ws, wss).
Expected<Endpoint> parseEndpoint(std::string_view text);
/// "/ip4/…/tcp/…", "/ip6/…" or "/dns/…", as lotus writes it into its `api` file.
std::string toMultiaddr(const Endpoint& endpoint);
/// Splits "HOST:PORT" ("[::1]:3456", "0.0.0.0:3456").
Expected<Endpoint> parseHostPort(std::string_view text);

} // namespace lsw::protocol
