// SPDX-License-Identifier: MIT OR Apache-2.0
// The whole server on a loopback port, and a peer that sends anything: requests one after the other, small bodies
// and bulk ones, and the frames of a WebSocket.
#include "fuzz.h"

#include "protocol/http_server.h"
#include "protocol/http_text.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace lsw;
using namespace lsw::protocol;

namespace {

/// Answers what it is sent; a token that is "no" is refused.
std::uint16_t serve() {
    static HttpServer server(
        {}, [](const std::string& token, const auto& done) {
            if (token == "no") done(Error(ErrorCode::PermissionDenied, "no"));
            else done(Permissions{"admin"});
        },
        {HttpRoute{.prefix = "/rpc/v0", .exact = true,
                   .handle = [](const HttpHead&, const std::string& body, const Permissions&, const auto& reply) { reply(plainTextReply(200, std::to_string(body.size()))); },
                   .bodyLimit = 4096, .webSocket = true},
         HttpRoute{.prefix = "/bulk", .isBulk = [](const HttpHead& head) { return head.method == "POST"; },
                   .bulk = [](const HttpHead&, const Permissions&, BulkConnection connection) {
                       std::string buffer(4096, '\0');
                       std::uint64_t sum = 0;
                       for (;;) {
                           const auto got = connection.readBody(buffer.data(), buffer.size());
                           if (!got) return void(connection.reply(plainTextReply(400, got.error().message())));
                           if (*got == 0) break;
                           sum += *got;
                       }
                       (void)connection.reply(plainTextReply(200, std::to_string(sum)));
                   }}});
    const auto port = server.start();
    fuzz::require(port.hasValue(), "the server listens");
    std::atexit([] { server.stop(std::chrono::milliseconds(0)); });
    return *port;
}

/// A connection from an address of the loopback network that is another one each time: hundreds of connections a second, each of which keeps
/// its port for a minute, must not use up those of 127.0.0.1, which everybody else on this machine needs.
int connectTo(std::uint16_t port) {
    static std::uint32_t count = 0;
    const int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in from{}, to{};
    from.sin_family = to.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(0x7f010000u + ++count % 0xffffu);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    const timeval patience{50, 0};
    ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    fuzz::require(::bind(peer, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0, "there is an address to come from");
    // The fuzzer looks at its clock by a signal, after which a connect() could be neither repeated nor given up.
    sigset_t clock{}, before{};
    sigaddset(&clock, SIGALRM);
    ::pthread_sigmask(SIG_BLOCK, &clock, &before);
    const bool isTaken = ::connect(peer, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    fuzz::require(isTaken, "the server takes a connection after everything before");
    return peer;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::uint16_t port = serve();
    fuzz::Input input(data, size);
    const std::size_t piece = input.byte() * 8 + 1;
    const int peer = connectTo(port);
    for (std::string_view rest = input.rest(); !rest.empty();) {
        const ssize_t sent = ::send(peer, rest.data(), std::min(piece, rest.size()), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue; // the fuzzer looks at its clock by a signal
        if (sent <= 0) break; // it has said what it thinks of us
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(peer, SHUT_WR);
    std::string answer;
    char buffer[4096];
    ssize_t got;
    while ((got = ::recv(peer, buffer, sizeof buffer, 0)) > 0 || (got < 0 && errno == EINTR)) answer.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    fuzz::require(got == 0 || errno == ECONNRESET, "a peer that has said all is let go");
    fuzz::require(answer.empty() || answer.starts_with("HTTP/1."), "an answer is HTTP");
    ::close(peer);
    return 0;
}
