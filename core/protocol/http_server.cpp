// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_server.h"

#include "protocol/bulk_threads.h"
#include "protocol/http_head.h"
#include "protocol/http_text.h"
#include "protocol/listen_address.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <fcntl.h>
#include <pthread.h>

namespace lsw::protocol {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using RequestParser = http::request_parser<http::string_body>;
using boost::system::error_code;

namespace {

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::size_t kConnections = 256;
constexpr std::size_t kReadAhead = 65536;
constexpr std::size_t kBufferLimit = 256 << 10;   ///< bounds what Beast would gather of an endless line
constexpr std::size_t kFramingLimit = 64 << 10;   ///< chunk sizes and trailers in a row without a byte of body
constexpr std::uint64_t kAnonymousBody = 1 << 20;    ///< a caller without a token may do nothing that needs more
constexpr std::uint64_t kBodiesInMemory = 1ULL << 30; ///< of all connections together
constexpr std::uint64_t kDrained = 256 << 10;         ///< an unwanted body up to this is read so that the connection can stay
constexpr std::chrono::seconds kStall{60};            ///< a peer that neither sends nor takes anything in the middle of a message
constexpr std::chrono::milliseconds kLinger{500};
constexpr std::uint64_t kLingerBytes = 64ULL << 20;

struct Session {
    explicit Session(tcp::socket socket) : stream(std::move(socket)), waiting(stream.get_executor()), buffer(kBufferLimit) {
        buffer.reserve(kReadAhead);
    }

    beast::tcp_stream stream;
    net::steady_timer waiting; ///< runs while a handler has the request; its end wakes the session
    beast::flat_buffer buffer;
    std::string peer;
    bool idle = true;    ///< no request is being worked on: may be closed to make room or to stop
    bool closing = false;

    void close() {
        closing = true;
        stream.close();
        waiting.cancel();
    }
};

/// Where the answer of a handler arrives; lives in the frame of the session.
template <typename T>
struct Slot {
    std::optional<T> value;
    bool dropped = false; ///< every callback was destroyed without a call
};

bool isHttpError(const error_code& ec, http::error which) { return ec == http::make_error_code(which); }
bool isEarlyEnd(const error_code& ec) { return isHttpError(ec, http::error::end_of_stream) || isHttpError(ec, http::error::partial_message); }
const boost::system::error_category& httpCategory() { return http::make_error_code(http::error::bad_method).category(); }

/// The head of what was parsed; valid as long as the parser.
template <typename Parser>
RawHead rawHead(const Parser& parser) {
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

/// Asio does not ask for it: a child process would keep the port, or a peer's connection, open after us.
void closeOnExec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

} // namespace

/// One run of the server, from start() to stop(). Callbacks given to handlers keep it alive, so that a late one posts into
/// something that exists.
class HttpServer::Private {
public:
    struct Core : std::enable_shared_from_this<Core> {
        Options options;
        Authorizer authorizer;
        std::vector<HttpRoute> routes;

        net::io_context io{1};
        tcp::acceptor acceptor{io};
        std::list<std::shared_ptr<Session>> sessions; ///< longest idle first; http thread
        bool stopping = false;                        ///< http thread
        std::uint64_t bodyBytes = 0;                  ///< in memory now; http thread
        BulkThreads bulk;

        std::mutex mutex; ///< guards `open`, for the one who waits in stop()
        std::condition_variable allClosed;
        std::size_t open = 0;

        net::awaitable<void> acceptLoop();
        net::awaitable<void> serve(std::shared_ptr<Session> session);
        net::awaitable<bool> serveOne(Session& session, bool first);
        net::awaitable<bool> handleSmall(Session& session, RequestParser& parser, RequestHead& parsed,
                                         const HttpRoute& route, const Permissions& permissions, bool anonymous);
        net::awaitable<bool> send(Session& session, const HttpReply& reply, bool answersHead, bool closes);
        net::awaitable<bool> refuse(Session& session, const HttpReply& reply, const RequestHead& parsed, RequestParser* parser);
        net::awaitable<void> linger(Session& session);
        template <typename T>
        net::awaitable<void> waitFor(Session& session, Slot<T>& slot);
        template <typename T>
        std::function<void(T)> callback(Session& session, const std::shared_ptr<Slot<T>>& slot);

        void makeRoom();
        void beginStop();
        void closeAll();
        void count(int change) {
            const std::lock_guard lock(mutex);
            if (change > 0) ++open;
            else --open;
            if (open == 0) allClosed.notify_all();
        }
    };

