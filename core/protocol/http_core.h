// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/bulk_threads.h"
#include "protocol/http_head.h"
#include "protocol/http_server.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

/// What the parts of HttpServer share: http_server.cpp accepts and stops, http_session.cpp serves requests, large_body.cpp takes
/// large bodies, web_socket.cpp speaks JSON-RPC over an upgraded connection. Beside them only the fuzzer of heads includes this.
namespace lsw::protocol {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using RequestParser = http::request_parser<http::string_body>;
/// The head of what was parsed; valid as long as the parser.
RawHead rawHead(const RequestParser& parser);
using boost::system::error_code;

inline constexpr auto kAwait = net::as_tuple(net::use_awaitable);
inline constexpr std::size_t kReadAhead = 65536;
inline constexpr std::size_t kBufferLimit = 256 << 10;      ///< bounds what Beast would gather of an endless line
inline constexpr std::size_t kFramingLimit = 64 << 10;      ///< chunk sizes and trailers in a row without a byte of body
inline constexpr std::uint64_t kSmallBody = 1 << 20;        ///< a larger one is not gathered in memory
inline constexpr std::chrono::seconds kStall{60};           ///< a peer that neither sends nor takes anything in the middle of a message

/// One connection. Lives on the HTTP thread.
struct Session : std::enable_shared_from_this<Session> {
    explicit Session(tcp::socket socket) : stream(std::move(socket)), waiting(stream.get_executor()), buffer(kBufferLimit) {
        buffer.reserve(kReadAhead);
    }

    beast::tcp_stream stream;
    net::steady_timer waiting; ///< runs while a handler has the request; its end wakes the session
    beast::flat_buffer buffer;
    std::string peer, address;
    std::shared_ptr<void> seat; ///< its place among the connections of its address
    bool idle = true;           ///< no request is being worked on: may be closed to make room or to stop
    bool closing = false;
    bool hasTurn = false;       ///< may take a large body now
    std::function<void()> leave; ///< of a WebSocket: ends it as soon as nothing is under way

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

/// How many connections each address has, those that bulk threads work on included. Any thread.
class Seats {
public:
    explicit Seats(std::size_t total) : m_shared(std::make_shared<Shared>()), m_total(total) {}
    bool isFull(const std::string& address) const;
    bool isFull() const;
    /// Taken until the last copy is gone.
    std::shared_ptr<void> take(const std::string& address) const;

private:
    struct Shared {
        std::mutex mutex;
        std::map<std::string, std::size_t> taken;
        std::size_t total = 0;
    };
    std::shared_ptr<Shared> m_shared;
    std::size_t m_total;
};

/// One run of the server, from start() to stop(). Callbacks given to handlers keep it alive, so that a late one posts into
/// something that exists.
class HttpCore : public std::enable_shared_from_this<HttpCore> {
public:
    HttpCore();

    HttpServer::Options options;
    HttpServer::Authorizer authorizer;
    std::vector<HttpRoute> routes;

    net::io_context io{1};
    tcp::acceptor acceptor{io};
    Seats seats;
    std::list<std::shared_ptr<Session>> sessions; ///< longest idle first; http thread
    bool stopping = false;                        ///< http thread
    std::uint64_t bodyBytes = 0;                  ///< of small bodies in memory now; http thread
    BulkThreads bulk;

    std::mutex mutex; ///< guards `open`, for the one who waits in stop()
    std::condition_variable allClosed;
    std::size_t open = 0;

    // http_server.cpp
    net::awaitable<void> acceptLoop();
    void beginStop();
    void closeAll();
    void finishIntakes() { m_intake.join(); }
    void count(int change);
    template <typename T>
    net::awaitable<void> waitFor(Session& session, Slot<T>& slot);
    template <typename T>
    std::function<void(T)> callback(Session& session, const std::shared_ptr<Slot<T>>& slot);

    // http_session.cpp
    net::awaitable<void> serve(std::shared_ptr<Session> session);
    net::awaitable<bool> send(Session& session, const HttpReply& reply, bool answersHead, bool closes);
    net::awaitable<bool> refuse(Session& session, const HttpReply& reply, const RequestHead& parsed, RequestParser* parser);

    // large_body.cpp
    /// Takes the rest of a body that has outgrown memory. Absent: the session has been answered, or is over, and the connection ends.
    net::awaitable<std::shared_ptr<BodyIntake>> takeLarge(Session& session, RequestParser& parser, const RequestHead& parsed,
                                                          const HttpRoute& route, std::uint64_t limit);
    /// Large bodies come one at a time. False when the session ended before its turn.
    net::awaitable<bool> waitForTurn(Session& session);
    void endTurn(Session& session);
    /// Feeds one piece, which is taken, off this thread. Absent when the session ended.
    net::awaitable<std::optional<Expected<void>>> feed(Session& session, const std::shared_ptr<BodyIntake>& intake, std::string& piece, bool last);

    // web_socket.cpp
    /// Upgrades and serves until either side ends it.
    net::awaitable<void> serveSocket(Session& session, const http::request<http::string_body>& request, const HttpHead& head,
                                     const HttpRoute& route, const Permissions& permissions);

private:
    void makeRoom(const std::string& address);
    net::awaitable<bool> serveOne(Session& session, bool first);
    net::awaitable<bool> handleRequest(Session& session, RequestParser& parser, RequestHead& parsed, const HttpRoute& route,
                                       const Permissions& permissions, bool anonymous);
    using Handle = std::function<void(std::function<void(HttpReply)>)>;
    net::awaitable<bool> answer(Session& session, const Handle& handle, bool answersHead, bool keepAlive);
    net::awaitable<void> linger(Session& session);

    bool m_turnTaken = false;
    std::deque<std::weak_ptr<Session>> m_turns; ///< who waits for one
    net::thread_pool m_intake{1}; ///< writes large bodies; joined before the last owner goes
};

/// Gives a callback that stores its value in the slot on the http thread and wakes the session. It may outlive both, and be lost uncalled.
template <typename T>
std::function<void(T)> HttpCore::callback(Session& session, const std::shared_ptr<Slot<T>>& slot) {
    struct Promise {
        std::shared_ptr<HttpCore> core;
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
    promise->session = session.weak_from_this();
    return [promise](T value) { promise->fulfil(std::move(value)); };
}

template <typename T>
net::awaitable<void> HttpCore::waitFor(Session& session, Slot<T>& slot) {
    session.stream.expires_never();
    while (!slot.value && !slot.dropped && !session.closing) {
        session.waiting.expires_at(net::steady_timer::time_point::max());
        co_await session.waiting.async_wait(kAwait);
    }
}

} // namespace lsw::protocol
