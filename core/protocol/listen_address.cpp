// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/listen_address.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <netdb.h>
#include <sys/socket.h>

namespace lsw::protocol {

namespace fs = std::filesystem;

namespace {

/// Inodes of the sockets that listen on the port, from one of the kernel's tables.
void collectListeners(const char* table, std::uint16_t port, std::set<std::string>& inodes) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line); // the heading
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string number, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
        fields >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
        const std::size_t colon = local.rfind(':');
        if (!fields || state != "0A" || colon == std::string::npos) continue; // 0A: LISTEN
        try {
            if (std::stoul(local.substr(colon + 1), nullptr, 16) == port) inodes.insert("socket:[" + inode + ']');
        } catch (const std::exception&) {
            continue;
        }
    }
}

bool isNumber(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos; }

bool holdsOneOf(const fs::path& process, const std::set<std::string>& inodes) {
    std::error_code ec;
    for (fs::directory_iterator it(process / "fd", ec), end; !ec && it != end; it.increment(ec)) {
        std::error_code gone;
        const fs::path target = fs::read_symlink(it->path(), gone);
        if (!gone && inodes.contains(target.string())) return true;
    }
    return false;
}

std::string hostAndPort(const std::string& host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

} // namespace

std::string listenerOfPort(std::uint16_t port) {
    std::set<std::string> inodes;
    collectListeners("/proc/net/tcp", port, inodes);
    collectListeners("/proc/net/tcp6", port, inodes);
    if (inodes.empty()) return {};
    std::error_code ec;
    for (fs::directory_iterator it("/proc", ec), end; !ec && it != end; it.increment(ec)) {
        const std::string pid = it->path().filename().string();
        if (!isNumber(pid) || !holdsOneOf(it->path(), inodes)) continue;
        std::ifstream comm(it->path() / "comm");
        std::string name;
        std::getline(comm, name);
        return (name.empty() ? std::string("a program") : name) + " (pid " + pid + ')';
    }
    return {};
}

Expected<Bytes> resolveListenAddress(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (failed != 0) return Error(ErrorCode::InvalidArgument, "cannot listen on " + hostAndPort(host, port) + ": " + gai_strerror(failed));
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(found->ai_addr);
    Bytes out(bytes, bytes + found->ai_addrlen);
    ::freeaddrinfo(found);
    return out;
}

Error listenError(int errnum, const std::string& host, std::uint16_t port) {
    const std::string address = hostAndPort(host, port);
    if (errnum == EADDRINUSE) {
        const std::string holder = listenerOfPort(port);
        return Error(ErrorCode::AlreadyExists, "the address " + address + " is in use" + (holder.empty() ? "" : " by " + holder) +
                                                   "; stop that program or choose another port");
    }
    if (errnum == EADDRNOTAVAIL)
        return Error(ErrorCode::InvalidArgument, "cannot listen on " + address + ": that is no address of this machine");
    return errnoError(errnum, "cannot listen on " + address);
}

} // namespace lsw::protocol
