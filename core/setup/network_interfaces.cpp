// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/network_interfaces.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "protocol/listen_plan.h"

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

std::string textOf(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (address->sa_family == AF_INET) {
        sockaddr_in four{};
        std::copy_n(reinterpret_cast<const std::byte*>(address), sizeof four, reinterpret_cast<std::byte*>(&four));
        return inet_ntop(AF_INET, &four.sin_addr, out.data(), out.size()) ? out.data() : "";
    }
    sockaddr_in6 six{};
    std::copy_n(reinterpret_cast<const std::byte*>(address), sizeof six, reinterpret_cast<std::byte*>(&six));
    return inet_ntop(AF_INET6, &six.sin6_addr, out.data(), out.size()) ? out.data() : "";
}

int prefixOf(const sockaddr* mask) {
    if (!mask) return 0;
    int bits = 0;
    if (mask->sa_family == AF_INET) {
        sockaddr_in four{};
        std::copy_n(reinterpret_cast<const std::byte*>(mask), sizeof four, reinterpret_cast<std::byte*>(&four));
        return std::popcount(four.sin_addr.s_addr);
    }
    sockaddr_in6 six{};
    std::copy_n(reinterpret_cast<const std::byte*>(mask), sizeof six, reinterpret_cast<std::byte*>(&six));
    for (const std::uint8_t byte : six.sin6_addr.s6_addr) bits += std::popcount(byte);
    return bits;
}

std::string firstLine(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

bool hasLine(const fs::path& file, std::string_view wanted) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (line == wanted) return true;
    return false;
}

bool beginsWithAny(std::string_view name, std::initializer_list<std::string_view> list) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view one) { return name.starts_with(one); });
}

int speedOf(const std::string& system, const std::string& name) {
    const std::string text = firstLine(fs::path(system) / name / "speed"); // -1, or an error, when there is no cable or no such thing
    return text.empty() || text.size() > 7 || text.find_first_not_of("0123456789") != std::string::npos ? 0 : std::stoi(text);
}

} // namespace

std::optional<AddressKind> addressKind(std::string_view text) {
    const std::string address(text.substr(0, text.find('%')));
    in_addr four{};
    if (inet_pton(AF_INET, address.c_str(), &four) == 1) {
        const std::uint32_t ip = ntohl(four.s_addr);
        const auto isIn = [ip](std::uint32_t network, int prefix) { return (ip >> (32 - prefix)) == (network >> (32 - prefix)); };
        if (ip == 0) return AddressKind::Unspecified;
        if (isIn(0x7f000000, 8)) return AddressKind::Loopback;
        if (isIn(0xa9fe0000, 16)) return AddressKind::LinkLocal;
        const bool isPrivate = isIn(0x0a000000, 8) || isIn(0xac100000, 12) || isIn(0xc0a80000, 16) || isIn(0x64400000, 10);
        return isPrivate ? AddressKind::Private : AddressKind::Public;
    }
    in6_addr six{};
    if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return std::nullopt;
    if (IN6_IS_ADDR_UNSPECIFIED(&six)) return AddressKind::Unspecified;
    if (IN6_IS_ADDR_LOOPBACK(&six)) return AddressKind::Loopback;
    if (IN6_IS_ADDR_LINKLOCAL(&six)) return AddressKind::LinkLocal;
    if (IN6_IS_ADDR_V4MAPPED(&six)) return addressKind(address.substr(address.rfind(':') + 1));
    return (six.s6_addr[0] & 0xfeU) == 0xfcU ? AddressKind::Private : AddressKind::Public;
}

InterfaceKind interfaceKind(const std::string& name, const std::vector<InterfaceAddress>& addresses, const std::string& system) {
    const auto allAre = [&](AddressKind kind) {
        return !addresses.empty() && std::all_of(addresses.begin(), addresses.end(), [&](const InterfaceAddress& one) { return one.kind == kind; });
    };
    const fs::path folder = fs::path(system) / name;
    std::error_code ignored;
    if (name == "lo" || firstLine(folder / "type") == "772" || allAre(AddressKind::Loopback)) return InterfaceKind::Loopback;
    // Those of programs that make networks of their own; the kernel does not tell a bridge of docker from one of the user.
    if (beginsWithAny(name, {"docker", "br-", "veth", "virbr", "vnet", "lxc", "lxd", "cni", "flannel", "cali", "podman", "kube", "weave"})) return InterfaceKind::Container;
    if (fs::exists(folder / "tun_flags", ignored) || hasLine(folder / "uevent", "DEVTYPE=wireguard") || firstLine(folder / "type") == "65534" ||
        beginsWithAny(name, {"tun", "tap", "wg", "ppp", "tailscale", "zt", "nebula", "ipsec", "utun"}))
        return InterfaceKind::Vpn;
    const bool isPublic = std::any_of(addresses.begin(), addresses.end(), [](const InterfaceAddress& one) { return one.kind == AddressKind::Public; });
    return isPublic ? InterfaceKind::Public : InterfaceKind::Lan;
}

std::vector<NetworkInterface> networkInterfaces(const std::optional<protocol::Endpoint>& miner, const std::string& system) {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(list, &::freeifaddrs);
    const std::string facing = miner ? protocol::addressFacing(*miner).valueOr("") : std::string();
    std::vector<NetworkInterface> out;
    for (const ifaddrs* one = list; one; one = one->ifa_next) {
        if (!one->ifa_addr || (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6)) continue;
        auto known = std::find_if(out.begin(), out.end(), [&](const NetworkInterface& other) { return other.name == one->ifa_name; });
        if (known == out.end()) {
            NetworkInterface made;
            made.name = one->ifa_name;
            made.isUp = (one->ifa_flags & IFF_RUNNING) != 0 && (one->ifa_flags & IFF_UP) != 0;
            made.megabitsPerSecond = speedOf(system, made.name);
            known = out.insert(out.end(), std::move(made));
        }
        InterfaceAddress address;
        address.address = textOf(one->ifa_addr);
        address.prefix = prefixOf(one->ifa_netmask);
        address.kind = addressKind(address.address).value_or(AddressKind::Private);
        address.reachesMiner = facing == address.address;
        known->addresses.push_back(std::move(address));
    }
    for (NetworkInterface& one : out) one.kind = interfaceKind(one.name, one.addresses, system);
    std::stable_sort(out.begin(), out.end(), [](const NetworkInterface& a, const NetworkInterface& b) { return a.kind < b.kind; });
    return out;
}

std::string_view nameOf(AddressKind kind) {
    switch (kind) {
    case AddressKind::Loopback: return "loopback";
    case AddressKind::LinkLocal: return "link-local";
    case AddressKind::Private: return "private";
    case AddressKind::Public: return "public";
    case AddressKind::Unspecified: return "unspecified";
    }
    return {};
}

std::string_view nameOf(InterfaceKind kind) {
    switch (kind) {
    case InterfaceKind::Lan: return "lan";
    case InterfaceKind::Public: return "public";
    case InterfaceKind::Vpn: return "vpn";
    case InterfaceKind::Container: return "container";
    case InterfaceKind::Loopback: return "loopback";
    }
    return {};
}

} // namespace lsw::setup
