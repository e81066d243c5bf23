// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/multiaddr.h"

#include "protocol/address_reason.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace lsw::protocol {
namespace {

/// The canonical text of an IPv4 or IPv6 address; empty when it is none.
std::string canonicalIp(int family, std::string_view text) {
    std::array<unsigned char, 16> raw{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    const std::string copy(text);
    if (copy.find('\0') != std::string::npos) return {}; // inet_pton would stop there
    if (inet_pton(family, copy.c_str(), raw.data()) != 1) return {};
    if (!inet_ntop(family, raw.data(), out.data(), out.size())) return {};
    return out.data();
}

bool isHostName(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    };
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), allowed) && text.front() != '.' && text.front() != '-';
}

/// 0 to 65535 in at most five digits, nothing else.
std::optional<std::uint16_t> parsePort(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || text.size() > 5 || ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::string_view nextPart(std::string_view& rest) {
    const auto slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    return part;
}

/// Sets `host` from a name, an IPv4 or an IPv6 address (without brackets).
bool setHost(std::string_view text, std::string& host) {
    if (auto six = canonicalIp(AF_INET6, text); !six.empty()) {
        host = six;
        return true;
    }
    // Digits and dots alone are meant as an address: 300.1.2.3 is no name.
    const bool looksLikeFour = text.find_first_not_of("0123456789.") == std::string_view::npos;
    if (looksLikeFour ? canonicalIp(AF_INET, text).empty() : !isHostName(text)) return false;
    host = text;
    return true;
}

/// Splits "host:port" or "[v6]:port"; without a port `port` stays as it is.
const char* splitAuthority(std::string_view text, Endpoint& out, bool portNeeded) {
    std::string_view host = text;
    std::string_view port;
    bool hasPort = false;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return "the bracket of the IPv6 address is not closed";
        host = text.substr(1, close - 1);
        const std::string_view after = text.substr(close + 1);
        if (!after.empty() && !after.starts_with(':')) return "only :PORT may follow the bracket";
        hasPort = !after.empty();
        port = hasPort ? after.substr(1) : after;
        if (canonicalIp(AF_INET6, host).empty()) return "what stands in brackets is no IPv6 address";
    } else if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
        if (text.find(':') != colon) return "an IPv6 address needs brackets, as in [::1]:3456";
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
        hasPort = true;
    }
    if (host.empty()) return "the host is missing";
    if (!setHost(host, out.host)) return "the host is neither a name nor an IP address";
    if (hasPort) {
        const auto number = parsePort(port);
        if (!number) return "the port must be a number from 0 to 65535";
        out.port = *number;
    } else if (portNeeded) {
        return "the port is missing";
    }
    return nullptr;
}

/// Messages go to logs and screens: what may hold a token is not repeated.
std::string quoted(std::string_view text) {
    const bool mayBeToken = text.find("eyJ") != std::string_view::npos || text.find('@') != std::string_view::npos;
    if (mayBeToken) return "the given text (not repeated here, it may hold a token)";
    std::string out = "\"";
    for (const char c : text.substr(0, 120)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return out + (text.size() > 120 ? "…\"" : "\"");
}

Error refusal(std::string_view text, std::string_view kind, const char* reason) {
    return Error(ErrorCode::InvalidArgument, quoted(text) + " is not " + std::string(kind) + ": " + reason);
}

} // namespace

std::variant<Endpoint, const char*> readMultiaddr(std::string_view text) {
    if (!text.starts_with('/')) return "it does not start with a slash";
    std::string_view rest = text.substr(1);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    Endpoint out;
    const std::string_view kind = nextPart(rest);
    const std::string_view host = nextPart(rest);
    if (kind == "ip4") {
        out.host = canonicalIp(AF_INET, host);
        if (out.host.empty()) return "what follows /ip4 is no IPv4 address";
    } else if (kind == "ip6") {
        out.host = canonicalIp(AF_INET6, host);
        if (out.host.empty()) return "what follows /ip6 is no IPv6 address";
    } else if (kind == "dns" || kind == "dns4" || kind == "dns6") {
        if (!isHostName(host)) return "what follows /dns is no host name";
        out.host = host;
    } else {
        return "it must begin with /ip4, /ip6, /dns, /dns4 or /dns6";
    }
    if (nextPart(rest) != "tcp") return "the host must be followed by /tcp and a port";
    const auto port = parsePort(nextPart(rest));
    if (!port) return "the port after /tcp must be a number from 0 to 65535";
    out.port = *port;
    while (!rest.empty()) {
        const std::string_view part = nextPart(rest);
        if (part == "wss" || part == "tls" || part == "https") out.scheme = "https";
        else if (part != "http" && part != "ws") return "after the port only /http, /https, /ws, /wss and /tls may follow";
    }
    return out;
}

std::variant<Endpoint, const char*> readEndpoint(std::string_view text) {
    if (text.starts_with('/')) return readMultiaddr(text);
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return "it is neither a multiaddr such as /ip4/127.0.0.1/tcp/2345/http nor a URL";
    const std::string_view scheme = text.substr(0, colon);
    Endpoint out;
    if (scheme == "https" || scheme == "wss") out.scheme = "https";
    else if (scheme != "http" && scheme != "ws") return "the URL must begin with http, https, ws or wss";
    out.port = out.scheme == "https" ? 443 : 80;
    std::string_view rest = text.substr(colon + 3);
    if (rest.find_first_of("?#") != std::string_view::npos) return "a URL with ? or # is not supported here";
    if (rest.find('@') != std::string_view::npos) return "a URL with a user name is not supported here";
    const auto slash = rest.find('/');
    if (const char* reason = splitAuthority(rest.substr(0, slash), out, false)) return reason;
    if (slash != std::string_view::npos) out.path = rest.substr(slash);
    while (out.path.ends_with('/')) out.path.pop_back();
    const auto bad = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
    if (std::any_of(out.path.begin(), out.path.end(), bad)) return "the path holds a space or a control character";
    return out;
}

std::string Endpoint::url(std::string_view tail) const {
    const bool six = host.find(':') != std::string::npos;
    std::string out = scheme + "://";
    out += six ? '[' + host + ']' : host;
    out += ':' + std::to_string(port) + path;
    return out.append(tail);
}

Expected<Endpoint> parseMultiaddr(std::string_view text) {
    auto read = readMultiaddr(text);
    if (const auto* reason = std::get_if<const char*>(&read)) return refusal(text, "a multiaddr", *reason);
    return std::get<Endpoint>(std::move(read));
}

Expected<Endpoint> parseEndpoint(std::string_view text) {
    auto read = readEndpoint(text);
    if (const auto* reason = std::get_if<const char*>(&read)) return refusal(text, "an address", *reason);
    return std::get<Endpoint>(std::move(read));
}

std::string toMultiaddr(const Endpoint& endpoint) {
    std::string kind = "dns";
    if (endpoint.host.find(':') != std::string::npos) kind = "ip6";
    else if (!canonicalIp(AF_INET, endpoint.host).empty()) kind = "ip4";
    return '/' + kind + '/' + endpoint.host + "/tcp/" + std::to_string(endpoint.port) + (endpoint.scheme == "https" ? "/wss" : "");
}

Expected<Endpoint> parseHostPort(std::string_view text) {
    Endpoint out;
    if (const char* reason = splitAuthority(text, out, true)) return refusal(text, "of the form HOST:PORT", reason);
    return out;
}

} // namespace lsw::protocol
