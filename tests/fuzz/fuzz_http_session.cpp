// SPDX-License-Identifier: MIT OR Apache-2.0
// The whole server on a loopback port, and a peer that sends anything: requests one after the other, small bodies and bulk ones.
#include "fuzz.h"

#include "protocol/http_server.h"
#include "protocol/http_text.h"
#include "../protocol/raw_client.h"

#include <cerrno>

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
                   .bodyLimit = 4096},
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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::uint16_t port = serve();
    fuzz::Input input(data, size);
    const std::size_t piece = input.byte() * 8 + 1;
    test::RawClient peer(port);
    fuzz::require(peer.isConnected(), "the server takes a connection after everything before");
    std::string_view rest = input.rest();
    while (!rest.empty() && peer.send(rest.substr(0, piece))) rest.remove_prefix(std::min(piece, rest.size()));
    peer.endSending();
    std::string answer;
    char buffer[4096];
    ssize_t got;
    while ((got = ::recv(peer.descriptor(), buffer, sizeof buffer, 0)) > 0) answer.append(buffer, static_cast<std::size_t>(got));
    fuzz::require(got == 0 || errno == ECONNRESET, "a peer that has said all is let go");
    fuzz::require(answer.empty() || answer.starts_with("HTTP/1."), "an answer is HTTP");
    peer.reset();
    return 0;
}
