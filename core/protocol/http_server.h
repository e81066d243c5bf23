// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/json_rpc.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lsw::protocol {

/// The head of a request, as plain values.
struct HttpHead {
    std::string method;                 ///< "GET"
    std::string path;                   ///< decoded, without query: "/remote/cache/s-t01000-1"
    std::map<std::string, std::string> query;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::optional<std::uint64_t> contentLength;
    bool chunked = false;
    std::string peer;                   ///< "127.0.0.1:40000", for logs
};

struct HttpReply {
    int status = 200;
    std::string contentType;            ///< empty: no Content-Type line
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// A connection that has left the HTTP thread: reading and writing block, and that is the back-pressure.
///
/// Closes the socket when destroyed (after a short lingering close, so that the peer sees the answer).
class BulkConnection {
public:
    BulkConnection(int socket, std::string alreadyRead, const HttpHead& head);
    ~BulkConnection();
    BulkConnection(BulkConnection&&) noexcept;

    /// Reads up to `size` bytes of the request's body, unframed (chunked or by length). 0 at its end; Io "unexpected EOF" when
    /// the peer left, Corrupt for a malformed chunk.
    Expected<std::size_t> readBody(void* buffer, std::size_t size);
    /// Writes status line and headers; `length` absent means chunked.
    Expected<void> writeHead(const HttpReply& headOnly, std::optional<std::uint64_t> length);
    Expected<void> writeBody(const void* data, std::size_t size);
    /// Sends a range of a file without copying it through us.
    Expected<void> sendFile(int file, std::uint64_t offset, std::uint64_t length);
    Expected<void> finish();            ///< ends a chunked body
    /// A whole small reply.
    Expected<void> reply(const HttpReply&);
    /// Wakes every blocked read and write, from any thread (used at shutdown).
    void abort();
    /// Fires with abort(): for handlers that wait for something else than the socket.
    std::stop_token stopToken() const;
    /// Does what abort() does, from any thread and also after the connection has gone.
    std::function<void()> aborter() const;
    /// The socket, to poll it; and whether bytes of the body lie here already, so that there is nothing to poll for.
    int descriptor() const;
    bool hasBufferedBody() const;

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

/// Takes a body that is too large for memory, piece by piece.
///
/// thread  one of the server's that may block, never two at once
class BodyIntake {
public:
    virtual ~BodyIntake() = default;
    /// An error ends the request: it is answered with refusal().
    virtual Expected<void> feed(std::string_view piece) = 0;
    /// After the last piece.
    virtual Expected<void> finish() = 0;
    virtual HttpReply refusal(const Error& error) const = 0;
};

/// One route: the longest matching prefix of the path wins.
struct HttpRoute {
    std::string prefix;                 ///< "/rpc/v0" matches itself and "/rpc/v0/…"
    bool exact = false;                 ///< matches itself alone, as lotus does it for "/rpc/v0"
    bool open = false;                  ///< nobody is asked for a token, and none is looked at
    /// For requests with a small body. Called on the HTTP thread, must not block; `reply` is called once, from any thread, as late
    /// as it likes. Dropped without a call it answers 500.
    std::function<void(HttpHead, std::string body, Permissions, std::function<void(HttpReply)> reply)> handle;
    std::uint64_t bodyLimit = 100ULL << 20;
    std::string bodyPermission;             ///< who lacks it, or comes without a token, may send 1 MiB at most
    std::optional<HttpReply> tooLarge;      ///< what a larger body is answered; absent: 413
    /// When set, a body over 1 MiB is not gathered in memory: it goes into an intake, one such body of all connections at a time,
    /// and then to `handleLarge`, under the rules of `handle`.
    std::function<std::unique_ptr<BodyIntake>()> intake;
    std::function<void(HttpHead, std::shared_ptr<BodyIntake>, Permissions, std::function<void(HttpReply)> reply)> handleLarge;
    /// The connection may be upgraded: each message that is a JSON object goes to `handle` as a body would, each answer comes back
    /// as a message unless it is empty or nobody's (id null), and `xrpc.cancel` drops the answer of the call that it names.
    bool webSocket = false;
    /// When set and it says yes, the connection leaves the HTTP thread before its body is read and `bulk` runs on an io thread.
    std::function<bool(const HttpHead&)> isBulk;
    std::function<void(HttpHead, Permissions, BulkConnection)> bulk;
};

/// One port for JSON-RPC, streams and files.
///
/// Refuses what is no request (400, 431, 413), bodies framed twice, and connections beyond 256 of one address (an idle one makes
/// room). Answers up to 2048 bytes have a length, longer ones are chunked, as Go does it. A connection closes after a bulk reply.
/// Nothing here raises SIGPIPE.
/// thread  one own thread "lsw-http" for accept, heads, authorisation and small bodies; bulk handlers on up to 64 own blocking threads,
///         started when needed. start() and stop() from any other thread.
class HttpServer {
public:
    struct Options {
        std::string host = "127.0.0.1"; ///< an address to bind; "0.0.0.0" binds all
        std::uint16_t port = 0;         ///< 0: any free one
        std::chrono::milliseconds headTimeout{30000};
        std::uint64_t headLimit = 64 << 10;
        std::chrono::milliseconds idleTimeout{180000}; ///< of a kept-alive connection between requests
        std::chrono::milliseconds pingEvery{5000};     ///< of a WebSocket: clients of lotus give up after 30 s without a sign
    };
    /// Turns the token of a request ("" when there is none) into permissions; any error answers 401 with an empty body, as lotus does.
    /// Called on the HTTP thread; `done` may be called later from any thread.
    using Authorizer = std::function<void(std::string token, std::function<void(Expected<Permissions>)> done)>;

    HttpServer(Options options, Authorizer authorizer, std::vector<HttpRoute> routes);
    ~HttpServer();

    /// Binds and starts serving; gives the port in use afterwards. AlreadyExists names the address and, where /proc tells, the
    /// program that holds it. May block while a name is looked up.
    Expected<std::uint16_t> start();
    /// Closes the listener, waits up to `grace` for running replies, then closes all connections and joins every thread.
    /// Idempotent; start() may follow.
    void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(500));

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::protocol
