// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/raw_client.h"
#include "protocol/recorded_traffic.h"
#include "support/recorded_steps.h"
#include "support/running_worker.h"
#include "support/script_server.h"

#include "protocol/go_json.h"
#include "support/test_paths.h"

#include <QtTest/QTest>

// Whole recorded scenarios asked of the real worker with its real prover: each request in its place, each answer byte for byte.
using namespace lsw;
using lsw::protocol::Json;
using lsw::test::RawClient;
using lsw::test::RunningWorker;
using lsw::test::textOf;

namespace {

/// One recorded request to the worker.
struct Asked {
    std::string name;
    double begin = 0, end = 0; ///< ms
    std::string head, body;    ///< without the framing of the body
    bool isChunked = false;
    bool breaksOff = false;    ///< the client left before it had an answer
    std::string line, answer;
    std::multiset<std::string> headers;
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
    return text;
}

/// Those that are the same at every hour and on every connection.
bool isFixed(const std::string& header) { return !header.starts_with("Date: ") && !header.starts_with("Connection: "); }

std::string bodyOf(const boost::json::object& request) {
    if (const std::string coded = textOf(request, "body_b64"); !coded.empty()) return QByteArray::fromBase64(QByteArray::fromStdString(coded)).toStdString();
    return textOf(request, "body");
}

std::vector<boost::json::object> linesOf(const char* scenario) {
    QFile file(QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/rpc/") + QLatin1String(scenario) + QStringLiteral(".jsonl"));
    if (!file.open(QIODevice::ReadOnly)) qFatal("no recorded %s", scenario);
    std::vector<boost::json::object> out;
    while (!file.atEnd()) out.push_back(boost::json::parse(file.readLine().toStdString()).as_object());
    return out;
}

Asked askedOf(const boost::json::object& line) {
    Asked out;
    const auto& request = line.at("req").as_object();
    out.begin = line.at("t_ms").to_number<double>();
    out.end = line.at("resp_done_ms").to_number<double>();
    out.name = std::to_string(line.at("seq").to_number<int>()) + ' ' + textOf(request, "line");
    out.head = textOf(request, "line") + "\r\n";
    for (const Json& header : request.at("headers").as_array())
        if (!header.as_string().starts_with("Content-Length: ")) out.head += std::string(header.as_string()) + "\r\n"; // counts what was replaced
    out.isChunked = textOf(request, "framing") == "chunked";
    out.body = bodyOf(request);
    out.breaksOff = !textOf(line, "err").empty();
    if (const auto* response = line.if_contains("resp"); response && response->is_object()) {
        out.line = textOf(response->as_object(), "line");
        out.answer = textOf(response->as_object(), "body");
        if (const auto* headers = response->as_object().if_contains("headers"))
            for (const Json& header : headers->as_array())
                if (isFixed(std::string(header.as_string()))) out.headers.emplace(header.as_string());
    }
    return out;
}

QByteArray joined(const std::multiset<std::string>& lines) {
    QByteArray out;
    for (const std::string& one : lines) out += QByteArray::fromStdString(one) + '\n';
    return out;
}

/// The id of a call in an answer that is one.
std::string callIn(const std::string& answer) {
    boost::system::error_code wrong;
    const Json json = boost::json::parse(answer, wrong);
    const Json* result = wrong || !json.is_object() ? nullptr : json.get_object().if_contains("result");
    return result && result->is_object() ? textOf(result->get_object(), "ID") : std::string();
}

RawClient::Reply ask(std::uint16_t port, const Asked& asked) {
    RawClient client(port);
    std::string request = asked.head;
    if (asked.isChunked) {
        std::ostringstream size;
        size << std::hex << asked.body.size();
        request += "\r\n" + size.str() + "\r\n" + asked.body + "\r\n" + (asked.breaksOff ? "" : "0\r\n\r\n");
    } else {
        if (!asked.body.empty()) request += "Content-Length: " + std::to_string(asked.body.size()) + "\r\n";
        request += "\r\n" + asked.body;
    }
    if (!client.send(request) || asked.breaksOff) return {};
    return client.readReply(asked.head.starts_with("HEAD "));
}

} // namespace

class TestRecordedScenarios : public QObject {
    Q_OBJECT

    std::unique_ptr<RunningWorker> m_worker;

    std::string withTokens(const std::string& head) const {
        const auto& miner = *m_worker->miner;
        return replaced(replaced(head, "<TOKEN>", miner.tokenWith({"read", "write", "sign", "admin"})), "<TOKEN:admin>", miner.tokenWith({"admin"}));
    }

