// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/jwt.h"
#include "protocol/token_verifier.h"
#include "raw_client.h"

#include <atomic>
#include <thread>

#include <QtTest/QTest>

#include "support/patience.h"

using namespace lsw;
using namespace lsw::protocol;
using lsw::test::kPatienceMs;
using lsw::test::RawClient;

namespace {

const Bytes kSecret(32, 7);
const std::string kAdmin = makeToken(kSecret, {"admin"});
const std::string kAll = makeToken(kSecret, {"read", "write", "sign", "admin"});
const std::string kForged = makeToken(Bytes(32, 8), {"read", "write", "sign", "admin"});

/// A miner that answers AuthVerify, and counts.
class FakeMiner {
public:
    FakeMiner() {
        table.add("Filecoin.AuthVerify", 1, "read", [this](boost::json::array params, RpcRespond respond) {
            ++questions;
            auto permissions = verifyToken(kSecret, params[0].as_string());
            if (!permissions) return respond(std::move(permissions).error());
            boost::json::array list;
            for (const std::string& name : *permissions) list.emplace_back(name);
            respond(boost::json::value(std::move(list)));
        });
        HttpRoute route;
        route.prefix = "/rpc/v0";
        route.handle = [this](HttpHead, std::string body, Permissions permissions, std::function<void(HttpReply)> reply) {
            table.dispatch(body, permissions, [reply](RpcReply answer) {
                HttpReply out;
                out.status = answer.httpStatus;
                out.body = std::move(answer.body);
                reply(out);
            });
        };
        server = std::make_unique<HttpServer>(HttpServer::Options(), [](std::string token, std::function<void(Expected<Permissions>)> done) {
            done(token.empty() ? Expected<Permissions>(Permissions{"read"}) : verifyToken(kSecret, token));
        }, std::vector<HttpRoute>{route});
        info.endpoint.host = "127.0.0.1";
        info.endpoint.port = *server->start();
        info.token = kAll;
    }
    MethodTable table;
    std::atomic<int> questions{0};
    std::unique_ptr<HttpServer> server;
    ApiInfo info;
};

/// Authorises from a thread that is not the verifier's, as the server does.
class Asker {
public:
    explicit Asker(HttpServer::Authorizer authorizer) : m_authorizer(std::move(authorizer)) {}
    void ask(const std::string& token) {
        std::thread([this, token] {
            m_authorizer(token, [this](Expected<Permissions> permissions) {
                const std::lock_guard lock(m_mutex);
                m_answers.push_back(std::move(permissions));
            });
        }).join();
    }
    std::size_t count() {
        const std::lock_guard lock(m_mutex);
        return m_answers.size();
    }
    Expected<Permissions> last() {
        const std::lock_guard lock(m_mutex);
        return m_answers.back();
    }

private:
    HttpServer::Authorizer m_authorizer;
    std::mutex m_mutex;
    std::vector<Expected<Permissions>> m_answers;
};

} // namespace

