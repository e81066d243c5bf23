// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/http_server.h"
#include "protocol/miner_client.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include <QtCore/QEventLoop>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>

#include "support/patience.h"

using namespace lsw;
using namespace lsw::protocol;
using lsw::test::kPatienceMs;
namespace json = boost::json;

namespace {

/// A server that answers what the test says and remembers what it was asked.
class FakeMiner {
public:
    FakeMiner() {
        HttpRoute route;
        route.prefix = "/rpc/v0";
        route.exact = true;
        route.handle = [this](HttpHead head, std::string body, Permissions, std::function<void(HttpReply)> reply) {
            const std::lock_guard lock(mutex);
            heads.push_back(head);
            bodies.push_back(std::move(body));
            if (holds) held.push_back(std::move(reply));
            else reply(answer);
        };
        server = std::make_unique<HttpServer>(
            HttpServer::Options(),
            [](std::string token, std::function<void(Expected<Permissions>)> done) {
                if (token == "a.b.c") done(Permissions{"admin"});
                else done(Error(ErrorCode::PermissionDenied, "no"));
            },
            std::vector<HttpRoute>{route});
        answer.contentType = "application/json";
        answer.body = "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":\"yes\"}\n";
        info.endpoint.host = "127.0.0.1";
        info.endpoint.port = *server->start();
        info.token = "a.b.c";
    }
    std::size_t asked() const {
        const std::lock_guard lock(mutex);
        return bodies.size();
    }
    HttpHead head(std::size_t number) const {
        const std::lock_guard lock(mutex);
        return heads.at(number);
    }
    std::string body(std::size_t number) const {
        const std::lock_guard lock(mutex);
        return bodies.at(number);
    }
    void setAnswer(int status, std::string text) {
        const std::lock_guard lock(mutex);
        answer.status = status;
        answer.body = std::move(text);
    }
    void answerHeld() {
        const std::lock_guard lock(mutex);
        for (const auto& reply : held) reply(answer);
        held.clear();
    }

    std::atomic<bool> holds{false};
    ApiInfo info;

private:
    mutable std::mutex mutex; ///< guards what follows: requests arrive on the server's thread
    std::vector<HttpHead> heads;
    std::vector<std::string> bodies;
    std::deque<std::function<void(HttpReply)>> held;
    HttpReply answer;
    std::unique_ptr<HttpServer> server; // last: it uses the others
};

QByteArray errorBody(int code, const char* message) {
    return QByteArray("{\"error\":{\"code\":") + QByteArray::number(code) + ",\"message\":\"" + message + "\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n";
}

/// Calls back into a list, so that a second call would show.
struct Answers {
    std::vector<Expected<json::value>> list;
    std::function<void(Expected<json::value>)> collect() {
        return [this](Expected<json::value> answer) { list.push_back(std::move(answer)); };
    }
};

} // namespace

