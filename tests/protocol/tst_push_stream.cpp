// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/push_stream.h"
#include "raw_client.h"

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::protocol;
using lsw::test::RawClient;

namespace {

const std::string kUuid = "01234567-89ab-4cde-8f01-23456789abcd";
const std::string kPath = "/rpc/streams/v0/push/" + kUuid;
const std::string kHead = "HEAD " + kPath + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const std::string kChunked = "POST " + kPath + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

std::string sized(std::uint64_t length) {
    return "POST " + kPath + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\nConnection: close\r\n\r\n";
}

/// Streams and their server, and what resolve() said.
class Fixture {
public:
    explicit Fixture(std::chrono::milliseconds rendezvous = std::chrono::seconds(20)) : streams(std::make_unique<PushStreams>(rendezvous)) {
        server = std::make_unique<HttpServer>(HttpServer::Options(), [](std::string token, std::function<void(Expected<Permissions>)> done) {
            if (token.empty()) done(Permissions{"read"});
            else done(Error(ErrorCode::PermissionDenied, "no"));
        }, std::vector<HttpRoute>{streams->route()});
        port = *server->start();
    }
    void call(const std::string& type = "push", const std::string& info = kUuid) {
        streams->resolve({type, info}, [this](Expected<std::shared_ptr<PieceData>> data) {
            const std::lock_guard lock(mutex);
            results.push_back(std::move(data));
            changed.notify_all();
        });
    }
    std::shared_ptr<PieceData> data() {
        auto result = take();
        return result && *result ? **result : nullptr;
    }
    std::optional<Expected<std::shared_ptr<PieceData>>> take() {
        std::unique_lock lock(mutex);
        if (!changed.wait_for(lock, std::chrono::seconds(30), [this] { return !results.empty(); })) return std::nullopt;
        auto result = std::move(results.front());
        results.erase(results.begin());
        return result;
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Expected<std::shared_ptr<PieceData>>> results;
    std::unique_ptr<PushStreams> streams;
    std::unique_ptr<HttpServer> server;
    std::uint16_t port = 0;
};

std::string readAll(int pipe) {
    std::string all;
    char bytes[65536];
    ssize_t got;
    while ((got = ::read(pipe, bytes, sizeof bytes)) > 0) all.append(bytes, static_cast<std::size_t>(got));
    ::close(pipe);
    return all;
}

std::uint64_t residentKib() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
        if (word == "VmRSS:") {
            std::uint64_t value = 0;
            status >> value;
            return value;
        }
    return 0;
}

} // namespace

