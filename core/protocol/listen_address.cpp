// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/listen_address.h"

#include "protocol/listen_plan.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

namespace lsw::protocol {

namespace fs = std::filesystem;

namespace {

/// A socket that listens, as the kernel's table has it.
struct Listener {
    std::string address, inode;
};

/// "0100007F" or 32 such digits: words in the byte order of the machine, each in network order itself.
std::string addressOfHex(const std::string& hex) {
    std::array<std::uint32_t, 4> words{};
    const std::size_t count = hex.size() / 8;
    if (hex.size() % 8 != 0 || (count != 1 && count != 4)) return {};
    for (std::size_t i = 0; i < count; ++i) {
        const char* begin = hex.data() + 8 * i;
        if (std::from_chars(begin, begin + 8, words[i], 16).ptr != begin + 8) return {};
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(count == 1 ? AF_INET : AF_INET6, words.data(), text.data(), text.size()) ? text.data() : "";
}

void collectListeners(const char* table, std::uint16_t port, std::vector<Listener>& out) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line); // the heading
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string number, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
        fields >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
        const std::size_t colon = local.rfind(':');
        if (!fields || state != "0A" || colon == std::string::npos) continue; // 0A: LISTEN
        unsigned found = 0;
        const auto [end, failed] = std::from_chars(local.data() + colon + 1, local.data() + local.size(), found, 16);
        if (failed == std::errc() && end == local.data() + local.size() && found == port) out.push_back({addressOfHex(local.substr(0, colon)), inode});
    }
}

std::vector<Listener> listenersOf(std::uint16_t port) {
    std::vector<Listener> out;
    collectListeners("/proc/net/tcp", port, out);
    collectListeners("/proc/net/tcp6", port, out);
    return out;
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

} // namespace

std::string listenerOfPort(std::uint16_t port) {
    std::set<std::string> inodes;
    for (const Listener& one : listenersOf(port)) inodes.insert("socket:[" + one.inode + ']');
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

std::vector<std::string> listeningAddresses(std::uint16_t port) {
    std::vector<std::string> out;
    for (Listener& one : listenersOf(port)) out.push_back(std::move(one.address));
    return out;
}

Expected<Bytes> resolveListenAddress(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (failed != 0) return Error(ErrorCode::InvalidArgument, "cannot listen on " + hostPort(host, port) + ": " + gai_strerror(failed));
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(found->ai_addr);
    Bytes out(bytes, bytes + found->ai_addrlen);
    ::freeaddrinfo(found);
    return out;
}

Error listenError(int errnum, const std::string& host, std::uint16_t port) {
    const std::string address = hostPort(host, port);
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
