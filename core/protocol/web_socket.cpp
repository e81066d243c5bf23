// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_core.h"
#include "protocol/http_text.h"
#include "protocol/json_rpc.h"

#include "protocol/go_json.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

// JSON-RPC over one upgraded connection, as go-jsonrpc speaks it with the command line of lotus: many calls at once, answers in the
// order in which they are ready, a ping every 5 s from each side.
namespace lsw::protocol {

namespace {

namespace websocket = boost::beast::websocket;

constexpr std::size_t kCallsAtOnce = 256;            ///< more wait in the socket
constexpr std::size_t kUnread = 16 << 20;            ///< bytes of answers that a peer may leave lying
constexpr std::size_t kCancelled = 256;
/// Where a writer of Go with its buffer of 4096 bytes breaks a message into frames.
constexpr std::size_t kGoFrame = 4082;
constexpr std::size_t kGoUnbuffered = 8192;

HttpReply badHandshake(int status) {
    HttpReply reply = plainTextReply(status, status == 405 ? "Method Not Allowed" : "Bad Request");
    reply.headers.emplace_back("Sec-Websocket-Version", "13");
    return reply;
}

/// A frame that go-jsonrpc can make nothing of is dropped without a word: all that is no object, and what would be answered to nobody.
bool looksLikeObject(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{';
}
bool isForNobody(std::string_view answer) { return answer.empty() || answer.ends_with("\"id\":null,\"jsonrpc\":\"2.0\"}\n"); }
bool answersCall(std::string_view answer, const std::string& id) {
    return answer.starts_with("{\"id\":" + id + ",\"jsonrpc\"") || answer.ends_with(",\"id\":" + id + ",\"jsonrpc\":\"2.0\"}\n");
}

/// The id in the one parameter of `xrpc.cancel`; absent for another request.
std::optional<std::string> cancelledCall(std::string_view text) {
    if (text.find("\"xrpc.cancel\"") == std::string_view::npos) return std::nullopt;
    const auto json = parseGoJson(text);
    if (!json || !json->is_object()) return std::nullopt;
    const Json& method = memberOf(json->get_object(), "method");
    const Json& params = memberOf(json->get_object(), "params");
    if (!method.is_string() || method.get_string() != "xrpc.cancel" || !params.is_array() || params.get_array().empty()) return std::nullopt;
    return toGoJson(params.get_array().front());
}

/// Everything here is of the HTTP thread. Three coroutines share it: reader (the session's own), writer, pings.
class SocketSession : public std::enable_shared_from_this<SocketSession> {
public:
    SocketSession(HttpCore& core, Session& session, const HttpHead& head, const HttpRoute& route, Permissions permissions)
        : m_core(core.shared_from_this()), m_session(session.shared_from_this()), m_head(head), m_route(route), m_permissions(std::move(permissions)),
          m_ws(m_session->stream), m_wakeWriter(core.io), m_wakeReader(core.io), m_nextPing(core.io) {
        m_ws.auto_fragment(false);
        m_ws.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
            // As Go spells and orders it.
            const std::string accept(response[http::field::sec_websocket_accept]);
            response.set(http::field::connection, "Upgrade");
            response.set(http::field::sec_websocket_accept, accept);
            response.set(http::field::server, "lotus-seal-worker"); // Beast insists on this line, and would name itself
        }));
        m_ws.read_message_max(m_permissions.contains(route.bodyPermission) || route.bodyPermission.empty() ? route.bodyLimit : kSmallBody);
    }

    net::awaitable<bool> accept(const http::request<http::string_body>& request) {
        const auto self = shared_from_this();
        m_session->stream.expires_after(kStall);
        const auto [ec] = co_await m_ws.async_accept(request, kAwait);
        m_session->stream.expires_never();
        co_return !ec;
    }

