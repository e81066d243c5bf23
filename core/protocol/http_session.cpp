// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_core.h"
#include "protocol/http_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

// The requests of one connection, one after the other.
namespace lsw::protocol {

namespace {

constexpr std::uint64_t kUntrustedBody = 1 << 20;     ///< who may not send orders may do nothing that needs more
constexpr std::uint64_t kSmallBodies = 64ULL << 20;    ///< in memory, of all connections together
constexpr std::uint64_t kBodiesInMemory = 1ULL << 30;  ///< the same where a route has no other place for large ones
constexpr std::uint64_t kDrained = 256 << 10;          ///< an unwanted body up to this is read so that the connection can stay
constexpr std::chrono::minutes kSmallBodyTime{5};      ///< for the whole of a body that fits into memory
constexpr std::chrono::milliseconds kLinger{500};
constexpr std::uint64_t kLingerBytes = 64ULL << 20;
constexpr std::size_t kSized = 2048;                   ///< Go buffers that much before it gives up on a length
constexpr std::size_t kChunk = 1 << 20;

bool isHttpError(const error_code& ec, http::error which) { return ec == http::make_error_code(which); }
bool isEarlyEnd(const error_code& ec) { return isHttpError(ec, http::error::end_of_stream) || isHttpError(ec, http::error::partial_message); }
const boost::system::error_category& httpCategory() { return http::make_error_code(http::error::bad_method).category(); }

/// Whether the Connection header asks for another protocol, as go-jsonrpc looks for it.
bool asksForUpgrade(const HttpHead& head) {
    const auto found = head.headers.find("connection");
    if (found == head.headers.end()) return false;
    std::string text = found->second;
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
    return text.find("upgrade") != std::string::npos;
}

} // namespace

RawHead rawHead(const RequestParser& parser) {
    const auto text = [](const auto& view) { return std::string_view(view.data(), view.size()); };
    const auto& message = parser.get();
    RawHead raw;
    raw.method = text(message.method_string());
    raw.target = text(message.target());
    raw.version = message.version();
    for (const auto& field : message) raw.fields.emplace_back(text(field.name_string()), text(field.value()));
    if (const auto length = parser.content_length()) raw.contentLength = *length;
    return raw;
}

net::awaitable<void> HttpCore::serve(std::shared_ptr<Session> session) {
    const auto self = shared_from_this();
    try {
        bool first = true;
        while (!session->closing && co_await serveOne(*session, first)) {
            first = false;
            session->idle = true;
            if (stopping) break;
            if (const auto it = std::find(sessions.begin(), sessions.end(), session); it != sessions.end())
                sessions.splice(sessions.end(), sessions, it);
        }
    } catch (const std::exception&) {
        // Out of memory, or a handler that threw while it was set up: this connection ends, the others live.
    }
    session->close();
    endTurn(*session);
    session->seat.reset();
    std::erase(sessions, session);
    count(-1);
}

/// One request. False when the connection is to be closed.
net::awaitable<bool> HttpCore::serveOne(Session& session, bool first) {
    if (session.buffer.size() == 0) {
        session.stream.expires_after(first ? options.headTimeout : options.idleTimeout);
        const auto [ec, count] = co_await session.stream.async_read_some(session.buffer.prepare(kReadAhead), kAwait);
        if (ec) co_return false;
        session.buffer.commit(count);
    }
    RequestParser parser;
    parser.header_limit(static_cast<std::uint32_t>(options.headLimit));
    parser.body_limit(boost::none);
    session.stream.expires_after(options.headTimeout);
    // Piece by piece, since Beast's own limit holds for one line at a time.
    for (std::uint64_t headBytes = 0; !parser.is_header_done();) {
        const auto [ec, count] = co_await http::async_read_some(session.stream, session.buffer, parser, kAwait);
        headBytes += count;
        if (session.closing || isEarlyEnd(ec)) co_return false;
        if (ec && ec.category() != httpCategory()) co_return false; // timeout or a broken connection
        if (!ec && headBytes <= options.headLimit) continue;
        const bool tooLong = headBytes > options.headLimit || isHttpError(ec, http::error::header_limit) ||
                             isHttpError(ec, http::error::buffer_overflow);
        const HttpReply reply = refusalReply(tooLong ? 431 : 400);
        const RequestHead unknown;
        co_await refuse(session, reply, unknown, nullptr);
        co_return false;
    }
    session.idle = false;
    session.stream.expires_never();
    RequestHead parsed = readHead(rawHead(parser), session.peer);
    // Replies are named objects wherever they cross a co_await: g++ 12 destroys temporaries there twice.
    if (parsed.refusedWith != 0) {
        const HttpReply reply = refusalReply(parsed.refusedWith);
        co_await refuse(session, reply, parsed, nullptr);
        co_return false;
    }

    const HttpRoute* found = findRoute(routes, parsed.head.path);
    Permissions permissions;
    bool anonymous = true;
    if (!found || !found->open) {
        const HttpReply unauthorized = emptyReply(401);
        const std::optional<std::string> token = bearerToken(parsed.head);
        if (!token) co_return co_await refuse(session, unauthorized, parsed, &parser);
        const auto verdict = std::make_shared<Slot<Expected<Permissions>>>();
        authorizer(*token, callback(session, verdict));
        co_await waitFor(session, *verdict);
        if (session.closing) co_return false;
        if (!verdict->value || !*verdict->value) co_return co_await refuse(session, unauthorized, parsed, &parser);
        permissions = **verdict->value;
        anonymous = token->empty();
    }
    if (!found) {
        const HttpReply notFound = plainTextReply(404, "404 page not found");
        co_return co_await refuse(session, notFound, parsed, &parser);
    }
    if (found->webSocket && asksForUpgrade(parsed.head)) {
        const http::request<http::string_body> request = parser.get();
        co_await serveSocket(session, request, parsed.head, *found, permissions);
        co_return false;
    }
    if (found->isBulk && found->bulk && found->isBulk(parsed.head)) {
        if (!bulk.hasRoom() || stopping) {
            const HttpReply busy = emptyReply(503);
            co_return co_await refuse(session, busy, parsed, &parser);
        }
        std::string alreadyRead = beast::buffers_to_string(session.buffer.data());
        error_code ec;
        const int socket = session.stream.release_socket().release(ec);
        if (ec || socket < 0) co_return false;
        BulkConnection connection(socket, std::move(alreadyRead), parsed.head);
        bulk.run([handler = found->bulk, head = parsed.head, permissions, seat = session.seat](BulkConnection bulkConnection) {
            handler(head, permissions, std::move(bulkConnection));
        }, std::move(connection));
        co_return false;
    }
    co_return co_await handleRequest(session, parser, parsed, *found, permissions, anonymous);
}

net::awaitable<bool> HttpCore::handleRequest(Session& session, RequestParser& parser, RequestHead& parsed, const HttpRoute& found,
                                             const Permissions& permissions, bool anonymous) {
    const bool trusted = !anonymous && (found.bodyPermission.empty() || permissions.contains(found.bodyPermission));
    const std::uint64_t limit = trusted ? found.bodyLimit : std::min(found.bodyLimit, kUntrustedBody);
    HttpReply tooLarge = refusalReply(413);
    if (found.tooLarge) tooLarge = *found.tooLarge;
    if (parsed.head.contentLength && *parsed.head.contentLength > limit) {
        co_await refuse(session, tooLarge, parsed, nullptr);
        co_return false;
    }
    if (!parser.is_done()) {
        if (parsed.expectsContinue && session.buffer.size() == 0) {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            session.stream.expires_after(kStall);
            const auto [ec, count] = co_await net::async_write(session.stream, net::buffer(kContinue), kAwait);
            static_cast<void>(count);
            if (ec) co_return false;
        }
        parsed.expectsContinue = false;
    }
    // What this body adds to all bodies in memory, taken back whichever way this ends.
    struct Account {
        std::uint64_t& total;
        std::uint64_t mine = 0;
        ~Account() { total -= mine; }
        void set(std::uint64_t size) {
            total += size - mine;
            mine = size;
        }
    } account{bodyBytes};
    const auto deadline = std::chrono::steady_clock::now() + kSmallBodyTime;
    bool isLarge = found.intake && parsed.head.contentLength.value_or(0) > kSmallBody;
    for (std::size_t framing = 0; !parser.is_done() && !isLarge;) {
        session.stream.expires_at(std::min(std::chrono::steady_clock::now() + kStall, deadline));
        const auto [ec, count] = co_await http::async_read_some(session.stream, session.buffer, parser, kAwait);
        if (session.closing) co_return false;
        const std::uint64_t size = parser.get().body().size();
        framing = size > account.mine ? 0 : framing + count;
        account.set(size);
        HttpReply problem;
        if (ec || framing > kFramingLimit) {
            const bool malformed = !ec || (ec.category() == httpCategory() && !isEarlyEnd(ec));
            if (!malformed) co_return false;
            problem = refusalReply(400);
        } else if (size > limit) {
            problem = tooLarge;
        } else if (size > kSmallBody && found.intake) {
            isLarge = true;
            continue;
        } else if (bodyBytes > (found.intake ? kSmallBodies : kBodiesInMemory)) {
            problem = refusalReply(503);
        } else {
            continue;
        }
        co_await refuse(session, problem, parsed, nullptr);
        co_return false;
    }
    const bool answersHead = parsed.head.method == "HEAD";
    if (isLarge) {
        account.set(0);
        std::shared_ptr<BodyIntake> taken = co_await takeLarge(session, parser, parsed, found, limit);
        if (!taken) co_return false;
        const Handle handle = [&](std::function<void(HttpReply)> reply) {
            found.handleLarge(std::move(parsed.head), std::move(taken), permissions, std::move(reply));
        };
        co_return co_await answer(session, handle, answersHead, parser.get().keep_alive());
    }
    const Handle handle = [&](std::function<void(HttpReply)> reply) {
        found.handle(std::move(parsed.head), std::move(parser.get().body()), permissions, std::move(reply));
    };
    co_return co_await answer(session, handle, answersHead, parser.get().keep_alive());
}

net::awaitable<bool> HttpCore::answer(Session& session, const Handle& handle, bool answersHead, bool keepAlive) {
    const auto slot = std::make_shared<Slot<HttpReply>>();
    bool threw = false;
    try {
        handle(callback(session, slot));
    } catch (const std::exception&) {
        threw = true;
    }
    if (!threw) co_await waitFor(session, *slot);
    if (session.closing) co_return false;
    HttpReply reply = refusalReply(500);
    if (!threw && slot->value) reply = std::move(*slot->value);
    const bool closes = !keepAlive || stopping;
    const bool sent = co_await send(session, reply, answersHead, closes);
    co_return sent && !closes;
}

net::awaitable<bool> HttpCore::send(Session& session, const HttpReply& reply, bool answersHead, bool closes) {
    const bool isChunked = reply.body.size() > kSized;
    const std::optional<std::uint64_t> length = isChunked ? std::nullopt : std::optional<std::uint64_t>(reply.body.size());
    const bool hasBody = !answersHead && statusHasBody(reply.status);
    std::string head = replyHeadText(reply, {.answersHead = answersHead, .length = length, .closes = closes});
    if (hasBody && !isChunked) head += reply.body;
    session.stream.expires_after(kStall);
    {
        const auto [ec, count] = co_await net::async_write(session.stream, net::buffer(head), kAwait);
        static_cast<void>(count);
        if (ec) co_return false;
    }
    if (!hasBody || !isChunked) co_return true;
    for (std::size_t at = 0; at < reply.body.size();) {
        const std::size_t size = std::min(reply.body.size() - at, kChunk);
        const bool last = at + size == reply.body.size();
        std::array<char, 24> line{};
        const int lineSize = std::snprintf(line.data(), line.size(), "%zx\r\n", size);
        const std::string_view end = last ? "\r\n0\r\n\r\n" : "\r\n";
        const std::array<net::const_buffer, 3> pieces{net::buffer(line.data(), static_cast<std::size_t>(lineSize)),
                                                      net::buffer(reply.body.data() + at, size), net::buffer(end)};
        session.stream.expires_after(kStall); // for each piece: a slow reader is fine, one that stopped is not
        const auto [ec, count] = co_await net::async_write(session.stream, pieces, kAwait);
        static_cast<void>(count);
        if (ec) co_return false;
        at += size;
    }
    co_return true;
}

/// Answers a request whose body is not wanted. With a parser the connection stays when the body is small enough to be read away.
net::awaitable<bool> HttpCore::refuse(Session& session, const HttpReply& reply, const RequestHead& parsed, RequestParser* parser) {
    const bool answersHead = parsed.head.method == "HEAD";
    const bool small = parser && !parsed.head.chunked && !parsed.expectsContinue && parsed.head.contentLength.value_or(0) <= kDrained;
    if (small) {
        while (!parser->is_done()) {
            session.stream.expires_after(kStall);
            const auto [ec, count] = co_await http::async_read_some(session.stream, session.buffer, *parser, kAwait);
            static_cast<void>(count);
            if (ec) co_return false;
        }
        const bool closes = !parser->get().keep_alive() || stopping;
        const bool sent = co_await send(session, reply, answersHead, closes);
        co_return sent && !closes;
    }
    if (co_await send(session, reply, answersHead, true)) co_await linger(session);
    co_return false;
}

/// Reads and drops for a moment what still comes: closing over unread bytes resets the connection and may eat the answer.
net::awaitable<void> HttpCore::linger(Session& session) {
    error_code ec;
    session.stream.socket().shutdown(tcp::socket::shutdown_send, ec);
    session.idle = true;
    session.buffer.clear();
    session.stream.expires_after(kLinger);
    for (std::uint64_t total = 0; total < kLingerBytes && !session.closing;) {
        const auto [readError, count] = co_await session.stream.async_read_some(session.buffer.prepare(kReadAhead), kAwait);
        if (readError) co_return;
        total += count;
    }
}

} // namespace lsw::protocol
