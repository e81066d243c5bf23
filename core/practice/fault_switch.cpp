// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/fault_switch.h"

#include <charconv>
#include <cstring>
#include <filesystem>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace lsw::practice {
namespace {

bool takeOne(std::map<std::string, int>& counts, const std::string& method) {
    const auto found = counts.find(method);
    if (found == counts.end() || found->second <= 0) return false;
    --found->second;
    return true;
}

std::string peerOf(int descriptor) {
    sockaddr_in address{};
    socklen_t length = sizeof(address);
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0 || address.sin_family != AF_INET) return {};
    char text[INET_ADDRSTRLEN] = {};
    if (!::inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text))) return {};
    return std::string(text) + ':' + std::to_string(ntohs(address.sin_port));
}

} // namespace

Fault takeFault(Faults& faults, const std::string& method) {
    if (takeOne(faults.unauthorized, method)) return Fault::Unauthorized;
    if (takeOne(faults.refuse, method)) return Fault::Refuse;
    if (takeOne(faults.dropConnection, method)) return Fault::DropConnection;
    if (takeOne(faults.dropAfterDoing, method)) return Fault::DropAfterDoing;
    return Fault::None;
}

int latenessMs(const Faults& faults, const std::string& method) {
    const auto found = faults.lateMs.find(method);
    return found == faults.lateMs.end() ? 0 : found->second;
}

void dropConnectionTo(const std::string& peer) {
    // The server hides its sockets on purpose; the peer's address and port name this one without doubt.
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", failure)) {
        const std::string name = entry.path().filename().string();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (descriptor >= 0 && peerOf(descriptor) == peer) ::shutdown(descriptor, SHUT_RDWR);
    }
}

} // namespace lsw::practice