    net::awaitable<void> serve() {
        const auto self = shared_from_this();
        net::co_spawn(m_core->io, write(), net::detached);
        net::co_spawn(m_core->io, ping(), net::detached);
        m_session->leave = [weak = weak_from_this()] {
            if (const auto socket = weak.lock()) {
                socket->m_leaving = true;
                socket->m_wakeWriter.cancel();
            }
        };
        if (m_core->stopping) m_leaving = true;
        bool more = true;
        while (more && !m_ended) more = co_await readOne();
        end();
        m_session->leave = nullptr;
    }

private:
    void end() {
        m_ended = true;
        m_wakeWriter.cancel();
        m_wakeReader.cancel();
        m_nextPing.cancel();
        m_session->close();
    }

    /// One message, begun as a call. False when the connection is over.
    net::awaitable<bool> readOne() {
        while (m_running >= kCallsAtOnce && !m_ended) {
            m_wakeReader.expires_at(net::steady_timer::time_point::max());
            co_await m_wakeReader.async_wait(kAwait);
        }
        std::string text;
        std::shared_ptr<BodyIntake> intake;
        for (bool last = false; !last;) {
            const auto [ec, count] = co_await m_ws.async_read_some(m_input, kReadAhead, kAwait);
            if (ec || m_ended) co_return false;
            const auto data = m_input.cdata();
            text.append(static_cast<const char*>(data.data()), data.size());
            m_input.consume(data.size());
            last = m_ws.is_message_done();
            m_partSince = last ? std::nullopt : std::optional(std::chrono::steady_clock::now());
            if (!intake && text.size() > kSmallBody && m_route.intake) {
                m_partSince.reset(); // waiting for its turn is not the peer's fault
                const bool ours = co_await m_core->waitForTurn(*m_session);
                if (!ours) co_return false;
                intake = m_route.intake();
            }
            if (!intake) continue;
            const std::optional<Expected<void>> fed = co_await m_core->feed(*m_session, intake, text, last);
            if (!fed) co_return false;
            text.clear();
            if (!*fed) co_return false; // what cannot be stored cannot be answered either: its id is not known
        }
        if (intake) m_core->endTurn(*m_session);
        if (intake) begin([&](auto reply) { m_route.handleLarge(m_head, intake, m_permissions, std::move(reply)); });
        else take(std::move(text));
        co_return true;
    }

    void take(std::string text) {
        if (!looksLikeObject(text)) return;
        if (auto id = cancelledCall(text)) {
            m_cancelled.push_back(std::move(*id));
            if (m_cancelled.size() > kCancelled) m_cancelled.pop_front();
            return;
        }
        begin([&](auto reply) { m_route.handle(m_head, std::move(text), m_permissions, std::move(reply)); });
    }

    template <typename Start>
    void begin(Start start) {
        struct Promise {
            std::shared_ptr<HttpCore> core;
            std::weak_ptr<SocketSession> socket;
            std::atomic<bool> used{false};

            void fulfil(std::string answer) {
                if (used.exchange(true)) return;
                net::post(core->io, [weak = socket, arrived = std::move(answer)]() mutable {
                    if (const auto owner = weak.lock()) owner->answered(std::move(arrived));
                });
            }
            ~Promise() { fulfil({}); }
        };
        auto promise = std::make_shared<Promise>();
        promise->core = m_core;
        promise->socket = weak_from_this();
        ++m_running;
        try {
            start([promise](HttpReply reply) { promise->fulfil(std::move(reply.body)); });
        } catch (const std::exception&) {
            // Its promise goes with it.
        }
    }

    void answered(std::string answer) {
        --m_running;
        m_wakeReader.cancel();
        if (m_ended) return;
        const auto cancelled = std::find_if(m_cancelled.begin(), m_cancelled.end(), [&](const std::string& id) { return answersCall(answer, id); });
        const bool unwanted = cancelled != m_cancelled.end();
        if (unwanted) m_cancelled.erase(cancelled);
        if (!unwanted && !isForNobody(answer)) {
            m_queued += answer.size();
            m_queue.push_back(std::move(answer));
            if (m_queued > kUnread) return end(); // a peer that asks and does not listen
        }
        m_wakeWriter.cancel();
    }

