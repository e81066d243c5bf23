// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/stable_port.h"

#include <fstream>
#include <random>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lsw::practice {
namespace {

constexpr int kLowest = 10240, kTries = 200;

/// The port when nobody has it, 0 when somebody has; for 0 any free one.
std::uint16_t bound(std::uint16_t wanted) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return 0;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(wanted);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    std::uint16_t port = 0;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0)
        port = ntohs(address.sin_port);
    ::close(fd);
    return port;
}

} // namespace

std::uint16_t stablePort() {
    // Outgoing connections take theirs from this range on.
    int first = 32768;
    std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
    if (first > kLowest + kTries) {
        std::random_device random;
        std::uniform_int_distribution<int> below(kLowest, first - 1);
        for (int i = 0; i < kTries; ++i)
            if (const std::uint16_t port = bound(static_cast<std::uint16_t>(below(random)))) return port;
    }
    return bound(0);
}

} // namespace lsw::practice
