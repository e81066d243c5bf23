// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_server.h"
#include "protocol/json_rpc.h"
#include "protocol/socket_client.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::protocol;
using lsw::test::RawClient;
using lsw::test::SocketClient;

namespace {

std::string request(const std::string& id, const std::string& method, const std::string& params = "[]") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"Filecoin.)" + method + R"(","params":)" + params + "}\n";
}
std::string answer(const std::string& id, const std::string& result) { return R"({"id":)" + id + R"(,"jsonrpc":"2.0","result":)" + result + "}\n"; }

/// Keeps what it is fed.
class GatheringIntake final : public BodyIntake {
public:
    Expected<void> feed(std::string_view piece) override {
        largest = std::max(largest, piece.size());
        text += piece;
        return {};
    }
    Expected<void> finish() override { return {}; }
    HttpReply refusal(const Error&) const override { return {}; }
    std::string text;
    std::size_t largest = 0;
};

/// A server with a few methods, one of which answers when it is told to.
class Fixture {
public:
    explicit Fixture(std::chrono::milliseconds pingEvery = std::chrono::minutes(1)) {
        table.add("Filecoin.Echo", 1, "admin", [](boost::json::array params, RpcRespond respond) { respond(std::move(params.at(0))); });
        table.add("Filecoin.Text", 1, "admin", [](boost::json::array params, RpcRespond respond) {
            respond(boost::json::value(std::string(params.at(0).to_number<std::size_t>(), 'x')));
        });
        table.add("Filecoin.Wait", 0, "admin", [this](boost::json::array, RpcRespond respond) {
            const std::lock_guard lock(mutex);
            held.push_back(std::move(respond));
            changed.notify_all();
        });
        HttpRoute rpc;
        rpc.prefix = "/rpc/v0";
        rpc.exact = true;
        rpc.webSocket = true;
        rpc.bodyPermission = "admin";
        rpc.bodyLimit = 8 << 20;
        const auto dispatch = [this](const std::string& body, const Permissions& permissions, const std::function<void(HttpReply)>& reply) {
            table.dispatch(body, permissions, [reply](RpcReply made) { reply({made.httpStatus, "application/json", std::move(made.body), {}}); });
        };
        rpc.handle = [dispatch](const HttpHead&, const std::string& body, const Permissions& permissions, const std::function<void(HttpReply)>& reply) {
            dispatch(body, permissions, reply);
        };
        rpc.intake = [] { return std::make_unique<GatheringIntake>(); };
        rpc.handleLarge = [this, dispatch](const HttpHead&, const std::shared_ptr<BodyIntake>& intake, const Permissions& permissions,
                                           const std::function<void(HttpReply)>& reply) {
            const auto& gathered = static_cast<const GatheringIntake&>(*intake);
            largestPiece = gathered.largest;
            dispatch(gathered.text, permissions, reply);
        };
        HttpServer::Options options;
        options.pingEvery = pingEvery;
        server = std::make_unique<HttpServer>(
            options,
            [](std::string token, std::function<void(Expected<Permissions>)> done) {
                if (token == "admin") done(Permissions{"admin"});
                else if (token == "read" || token.empty()) done(Permissions{"read"});
                else done(Error(ErrorCode::PermissionDenied, "no"));
            },
            std::vector<HttpRoute>{rpc});
        port = *server->start();
    }
    RpcRespond takeHeld() {
        std::unique_lock lock(mutex);
        if (!changed.wait_for(lock, std::chrono::seconds(20), [this] { return !held.empty(); })) return {};
        RpcRespond out = std::move(held.front());
        held.pop_front();
        return out;
    }

    MethodTable table;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<RpcRespond> held;
    std::atomic<std::size_t> largestPiece{0};
    std::unique_ptr<HttpServer> server;
    std::uint16_t port = 0;
};

QByteArray bytes(const std::string& text) { return QByteArray::fromStdString(text); }

} // namespace

