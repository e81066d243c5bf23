// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/tcp_probe.h"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lsw::setup {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLookForStop{50};

NameAnswer askSystem(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    NameAnswer out;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (failed != 0) {
        out.isUnknown = failed == EAI_NONAME;
        out.words = failed == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(failed);
        return out;
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, ::freeaddrinfo);
    for (const addrinfo* one = list; one; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(one->ai_addr);
        out.addresses.push_back({Bytes(bytes, bytes + one->ai_addrlen), text.data()});
    }
    return out;
}

ConnectOutcome outcomeOf(int errnum) {
    switch (errnum) {
    case 0: return ConnectOutcome::Connected;
    case ECONNREFUSED: return ConnectOutcome::Refused;
    case ETIMEDOUT: return ConnectOutcome::TimedOut;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETDOWN: return ConnectOutcome::Unreachable;
    case EPERM:
    case EACCES: return ConnectOutcome::Forbidden;
    default: return ConnectOutcome::Failed;
    }
}

/// The errno of a connection that was begun; ETIMEDOUT at the limit, ECANCELED when stopped.
int waitConnected(int handle, Clock::time_point until, const std::stop_token& stop) {
    for (;;) {
        if (stop.stop_requested()) return ECANCELED;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) return ETIMEDOUT;
        pollfd ready{handle, POLLOUT, 0};
        const int count = ::poll(&ready, 1, static_cast<int>(std::min(left, kLookForStop).count()));
        if (count < 0 && errno != EINTR) return errno;
        if (count <= 0) continue;
        int failed = 0;
        socklen_t size = sizeof failed;
        return ::getsockopt(handle, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 ? failed : errno;
    }
}

std::optional<in_addr> asFour(std::string_view host) {
    const std::string text(host.starts_with("::ffff:") ? host.substr(7) : host);
    in_addr out{};
    if (::inet_pton(AF_INET, text.c_str(), &out) != 1) return std::nullopt;
    return out;
}

} // namespace

NameAnswer resolveName(const std::string& host, std::uint16_t port, std::chrono::milliseconds limit, const std::stop_token& stop) {
    struct Question {
        std::mutex mutex;
        std::condition_variable answered;
        std::optional<NameAnswer> answer;
    };
    auto question = std::make_shared<Question>();
    const auto work = [question, host, port] {
        NameAnswer got = askSystem(host, port);
        {
            const std::lock_guard lock(question->mutex);
            question->answer = std::move(got);
        }
        question->answered.notify_all();
    };
    try {
        std::thread(work).detach(); // nothing ends a question to a name server; it holds all that it uses
    } catch (const std::system_error&) {
        work();
    }
    const auto until = Clock::now() + limit;
    std::unique_lock lock(question->mutex);
    while (!question->answer && !stop.stop_requested() && Clock::now() < until) question->answered.wait_for(lock, kLookForStop);
    if (question->answer) return std::move(*question->answer);
    NameAnswer none;
    none.words = "no answer within " + std::to_string(limit.count() / 1000) + " s";
    return none;
}

ConnectAnswer tryConnect(const SocketAddress& address, std::chrono::milliseconds limit, const std::stop_token& stop) {
    const auto begin = Clock::now();
    sockaddr_storage target{};
    std::memcpy(&target, address.raw.data(), std::min(address.raw.size(), sizeof target));
    const int handle = ::socket(target.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle < 0) return {ConnectOutcome::Failed, std::strerror(errno), {}};
    int failed = 0;
    if (::connect(handle, reinterpret_cast<const sockaddr*>(&target), static_cast<socklen_t>(address.raw.size())) != 0)
        failed = errno == EINPROGRESS ? waitConnected(handle, begin + limit, stop) : errno;
    ::close(handle);
    ConnectAnswer out;
    out.outcome = failed == ECANCELED ? ConnectOutcome::Cancelled : outcomeOf(failed);
    out.words = failed ? std::strerror(failed) : "";
    out.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    return out;
}

bool isIpAddress(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> raw{};
    return ::inet_pton(AF_INET, host.c_str(), raw.data()) == 1 || ::inet_pton(AF_INET6, host.c_str(), raw.data()) == 1;
}

bool isLoopback(std::string_view host) {
    if (host == "::1" || host == "localhost") return true;
    const auto four = asFour(host);
    return four && (ntohl(four->s_addr) >> 24) == 127;
}

bool isUnspecified(std::string_view host) {
    if (host == "::") return true;
    const auto four = asFour(host);
    return four && four->s_addr == 0;
}

bool isOwnAddress(const std::string& ip) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICHOST;
    addrinfo* list = nullptr;
    if (::getaddrinfo(ip.c_str(), "0", &hints, &list) != 0) return false;
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, ::freeaddrinfo);
    const int handle = ::socket(list->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (handle < 0) return false;
    const bool isOurs = ::bind(handle, list->ai_addr, list->ai_addrlen) == 0;
    ::close(handle);
    const auto four = asFour(ip);
    const bool isOfMany = isUnspecified(ip) || (four && (four->s_addr == INADDR_BROADCAST || IN_MULTICAST(ntohl(four->s_addr)))); // which can be bound, too
    return isOurs && !isOfMany;
}

} // namespace lsw::setup