class TestTokenVerifier : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_good_token_is_asked_for_once() {
        FakeMiner miner;
        RpcClient client(miner.info);
        TokenVerifier verifier(client);
        Asker asker(verifier.authorizer());
        for (std::size_t i = 1; i <= 3; ++i) {
            asker.ask(kAdmin);
            QTRY_COMPARE_WITH_TIMEOUT(asker.count(), i, kPatienceMs);
            QVERIFY(asker.last());
            QVERIFY(*asker.last() == Permissions{"admin"}); // and not read: permissions have no order
        }
        QCOMPARE(miner.questions.load(), 1);
        verifier.forgetAll();
        asker.ask(kAdmin);
        QTRY_COMPARE_WITH_TIMEOUT(asker.count(), std::size_t{4}, kPatienceMs);
        QCOMPARE(miner.questions.load(), 2);
    }

    void many_requests_with_one_token_are_one_question() {
        FakeMiner miner;
        RpcClient client(miner.info);
        TokenVerifier verifier(client);
        Asker asker(verifier.authorizer());
        for (int i = 0; i < 20; ++i) asker.ask(kAll); // the answer cannot come before the event loop turns
        QTRY_COMPARE_WITH_TIMEOUT(asker.count(), std::size_t{20}, kPatienceMs);
        QCOMPARE(miner.questions.load(), 1);
    }

    void a_forged_token_is_refused_without_flooding_the_miner() {
        FakeMiner miner;
        RpcClient client(miner.info);
        TokenVerifier verifier(client);
        Asker asker(verifier.authorizer());
        for (std::size_t i = 1; i <= 5; ++i) {
            asker.ask(kForged);
            QTRY_COMPARE_WITH_TIMEOUT(asker.count(), i, kPatienceMs);
            QVERIFY(!asker.last());
        }
        QCOMPARE(miner.questions.load(), 1);
        QVERIFY(asker.last().error().message().find(kForged) == std::string::npos);
    }

    void what_is_no_token_asks_nobody_data() {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("word") << QByteArray("xyz");
        QTest::newRow("two parts") << QByteArray("a.b");
        QTest::newRow("four parts") << QByteArray("a.b.c.d");
        QTest::newRow("endless") << QByteArray("a.b.") + QByteArray(10000, 'c');
    }
    void what_is_no_token_asks_nobody() {
        QFETCH(QByteArray, token);
        FakeMiner miner;
        RpcClient client(miner.info);
        TokenVerifier verifier(client);
        Asker asker(verifier.authorizer());
        asker.ask(token.toStdString());
        QCOMPARE(asker.count(), std::size_t{1});
        QCOMPARE(asker.last().error().code(), ErrorCode::PermissionDenied);
        QCOMPARE(miner.questions.load(), 0);
    }

    void no_token_may_read() {
        FakeMiner miner;
        RpcClient client(miner.info);
        TokenVerifier verifier(client);
        Asker asker(verifier.authorizer());
        asker.ask("");
        QCOMPARE(asker.count(), std::size_t{1});
        QVERIFY(*asker.last() == Permissions{"read"});
    }

    void a_miner_that_is_away_refuses_nothing_for_long() {
        FakeMiner miner;
        RpcClient client(miner.info);
        TokenVerifier verifier(client);
        Asker asker(verifier.authorizer());
        miner.server->stop();
        asker.ask(kAdmin);
        QTRY_COMPARE_WITH_TIMEOUT(asker.count(), std::size_t{1}, kPatienceMs);
        QCOMPARE(asker.last().error().code(), ErrorCode::MinerUnreachable);
        asker.ask(kAdmin);
        QTRY_COMPARE_WITH_TIMEOUT(asker.count(), std::size_t{2}, kPatienceMs);
        QCOMPARE(asker.last().error().code(), ErrorCode::MinerUnreachable); // asked again, not refused out of memory
    }

    void the_end_of_the_verifier_answers_who_waits() {
        FakeMiner miner;
        RpcClient client(miner.info);
        auto verifier = std::make_unique<TokenVerifier>(client);
        Asker asker(verifier->authorizer());
        asker.ask(kAdmin);
        QCOMPARE(asker.count(), std::size_t{0});
        verifier.reset();
        QCOMPARE(asker.count(), std::size_t{1});
        QCOMPARE(asker.last().error().code(), ErrorCode::Cancelled);
        asker.ask(kAdmin);
        QCOMPARE(asker.count(), std::size_t{2});
        QCOMPARE(asker.last().error().code(), ErrorCode::Cancelled);
    }

    void a_server_lets_in_whom_the_miner_knows_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("status");
        const auto bearer = [](const std::string& token) -> QByteArray { return QByteArray("Authorization: Bearer ") + token.c_str() + "\r\n"; };
        QTest::newRow("all") << bearer(kAll) << 200;
        QTest::newRow("admin") << bearer(kAdmin) << 200;
        QTest::newRow("forged") << bearer(kForged) << 401;
        QTest::newRow("cut short") << bearer(kAll.substr(0, kAll.size() - 1)) << 401;
        QTest::newRow("none") << QByteArray() << 200;
    }
    void a_server_lets_in_whom_the_miner_knows() {
        QFETCH(QByteArray, header);
        QFETCH(int, status);
        FakeMiner miner;
        RpcClient client(miner.info);
        TokenVerifier verifier(client);
        HttpRoute route;
        route.prefix = "/";
        route.handle = [](HttpHead, std::string, Permissions, std::function<void(HttpReply)> reply) { reply(HttpReply()); };
        HttpServer server(HttpServer::Options(), verifier.authorizer(), {route});
        const auto port = server.start();
        QVERIFY(port);
        std::atomic<int> got{-1};
        std::thread asking([&] {
            RawClient raw(*port);
            raw.send("GET /rpc HTTP/1.1\r\nHost: x\r\n" + header.toStdString() + "\r\n");
            got = raw.readReply().status;
        });
        QTRY_VERIFY_WITH_TIMEOUT(got >= 0, kPatienceMs);
        asking.join();
        QCOMPARE(got.load(), status);
    }
};

QTEST_GUILESS_MAIN(TestTokenVerifier)
#include "tst_token_verifier.moc"