class TestWebSocket : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_upgrade_is_answered_as_go_answers_it() {
        Fixture fixture;
        SocketClient client(fixture.port);
        QCOMPARE(bytes(client.upgrade("admin")), bytes(std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                                                   "Sec-WebSocket-Accept: ") + SocketClient::kAccept + "\r\nServer: lotus-seal-worker\r\n\r\n"));
        QVERIFY(client.call(request("1", "Echo", "[7]")));
        const auto frame = client.frame();
        QCOMPARE(frame.op, int(SocketClient::Text));
        QVERIFY(frame.fin);
        QCOMPARE(bytes(frame.body), bytes(answer("1", "7")));
    }

    void a_token_is_checked_before_the_upgrade() {
        Fixture fixture;
        SocketClient bad(fixture.port);
        QVERIFY(bad.upgrade("nonsense").starts_with("HTTP/1.1 401 Unauthorized\r\n"));
        for (const std::string token : {"", "read"}) {
            SocketClient low(fixture.port);
            QVERIFY(low.upgrade(token).starts_with("HTTP/1.1 101"));
            QVERIFY(low.call(request("1", "Echo", "[7]")));
            QCOMPARE(bytes(low.message()),
                     bytes("{\"error\":{\"code\":1,\"message\":\"missing permission to invoke 'Echo' (need 'admin')\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n"));
        }
    }

    void what_is_no_handshake_is_refused_data() {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<int>("status");
        QTest::newRow("no key") << QByteArray("GET /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n") << 400;
        QTest::newRow("other version") << QByteArray("GET /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "
                                                     "J7lbB9c6IcxA4LbtWk3l8w==\r\nSec-WebSocket-Version: 8\r\n\r\n") << 400;
        QTest::newRow("another protocol") << QByteArray("GET /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n\r\n") << 400;
        QTest::newRow("a POST") << QByteArray("POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                              "Sec-WebSocket-Key: J7lbB9c6IcxA4LbtWk3l8w==\r\nSec-WebSocket-Version: 13\r\n\r\n") << 405;
    }
    void what_is_no_handshake_is_refused() {
        QFETCH(QByteArray, head);
        QFETCH(int, status);
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send(head.toStdString()));
        QCOMPARE(client.readReply().status, status);
    }

    void calls_run_beside_each_other_and_keep_their_ids() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.call(request("1", "Wait")));
        const RpcRespond first = fixture.takeHeld();
        QVERIFY(first);
        QVERIFY(client.call(request("\"text\"", "Echo", "[true]")));
        QCOMPARE(bytes(client.message()), bytes(answer("\"text\"", "true")));
        QVERIFY(client.call(request("2.5", "Echo", "[null]")));
        QCOMPARE(bytes(client.message()), bytes(answer("2.5", "null")));
        first(boost::json::value("late"));
        QCOMPARE(bytes(client.message()), bytes(answer("1", "\"late\"")));
    }

    void errors_have_the_forms_of_http() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.call(request("1", "Nope")));
        QCOMPARE(bytes(client.message()), bytes("{\"error\":{\"code\":-32601,\"message\":\"method 'Filecoin.Nope' not found\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n"));
        QVERIFY(client.call(request("2", "Echo")));
        QCOMPARE(bytes(client.message()),
                 bytes("{\"error\":{\"code\":-32602,\"message\":\"wrong param count (method 'Filecoin.Echo'): 0 != 1\"},\"id\":2,\"jsonrpc\":\"2.0\"}\n"));
    }

    void what_cannot_be_answered_is_dropped_without_a_word() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        for (const std::string nothing : {"", "{", "nonsense", "[]", "[1]", "7", R"({"jsonrpc":"2.0","id":true,"method":"Filecoin.Echo","params":[1]})",
                                          R"({"jsonrpc":"2.0","method":"Filecoin.Echo","params":[1]})", R"({"jsonrpc":"2.0","id":null,"method":"Filecoin.Nope"})"})
            QVERIFY(client.call(nothing));
        QVERIFY(client.call(request("9", "Echo", "[9]")));
        QCOMPARE(bytes(client.message()), bytes(answer("9", "9")));
    }

    void long_answers_come_in_the_frames_of_go_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<QList<int>>("frames");
        const int around = int(answer("1", "\"\"").size());
        QTest::newRow("fits") << 4082 - around << QList<int>{4082};
        QTest::newRow("two buffers") << 5000 - around << QList<int>{4082, 918};
        QTest::newRow("as one, then an empty frame") << 32470 - around << QList<int>{32470, 0};
    }
    void long_answers_come_in_the_frames_of_go() {
        QFETCH(int, size);
        QFETCH(QList<int>, frames);
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.call(request("1", "Text", '[' + std::to_string(size) + ']')));
        std::string all;
        for (int i = 0; i < frames.size(); ++i) {
            const auto frame = client.frame();
            QCOMPARE(frame.op, int(i == 0 ? SocketClient::Text : SocketClient::Continuation));
            QCOMPARE(frame.fin, i + 1 == frames.size());
            QCOMPARE(int(frame.body.size()), frames[i]);
            all += frame.body;
        }
        QVERIFY(all == answer("1", '"' + std::string(std::size_t(size), 'x') + '"'));
    }

    void fragments_and_control_frames_between_them_are_put_together() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        const std::string whole = request("1", "Echo", "[\"abc\"]");
        QVERIFY(client.send(SocketClient::Text, whole.substr(0, 10), false));
        QVERIFY(client.send(SocketClient::Ping, "p"));
        QVERIFY(client.send(SocketClient::Continuation, "", false));
        QVERIFY(client.send(SocketClient::Continuation, whole.substr(10), true));
        const auto pong = client.frame();
        QCOMPARE(pong.op, int(SocketClient::Pong));
        QCOMPARE(bytes(pong.body), QByteArray("p"));
        QCOMPARE(bytes(client.message()), bytes(answer("1", "\"abc\"")));
        QVERIFY(client.send(SocketClient::Binary, request("2", "Echo", "[1]"))); // Go takes these too
        QCOMPARE(bytes(client.message()), bytes(answer("2", "1")));
    }

    void the_server_pings_while_a_call_hangs_and_needs_no_pong() {
        Fixture fixture(std::chrono::milliseconds(20));
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.call(request("1", "Wait")));
        const RpcRespond respond = fixture.takeHeld();
        QVERIFY(respond);
        for (int i = 0; i < 10; ++i) {
            const auto frame = client.frame();
            QCOMPARE(frame.op, int(SocketClient::Ping));
            QVERIFY(frame.body.empty());
        }
        respond(boost::json::value());
        QCOMPARE(bytes(client.message()), bytes(answer("1", "null")));
    }

    void a_cancelled_call_is_not_answered() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.call(request("1", "Wait")));
        const RpcRespond respond = fixture.takeHeld();
        QVERIFY(client.call(R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[1]})"));
        QVERIFY(client.call(request("2", "Echo", "[2]")));
        QCOMPARE(bytes(client.message()), bytes(answer("2", "2")));
        respond(boost::json::value("nobody listens"));
        QVERIFY(client.call(request("3", "Echo", "[3]")));
        QCOMPARE(bytes(client.message()), bytes(answer("3", "3")));
    }

    void a_close_is_echoed_with_its_code() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.send(SocketClient::Close, std::string("\x03\xe8", 2)));
        const auto frame = client.frame();
        QCOMPARE(frame.op, int(SocketClient::Close));
        QCOMPARE(bytes(frame.body), QByteArray("\x03\xe8", 2)); // 1000
        QVERIFY(client.raw.isClosedByServer());
    }

    void broken_frames_end_the_connection_with_a_code_data() {
        QTest::addColumn<QByteArray>("sent");
        QTest::newRow("not masked") << QByteArray("\x81\x01x", 3);
        QTest::newRow("reserved bits") << QByteArray("\xf1\x81....x", 7);
        QTest::newRow("a continuation of nothing") << QByteArray("\x80\x81....x", 7);
        QTest::newRow("a long ping") << QByteArray("\x89\xfe\x01\x00....", 8);
    }
    void broken_frames_end_the_connection_with_a_code() {
        QFETCH(QByteArray, sent);
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.raw.send(sent.toStdString()));
        const auto frame = client.frame();
        QCOMPARE(frame.op, int(SocketClient::Close));
        QCOMPARE(bytes(frame.body.substr(0, 2)), QByteArray("\x03\xea", 2)); // 1002
    }

    void a_message_over_the_limit_is_refused_with_1009() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        // The length alone is enough: nothing of it has to come.
        QVERIFY(client.raw.send(std::string("\x81\xff\x00\x00\x00\x00\x00\x80\x00\x01mask", 14)));
        const auto frame = client.frame();
        QCOMPARE(frame.op, int(SocketClient::Close));
        QCOMPARE(bytes(frame.body.substr(0, 2)), QByteArray("\x03\xf1", 2));
        SocketClient low(fixture.port);
        low.upgrade("read");
        QVERIFY(low.raw.send(std::string("\x81\xff\x00\x00\x00\x00\x00\x10\x00\x01mask", 14))); // who may not send orders needs less
        QCOMPARE(bytes(low.frame().body.substr(0, 2)), QByteArray("\x03\xf1", 2));
    }

    void a_large_message_is_taken_in_pieces() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        const std::string large(4 << 20, 'y');
        QVERIFY(client.call(request("1", "Echo", "[\"" + large + "\"]")));
        QVERIFY(client.message() == answer("1", '"' + large + '"'));
        QVERIFY(fixture.largestPiece > 0);
        QVERIFY(fixture.largestPiece < (std::size_t(2) << 20));
        QVERIFY(client.call(request("2", "Echo", "[2]")));
        QCOMPARE(bytes(client.message()), bytes(answer("2", "2")));
    }

    void a_peer_that_asks_and_does_not_listen_is_cut_off() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        bool taken = true;
        for (int i = 0; i < 200 && taken; ++i) taken = client.call(request(std::to_string(i), "Text", "[1000000]"));
        // The server ends it: what the kernel holds can still be read, then comes the end.
        std::size_t received = 0;
        for (std::string some = client.raw.readBytes(1 << 20); !some.empty(); some = client.raw.readBytes(1 << 20)) received += some.size();
        QVERIFY2(received < (std::size_t(64) << 20), std::to_string(received).c_str());
    }

    void a_stopping_server_answers_what_runs_and_says_that_it_goes() {
        Fixture fixture;
        SocketClient client(fixture.port);
        client.upgrade("admin");
        QVERIFY(client.call(request("1", "Wait")));
        const RpcRespond respond = fixture.takeHeld();
        std::thread stopping([&] { fixture.server->stop(std::chrono::seconds(20)); });
        respond(boost::json::value(1));
        QCOMPARE(bytes(client.message()), bytes(answer("1", "1")));
        const auto frame = client.frame();
        QCOMPARE(frame.op, int(SocketClient::Close));
        QCOMPARE(bytes(frame.body.substr(0, 2)), QByteArray("\x03\xe9", 2)); // 1001
        client.raw.close();
        stopping.join();
    }

    void stop_does_not_wait_for_a_peer_that_is_silent() {
        Fixture fixture;
        SocketClient idle(fixture.port), hanging(fixture.port), half(fixture.port);
        for (SocketClient* one : {&idle, &hanging, &half}) QVERIFY(one->upgrade("admin").starts_with("HTTP/1.1 101"));
        QVERIFY(hanging.call(request("1", "Wait")));
        const RpcRespond respond = fixture.takeHeld();
        QVERIFY(half.raw.send(std::string("\x81\xfe\x10", 3)));
        fixture.server->stop(std::chrono::milliseconds(50));
        respond(boost::json::value()); // late, for a server that is gone
    }
};

QTEST_GUILESS_MAIN(TestWebSocket)
#include "tst_web_socket.moc"
