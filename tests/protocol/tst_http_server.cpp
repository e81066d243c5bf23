// SPDX-License-Identifier: MIT OR Apache-2.0
#include "http_fixture.h"

using namespace lsw;
using namespace lsw::protocol;

/// Requests and their answers.
class TestHttpServer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_connection_serves_one_request_after_the_other() {
        Fixture fixture;
        RawClient client(fixture.port);
        for (int i = 0; i < 5; ++i) {
            QVERIFY(client.send(post("/echo/a%20b?x=1", "hello")));
            const auto reply = client.readReply();
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.body, std::string("POST /echo/a b 5 anyone hello"));
            QCOMPARE(reply.headers.at("Content-Type"), std::string("application/json"));
            QVERIFY(reply.headers.contains("Date"));
            QVERIFY(!reply.headers.contains("Connection"));
        }
        QVERIFY(client.send(post("/echo", "1") + post("/echo", "22"))); // both in one segment
        QCOMPARE(client.readReply().body, std::string("POST /echo 1 anyone 1"));
        QCOMPARE(client.readReply().body, std::string("POST /echo 2 anyone 22"));
        QVERIFY(client.send(post("/echo", "bye", "Connection: close\r\n")));
        QCOMPARE(client.readReply().headers["Connection"], std::string("close"));
        QVERIFY(client.isClosedByServer());
    }

    void the_token_is_read_as_lotus_reads_it_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("who");
        QTest::newRow("none") << QByteArray("/echo") << QByteArray() << 200 << QByteArray("anyone");
        QTest::newRow("bearer") << QByteArray("/echo") << QByteArray("Authorization: Bearer good\r\n") << 200 << QByteArray("admin");
        QTest::newRow("query") << QByteArray("/echo?token=good") << QByteArray() << 200 << QByteArray("admin");
        QTest::newRow("header before query") << QByteArray("/echo?token=good") << QByteArray("Authorization: Bearer bad\r\n") << 401 << QByteArray();
        QTest::newRow("bad") << QByteArray("/echo") << QByteArray("Authorization: Bearer bad\r\n") << 401 << QByteArray();
        QTest::newRow("bad in the query") << QByteArray("/echo?token=bad") << QByteArray() << 401 << QByteArray();
        QTest::newRow("no scheme") << QByteArray("/echo") << QByteArray("Authorization: good\r\n") << 401 << QByteArray();
        QTest::newRow("scheme in lower case") << QByteArray("/echo") << QByteArray("Authorization: bearer good\r\n") << 401 << QByteArray();
        QTest::newRow("another scheme") << QByteArray("/echo") << QByteArray("Authorization: Basic Z29vZA==\r\n") << 401 << QByteArray();
        QTest::newRow("the answer gets lost") << QByteArray("/echo") << QByteArray("Authorization: Bearer never\r\n") << 401 << QByteArray();
        QTest::newRow("bad before the route is looked for") << QByteArray("/nowhere") << QByteArray("Authorization: Bearer bad\r\n") << 401 << QByteArray();
    }

    void the_token_is_read_as_lotus_reads_it() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, header);
        QFETCH(int, status);
        QFETCH(QByteArray, who);
        Fixture fixture;
        RawClient client(fixture.port);
        for (int i = 0; i < 2; ++i) { // a refusal leaves the connection usable
            QVERIFY(client.send(post(path.toStdString(), "{}", header.toStdString())));
            const auto reply = client.readReply();
            QCOMPARE(reply.status, status);
            if (status == 401) {
                QCOMPARE(reply.body, std::string());
                QCOMPARE(reply.headers.at("Content-Length"), std::string("0"));
                QVERIFY(!reply.headers.contains("Content-Type"));
            } else {
                QCOMPARE(reply.body, "POST /echo 2 " + who.toStdString() + " {}");
            }
        }
    }

    void unknown_paths_are_answered_as_go_does_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("root") << QByteArray("/");
        QTest::newRow("unknown") << QByteArray("/nope");
        QTest::newRow("a longer name") << QByteArray("/echoes");
        QTest::newRow("below an exact route") << QByteArray("/rpc/v0/");
        QTest::newRow("star") << QByteArray("*");
    }

    void unknown_paths_are_answered_as_go_does() {
        QFETCH(QByteArray, path);
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send("GET " + path.toStdString() + " HTTP/1.1\r\nHost: x\r\n\r\n"));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 404);
        QCOMPARE(reply.body, std::string("404 page not found\n"));
        QCOMPARE(reply.headers.at("Content-Type"), std::string("text/plain; charset=utf-8"));
        QCOMPARE(reply.headers.at("X-Content-Type-Options"), std::string("nosniff"));
    }

    void head_is_answered_without_length_and_body() {
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n" + post("/echo", "next")));
        const auto reply = client.readReply(true);
        QCOMPARE(reply.status, 200);
        QVERIFY(!reply.headers.contains("Content-Length"));
        QCOMPARE(client.readReply().body, std::string("POST /echo 4 anyone next"));
    }

    void what_is_no_request_is_refused_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const QByteArray host("Host: x\r\n");
        QTest::newRow("garbage") << QByteArray("\x01\x02\x03 garbage\r\n\r\n") << 400;
        QTest::newRow("TLS") << QByteArray::fromHex("16030100a5010000a10303") + QByteArray(100, 'x') << 400;
        QTest::newRow("no version") << QByteArray("GET /echo\r\n\r\n") << 400;
        QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << 400;
        QTest::newRow("bad version") << QByteArray("GET /echo HTTP/x\r\n\r\n") << 400;
        QTest::newRow("no host") << QByteArray("GET /echo HTTP/1.1\r\n\r\n") << 400;
        QTest::newRow("two hosts") << QByteArray("GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") << 400;
        QTest::newRow("a space before the colon") << QByteArray("GET /echo HTTP/1.1\r\nHost : x\r\n\r\n") << 400;
        QTest::newRow("a bad escape") << QByteArray("GET /echo/%zz HTTP/1.1\r\nHost: x\r\n\r\n") << 400;
        QTest::newRow("a zero byte in the path") << QByteArray("GET /echo/%00 HTTP/1.1\r\nHost: x\r\n\r\n") << 400;
        QTest::newRow("length and chunks") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" << 400;
        QTest::newRow("chunks and length") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" << 400;
        QTest::newRow("two lengths") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd" << 400;
        QTest::newRow("a negative length") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Content-Length: -1\r\n\r\n" << 400;
        QTest::newRow("an endless length") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Content-Length: 99999999999999999999999\r\n\r\n" << 400;
        QTest::newRow("another encoding") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" << 501;
        QTest::newRow("an unknown encoding") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Transfer-Encoding: xchunked\r\n\r\n" << 501;
        QTest::newRow("another expectation") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Expect: cake\r\nContent-Length: 1\r\n\r\n" << 417;
        QTest::newRow("a bad chunk") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" << 400;
        QTest::newRow("an endless chunk extension") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Transfer-Encoding: chunked\r\n\r\n1;" + QByteArray(300 << 10, 'x') << 400;
        QTest::newRow("endless trailers") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + QByteArray("A: b\r\n").repeated(50000) << 400;
        QTest::newRow("a header of 100 KiB") << QByteArray("GET /echo HTTP/1.1\r\n") + host + "X: " + QByteArray(100 << 10, 'a') + "\r\n\r\n" << 431;
        QTest::newRow("many headers") << QByteArray("GET /echo HTTP/1.1\r\n") + host + QByteArray("A: b\r\n").repeated(20000) + "\r\n" << 431;
        QTest::newRow("a long target") << QByteArray("GET /echo/") + QByteArray(100 << 10, 'a') + " HTTP/1.1\r\n" + host + "\r\n" << 431;
        QTest::newRow("a body too long, announced") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Authorization: Bearer good\r\nContent-Length: 2097153\r\n\r\n" << 413;
        QTest::newRow("a body too long without a token") << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Content-Length: 1048577\r\n\r\n" << 413;
        QTest::newRow("a body too long, in chunks")
            << QByteArray("POST /echo HTTP/1.1\r\n") + host + "Authorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n200001\r\n" + QByteArray(0x200001, 'x') + "\r\n0\r\n\r\n"
            << 413;
        QTest::newRow("a body too long where the route has its own words") << QByteArray("POST /rpc/v0 HTTP/1.1\r\n") + host + "Content-Length: 9999999\r\n\r\n" << 500;
    }

    void what_is_no_request_is_refused() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        Fixture fixture;
        RawClient client(fixture.port);
        client.send(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, status);
        QCOMPARE(reply.headers.at("Connection"), std::string("close"));
        QVERIFY(client.isClosedByServer());
        QVERIFY(isAlive(fixture));
    }

    void a_body_in_single_bytes_is_put_together() {
        Fixture fixture;
        for (const char* path : {"/echo", "/bulk"}) {
            RawClient client(fixture.port);
            const std::string request = "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        "1;ext=\"y\"\r\na\r\n1\r\nb\r\n0003\r\ncde\r\n0\r\nTrailer: x\r\n\r\n";
            for (const char c : request) QVERIFY(client.send(std::string_view(&c, 1)));
            const auto reply = client.readReply();
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.body, std::string(path) == "/bulk" ? std::string("abcde") : std::string("POST /echo 5 anyone abcde"));
        }
    }

    void a_malformed_chunk_ends_a_bulk_body_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("no size") << QByteArray("\r\n") << QByteArray("malformed chunk: no size where one must be");
        QTest::newRow("no hex") << QByteArray("1g\r\na\r\n") << QByteArray("malformed chunk: no size where one must be");
        QTest::newRow("17 digits") << QByteArray("00000000000000001\r\na\r\n") << QByteArray("malformed chunk: its size has too many digits");
        QTest::newRow("an endless extension") << QByteArray("1;") + QByteArray(5000, 'x') << QByteArray("malformed chunk: a line is too long");
        QTest::newRow("longer than it says") << QByteArray("1\r\nabc\r\n") << QByteArray("malformed chunk: it is longer than its size says");
        QTest::newRow("endless trailers") << QByteArray("0\r\n") + QByteArray("a: b\r\n").repeated(100) << QByteArray("malformed chunk: too many trailers");
        QTest::newRow("an end in the size") << QByteArray("1") << QByteArray("unexpected EOF");
        QTest::newRow("an end in the chunk") << QByteArray("5\r\nabc") << QByteArray("unexpected EOF");
        QTest::newRow("an end after a chunk") << QByteArray("1\r\na\r\n") << QByteArray("unexpected EOF");
        QTest::newRow("an end in the trailers") << QByteArray("1\r\na\r\n0\r\n") << QByteArray("unexpected EOF");
    }

    void a_malformed_chunk_ends_a_bulk_body() {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, error);
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send("POST /bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body.toStdString()));
        client.endSending();
        QCOMPARE(fixture.waitForBulkError(), error.toStdString());
        QVERIFY(client.isClosedByServer());
        QVERIFY(isAlive(fixture));
    }

    void a_bulk_body_by_length_is_read_whole_or_fails() {
        Fixture fixture;
        RawClient whole(fixture.port);
        QVERIFY(whole.send(post("/bulk/x", std::string(300000, 'z'))));
        QCOMPARE(whole.readReply().body, std::string("300000"));
        QVERIFY(whole.isClosedByServer());
        RawClient broken(fixture.port);
        QVERIFY(broken.send("POST /bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"));
        broken.reset();
        QCOMPARE(fixture.waitForBulkError(), std::string("unexpected EOF"));
    }

    void a_bulk_reply_is_seen_though_the_body_was_not_read() {
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send("POST /bulk?stop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
        std::atomic<bool> ended{false};
        std::thread sender([&] {
            const std::string chunk = "10000\r\n" + std::string(0x10000, 'q') + "\r\n";
            while (!ended && client.send(chunk)) {}
        });
        const auto reply = client.readReply();
        ended = true;
        client.endSending();
        sender.join();
        QCOMPARE(reply.status, 200);
    }

    void a_file_is_sent_by_range() {
        QTemporaryFile file;
        QVERIFY(file.open());
        QByteArray content;
        for (int i = 0; i < 500; ++i) content += QByteArray::number(10000 + i);
        file.write(content);
        file.flush();
        Fixture fixture;
        for (const bool chunked : {false, true}) {
            RawClient client(fixture.port);
            QVERIFY(client.send("GET /bulk?file=" + file.fileName().toStdString() + (chunked ? "&chunked=1" : "") + " HTTP/1.1\r\nHost: x\r\n\r\n"));
            const auto reply = client.readReply();
            QCOMPARE(reply.status, 200);
            const std::string range = content.mid(24, 1000).toStdString();
            QCOMPARE(reply.body, chunked ? "3e8\r\n" + range + "\r\n0\r\n\r\n" : range);
        }
    }

    void one_hundred_continue_comes_after_the_token_was_checked() {
        Fixture fixture;
        for (const char* path : {"/echo", "/bulk"}) {
            RawClient refused(fixture.port);
            QVERIFY(refused.send("POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
            QCOMPARE(refused.readReply().status, 401);
            QVERIFY(refused.isClosedByServer());
            RawClient client(fixture.port);
            QVERIFY(client.send("POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
            QCOMPARE(client.readReply().status, 100);
            QVERIFY(client.send("abc"));
            QCOMPARE(client.readReply().status, 200);
        }
    }

    void a_late_answer_from_another_thread_arrives_and_a_lost_one_is_an_error() {
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send(post("/late", "")));
        auto reply = fixture.takeHeld();
        QVERIFY(reply);
        QVERIFY(isAlive(fixture)); // others are served meanwhile
        HttpReply late;
        late.body = std::string(3 << 20, 'L');
        std::thread([&] { reply(late); reply(HttpReply()); }).join();
        const auto answer = client.readReply();
        QCOMPARE(answer.status, 200);
        QVERIFY(!answer.headers.contains("Content-Length"));
        QVERIFY(RawClient::unchunked(answer.body) == late.body);
        QVERIFY(client.send(post("/late", "")));
        reply = fixture.takeHeld();
        QVERIFY(reply);
        reply = {};
        QCOMPARE(client.readReply().status, 500);
        QVERIFY(client.send(post("/throw", "")));
        QCOMPARE(client.readReply().status, 500);
    }

    void answers_have_a_length_up_to_2048_bytes_and_chunks_above_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("chunked");
        QTest::newRow("2048") << 2048 << false;
        QTest::newRow("2049") << 2049 << true;
        QTest::newRow("5 MiB") << (5 << 20) << true;
    }

    void answers_have_a_length_up_to_2048_bytes_and_chunks_above() {
        QFETCH(int, size);
        QFETCH(bool, chunked);
        Fixture fixture;
        RawClient client(fixture.port);
        for (int round = 0; round < 2; ++round) { // the connection goes on afterwards
            QVERIFY(client.send(post("/late", "")));
            HttpReply large;
            large.body = std::string(static_cast<std::size_t>(size), 'z');
            fixture.takeHeld()(large);
            const auto reply = client.readReply();
            QCOMPARE(reply.headers.contains("Transfer-Encoding"), chunked);
            QCOMPARE(reply.headers.contains("Content-Length"), !chunked);
            QVERIFY((chunked ? RawClient::unchunked(reply.body) : reply.body) == large.body);
        }
    }

    void an_open_route_looks_at_no_token() {
        Fixture fixture;
        for (const char* token : {"", "Authorization: Bearer bad\r\n", "Authorization: Basic x\r\n", "Authorization: Bearer never\r\n"}) {
            RawClient client(fixture.port);
            const int before = fixture.authorised;
            QVERIFY(client.send(std::string("GET /open HTTP/1.1\r\nHost: x\r\n") + token + "\r\n"));
            QCOMPARE(client.readReply().status, 200);
            QCOMPARE(int(fixture.authorised), before);
        }
    }

    void a_port_in_use_is_named_with_its_holder() {
        Fixture fixture;
        HttpServer::Options options;
        options.port = fixture.port;
        HttpServer second(options, [](std::string, std::function<void(Expected<Permissions>)> done) { done(Permissions{}); }, {});
        const auto started = second.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code(), ErrorCode::AlreadyExists);
        const std::string& detail = started.error().detail();
        QVERIFY2(detail.find("127.0.0.1:" + std::to_string(fixture.port)) != std::string::npos, detail.c_str());
        QVERIFY2(detail.find("(pid " + std::to_string(::getpid()) + ")") != std::string::npos, detail.c_str());
        second.stop();
    }

    void an_address_that_is_not_ours_is_an_error() {
        for (const char* host : {"192.0.2.1", "not an address"}) {
            HttpServer::Options options;
            options.host = host;
            HttpServer server(options, [](std::string, std::function<void(Expected<Permissions>)> done) { done(Permissions{}); }, {});
            const auto started = server.start();
            QVERIFY(!started);
            QCOMPARE(started.error().code(), ErrorCode::InvalidArgument);
        }
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"