    Options options;
    Authorizer authorizer;
    std::vector<HttpRoute> routes;
    std::mutex mutex; ///< one start() or stop() at a time
    std::shared_ptr<Core> core;
    std::thread thread;
};

/// Gives a callback that stores its value in the slot on the http thread and wakes the session. It may outlive both, and be lost uncalled.
template <typename T>
std::function<void(T)> HttpServer::Private::Core::callback(Session& session, const std::shared_ptr<Slot<T>>& slot) {
    struct Promise {
        std::shared_ptr<HttpServer::Private::Core> core;
        std::weak_ptr<Slot<T>> slot;
        std::weak_ptr<Session> session;
        std::atomic<bool> used{false};

        void fulfil(std::optional<T> value) {
            if (used.exchange(true)) return;
            net::post(core->io, [weakSlot = slot, weakSession = session, arrived = std::move(value)]() mutable {
                const auto target = weakSlot.lock();
                const auto owner = weakSession.lock();
                if (!target || !owner) return;
                if (arrived) target->value = std::move(arrived);
                else target->dropped = true;
                owner->waiting.cancel();
            });
        }
        ~Promise() { fulfil(std::nullopt); }
    };
    auto promise = std::make_shared<Promise>();
    promise->core = shared_from_this();
    promise->slot = slot;
    for (const auto& shared : sessions)
        if (shared.get() == &session) promise->session = shared;
    return [promise](T value) { promise->fulfil(std::move(value)); };
}

template <typename T>
net::awaitable<void> HttpServer::Private::Core::waitFor(Session& session, Slot<T>& slot) {
    session.stream.expires_never();
    while (!slot.value && !slot.dropped && !session.closing) {
        session.waiting.expires_at(net::steady_timer::time_point::max());
        co_await session.waiting.async_wait(kAwait);
    }
}

net::awaitable<void> HttpServer::Private::Core::acceptLoop() {
    const auto self = shared_from_this();
    while (!stopping) {
        auto [ec, socket] = co_await acceptor.async_accept(kAwait);
        if (stopping) break;
        if (ec) { // out of descriptors, or the peer has gone already: not a reason to stop listening
            net::steady_timer pause(io, std::chrono::milliseconds(100));
            co_await pause.async_wait(kAwait);
            continue;
        }
        error_code ignored;
        closeOnExec(socket.native_handle());
        socket.set_option(tcp::no_delay(true), ignored);
        socket.set_option(net::socket_base::keep_alive(true), ignored);
        const tcp::endpoint peer = socket.remote_endpoint(ignored);
        try {
            makeRoom();
            if (sessions.size() + bulk.active() >= kConnections) continue; // all busy: closed at once
            auto session = std::make_shared<Session>(std::move(socket));
            const std::string address = peer.address().to_string();
            session->peer = (peer.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(peer.port());
            sessions.push_back(session);
            count(+1);
            net::co_spawn(io, serve(session), net::detached);
        } catch (const std::exception&) {
            continue; // out of memory: this peer is lost, the listener stays
        }
    }
}

/// Closes the connection that has been idle longest when all places are taken.
void HttpServer::Private::Core::makeRoom() {
    if (sessions.size() + bulk.active() < kConnections) return;
    const auto idle = std::find_if(sessions.begin(), sessions.end(),
                                   [](const auto& session) { return session->idle && !session->closing; });
    if (idle == sessions.end()) return;
    (*idle)->close();
    sessions.erase(idle); // its coroutine holds it until it has seen the end
}

net::awaitable<void> HttpServer::Private::Core::serve(std::shared_ptr<Session> session) {
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
    std::erase(sessions, session);
    count(-1);
}

/// One request. False when the connection is to be closed.
net::awaitable<bool> HttpServer::Private::Core::serveOne(Session& session, bool first) {
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

    const HttpReply unauthorized = emptyReply(401);
    const std::optional<std::string> token = bearerToken(parsed.head);
    if (!token) co_return co_await refuse(session, unauthorized, parsed, &parser);
    const auto verdict = std::make_shared<Slot<Expected<Permissions>>>();
    authorizer(*token, callback(session, verdict));
    co_await waitFor(session, *verdict);
    if (session.closing) co_return false;
    if (!verdict->value || !*verdict->value) co_return co_await refuse(session, unauthorized, parsed, &parser);

    const HttpRoute* found = findRoute(routes, parsed.head.path);
    if (!found) {
        const HttpReply notFound = plainTextReply(404, "404 page not found");
        co_return co_await refuse(session, notFound, parsed, &parser);
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
        bulk.run([handler = found->bulk, head = parsed.head, permissions = **verdict->value](BulkConnection bulkConnection) {
            handler(head, permissions, std::move(bulkConnection));
        }, std::move(connection));
        co_return false;
    }
    const Permissions permissions = **verdict->value;
    co_return co_await handleSmall(session, parser, parsed, *found, permissions, token->empty());
}

net::awaitable<bool> HttpServer::Private::Core::handleSmall(Session& session, RequestParser& parser, RequestHead& parsed,
                                                             const HttpRoute& found, const Permissions& permissions, bool anonymous) {
    const std::uint64_t limit = anonymous ? std::min(found.bodyLimit, kAnonymousBody) : found.bodyLimit;
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
    for (std::size_t framing = 0; !parser.is_done();) {
        session.stream.expires_after(kStall);
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
        } else if (bodyBytes > kBodiesInMemory) {
            problem = refusalReply(503);
        } else {
            continue;
        }
        co_await refuse(session, problem, parsed, nullptr);
        co_return false;
    }
    const bool keepAlive = parser.get().keep_alive();
    const bool answersHead = parsed.head.method == "HEAD";
    const auto answer = std::make_shared<Slot<HttpReply>>();
    bool threw = false;
    try {
        found.handle(std::move(parsed.head), std::move(parser.get().body()), permissions, callback(session, answer));
    } catch (const std::exception&) {
        threw = true;
    }
    if (!threw) co_await waitFor(session, *answer);
    if (session.closing) co_return false;
    HttpReply reply = refusalReply(500);
    if (!threw && answer->value) reply = std::move(*answer->value);
    const bool closes = !keepAlive || stopping;
    const bool sent = co_await send(session, reply, answersHead, closes);
    co_return sent && !closes;
}

net::awaitable<bool> HttpServer::Private::Core::send(Session& session, const HttpReply& reply, bool answersHead, bool closes) {
    const std::string head = replyHeadText(reply, {.answersHead = answersHead, .length = reply.body.size(), .closes = closes});
    session.stream.expires_after(kStall);
    {
        const auto [ec, count] = co_await net::async_write(session.stream, net::buffer(head), kAwait);
        static_cast<void>(count);
        if (ec) co_return false;
    }
    if (answersHead || !statusHasBody(reply.status)) co_return true;
    for (std::size_t at = 0; at < reply.body.size();) {
        session.stream.expires_after(kStall); // for each piece: a slow reader is fine, one that stopped is not
        const net::const_buffer piece(reply.body.data() + at, std::min<std::size_t>(reply.body.size() - at, 1 << 20));
        const auto [ec, count] = co_await session.stream.async_write_some(piece, kAwait);
        if (ec) co_return false;
        at += count;
    }
    co_return true;
}

/// Answers a request whose body is not wanted. With a parser the connection stays when the body is small enough to be read away.
net::awaitable<bool> HttpServer::Private::Core::refuse(Session& session, const HttpReply& reply, const RequestHead& parsed,
                                                        RequestParser* parser) {
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
net::awaitable<void> HttpServer::Private::Core::linger(Session& session) {
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

void HttpServer::Private::Core::beginStop() {
    stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    for (const auto& session : sessions)
        if (session->idle) session->close();
}

void HttpServer::Private::Core::closeAll() {
    for (const auto& session : sessions) session->close();
}

HttpServer::HttpServer(Options options, Authorizer authorizer, std::vector<HttpRoute> routes) : m_private(std::make_unique<Private>()) {
    m_private->options = std::move(options);
    m_private->authorizer = std::move(authorizer);
    m_private->routes = std::move(routes);
}

HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }

Expected<std::uint16_t> HttpServer::start() {
    const std::lock_guard lock(m_private->mutex);
    if (m_private->core) return Error(ErrorCode::AlreadyExists, "the server runs already");
    const Options& options = m_private->options;
    const auto address = resolveListenAddress(options.host, options.port);
    if (!address) return address.error();
    tcp::endpoint endpoint;
    endpoint.resize(address->size());
    std::copy(address->begin(), address->end(), reinterpret_cast<unsigned char*>(endpoint.data()));

    auto core = std::make_shared<Private::Core>();
    core->options = options;
    core->authorizer = m_private->authorizer;
    core->routes = m_private->routes;
    error_code ec;
    core->acceptor.open(endpoint.protocol(), ec);
    if (!ec) closeOnExec(core->acceptor.native_handle());
    if (!ec) core->acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) core->acceptor.bind(endpoint, ec);
    if (!ec) core->acceptor.listen(net::socket_base::max_listen_connections, ec);
    if (ec) return listenError(ec.value(), options.host, options.port);
    const std::uint16_t port = core->acceptor.local_endpoint(ec).port();

    net::co_spawn(core->io, core->acceptLoop(), net::detached);
    m_private->core = core;
    m_private->thread = std::thread([core] {
        pthread_setname_np(pthread_self(), "lsw-http");
        core->io.run(); // until the listener and every session have ended
    });
    return port;
}

void HttpServer::stop(std::chrono::milliseconds grace) {
    const std::lock_guard lock(m_private->mutex);
    const std::shared_ptr<Private::Core> core = m_private->core;
    if (!core) return;
    const auto deadline = std::chrono::steady_clock::now() + grace;
    // Not the shared pointer: what is posted after the last session stays queued, and would hold the core for ever.
    net::post(core->io, [raw = core.get()] { raw->beginStop(); });
    {
        std::unique_lock open(core->mutex);
        core->allClosed.wait_until(open, deadline, [&core] { return core->open == 0; });
    }
    core->bulk.waitUntilIdle(deadline);
    net::post(core->io, [raw = core.get()] { raw->closeAll(); });
    m_private->thread.join();
    core->bulk.stop();
    m_private->core.reset();
}

} // namespace lsw::protocol