    net::awaitable<void> write() {
        const auto self = shared_from_this();
        while (!m_ended) {
            if (m_queue.empty() && m_leaving && m_running == 0) {
                const websocket::close_reason reason(websocket::close_code::going_away);
                m_writingSince = std::chrono::steady_clock::now();
                co_await m_ws.async_close(reason, kAwait);
                end();
                break;
            }
            if (m_queue.empty()) {
                m_wakeWriter.expires_at(net::steady_timer::time_point::max());
                co_await m_wakeWriter.async_wait(kAwait);
                continue;
            }
            const std::string message = std::move(m_queue.front());
            m_queue.pop_front();
            const bool sent = co_await writeOne(message);
            m_queued -= message.size();
            if (!sent) break;
        }
    }

    /// In the frames in which Go would send it.
    net::awaitable<bool> writeOne(const std::string& message) {
        m_ws.text(true);
        const bool whole = message.size() > kGoUnbuffered;
        for (std::size_t at = 0;;) {
            const std::size_t size = whole ? message.size() - at : std::min(kGoFrame, message.size() - at);
            const bool last = at + size == message.size() && (!whole || size == 0);
            const net::const_buffer frame(message.data() + at, size);
            m_writingSince = std::chrono::steady_clock::now();
            const auto [ec, count] = co_await m_ws.async_write_some(last, frame, kAwait);
            m_writingSince.reset();
            if (ec) co_return false;
            if (last) co_return true;
            at += size;
        }
    }

    /// Also looks whether the peer stopped in the middle of a message, of its own or of ours. One that is silent between messages, and
    /// answers no ping, is none the worse: old clients of lotus never do.
    net::awaitable<void> ping() {
        const auto self = shared_from_this();
        const auto stalled = [](const auto& since) { return since && std::chrono::steady_clock::now() - *since > kStall; };
        while (!m_ended) {
            m_nextPing.expires_after(m_core->options.pingEvery);
            co_await m_nextPing.async_wait(kAwait);
            if (m_ended) break;
            if (stalled(m_writingSince) || stalled(m_partSince)) {
                end();
                break;
            }
            if (m_pinging || m_leaving) continue;
            m_pinging = true;
            net::co_spawn(m_core->io, sendPing(), net::detached); // it waits behind a frame that is being written
        }
    }
    net::awaitable<void> sendPing() {
        const auto self = shared_from_this();
        const websocket::ping_data nothing;
        co_await m_ws.async_ping(nothing, kAwait);
        m_pinging = false;
    }

    std::shared_ptr<HttpCore> m_core;
    std::shared_ptr<Session> m_session;
    const HttpHead m_head;
    const HttpRoute& m_route; ///< of the core
    const Permissions m_permissions;
    websocket::stream<beast::tcp_stream&> m_ws;
    beast::flat_buffer m_input;
    net::steady_timer m_wakeWriter, m_wakeReader, m_nextPing;
    std::deque<std::string> m_queue, m_cancelled;
    std::size_t m_queued = 0, m_running = 0;
    std::optional<std::chrono::steady_clock::time_point> m_writingSince, m_partSince;
    bool m_ended = false, m_leaving = false, m_pinging = false;
};

} // namespace

net::awaitable<void> HttpCore::serveSocket(Session& session, const http::request<http::string_body>& request, const HttpHead& head,
                                           const HttpRoute& route, const Permissions& permissions) {
    RequestHead unread;
    unread.head = head;
    const bool isGet = head.method == "GET";
    const bool isHandshake = isGet && websocket::is_upgrade(request) && request["Sec-WebSocket-Version"] == "13" && session.buffer.size() == 0;
    if (!isHandshake) {
        const HttpReply reply = badHandshake(isGet ? 400 : 405);
        co_await refuse(session, reply, unread, nullptr);
        co_return;
    }
    const auto socket = std::make_shared<SocketSession>(*this, session, head, route, permissions);
    const bool accepted = co_await socket->accept(request);
    if (accepted) co_await socket->serve();
}

} // namespace lsw::protocol