class TestMinerClient : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_call_is_a_post_as_lotus_sends_it() {
        FakeMiner miner;
        RpcClient client(miner.info);
        Answers answers;
        client.call("Filecoin.StorageDropSector", {"id", 18446744073709551615ULL}, answers.collect());
        QVERIFY(answers.list.empty()); // never from inside call()
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{1}, kPatienceMs);
        QVERIFY(answers.list[0]);
        QCOMPARE(answers.list[0]->as_string(), json::string("yes"));
        client.call("Filecoin.Session", {}, answers.collect(), RpcClient::Channel::Returns);
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{2}, kPatienceMs);
        QCOMPARE(miner.body(0), std::string("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.StorageDropSector\",\"params\":[\"id\",18446744073709551615]}"));
        QCOMPARE(miner.body(1), std::string("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"Filecoin.Session\",\"params\":[]}"));
        QCOMPARE(miner.head(0).method, std::string("POST"));
        QCOMPARE(miner.head(0).headers["content-type"], std::string("application/json"));
        QCOMPARE(miner.head(0).headers["authorization"], std::string("Bearer a.b.c"));
        QVERIFY(miner.head(0).headers["accept-encoding"].find("gzip") == std::string::npos);
        QVERIFY(!miner.head(0).headers.contains("upgrade"));
    }

    void failures_are_told_apart_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* name, int status, const QByteArray& body, ErrorCode code, const char* words) {
            QTest::newRow(name) << status << body << static_cast<int>(code) << QByteArray(words);
        };
        row("an application error", 200, errorBody(1, "no good path found"), ErrorCode::Remote, "no good path found");
        row("a permission missing", 200, errorBody(1, "missing permission to invoke 'Session' (need 'read')"),
            ErrorCode::PermissionDenied, "missing permission to invoke 'Session'");
        row("an unknown method", 500, errorBody(-32601, "method 'Filecoin.X' not found"), ErrorCode::Remote, "method 'Filecoin.X' not found");
        row("an invalid request", 400, errorBody(-32600, "Invalid request"), ErrorCode::Remote, "Invalid request");
        row("unauthorized", 401, "", ErrorCode::PermissionDenied, "401 Unauthorized");
        row("not found", 404, "404 page not found\n", ErrorCode::Remote, "http status 404 Not Found");
        row("a proxy without a miner", 502, "", ErrorCode::MinerUnreachable, "http status 502");
        row("no JSON", 200, "<html>", ErrorCode::Corrupt, "");
        row("nothing", 200, "", ErrorCode::Corrupt, "");
        row("half", 200, "{\"id\":1,\"jsonrpc\":\"2.0\",\"resu", ErrorCode::Corrupt, "");
    }
    void failures_are_told_apart() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        FakeMiner miner;
        miner.setAnswer(status, body.toStdString());
        RpcClient client(miner.info);
        Answers answers;
        client.call("Filecoin.Session", {}, answers.collect());
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{1}, kPatienceMs);
        QVERIFY(!answers.list[0]);
        const std::string message = answers.list[0].error().message();
        QCOMPARE(static_cast<int>(answers.list[0].error().code()), code);
        QVERIFY2(message.find(words.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.starts_with("Filecoin.Session: "), message.c_str());
        QVERIFY2(message.find("a.b.c") == std::string::npos, message.c_str());
    }

    void a_wrong_token_is_a_permission_denied_until_it_is_replaced() {
        FakeMiner miner;
        ApiInfo info = miner.info;
        info.token = "x.y.z";
        RpcClient client(info);
        Answers answers;
        client.call("Filecoin.Session", {}, answers.collect());
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(answers.list[0].error().code(), ErrorCode::PermissionDenied);
        client.setToken("a.b.c");
        client.call("Filecoin.Session", {}, answers.collect());
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{2}, kPatienceMs);
        QVERIFY(answers.list[1]);
    }

    void nobody_there_is_a_miner_that_cannot_be_reached() {
        ApiInfo info;
        {
            FakeMiner miner;
            info = miner.info;
        }
        RpcClient client(info);
        Answers answers;
        client.call("Filecoin.Session", {}, answers.collect());
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(answers.list[0].error().code(), ErrorCode::MinerUnreachable);
    }

    void a_connection_that_breaks_is_a_miner_that_cannot_be_reached_data() {
        QTest::addColumn<QByteArray>("sends");
        QTest::addColumn<int>("code");
        QTest::newRow("before the answer") << QByteArray() << static_cast<int>(ErrorCode::MinerUnreachable);
        QTest::newRow("in the head") << QByteArray("HTTP/1.1 200 OK\r\nConte") << static_cast<int>(ErrorCode::MinerUnreachable);
        QTest::newRow("in the body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":1") << static_cast<int>(ErrorCode::MinerUnreachable);
        QTest::newRow("in a chunk") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"id\"") << static_cast<int>(ErrorCode::MinerUnreachable);
    }
    void a_connection_that_breaks_is_a_miner_that_cannot_be_reached() {
        QFETCH(QByteArray, sends);
        QFETCH(int, code);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, sends] {
                socket->readAll();
                socket->write(sends);
                socket->disconnectFromHost();
            });
        });
        ApiInfo info;
        info.endpoint.host = "127.0.0.1";
        info.endpoint.port = server.serverPort();
        RpcClient client(info);
        Answers answers;
        client.call("Filecoin.Session", {}, answers.collect());
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(static_cast<int>(answers.list[0].error().code()), code);
    }

    void six_hanging_calls_on_one_channel_leave_the_other_free() {
        FakeMiner miner;
        RpcClient client(miner.info);
        Answers hanging, answers;
        miner.holds = true;
        for (int i = 0; i < 8; ++i) client.call("Filecoin.ReturnAddPiece", {}, hanging.collect(), RpcClient::Channel::Returns);
        QTRY_VERIFY_WITH_TIMEOUT(miner.asked() >= 6, kPatienceMs);
        miner.holds = false;
        client.call("Filecoin.Session", {}, answers.collect());
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{1}, kPatienceMs);
        QVERIFY(answers.list[0]);
        QVERIFY(hanging.list.empty());
        client.cancelAll();
        QCOMPARE(hanging.list.size(), std::size_t{8});
        for (const auto& answer : hanging.list) QCOMPARE(answer.error().code(), ErrorCode::Cancelled);
        client.call("Filecoin.Session", {}, answers.collect()); // and the client goes on
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{2}, kPatienceMs);
        QVERIFY(answers.list[1]);
        QCOMPARE(hanging.list.size(), std::size_t{8});
    }

    void a_call_ends_at_its_time_and_once() {
        FakeMiner miner;
        miner.holds = true;
        RpcClient client(miner.info);
        Answers answers;
        client.call("Filecoin.Session", {}, answers.collect(), RpcClient::Channel::Control, 50);
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(answers.list[0].error().code(), ErrorCode::Timeout);
        miner.answerHeld();
        miner.holds = false;
        client.call("Filecoin.Session", {}, answers.collect(), RpcClient::Channel::Control, 60000);
        QTRY_COMPARE_WITH_TIMEOUT(answers.list.size(), std::size_t{2}, kPatienceMs);
        QVERIFY(answers.list[1]);
    }

    void the_end_of_the_client_ends_its_calls() {
        FakeMiner miner;
        miner.holds = true;
        Answers answers;
        {
            RpcClient client(miner.info);
            client.call("Filecoin.WorkerConnect", {}, answers.collect(), RpcClient::Channel::Control, 60000);
            QTRY_COMPARE_WITH_TIMEOUT(miner.asked(), std::size_t{1}, kPatienceMs);
        }
        QCOMPARE(answers.list.size(), std::size_t{1});
        QCOMPARE(answers.list[0].error().code(), ErrorCode::Cancelled);
    }

    void large_bodies_pass_in_both_directions() {
        FakeMiner miner;
        const std::string large(40 << 20, 'x');
        miner.setAnswer(200, "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":\"" + large + "\"}\n");
        RpcClient client(miner.info);
        Answers answers;
        QEventLoop loop; // QTRY_* sleeps between turns, and a large body takes many
        client.call("Filecoin.ReturnSealCommit1", {json::value(large)}, [&](Expected<json::value> answer) {
            answers.list.push_back(std::move(answer));
            loop.quit();
        }, RpcClient::Channel::Returns, 60000);
        loop.exec();
        QVERIFY(answers.list[0]);
        QCOMPARE(answers.list[0]->as_string().size(), large.size());
        QVERIFY(miner.body(0).size() > large.size());
    }

    void a_thread_without_an_event_loop_can_call() {
        FakeMiner miner;
        std::optional<Expected<json::value>> answer, denied, late;
        std::thread([&] {
            answer = callBlocking(miner.info, "Filecoin.Session", {});
            ApiInfo bad = miner.info;
            bad.token = "x.y.z";
            denied = callBlocking(bad, "Filecoin.Session", {});
            miner.holds = true;
            late = callBlocking(miner.info, "Filecoin.Session", {}, 50);
        }).join();
        QVERIFY(*answer);
        QCOMPARE((*answer)->as_string(), json::string("yes"));
        QCOMPARE(denied->error().code(), ErrorCode::PermissionDenied);
        QCOMPARE(late->error().code(), ErrorCode::Timeout);
    }
};

QTEST_GUILESS_MAIN(TestMinerClient)
#include "tst_miner_client.moc"
