// SPDX-License-Identifier: MIT OR Apache-2.0
// A request's head, parsed as the server parses it; its routing, its token, and the head of a reply that repeats its text.
#include "fuzz.h"

#include "protocol/http_core.h"
#include "protocol/http_head.h"
#include "protocol/http_text.h"

using namespace lsw;
using namespace lsw::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    RequestParser parser;
    parser.header_limit(64 << 10);
    parser.body_limit(boost::none);
    boost::system::error_code failure;
    parser.put(boost::asio::const_buffer(data, size), failure);
    const std::string_view whole(reinterpret_cast<const char*>(data), size);
    (void)percentDecode(whole, true);
    (void)parseQuery(whole);
    if (failure || !parser.is_header_done()) return 0;

    const RequestHead head = readHead(rawHead(parser), "127.0.0.1:1");
    if (!head.refusedWith) {
        fuzz::require(!(head.head.chunked && head.head.contentLength), "a body has one framing");
        fuzz::require(head.head.path.find('\0') == std::string::npos, "a path has no NUL");
    }
    const auto token = bearerToken(head.head);
    const std::vector<HttpRoute> routes{{.prefix = "/rpc/v0", .exact = true}, {.prefix = "/rpc/streams/v0/push/"}, {.prefix = "/remote"}};
    if (const auto* route = findRoute(routes, head.head.path)) fuzz::require(head.head.path.starts_with(route->prefix), "a route is a prefix of its path");
    HttpReply reply;
    reply.contentType = head.head.path;
    reply.headers = {{"X-Token", token.value_or("")}};
    const std::string out = replyHeadText(reply, {false, 1, true});
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = out.find("\n", at)) != std::string::npos; ++at) ++lines;
    static const std::size_t usual = [] {
        HttpReply plain;
        plain.contentType = "a";
        plain.headers = {{"X-Token", "b"}};
        const std::string one = replyHeadText(plain, {false, 1, true});
        return static_cast<std::size_t>(std::count(one.begin(), one.end(), '\n'));
    }();
    fuzz::require(reply.contentType.empty() || lines == usual, "no value of a header makes a line of its own");
    return 0;
}
