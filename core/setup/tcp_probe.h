// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// What can be learnt of an address without saying a word to whoever is there.
namespace lsw::setup {

struct SocketAddress {
    Bytes raw;          ///< a sockaddr with its port
    std::string text;   ///< "192.168.1.10", "::1"
};

struct NameAnswer {
    std::vector<SocketAddress> addresses; ///< in the order in which they are to be tried
    bool isUnknown = false;  ///< a name server said that there is no such name
    std::string words;       ///< of the system, when there are none
};
/// Asks the system for the addresses of a name. The question may hang in a name server: it is left alone after `limit`.
NameAnswer resolveName(const std::string& host, std::uint16_t port, std::chrono::milliseconds limit, const std::stop_token& stop);

enum class ConnectOutcome { Connected, Refused, TimedOut, Unreachable, Forbidden, Failed, Cancelled };
struct ConnectAnswer {
    ConnectOutcome outcome = ConnectOutcome::Failed;
    std::string words;                  ///< of the system
    std::chrono::milliseconds took{0};
};
/// Opens a TCP connection and closes it again.
ConnectAnswer tryConnect(const SocketAddress& address, std::chrono::milliseconds limit, const std::stop_token& stop);

/// Whether the text is an address and no name.
bool isIpAddress(const std::string& host);
/// 127.x and ::1, also as ::ffff:127.x, and the name localhost.
bool isLoopback(std::string_view host);
/// 0.0.0.0 and ::, which bind all addresses and lead nowhere.
bool isUnspecified(std::string_view host);
/// Whether one may listen there, which is so for the addresses of this machine alone.
bool isOwnAddress(const std::string& ip);

} // namespace lsw::setup
