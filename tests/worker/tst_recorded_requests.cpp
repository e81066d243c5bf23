// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/raw_client.h"
#include "protocol/recorded_traffic.h"
#include "protocol/socket_client.h"
#include "support/running_worker.h"

#include "protocol/go_json.h"
#include "support/test_paths.h"

#include <QtTest/QTest>

// What stock programs were recorded to ask a stock worker, asked of ours, answer for answer.
using namespace lsw;
using lsw::protocol::Json;
using lsw::test::RawClient;
using lsw::test::RunningWorker;
using lsw::test::SocketClient;

namespace {

using Headers = std::multiset<std::string>;

QByteArray bytes(const std::string& text) { return QByteArray::fromStdString(text); }

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
    return text;
}

std::vector<Json> recordedLines(const QString& name) {
    std::vector<Json> out;
    QFile file(QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/rpc/") + name);
    if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error("cannot read " + name.toStdString());
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        out.push_back(boost::json::parse(std::string_view(line.constData(), std::size_t(line.size()))));
    }
    return out;
}

std::string text(const Json& object, const char* name) {
    const Json* value = object.as_object().if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// A token that looks right and is signed with another key.
std::string badToken(std::string token) {
    char& one = token[token.size() - 10];
    one = one == 'A' ? 'B' : 'A';
    return token;
}

/// All headers but those that differ with the hour or with how long a connection stays.
Headers comparable(const std::vector<std::string>& lines) {
    Headers out;
    for (const std::string& line : lines)
        if (!line.starts_with("Date: ") && !line.starts_with("Connection: ")) out.insert(line);
    return out;
}
Headers headersOf(const RawClient::Reply& reply) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : reply.headers) lines.push_back(name + ": " + value);
    return comparable(lines);
}
QByteArray joined(const Headers& headers) {
    QByteArray out;
    for (const std::string& one : headers) out += bytes(one) + '\n';
    return out;
}

/// A worker without a storage path but its own folder, joined to a miner.
class Stage {
public:
    Stage() : worker(lsw::test::kGatedProverFolder) {
        worker.start();
    }
    bool isReady() const { return worker.connected(); }
    std::string tokenFor(const std::string& holder) const {
        if (holder == "<TOKEN:admin>") return worker.miner->tokenWith({"admin"});
        if (holder == "<TOKEN:read>") return worker.miner->tokenWith({"read"});
        return worker.miner->tokenWith({"read", "write", "sign", "admin"});
    }
    /// Of its own folder.
    std::string storageId() const {
        std::ifstream file(worker.at("worker") / "sectorstore.json");
        const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        return text(boost::json::parse(all), "ID");
    }
    RunningWorker worker;
};

} // namespace

class TestRecordedRequests : public QObject {
    Q_OBJECT
    std::unique_ptr<Stage> m_stage;

private Q_SLOTS:
    void initTestCase() {
        m_stage = std::make_unique<Stage>();
        QTRY_VERIFY_WITH_TIMEOUT(m_stage->isReady(), test::kProgramWait);
    }
    void cleanupTestCase() { m_stage.reset(); }

