// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/listen_plan.h"

#include <algorithm>

namespace lsw::setup {
namespace {

std::string multiaddrOf(const std::string& host, std::uint16_t port) { return protocol::toMultiaddr({"http", host, port, {}}) + "/http"; }
std::string hostAndPort(const std::string& host, std::uint16_t port) {
    return (host.find(':') != std::string::npos ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

/// Of the interfaces that other machines can be behind.
std::vector<InterfaceAddress> outside(const std::vector<NetworkInterface>& interfaces) {
    std::vector<InterfaceAddress> out;
    for (const NetworkInterface& one : interfaces) {
        if (one.kind == InterfaceKind::Loopback || one.kind == InterfaceKind::Container) continue;
        for (const InterfaceAddress& address : one.addresses)
            if (address.kind == AddressKind::Private || address.kind == AddressKind::Public) out.push_back(address);
    }
    return out;
}

std::string listText(const std::vector<InterfaceAddress>& addresses) {
    std::string out;
    for (const InterfaceAddress& one : addresses) out += (out.empty() ? "" : ", ") + one.address;
    return out.empty() ? "none besides the loopback" : out;
}

} // namespace

Expected<MinerListenPlan> planMinerListening(ListenKind kind, const std::string& address, std::uint16_t port, const std::vector<NetworkInterface>& interfaces) {
    const auto wrong = [](std::string text) { return Error(ErrorCode::InvalidArgument, std::move(text)); };
    if (port == 0) return wrong("port 0 cannot be listened on for others: choose one, as 2345");
    MinerListenPlan out;
    out.kind = kind;
    if (kind == ListenKind::Loopback) {
        if (!address.empty()) return wrong("the loopback has no address to choose");
        out.listenAddress = multiaddrOf("127.0.0.1", port);
        out.remoteListenAddress = hostAndPort("127.0.0.1", port);
        out.remarks = {{ListenNote::ThisMachineOnly, {}}};
        return out;
    }
    const std::vector<InterfaceAddress> known = outside(interfaces);
    std::string remote = address;
    if (kind == ListenKind::All && remote.empty()) {
        std::vector<InterfaceAddress> own;
        std::copy_if(known.begin(), known.end(), std::back_inserter(own),
                     [](const InterfaceAddress& one) { return one.kind == AddressKind::Private && one.address.find(':') == std::string::npos; });
        if (own.size() != 1) return wrong("say which address workers shall use, by --address; this machine has: " + listText(known));
        remote = own.front().address;
    }
    const auto found = std::find_if(known.begin(), known.end(), [&](const InterfaceAddress& one) { return one.address == remote; });
    if (found == known.end()) return wrong("\"" + remote + "\" is no address of this machine under which others could reach it; there are: " + listText(known));
    out.remoteListenAddress = hostAndPort(remote, port);
    if (kind == ListenKind::Lan) {
        out.listenAddress = multiaddrOf(remote, port);
        out.remarks = {{ListenNote::OneAddress, remote}, {ListenNote::AddressMayChange, remote}};
        if (found->kind == AddressKind::Public) out.remarks.push_back({ListenNote::PublicAddress, remote});
    } else {
        out.listenAddress = multiaddrOf("0.0.0.0", port);
        out.remarks = {{ListenNote::EveryNetwork, {}}};
        for (const InterfaceAddress& one : known)
            if (one.kind == AddressKind::Public && (one.address.find(':') == std::string::npos || one.address == remote)) out.remarks.push_back({ListenNote::PublicAddress, one.address});
    }
    out.needsConsent = std::any_of(out.remarks.begin(), out.remarks.end(), [](const ListenRemark& one) { return one.note == ListenNote::PublicAddress; });
    out.remarks.push_back({ListenNote::WorkersFetchFrom, out.remoteListenAddress});
    out.remarks.push_back({ListenNote::ClearText, {}});
    return out;
}

std::string_view nameOf(ListenKind kind) {
    switch (kind) {
    case ListenKind::Loopback: return "loopback";
    case ListenKind::Lan: return "lan";
    case ListenKind::All: return "all";
    }
    return {};
}

std::string_view nameOf(ListenNote note) {
    switch (note) {
    case ListenNote::ThisMachineOnly: return "this-machine-only";
    case ListenNote::OneAddress: return "one-address";
    case ListenNote::AddressMayChange: return "address-may-change";
    case ListenNote::EveryNetwork: return "every-network";
    case ListenNote::PublicAddress: return "public-address";
    case ListenNote::ClearText: return "clear-text";
    case ListenNote::WorkersFetchFrom: return "workers-fetch-from";
    case ListenNote::VariableWins: return "variable-wins";
    case ListenNote::FlagWins: return "flag-wins";
    case ListenNote::NeedsRestart: return "needs-restart";
    }
    return {};
}

std::string sentenceOf(const ListenRemark& remark) {
    switch (remark.note) {
    case ListenNote::ThisMachineOnly: return "Only programs on this machine reach the miner; workers on other machines get \"connection refused\".";
    case ListenNote::OneAddress: return "The miner is reached under " + remark.argument + ", also from this machine: 127.0.0.1 is refused then.";
    case ListenNote::AddressMayChange:
        return "If this machine loses the address " + remark.argument + ", the miner does not start any more: reserve it in the DHCP server.";
    case ListenNote::EveryNetwork: return "The miner is reached under every address of this machine, on all of its networks; callers still need a token.";
    case ListenNote::PublicAddress: return remark.argument + " is a public address: the miner would be open to the internet unless a firewall closes the port.";
    case ListenNote::ClearText: return "Nothing on this connection is encrypted, tokens included: keep to a network that you trust, or use a VPN.";
    case ListenNote::WorkersFetchFrom: return "Workers fetch the sector files of the miner from " + remark.argument + '.';
    case ListenNote::VariableWins: return remark.argument + " in the environment of the miner beats the file: as long as it is set there, the file has no effect.";
    case ListenNote::FlagWins:
        return "The miner was started with --miner-api " + remark.argument + ", which beats the file and makes it listen on 127.0.0.1 alone: leave that out.";
    case ListenNote::NeedsRestart: return "The miner reads this when it starts: restart it.";
    }
    return {};
}

} // namespace lsw::setup