class TestPushStream : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void both_orders_of_call_and_request_meet_data() {
        QTest::addColumn<bool>("headFirst");
        QTest::addColumn<bool>("callFirst");
        QTest::addColumn<bool>("chunked");
        for (const bool head : {true, false})
            for (const bool call : {true, false})
                for (const bool chunked : {true, false})
                    QTest::addRow("%s, %s, %s", head ? "HEAD and POST" : "POST alone", call ? "after the call" : "before the call", chunked ? "chunked" : "by length")
                        << head << call << chunked;
    }
    void both_orders_of_call_and_request_meet() {
        QFETCH(bool, headFirst);
        QFETCH(bool, callFirst);
        QFETCH(bool, chunked);
        Fixture fixture;
        const std::string post = chunked ? kChunked + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n" : sized(11) + "hello world";
        if (callFirst) fixture.call();
        RawClient client(fixture.port);
        QVERIFY(client.send(headFirst ? kHead : post));
        if (!callFirst) fixture.call();
        const auto data = fixture.data();
        QVERIFY(data);
        QVERIFY(!data->isZeros());
        std::thread pushing;
        std::atomic<int> headStatus{0}, postStatus{0};
        if (headFirst) {
            pushing = std::thread([&] {
                headStatus = client.readReply(true).status; // comes when the data are wanted
                RawClient second(fixture.port);
                second.send(post);
                postStatus = second.readReply().status;
            });
        }
        auto pipe = data->open({});
        QVERIFY2(pipe, pipe ? "" : pipe.error().message().c_str());
        QVERIFY((::fcntl(*pipe, F_GETFD) & FD_CLOEXEC) != 0);
        QCOMPARE(readAll(*pipe), std::string("hello world"));
        QCOMPARE(data->passed(), std::uint64_t{11});
        QVERIFY(data->finish());
        if (headFirst) {
            pushing.join();
            QCOMPARE(headStatus.load(), 200);
        } else {
            const auto reply = client.readReply();
            QCOMPARE(reply.headers.at("Content-Length"), std::string("0"));
            postStatus = reply.status;
        }
        QCOMPARE(postStatus.load(), 200);
    }

    void data_nobody_reads_are_declined() {
        Fixture fixture;
        RawClient head(fixture.port);
        QVERIFY(head.send(kHead));
        fixture.call();
        auto data = fixture.data();
        QVERIFY(data);
        data.reset();
        QCOMPARE(head.readReply(true).status, 204);
        RawClient post(fixture.port);
        QVERIFY(post.send(kChunked + "5\r\nhello\r\n"));
        fixture.call();
        data = fixture.data();
        QVERIFY(data);
        data.reset();
        QCOMPARE(post.readReply().status, 200);
    }

    void a_body_longer_than_the_piece_is_answered_200() {
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send(kChunked));
        std::atomic<bool> ended{false};
        std::thread sender([&] {
            const std::string chunk = "10000\r\n" + std::string(0x10000, 'q') + "\r\n";
            while (!ended && client.send(chunk)) {}
        });
        fixture.call();
        const auto data = fixture.data();
        QVERIFY(data);
        auto pipe = data->open({});
        QVERIFY(pipe);
        char bytes[100];
        QVERIFY(::read(*pipe, bytes, sizeof bytes) > 0);
        ::close(*pipe);
        const int status = client.readReply().status;
        ended = true;
        client.endSending();
        sender.join();
        QCOMPARE(status, 200);
        QVERIFY(data->finish());
    }

    void a_reader_that_has_enough_does_not_wait_for_a_stalled_sender() {
        for (const bool closesPipe : {true, false}) {
            Fixture fixture;
            RawClient client(fixture.port);
            QVERIFY(client.send(kChunked + "5\r\nhello\r\n")); // and then nothing
            fixture.call();
            auto data = fixture.data();
            QVERIFY(data);
            auto pipe = data->open({});
            QVERIFY(pipe);
            char bytes[5];
            QCOMPARE(::read(*pipe, bytes, sizeof bytes), ssize_t{5});
            if (closesPipe) ::close(*pipe);
            QVERIFY(data->finish());
            QCOMPARE(client.readReply().status, 200);
            if (!closesPipe) ::close(*pipe);
        }
    }

    void a_sender_that_breaks_off_is_an_unexpected_eof_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("reset");
        QTest::newRow("by length") << QByteArray(sized(100).c_str()) + "hello" << false;
        QTest::newRow("by length, reset") << QByteArray(sized(100).c_str()) + "hello" << true;
        QTest::newRow("inside a chunk") << QByteArray(kChunked.c_str()) + "ff\r\nhello" << false;
        QTest::newRow("between chunks") << QByteArray(kChunked.c_str()) + "5\r\nhello\r\n" << false;
        QTest::newRow("between chunks, reset") << QByteArray(kChunked.c_str()) + "5\r\nhello\r\n" << true;
    }
    void a_sender_that_breaks_off_is_an_unexpected_eof() {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, reset);
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
        fixture.call();
        const auto data = fixture.data();
        QVERIFY(data);
        auto pipe = data->open({});
        QVERIFY(pipe);
        char first[5];
        QCOMPARE(::read(*pipe, first, 1), ssize_t{1}); // it runs
        if (reset) client.reset();
        else client.close();
        readAll(*pipe);
        const auto finished = data->finish();
        QVERIFY(!finished);
        QCOMPARE(finished.error().detail(), std::string("unexpected EOF"));
    }

    void sixty_four_mebibytes_pass_in_constant_memory() {
        constexpr std::size_t kSize = 64 << 20;
        Fixture fixture;
        fixture.call();
        std::thread sender([&] {
            RawClient client(fixture.port);
            client.send(sized(kSize));
            std::string block(256 << 10, '\0');
            for (std::size_t sent = 0; sent < kSize; sent += block.size()) {
                std::fill(block.begin(), block.end(), static_cast<char>(sent / block.size()));
                if (!client.send(block)) return;
            }
            client.readReply();
        });
        const auto data = fixture.data();
        const std::uint64_t before = residentKib();
        auto pipe = data->open({});
        std::uint64_t peak = before;
        std::size_t total = 0;
        bool right = true;
        std::vector<char> bytes(1 << 20);
        ssize_t got;
        while ((got = ::read(*pipe, bytes.data(), bytes.size())) > 0) {
            for (std::size_t i = 0; i < static_cast<std::size_t>(got); i += 4096) right = right && bytes[i] == static_cast<char>((total + i) / (256 << 10));
            total += static_cast<std::size_t>(got);
            peak = std::max(peak, residentKib());
        }
        ::close(*pipe);
        sender.join();
        QVERIFY(data->finish());
        QCOMPARE(total, kSize);
        QVERIFY(right);
        QVERIFY2(peak - before < 32 * 1024, std::to_string(peak - before).c_str());
    }

    void each_side_gives_up_when_the_other_does_not_come() {
        Fixture fixture(std::chrono::milliseconds(60));
        RawClient head(fixture.port), post(fixture.port);
        QVERIFY(head.send(kHead));
        const auto headReply = head.readReply(true);
        QCOMPARE(headReply.status, 500);
        QVERIFY(post.send(kChunked));
        const auto postReply = post.readReply();
        QCOMPARE(postReply.status, 500);
        QCOMPARE(postReply.body, std::string());
        fixture.call();
        const auto result = fixture.take();
        QVERIFY(result);
        QVERIFY(!*result);
        QCOMPARE(result->error().code(), ErrorCode::Timeout);
        QCOMPARE(result->error().detail(), std::string("context deadline exceeded"));
    }

    void a_post_that_does_not_follow_its_head_is_a_timeout() {
        Fixture fixture(std::chrono::milliseconds(60));
        fixture.call();
        RawClient head(fixture.port);
        QVERIFY(head.send(kHead));
        auto data = fixture.data();
        QVERIFY(data);
        const auto pipe = data->open({});
        QVERIFY(!pipe);
        QCOMPARE(pipe.error().code(), ErrorCode::Timeout);
        QCOMPARE(head.readReply(true).status, 200);
    }

    void strangers_cannot_take_every_thread_with_data_nobody_asked_for() {
        Fixture fixture;
        std::vector<std::unique_ptr<RawClient>> strangers;
        std::vector<pollfd> answered;
        for (int i = 0; i < 100; ++i) {
            strangers.push_back(std::make_unique<RawClient>(fixture.port));
            char uuid[37];
            std::snprintf(uuid, sizeof uuid, "00000000-0000-4000-8000-%012d", i);
            QVERIFY(strangers.back()->send(std::string("POST /rpc/streams/v0/push/") + uuid + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"));
            answered.push_back({strangers.back()->descriptor(), POLLIN, 0});
        }
        QTRY_COMPARE_WITH_TIMEOUT(::poll(answered.data(), answered.size(), 0), 100 - 32, 30000);
        for (std::size_t i = 0; i < answered.size(); ++i)
            if (answered[i].revents != 0) QCOMPARE(strangers[i]->readReply().status, 503);
        // One that a call waits for gets through, and so does the call of an early one.
        fixture.call();
        RawClient wanted(fixture.port);
        QVERIFY(wanted.send(sized(5) + "hello"));
        const auto data = fixture.data();
        QVERIFY(data);
        const auto pipe = data->open({});
        QVERIFY(pipe);
        QCOMPARE(readAll(*pipe), std::string("hello"));
        QCOMPARE(wanted.readReply().status, 200);
    }

    void waiting_for_the_sender_can_be_stopped() {
        Fixture fixture;
        fixture.call();
        RawClient head(fixture.port);
        QVERIFY(head.send(kHead));
        auto data = fixture.data();
        QVERIFY(data);
        std::stop_source stop;
        std::thread stopping([&] {
            head.readReply(true); // open() waits by now
            stop.request_stop();
        });
        const auto pipe = data->open(stop.get_token());
        stopping.join();
        QVERIFY(!pipe);
        QCOMPARE(pipe.error().code(), ErrorCode::Cancelled);
    }

    void bad_requests_are_answered_as_lotus_does_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const QByteArray prefix("/rpc/streams/v0/push/");
        QTest::newRow("no uuid") << QByteArray("POST ") + prefix + "not-a-uuid HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx" << 400
                                 << QByteArray("parsing reader uuid: invalid UUID length: 10\n");
        QTest::newRow("no uuid of the right length") << QByteArray("POST ") + prefix + QByteArray(36, 'x') + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx" << 400
                                                     << QByteArray("parsing reader uuid: invalid UUID format\n");
        QTest::newRow("GET, no uuid") << QByteArray("GET ") + prefix + "nope HTTP/1.1\r\nHost: x\r\n\r\n" << 400 << QByteArray("parsing reader uuid: invalid UUID length: 4\n");
        QTest::newRow("GET") << QByteArray("GET ") + kPath.c_str() + " HTTP/1.1\r\nHost: x\r\n\r\n" << 405 << QByteArray("unsupported method\n");
        QTest::newRow("nothing after the route") << QByteArray("POST /rpc/streams/v0/push HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n") << 404 << QByteArray("404 page not found\n");
        QTest::newRow("more after the uuid") << QByteArray("POST ") + kPath.c_str() + "/x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" << 404 << QByteArray("404 page not found\n");
        QTest::newRow("bad token") << QByteArray("POST ") + kPath.c_str() + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer z\r\nContent-Length: 1\r\n\r\nx" << 401 << QByteArray();
    }
    void bad_requests_are_answered_as_lotus_does() {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send(std::string_view(request.constData(), static_cast<std::size_t>(request.size()))));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, status);
        QCOMPARE(reply.body, body.toStdString());
    }

    void bad_parameters_are_named_as_lotus_does_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("info");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("null") << QByteArray("null") << QByteArray("x") << QByteArray("parsing null byte count: strconv.ParseInt: parsing \"x\": invalid syntax");
        QTest::newRow("nothing") << QByteArray("null") << QByteArray() << QByteArray("parsing null byte count: strconv.ParseInt: parsing \"\": invalid syntax");
        QTest::newRow("too many") << QByteArray("null") << QByteArray("9223372036854775808")
                                  << QByteArray("parsing null byte count: strconv.ParseInt: parsing \"9223372036854775808\": value out of range");
        QTest::newRow("push") << QByteArray("push") << QByteArray("nope") << QByteArray("parsing reader UUDD: invalid UUID length: 4");
        QTest::newRow("another type") << QByteArray("what") << QByteArray("nope") << QByteArray("parsing reader UUDD: invalid UUID length: 4");
    }
    void bad_parameters_are_named_as_lotus_does() {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, info);
        QFETCH(QByteArray, words);
        Fixture fixture;
        fixture.call(type.toStdString(), info.toStdString());
        const auto result = fixture.take();
        QVERIFY(result);
        QVERIFY(!*result);
        QCOMPARE(result->error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(result->error().detail(), words.toStdString());
    }

    void a_uuid_is_the_same_in_capitals() {
        Fixture fixture;
        RawClient client(fixture.port);
        QVERIFY(client.send("POST /rpc/streams/v0/push/01234567-89AB-4CDE-8F01-23456789ABCD HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"));
        fixture.call();
        const auto data = fixture.data();
        QVERIFY(data);
        auto pipe = data->open({});
        QVERIFY(pipe);
        QCOMPARE(readAll(*pipe), std::string("hi"));
    }

    void zeros_need_no_sender() {
        Fixture fixture;
        fixture.call("null", "3000000");
        const auto data = fixture.data();
        QVERIFY(data);
        QVERIFY(data->isZeros());
        auto pipe = data->open({});
        QVERIFY(pipe);
        QVERIFY(readAll(*pipe) == std::string(3000000, '\0'));
        QVERIFY(data->finish());
    }

    void a_url_is_fetched_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("gets");
        QTest::addColumn<QByteArray>("error");
        const QByteArray large(5 << 20, 'u');
        QTest::newRow("small") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") << QByteArray("hello") << QByteArray();
        QTest::newRow("large") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: ") + QByteArray::number(large.size()) + "\r\n\r\n" + large << large << QByteArray();
        QTest::newRow("not there") << QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno") << QByteArray() << QByteArray("unexpected http status 404");
        QTest::newRow("not there, at length")
            << QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: ") + QByteArray::number(large.size()) + "\r\n\r\n" + large << QByteArray() << QByteArray("unexpected http status 404");
        QTest::newRow("part") << QByteArray("HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nno") << QByteArray() << QByteArray("unexpected http status 206");
        QTest::newRow("broken off") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello") << QByteArray("hello") << QByteArray("unexpected EOF");
    }
    void a_url_is_fetched() {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, gets);
        QFETCH(QByteArray, error);
        const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        QVERIFY(::bind(listener, reinterpret_cast<sockaddr*>(&address), length) == 0 && ::listen(listener, 1) == 0);
        QVERIFY(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0);
        std::string request;
        std::thread serving([&] {
            const int socket = ::accept(listener, nullptr, nullptr);
            char bytes[4096];
            while (request.find("\r\n\r\n") == std::string::npos) {
                const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
                if (got <= 0) break;
                request.append(bytes, static_cast<std::size_t>(got));
            }
            for (qsizetype sent = 0; sent < answer.size();) {
                const ssize_t now = ::send(socket, answer.constData() + sent, static_cast<std::size_t>(answer.size() - sent), MSG_NOSIGNAL);
                if (now <= 0) break;
                sent += now;
            }
            ::close(socket);
        });
        Fixture fixture;
        fixture.call("http", "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/p?x=1");
        const auto data = fixture.data();
        QVERIFY(data);
        auto pipe = data->open({});
        QVERIFY(pipe);
        const std::string got = readAll(*pipe);
        const auto finished = data->finish();
        serving.join();
        ::close(listener);
        QVERIFY(request.starts_with("GET /p?x=1 HTTP/1.1\r\n"));
        QVERIFY(request.find("Authorization") == std::string::npos);
        QVERIFY(got == gets.toStdString());
        QCOMPARE(finished ? std::string() : finished.error().detail(), error.toStdString());
    }

    void only_http_urls_are_fetched() {
        for (const char* url : {"file:///etc/passwd", "data:,hello", "ftp://127.0.0.1/x", "http://", "nonsense", ""}) {
            Fixture fixture;
            fixture.call("http", url);
            const auto data = fixture.data();
            QVERIFY(data);
            const auto pipe = data->open({});
            QVERIFY2(!pipe, url);
            QCOMPARE(pipe.error().code(), ErrorCode::InvalidArgument);
        }
    }

    void everything_ends_when_the_server_stops() {
        Fixture fixture;
        RawClient pending(fixture.port), streaming(fixture.port), unwanted(fixture.port);
        fixture.call();
        QVERIFY(streaming.send(kChunked + "5\r\nhello\r\n"));
        const auto data = fixture.data();
        QVERIFY(data);
        auto pipe = data->open({});
        QVERIFY(pipe);
        char bytes[5];
        QCOMPARE(::read(*pipe, bytes, sizeof bytes), ssize_t{5});
        QVERIFY(pending.send(kHead));
        QVERIFY(unwanted.send(kChunked));
        fixture.server->stop(std::chrono::milliseconds(10));
        QCOMPARE(readAll(*pipe), std::string());
        const auto finished = data->finish();
        QVERIFY(!finished);
        fixture.call("push", "11111111-89ab-4cde-8f01-23456789abcd");
        fixture.streams.reset();
        const auto result = fixture.take();
        QVERIFY(result && !*result);
        QCOMPARE(result->error().code(), ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestPushStream)
#include "tst_push_stream.moc"