    /// 56 requests: tokens, malformed JSON-RPC, ids, batches, /remote and the push route.
    void refusalsAndOddRequests_data() {
        QTest::addColumn<int>("index");
        const auto lines = recordedLines(QStringLiteral("auth.jsonl"));
        int count = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (text(lines[i], "dir") != "M>W") continue;
            const std::string line = text(lines[i].at("req"), "line");
            if (line.find("/remote/vanilla/") != std::string::npos) continue; // proofs have tests of their own
            QTest::newRow((std::to_string(lines[i].at("seq").to_number<int>()) + ' ' + line).c_str()) << int(i);
            ++count;
        }
        QVERIFY(count > 50);
    }
    void refusalsAndOddRequests() {
        QFETCH(int, index);
        const Json line = recordedLines(QStringLiteral("auth.jsonl"))[std::size_t(index)];
        const Json& req = line.at("req");
        const Json& resp = line.at("resp");
        std::string body = text(req, "body"), head = text(req, "line") + "\r\n";
        std::string token = "<TOKEN>";
        for (const Json& one : req.at("headers").as_array()) {
            const std::string header(one.as_string());
            if (header.starts_with("Content-Length: ")) continue; // the recorded one counts what was replaced
            for (const std::string holder : {"<TOKEN>", "<TOKEN:admin>", "<TOKEN:read>"})
                if (header.find(holder) != std::string::npos) token = holder;
            head += header + "\r\n";
        }
        const bool refused = text(resp, "line").find(" 401 ") != std::string::npos && text(resp, "body").empty();
        const std::string real = refused ? badToken(m_stage->tokenFor(token)) : m_stage->tokenFor(token);
        head = replaced(replaced(head, token, real), "/remote/stat/00000000-0000-4000-8000-000000000001", "/remote/stat/" + m_stage->storageId());
        body = replaced(body, "<SPAN>", "AAAA");
        if (text(req, "framing") == "length") head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        const bool isHead = head.starts_with("HEAD ");
        const auto reply = RunningWorker::aside([&] {
            RawClient client(m_stage->worker.port());
            client.send(head + "\r\n" + body);
            return client.readReply(isHead);
        });
        QCOMPARE(bytes(reply.head.substr(0, reply.head.find("\r\n"))), bytes(text(resp, "line")));
        std::vector<std::string> lines;
        for (const Json& one : resp.at("headers").as_array()) lines.emplace_back(one.as_string());
        Headers wanted = comparable(lines), got = headersOf(reply);
        const std::string method = text(line, "rpc_method");
        const bool varies = method == "Filecoin.TaskTypes" || head.find("/remote/stat/") != std::string::npos; // what it offers, and a disk
        if (varies) {
            for (Headers* one : {&wanted, &got}) std::erase_if(*one, [](const std::string& header) { return header.starts_with("Content-Length"); });
        }
        QCOMPARE(joined(got), joined(wanted));
        if (varies || method == "Filecoin.Info") return;
        const std::string wantedBody = text(resp, "body");
        if (method == "Filecoin.Session" && reply.status == 200) QCOMPARE(reply.body.size(), wantedBody.size());
        else if (!isHead) QCOMPARE(bytes(reply.body), bytes(wantedBody));
    }

    /// A form in the body takes the body away where there is no Authorization.
    void aFormIsNoRequest() {
        const auto ask = [this](const std::string& extra) {
            const std::string body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.Version\",\"params\":[]}";
            return RunningWorker::aside([&] {
                RawClient client(m_stage->worker.port());
                client.send("POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n" + extra + "Content-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body);
                return client.readReply();
            });
        };
        const auto without = ask("");
        QCOMPARE(without.status, 400);
        QCOMPARE(bytes(without.body), bytes("{\"error\":{\"code\":-32600,\"message\":\"Invalid request\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n"));
        QCOMPARE(ask("Authorization: Bearer " + m_stage->tokenFor("<TOKEN>") + "\r\n").status, 200);
    }

    void everyRouteButTwoRefusesABadToken_data() {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        for (const char* target : {"GET /rpc/v0", "POST /rpc/v0", "GET /remote/stat/x", "GET /remote", "GET /nope", "DELETE /remote/sealed/s-t01000-1",
                                   "POST /rpc/streams/v0/push/00000000-0000-4000-8000-000000000001", "HEAD /rpc/streams/v0/push/00000000-0000-4000-8000-000000000001"})
            QTest::newRow(target) << QByteArray(target) << 401;
        QTest::newRow("health") << QByteArray("GET /health") << 200;
    }
    void everyRouteButTwoRefusesABadToken() {
        QFETCH(QByteArray, target);
        QFETCH(int, status);
        const auto reply = RunningWorker::aside([&] {
            RawClient client(m_stage->worker.port());
            client.send(target.toStdString() + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + badToken(m_stage->tokenFor("<TOKEN>")) + "\r\nContent-Length: 0\r\n\r\n");
            return client.readReply(target.startsWith("HEAD"));
        });
        QCOMPARE(reply.status, status);
    }

    /// A restarted miner may sign with another key: what the old one said of a token counts no more.
    void aNewMinerIsAskedForEveryTokenAgain() {
        Stage stage;
        QTRY_VERIFY_WITH_TIMEOUT(stage.isReady(), test::kProgramWait);
        const std::string token = stage.worker.miner->tokenWith({"write", "admin"});
        int asked = 0;
        QObject::connect(stage.worker.miner.get(), &practice::PracticeMiner::called, this, [&](const QString& method, const QByteArray& body) {
            if (method == QLatin1String("AuthVerify") && body.contains(QByteArray::fromStdString(token))) ++asked;
        });
        const auto version = [&] {
            return RunningWorker::aside([&] {
                RawClient client(stage.worker.port());
                const std::string body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.Version\",\"params\":[]}";
                client.send("POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
                return client.readReply().body;
            });
        };
        const std::string answer = "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":67328}\n";
        QCOMPARE(bytes(version()), bytes(answer));
        QCOMPARE(bytes(version()), bytes(answer));
        QCOMPARE(asked, 1);
        QVERIFY(stage.worker.miner->restart());
        QTRY_VERIFY_WITH_TIMEOUT(stage.isReady(), test::kProgramWait);
        QTRY_VERIFY_WITH_TIMEOUT(bytes(version()) == bytes(answer) && asked == 2, test::kProgramWait);
    }

    /// The stock command line: every frame it sent, and what it was answered where that is fixed.
    void theStockCommandLine() {
        struct Connection {
            std::unique_ptr<SocketClient> client;
            std::string lastMethod;
        };
        std::map<int, Connection> connections;
        const auto lines = recordedLines(QStringLiteral("socket/cli.jsonl"));
        int compared = 0;
        std::string joinedAnswer;
        for (const Json& line : lines) {
            const int number = line.at("conn").to_number<int>();
            Connection& connection = connections[number];
            if (line.as_object().contains("req")) {
                const auto head = RunningWorker::aside([&] {
                    connection.client = std::make_unique<SocketClient>(m_stage->worker.port());
                    return connection.client->upgrade(m_stage->tokenFor("<TOKEN>"));
                });
                QVERIFY2(head.starts_with(text(line.at("resp"), "line") + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "), head.c_str());
                continue;
            }
            const Json& ws = line.at("ws");
            const std::string op = text(ws, "op");
            if (op == "ping" || op == "pong") continue; // in their own test: they come by the clock
            if (text(ws, "from") == "client") {
                if (op == "close") {
                    QVERIFY(connection.client->send(SocketClient::Close, std::string("\x03\xe8", 2)));
                    continue;
                }
                const std::string folder = m_stage->worker.at("worker").string(), other = m_stage->worker.at("new").string();
                std::string body = replaced(text(ws, "body"), "<SPAN>", "AAAA");
                body = replaced(replaced(body, "/tmp/lotus/cli/w1", folder), "/tmp/lotus/cli/new", other);
                connection.lastMethod = text(boost::json::parse(body), "method");
                if (body.find(other) != std::string::npos) {
                    std::filesystem::create_directories(other);
                    std::ofstream(std::filesystem::path(other) / "sectorstore.json")
                        << "{\"ID\":\"0a4b1b8e-6b8a-4b0a-9d53-2f3f0f3a9f11\",\"Weight\":5,\"CanSeal\":false,\"CanStore\":true,\"MaxStorage\":0}";
                }
                QVERIFY(connection.client->call(body));
                continue;
            }
            if (op == "close") continue; // an echo, which the Go client does not always wait for
            auto frame = RunningWorker::aside([&] { return connection.client->frame(); });
            while (frame.op == SocketClient::Ping) frame = RunningWorker::aside([&] { return connection.client->frame(); }); // a slow machine
            QCOMPARE(frame.op, int(op == "text" ? SocketClient::Text : SocketClient::Continuation));
            const std::string wanted = text(ws, "body"), method = connection.lastMethod;
            QVERIFY2(frame.fin == ws.at("fin").as_bool(), method.c_str());
            QVERIFY2(!frame.body.starts_with("{\"error\""), (method + ' ' + frame.body).c_str());
            if (method == "Filecoin.Info") {
                joinedAnswer += frame.body;
                if (!frame.fin) continue;
                QVERIFY(boost::json::parse(joinedAnswer).at("result").as_object().contains("Resources"));
                joinedAnswer.clear();
            } else if (method == "Filecoin.TaskTypes") {
                const Json answer = boost::json::parse(frame.body);
                for (const auto& type : answer.at("result").as_object()) QVERIFY(type.value().as_object().empty());
            } else if (method == "Filecoin.Paths") {
                const auto ours = boost::json::parse(frame.body).at("result").as_array(), theirs = boost::json::parse(wanted).at("result").as_array();
                QCOMPARE(ours.size(), theirs.size());
                for (std::size_t i = 0; i < ours.size(); ++i) {
                    for (const char* name : {"Weight", "CanSeal", "CanStore"}) QVERIFY2(ours[i].at(name) == theirs[i].at(name), name);
                    QVERIFY(std::filesystem::exists(std::string(ours[i].at("LocalPath").as_string())));
                }
            } else if (method == "Filecoin.ProcessSession") {
                QCOMPARE(frame.body.size(), wanted.size());
            } else {
                QCOMPARE(bytes(frame.body), bytes(wanted));
            }
            ++compared;
        }
        QVERIFY(compared > 30);
        // The last commands were StorageDetachAll and Shutdown.
        QTRY_VERIFY_WITH_TIMEOUT(!m_stage->worker.isRunning(), test::kProgramWait);
        QCOMPARE(m_stage->worker.process.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRecordedRequests)
#include "tst_recorded_requests.moc"
