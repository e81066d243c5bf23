// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/multiaddr.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::setup {

/// Who can reach an address, roughly.
enum class AddressKind {
    Loopback,    ///< this machine alone
    LinkLocal,   ///< 169.254/16, fe80::/10: made up by the machine itself, changes
    Private,     ///< RFC 1918, fc00::/7, 100.64/10
    Public,
    Unspecified, ///< 0.0.0.0, ::
};
/// Of an IPv4 or IPv6 address (a zone "%eth0" is allowed); nothing when it is none.
std::optional<AddressKind> addressKind(std::string_view address);

enum class InterfaceKind { Lan, Public, Vpn, Container, Loopback };

struct InterfaceAddress {
    std::string address; ///< "192.168.1.5", "fd00::5"
    int prefix = 0;      ///< 24 of /24
    AddressKind kind = AddressKind::Private;
    bool reachesMiner = false; ///< the system takes this one to talk to the miner
};

struct NetworkInterface {
    std::string name;
    InterfaceKind kind = InterfaceKind::Lan;
    bool isUp = false;          ///< running: a cable is in it
    int megabitsPerSecond = 0;  ///< 0: the driver does not tell
    std::vector<InterfaceAddress> addresses;
};

/// All interfaces with an address, the loopback last. With `miner` (resolved here: may block) the address that faces it is marked.
/// `system`: /sys/class/net, for tests.
std::vector<NetworkInterface> networkInterfaces(const std::optional<protocol::Endpoint>& miner = {}, const std::string& system = "/sys/class/net");

/// By its name and by what `system` says of it; a LAN or Public one is told by its addresses.
InterfaceKind interfaceKind(const std::string& name, const std::vector<InterfaceAddress>& addresses, const std::string& system = "/sys/class/net");

std::string_view nameOf(AddressKind kind);
std::string_view nameOf(InterfaceKind kind);

} // namespace lsw::setup
