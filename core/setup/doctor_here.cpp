// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/doctor_private.h"
#include "setup/machine_facts.h"

#include "base/host_info.h"
#include "base/text.h"
#include "protocol/listen_address.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

/// This machine's side: #10 our port, #11 our address, #13 limits. (#14 is in doctor_storage.cpp.)
namespace lsw::setup::doctor {
namespace {

using protocol::hostPort;

constexpr int kPortsTried = 100;

/// Whether this process could listen there: 0, or the errno.
int bindFailure(const std::string& host, std::uint16_t port) {
    const auto address = protocol::resolveListenAddress(host, port);
    if (!address) return EADDRNOTAVAIL;
    sockaddr_storage raw{};
    std::memcpy(&raw, address->data(), std::min(address->size(), sizeof raw));
    const int handle = ::socket(raw.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (handle < 0) return errno;
    const int yes = 1; // as the server does it: what is only being closed is no hindrance
    ::setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const int failed = ::bind(handle, reinterpret_cast<const sockaddr*>(&raw), static_cast<socklen_t>(address->size())) == 0 ? 0 : errno;
    ::close(handle);
    return failed;
}

/// The next port that is free at that address.
std::uint16_t freePortAfter(const std::string& host, std::uint16_t port) {
    for (int next = std::max<int>(port, 1023) + 1, tried = 0; next < 65536 && tried < kPortsTried; ++next, ++tried)
        if (bindFailure(host, static_cast<std::uint16_t>(next)) == 0) return static_cast<std::uint16_t>(next);
    return 0;
}

/// Whether the worker of our folder is what listens there.
bool isOurWorkerAt(Visit& visit, std::uint16_t port) {
    if (ourSession(visit).empty()) return false;
    const auto own = readRepoEndpoint(visit.question.workerRepo);
    return own && own->endpoint.port == port;
}

} // namespace

std::optional<protocol::ListenPlan> listenPlan(const Visit& visit, std::string& why) {
    if (visit.miner && !visit.facing.empty()) {
        auto plan = protocol::planListening(visit.question.listen, visit.question.advertise, visit.endpoint());
        if (plan) return std::move(*plan);
        why = plan.error().message();
        return std::nullopt;
    }
    // Without a way to the miner the address that faces it is not known; the port can be looked at all the same.
    const auto own = protocol::parseHostPort(visit.question.listen);
    if (own) return protocol::ListenPlan{own->host, own->port, *own};
    why = own.error().message();
    return std::nullopt;
}

Outcome checkListenPort(Visit& visit, CheckNotes& notes) {
    std::string why;
    const auto plan = listenPlan(visit, why);
    if (!plan) {
        notes.find(Finding::ListenUnreadable, {why});
        return {};
    }
    const std::string where = hostPort(plan->bindHost, plan->bindPort);
    const int failed = bindFailure(plan->bindHost, plan->bindPort);
    const auto other = [&] { return hostPort(protocol::parseHostPort(visit.question.listen)->host, freePortAfter(plan->bindHost, plan->bindPort)); };
    if (failed == 0) {
        notes.find(Finding::PortFree, {where});
    } else if (failed == EADDRINUSE && isOurWorkerAt(visit, plan->bindPort)) {
        notes.find(Finding::PortOurs, {where});
    } else if (failed == EADDRINUSE) {
        const std::string holder = protocol::listenerOfPort(plan->bindPort);
        notes.find(Finding::PortTaken, {where, holder.empty() ? "another program" : holder, other()});
    } else if (failed == EADDRNOTAVAIL) {
        notes.find(Finding::ListenNotOurs, {plan->bindHost, std::to_string(plan->bindPort)});
    } else {
        notes.find(Finding::PortForbidden, {where, std::strerror(failed), other()});
    }
    return {};
}

Outcome checkAdvertise(Visit& visit, CheckNotes& notes) {
    std::string why;
    const auto plan = listenPlan(visit, why);
    if (!plan) return CheckId::ListenPort;
    const std::uint16_t port = plan->advertised.port ? plan->advertised.port : plan->bindPort;
    const std::string& host = plan->advertised.host;
    const std::string where = hostPort(host, port), facing = hostPort(visit.facing, port);
    NameAnswer answer = resolveName(host, port, visit.question.nameLimit, visit.stop);
    if (answer.addresses.empty()) {
        notes.find(answer.isUnknown ? Finding::NameUnknown : Finding::NameServerSilent, {host, answer.words});
        return {};
    }
    const auto is = [&answer](const auto& property) {
        return std::any_of(answer.addresses.begin(), answer.addresses.end(), [&](const SocketAddress& one) { return property(one.text); });
    };
    if (is(isUnspecified)) notes.find(Finding::AdvertiseUnspecified, {where, facing});
    else if (!visit.minerIsHere && is(isLoopback)) notes.find(Finding::AdvertiseLoopback, {where, facing});
    else if (visit.view && visit.view->isOurWorkerRegistered()) notes.find(Finding::AdvertiseProved, {where});
    else if (!is(isOwnAddress)) notes.find(Finding::AdvertiseForeign, {where, facing});
    else notes.find(Finding::AdvertiseGood, {where});

    const std::string firewall = visit.minerIsHere ? std::string() : activeFirewall(visit.question.root);
    const std::string miner = visit.addresses.front().text, portText = std::to_string(port);
    if (firewall == "ufw") notes.evidence("ufw is on here and must let the miner in: sudo ufw allow from " + miner + " to any port " + portText + " proto tcp");
    else if (!firewall.empty()) notes.evidence(firewall + " is on here and must let the miner in: sudo firewall-cmd --permanent --add-port=" + portText + "/tcp");
    return {};
}

Outcome checkLimits(Visit& visit, CheckNotes& notes) {
    const std::uint64_t files = mostOpenFiles(), whole = memoryOfMachine(visit.question.root), granted = readHostInfo(false, visit.question.root).memPhysical;
    if (granted > 0 && granted < whole) notes.find(Finding::MemoryLimited, {byteText(granted), byteText(whole)});
    if (const std::string setting = idleSleep(visit.question.root); !setting.empty()) notes.find(Finding::SleepsWhenIdle, {setting});
    if (files < kOpenFilesWanted) notes.find(Finding::FilesLow, {std::to_string(files), std::to_string(kOpenFilesWanted)});
    if (notes.isEmpty()) notes.find(Finding::LimitsGood, {std::to_string(files), byteText(granted)});
    return {};
}

} // namespace lsw::setup::doctor
