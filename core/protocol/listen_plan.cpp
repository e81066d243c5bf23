// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/listen_plan.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lsw::protocol {

Expected<std::string> addressFacing(const Endpoint& other) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* list = nullptr;
    const auto port = std::to_string(other.port);
    if (const int failure = getaddrinfo(other.host.c_str(), port.c_str(), &hints, &list); failure != 0)
        return Error(ErrorCode::MinerUnreachable, "the name of the miner, " + other.host + ", cannot be resolved: " + gai_strerror(failure));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, freeaddrinfo);

    int lastError = ENETUNREACH;
    for (const addrinfo* one = list; one; one = one->ai_next) {
        const int handle = socket(one->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (handle < 0) {
            lastError = errno;
            continue;
        }
        // Connecting a datagram socket sends nothing: the kernel only picks the route and with it our address.
        sockaddr_storage own{};
        socklen_t size = sizeof own;
        const bool found = connect(handle, one->ai_addr, one->ai_addrlen) == 0 && getsockname(handle, reinterpret_cast<sockaddr*>(&own), &size) == 0;
        if (!found) lastError = errno;
        close(handle);
        if (!found) continue;
        char text[NI_MAXHOST]{};
        if (getnameinfo(reinterpret_cast<sockaddr*>(&own), size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0) return std::string(text);
    }
    return Error(ErrorCode::MinerUnreachable, "no route leads to the miner at " + other.host + ": " + std::strerror(lastError));
}

std::string hostPort(const std::string& host, std::uint16_t port) {
    return (host.find(':') == std::string::npos ? host : '[' + host + ']') + ':' + std::to_string(port);
}

Expected<ListenPlan> planListening(const std::string& listen, const std::string& advertise, const Endpoint& miner) {
    auto own = parseHostPort(listen);
    if (!own) return std::move(own).error().whileDoing("reading the address to listen on");
    ListenPlan plan;
    plan.bindHost = own->host;
    plan.bindPort = own->port;
    plan.advertised = *own;
    if (!advertise.empty()) {
        auto told = parseHostPort(advertise);
        if (!told) return std::move(told).error().whileDoing("reading the address to advertise");
        plan.advertised = *told;
    } else if (own->host == "0.0.0.0" || own->host == "::") {
        auto facing = addressFacing(miner);
        if (!facing) return std::move(facing).error();
        plan.bindHost = *facing;
        plan.advertised.host = *facing;
    }
    return plan;
}

} // namespace lsw::protocol
