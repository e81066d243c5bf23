// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_server.h"
#include "raw_client.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <thread>

#include <fcntl.h>

#include <QtCore/QTemporaryFile>
#include <QtTest/QTest>

#include "support/patience.h"

using namespace lsw;
using namespace lsw::protocol;
using lsw::test::kPatienceMs;
using lsw::test::RawClient;

namespace {

/// The server under test with routes that show what arrives.
class Fixture {
public:
    /// Counts what it is fed.
    class Intake final : public BodyIntake {
    public:
        explicit Intake(Fixture& fixture) : m_fixture(fixture) { ++m_fixture.intakes; }
        Expected<void> feed(std::string_view piece) override {
            if (m_fixture.refusesLarge) return Error(ErrorCode::NoSpace, "full");
            total += piece.size();
            m_fixture.fed += piece.size();
            m_fixture.largestPiece = std::max<std::size_t>(m_fixture.largestPiece.load(), piece.size());
            return {};
        }
        Expected<void> finish() override { return {}; }
        HttpReply refusal(const Error&) const override { return {507, {}, {}, {}}; }
        std::size_t total = 0;

    private:
        Fixture& m_fixture;
    };

    explicit Fixture(HttpServer::Options options = {}) {
        HttpRoute echo;
        echo.prefix = "/echo";
        echo.bodyLimit = 2 << 20;
        echo.handle = [](HttpHead head, std::string body, Permissions permissions, std::function<void(HttpReply)> reply) {
            HttpReply out;
            out.contentType = "application/json";
            out.body = head.method + ' ' + head.path + ' ' + std::to_string(body.size()) + ' ' + (permissions.contains("admin") ? "admin" : "anyone") + ' ' +
                       (body.size() < 100 ? body : "");
            reply(out);
        };
        HttpRoute rpc = echo;
        rpc.prefix = "/rpc/v0";
        rpc.exact = true;
        HttpReply large;
        large.status = 500;
        large.body = "too large for us";
        rpc.tooLarge = large;
        HttpRoute late;
        late.prefix = "/late";
        late.handle = [this](HttpHead, std::string, Permissions, std::function<void(HttpReply)> reply) {
            const std::lock_guard lock(mutex);
            held.push_back(std::move(reply));
            arrived.notify_all();
        };
        HttpRoute throwing;
        throwing.prefix = "/throw";
        throwing.handle = [](HttpHead, std::string, Permissions, std::function<void(HttpReply)>) { throw std::runtime_error("no"); };
        HttpRoute bulk;
        bulk.prefix = "/bulk";
        bulk.isBulk = [](const HttpHead& head) { return head.method != "PUT"; };
        bulk.handle = echo.handle;
        bulk.bulk = [this](HttpHead head, Permissions, BulkConnection connection) { serveBulk(head, connection); };
        HttpRoute open = echo;
        open.prefix = "/open";
        open.open = true;
        HttpRoute big = late;
        big.prefix = "/large";
        big.bodyPermission = "admin";
        big.handle = [](HttpHead, std::string body, Permissions, std::function<void(HttpReply)> reply) {
            reply({200, {}, "small " + std::to_string(body.size()), {}});
        };
        big.intake = [this] { return std::make_unique<Intake>(*this); };
        big.handleLarge = [](HttpHead, std::shared_ptr<BodyIntake> intake, Permissions, std::function<void(HttpReply)> reply) {
            reply({200, {}, "large " + std::to_string(static_cast<Intake&>(*intake).total), {}});
        };
        server = std::make_unique<HttpServer>(
            options,
            [this](std::string token, std::function<void(Expected<Permissions>)> done) {
                ++authorised;
                if (token.empty() || token == "low") done(Permissions{"read"});
                else if (token == "good") std::thread([done] { done(Permissions{"read", "admin"}); }).detach();
                else if (token == "never") return; // dropped uncalled
                else done(Error(ErrorCode::PermissionDenied, "no"));
            },
            std::vector<HttpRoute>{echo, rpc, late, throwing, bulk, open, big});
        auto started = server->start();
        port = started ? *started : std::uint16_t{0};
    }

    void serveBulk(const HttpHead& head, BulkConnection& connection) {
        std::string body;
        char buffer[7000];
        while (true) {
            auto got = connection.readBody(buffer, sizeof buffer);
            if (!got) {
                const std::lock_guard lock(mutex);
                bulkError = got.error().detail();
                arrived.notify_all();
                return;
            }
            if (*got == 0) break;
            body.append(buffer, *got);
            if (head.query.contains("stop")) break;
        }
        if (head.query.contains("file")) {
            const int file = ::open(head.query.at("file").c_str(), O_RDONLY | O_CLOEXEC);
            HttpReply reply;
            static_cast<void>(connection.writeHead(reply, head.query.contains("chunked") ? std::nullopt : std::optional<std::uint64_t>(1000)));
            auto sent = connection.sendFile(file, 24, 1000);
            static_cast<void>(connection.finish());
            ::close(file);
            return;
        }
        HttpReply reply;
        reply.body = body.size() < 4000 ? body : std::to_string(body.size());
        static_cast<void>(connection.reply(reply));
    }

    std::function<void(HttpReply)> takeHeld() {
        std::unique_lock lock(mutex);
        if (!arrived.wait_for(lock, std::chrono::seconds(20), [this] { return !held.empty(); })) return {};
        auto reply = std::move(held.front());
        held.pop_front();
        return reply;
    }
    std::string waitForBulkError() {
        std::unique_lock lock(mutex);
        arrived.wait_for(lock, std::chrono::seconds(20), [this] { return !bulkError.empty(); });
        return bulkError;
    }

    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<std::function<void(HttpReply)>> held;
    std::string bulkError;
    std::atomic<int> authorised{0}, intakes{0};
    std::atomic<std::size_t> fed{0}, largestPiece{0};
    std::atomic<bool> refusesLarge{false};
    std::unique_ptr<HttpServer> server;
    std::uint16_t port = 0;
};

std::string post(std::string_view path, std::string_view body, std::string_view headers = "") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

} // namespace

class TestHttpServer : public QObject {
    Q_OBJECT

    /// Whether the server still answers: the question after every attack.
    static bool isAlive(const Fixture& fixture) {
        RawClient client(fixture.port);
        return client.send(post("/echo", "ping")) && client.readReply().body.starts_with("POST /echo 4");
    }

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

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"