    static void compare(const Asked& asked, const RawClient::Reply& reply, const std::string& wanted) {
        QVERIFY2(reply.status != 0, asked.name.c_str());
        QCOMPARE(QByteArray::fromStdString(reply.head.substr(0, reply.head.find("\r\n"))), QByteArray::fromStdString(asked.line));
        std::multiset<std::string> headers;
        for (const auto& [name, value] : reply.headers)
            if (isFixed(name + ": " + value)) headers.insert(name + ": " + value);
        auto fixed = asked.headers;
        // The recorded length counts what was replaced.
        if (wanted != asked.answer)
            for (auto* each : {&headers, &fixed}) std::erase_if(*each, [](const std::string& header) { return header.starts_with("Content-Length: "); });
        QCOMPARE(joined(headers), joined(fixed));
        QCOMPARE(QByteArray::fromStdString(reply.body), QByteArray::fromStdString(wanted));
    }

private Q_SLOTS:
    void init() {
        m_worker = std::make_unique<RunningWorker>(lsw::test::kProgramFolder);
        QVERIFY(m_worker->minerStarted);
    }
    void cleanup() { m_worker.reset(); }

    /// Every order and fault of the push protocol, and data from a URL.
    void streams() {
        m_worker->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_worker->connected(), test::kProgramWait);
        const auto lines = linesOf("streams");
        std::vector<Asked> all;
        std::string data;
        for (const auto& line : lines) {
            if (textOf(line, "dir") != "M>W" || textOf(line, "rpc_method") == "Filecoin.Info" || textOf(line, "rpc_method") == "Filecoin.TaskTypes" ||
                textOf(line, "rpc_method") == "Filecoin.Session")
                continue;
            Asked asked = askedOf(line);
            // Nobody came for half a minute: tst_push_stream has a clock of its own for that.
            if (asked.end - asked.begin > 25000) continue;
            if (asked.body.size() == 2032) data = asked.body;
            all.push_back(std::move(asked));
        }
        QCOMPARE(data.size(), std::size_t(2032));
        std::sort(all.begin(), all.end(), [](const Asked& a, const Asked& b) { return a.begin < b.begin; });
        test::ScriptServer site([&](int, const std::string& head, bool&) {
            if (!head.starts_with("GET /p?x=1 ")) return std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(data.size()) + "\r\nConnection: close\r\n\r\n" + data;
        });
        for (Asked& asked : all) {
            asked.head = withTokens(asked.head);
            asked.body = replaced(asked.body, "http://127.0.0.1:8080", site.url(""));
            // A body that was too long for the record: longer than the piece, whose bytes it begins with.
            if (asked.isChunked && asked.body.empty()) asked.body = data + std::string(6128 - data.size(), 'x');
        }
        std::map<std::string, std::string> ids; ///< of the calls: recorded to ours
        std::vector<std::future<RawClient::Reply>> replies(all.size());
        std::vector<bool> done(all.size());
        const auto settle = [&](std::size_t i) {
            const auto isReady = [&] { return replies[i].wait_for(std::chrono::milliseconds(0)) == std::future_status::ready; };
            QTRY_VERIFY2_WITH_TIMEOUT(isReady(), all[i].name.c_str(), test::kProgramWait);
            const auto reply = replies[i].get();
            done[i] = true;
            if (all[i].breaksOff) return;
            std::string wanted = all[i].answer;
            if (const std::string theirs = callIn(wanted), ours = callIn(reply.body); !theirs.empty()) {
                QVERIFY2(!ours.empty(), (all[i].name + ": " + reply.body).c_str());
                ids[theirs] = ours;
                wanted = replaced(wanted, theirs, ours);
            }
            compare(all[i], reply, wanted);
        };
        for (std::size_t i = 0; i < all.size(); ++i) {
            // What had ended when this began, has ended here too; the rest is under way.
            for (std::size_t before = 0; before < i; ++before) {
                if (!done[before] && all[before].end <= all[i].begin) settle(before);
                if (QTest::currentTestFailed()) return;
            }
            replies[i] = std::async(std::launch::async, [port = m_worker->port(), &asked = all[i]] { return ask(port, asked); });
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!done[i]) settle(i);
            if (QTest::currentTestFailed()) return;
        }
        int returned = 0;
        for (const auto& line : lines) {
            if (!textOf(line, "rpc_method").starts_with("Filecoin.Return")) continue;
            const Json request = boost::json::parse(textOf(line.at("req").as_object(), "body"));
            const auto& params = request.at("params").as_array();
            const std::string theirs(params.front().at("ID").as_string()), ours = ids[theirs];
            QVERIFY2(!ours.empty(), theirs.c_str());
            const auto returnOf = [&] {
                for (const QByteArray& body : m_worker->returnBodies)
                    if (body.contains(ours.c_str())) return body;
                return QByteArray();
            };
            QTRY_VERIFY_WITH_TIMEOUT(!returnOf().isEmpty(), test::kProgramWait);
            const Json sent = boost::json::parse(returnOf().toStdString());
            QCOMPARE(sent.at("method").as_string().c_str(), request.at("method").as_string().c_str());
            QCOMPARE(QByteArray::fromStdString(replaced(protocol::toGoJson(sent.at("params")), ours, theirs)),
                     QByteArray::fromStdString(protocol::toGoJson(params)));
            ++returned;
        }
        QVERIFY2(all.size() > 20 && returned > 9, (std::to_string(all.size()) + ' ' + std::to_string(returned)).c_str());
    }

    /// A storage path is detached, added, redeclared, emptied and detached for good.
    void storage() {
        namespace fs = std::filesystem;
        const fs::path folder = m_worker->at("worker");
        const auto make = [&](const char* name) {
            fs::create_directories((folder / name).parent_path());
            std::ofstream(folder / name) << "x";
        };
        for (const char* name : {"unsealed/s-t01000-1", "sealed/s-t01000-1", "cache/s-t01000-1/p_aux"}) make(name);
        m_worker->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_worker->connected(), test::kProgramWait);
        std::ifstream file(folder / "sectorstore.json");
        const std::string metadata((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        const std::string id = textOf(boost::json::parse(metadata).as_object(), "ID");
        const auto real = [&](std::string text) {
            return replaced(replaced(std::move(text), "/tmp/lotus/storage/w1", folder.string()), "00000000-0000-4000-8000-000000000001", id);
        };
        // What the worker asks of the index meanwhile, but for the calls that the miner's own questions and the clock cause as well.
        std::vector<std::string> calls;
        QObject::connect(m_worker->miner.get(), &practice::PracticeMiner::called, this, [&](const QString& method, const QByteArray& body) {
            if (!method.startsWith(QLatin1String("Storage")) || method == QLatin1String("StorageInfo") || method == QLatin1String("StorageReportHealth")) return;
            auto params = boost::json::parse(body.toStdString()).at("params").as_array();
            if (method == QLatin1String("StorageAttach")) params.resize(1); // without the figures of a disk
            calls.push_back(method.toStdString() + ' ' + protocol::toGoJson(params));
        });
        const auto steps = test::recordedSteps("storage");
        auto step = steps.begin();
        const std::string address = "127.0.0.1:" + std::to_string(m_worker->port());
        int redeclared = 0;
        for (const auto& line : linesOf("storage")) {
            const std::string method = textOf(line, "rpc_method");
            const bool isStorage = method == "Filecoin.Paths" || method == "Filecoin.Remove" || method.starts_with("Filecoin.Storage");
            if (textOf(line, "dir") != "M>W" || !isStorage) continue;
            if (method == "Filecoin.StorageRedeclareLocal") {
                // What the driver did to the disk in between.
                if (redeclared == 0) fs::remove(folder / "sealed/s-t01000-1");
                if (redeclared == 2) make("unsealed/s-t01000-77");
                ++redeclared;
            }
            Asked one = askedOf(line);
            one.head = withTokens(one.head);
            one.body = real(replaced(one.body, "<SPAN>", "AAAA"));
            calls.clear();
            const auto reply = RunningWorker::aside([&] { return ask(m_worker->port(), one); });
            compare(one, reply, real(one.answer));
            if (QTest::currentTestFailed()) return;
            if (method.starts_with("Filecoin.StorageLocal") || method == "Filecoin.Paths") continue;
            QVERIFY(step != steps.end() && "Filecoin." + step->what.substr(0, step->what.find(' ')) == method);
            std::string ours, theirs;
            for (const std::string& call : calls) ours += call + '\n';
            for (const std::string& call : step->calls) theirs += replaced(real(call), "127.0.0.1:3456", address) + '\n';
            QCOMPARE(QByteArray::fromStdString(ours), QByteArray::fromStdString(theirs));
            ++step;
            if (method == "Filecoin.Remove") QVERIFY(!fs::exists(folder / "unsealed/s-t01000-1") && !fs::exists(folder / "cache/s-t01000-1"));
        }
        QVERIFY(fs::exists(folder / "unsealed/s-t01000-77"));
        QVERIFY(step == steps.end() && steps.size() == 8);
    }
};

QTEST_GUILESS_MAIN(TestRecordedScenarios)
#include "tst_recorded_scenarios.moc"
