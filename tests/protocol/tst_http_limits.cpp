// SPDX-License-Identifier: MIT OR Apache-2.0
#include "http_fixture.h"

using namespace lsw;
using namespace lsw::protocol;

/// What a connection may cost, how large things come in, and how all of it ends.
class TestHttpLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void half_a_request_harms_nobody_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("half a line") << QByteArray("POST /ec");
        QTest::newRow("half a head") << QByteArray("POST /echo HTTP/1.1\r\nHost: x\r\nConte");
        QTest::newRow("half a body") << QByteArray("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
        QTest::newRow("half a chunk") << QByteArray("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf");
    }

    void half_a_request_harms_nobody() {
        QFETCH(QByteArray, bytes);
        Fixture fixture;
        for (const bool hard : {false, true}) {
            RawClient client(fixture.port);
            QVERIFY(client.send(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
            if (hard) {
                client.reset();
            } else {
                client.endSending();
                QVERIFY(client.isClosedByServer());
            }
            QVERIFY(isAlive(fixture));
        }
    }

    void a_head_that_never_ends_is_cut_off() {
        HttpServer::Options options;
        options.headTimeout = std::chrono::milliseconds(150);
        Fixture fixture(options);
        RawClient silent(fixture.port), slow(fixture.port);
        QVERIFY(slow.send("GET /echo HTTP/1.1\r\nHost: x\r\nX: "));
        std::atomic<bool> ended{false};
        std::thread drip([&] { // one byte at a time keeps an idle timer quiet, but not ours
            while (!ended && slow.send("y")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        });
        const bool slowCut = slow.isClosedByServer();
        ended = true;
        drip.join();
        QVERIFY(slowCut);
        QVERIFY(silent.isClosedByServer());
    }

    void an_idle_connection_is_closed_after_its_time() {
        HttpServer::Options options;
        options.idleTimeout = std::chrono::milliseconds(100);
        Fixture fixture(options);
        RawClient client(fixture.port);
        QVERIFY(client.send(post("/echo", "x")));
        QCOMPARE(client.readReply().status, 200);
        QVERIFY(client.isClosedByServer());
    }

    void many_connections_cannot_shut_out_a_new_one() {
        Fixture fixture;
        std::vector<std::unique_ptr<RawClient>> idle;
        for (int i = 0; i < 300; ++i) {
            idle.push_back(std::make_unique<RawClient>(fixture.port));
            QVERIFY(idle.back()->isConnected());
        }
        QVERIFY(isAlive(fixture));
        QVERIFY(idle.front()->isClosedByServer()); // the longest idle made room
    }

    void one_address_cannot_take_the_places_of_another() {
        Fixture fixture;
        std::vector<std::unique_ptr<RawClient>> busy;
        std::vector<std::function<void(HttpReply)>> replies;
        for (int i = 0; i < 256; ++i) {
            busy.push_back(std::make_unique<RawClient>(fixture.port));
            QVERIFY(busy.back()->send(post("/late", "")));
            replies.push_back(fixture.takeHeld());
            QVERIFY(replies.back());
        }
        RawClient next(fixture.port);
        QVERIFY(next.isClosedByServer()); // nothing idle to make room
        RawClient other(fixture.port, "127.0.0.2");
        QVERIFY(other.send(post("/echo", "x")));
        QCOMPARE(other.readReply().status, 200);
        replies.front()(HttpReply());
        QCOMPARE(busy.front()->readReply().status, 200);
        RawClient again(fixture.port); // the idle one makes room for it
        QVERIFY(again.send(post("/echo", "x")));
        QCOMPARE(again.readReply().status, 200);
    }

    void a_head_of_gigabytes_costs_little() {
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send("GET /echo HTTP/1.1\r\nHost: x\r\n"));
        const std::string line = "X-Filler: " + std::string(64 << 10, 'f') + "\r\n";
        std::uint64_t sent = 0;
        while (sent < (10ULL << 30) && client.send(line)) sent += line.size();
        QVERIFY2(sent < (1ULL << 30), std::to_string(sent).c_str());
        QVERIFY(isAlive(fixture));
    }

    void a_handler_may_take_longer_than_any_limit() {
        HttpServer::Options options;
        options.headTimeout = std::chrono::milliseconds(60);
        options.idleTimeout = std::chrono::milliseconds(60);
        Fixture fixture(options);
        RawClient client(fixture.port);
        QVERIFY(client.send(post("/late", "")));
        const auto reply = fixture.takeHeld();
        QVERIFY(reply);
        for (int i = 0; i < 3; ++i) { // each of these waits for the limits to pass
            RawClient silent(fixture.port);
            QVERIFY(silent.isClosedByServer());
        }
        reply(HttpReply());
        QCOMPARE(client.readReply().status, 200);
    }

    void large_bodies_come_one_at_a_time_and_in_pieces() {
        Fixture fixture;
        const std::string head = "POST /large HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n";
        const std::string body(3 << 20, 'b');
        RawClient first(fixture.port), second(fixture.port), third(fixture.port);
        QVERIFY(first.send(head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, 2 << 20)));
        QTRY_VERIFY_WITH_TIMEOUT(fixture.fed >= (2U << 20) - 65536U, kPatienceMs);
        // While it is in the middle, another may come but has to wait; small ones pass.
        std::thread sending([&] { second.send(head + "Transfer-Encoding: chunked\r\n\r\n300000\r\n" + body + "\r\n0\r\n\r\n"); });
        QVERIFY(third.send(post("/large", "small")));
        QCOMPARE(third.readReply().body, std::string("small 5"));
        QCOMPARE(int(fixture.intakes), 1);
        QVERIFY(first.send(body.substr(2 << 20)));
        QCOMPARE(first.readReply().body, std::string("large 3145728"));
        QCOMPARE(second.readReply().body, std::string("large 3145728"));
        sending.join();
        QCOMPARE(int(fixture.intakes), 2);
        QVERIFY(fixture.largestPiece < 2U << 20);
        // Both connections go on.
        QVERIFY(first.send(post("/large", "again")));
        QCOMPARE(first.readReply().body, std::string("small 5"));
    }

    void a_large_body_that_breaks_off_gives_its_turn_on() {
        Fixture fixture;
        const std::string head = "POST /large HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: 3145728\r\n\r\n";
        const std::string body(3 << 20, 'b');
        auto broken = std::make_unique<RawClient>(fixture.port);
        QVERIFY(broken->send(head + body.substr(0, 100000)));
        QTRY_COMPARE_WITH_TIMEOUT(int(fixture.intakes), 1, kPatienceMs);
        RawClient next(fixture.port), last(fixture.port);
        std::thread sending([&] { next.send(head + body); });
        broken->reset();
        QCOMPARE(next.readReply().body, std::string("large 3145728"));
        sending.join();
        // One that the place refuses is answered, and gives its turn on as well.
        fixture.refusesLarge = true;
        std::thread refused([&] { last.send(head + body); });
        QCOMPARE(last.readReply().status, 507);
        refused.join();
        fixture.refusesLarge = false;
        RawClient after(fixture.port);
        std::thread again([&] { after.send(head + body); });
        QCOMPARE(after.readReply().status, 200);
        again.join();
    }

    void who_may_not_send_orders_may_send_a_mebibyte() {
        Fixture fixture;
        for (const char* token : {"", "Authorization: Bearer low\r\n"}) {
            for (const bool chunked : {false, true}) {
                RawClient client(fixture.port);
                const std::string head = std::string("POST /large HTTP/1.1\r\nHost: x\r\n") + token;
                if (chunked) QVERIFY(client.send(head + "Transfer-Encoding: chunked\r\n\r\n200000\r\n" + std::string(2 << 20, 'x')));
                else QVERIFY(client.send(head + "Content-Length: 2097152\r\n\r\n"));
                QCOMPARE(client.readReply().status, 413);
            }
        }
        QCOMPARE(int(fixture.intakes), 0);
    }

    void stop_ends_every_state_of_a_connection() {
        Fixture fixture;
        RawClient fresh(fixture.port), kept(fixture.port), inHead(fixture.port), inBody(fixture.port), waiting(fixture.port), bulk(fixture.port);
        QVERIFY(kept.send(post("/echo", "x")));
        QCOMPARE(kept.readReply().status, 200);
        QVERIFY(inHead.send("POST /ec"));
        QVERIFY(inBody.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123"));
        QVERIFY(waiting.send(post("/late", "")));
        QVERIFY(bulk.send("POST /bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123"));
        const auto reply = fixture.takeHeld();
        QVERIFY(reply);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.authorised >= 4, kPatienceMs);
        fixture.server->stop(std::chrono::milliseconds(20));
        for (RawClient* client : {&fresh, &kept, &inHead, &inBody, &waiting, &bulk}) QVERIFY(client->isClosedByServer());
        QVERIFY(!RawClient(fixture.port).isConnected());
        reply(HttpReply()); // later than the server
        fixture.server->stop();
        const auto again = fixture.server->start();
        QVERIFY(again);
        fixture.port = *again;
        QVERIFY(isAlive(fixture));
    }

    void stop_lets_a_running_reply_finish_within_its_grace() {
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send(post("/late", "")));
        const auto reply = fixture.takeHeld();
        std::thread stopping([&] { fixture.server->stop(std::chrono::seconds(20)); });
        QTRY_VERIFY_WITH_TIMEOUT(!RawClient(fixture.port).isConnected(), kPatienceMs);
        HttpReply last;
        last.body = "last words";
        reply(last);
        const auto answer = client.readReply();
        stopping.join();
        QCOMPARE(answer.body, last.body);
        QCOMPARE(answer.headers.at("Connection"), std::string("close"));
    }
};

QTEST_GUILESS_MAIN(TestHttpLimits)
#include "tst_http_limits.moc"
