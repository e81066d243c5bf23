// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "protocol/go_json.h"
#include "protocol/json_rpc.h"

#include <stdexcept>

using namespace lsw;
using namespace lsw::protocol;

namespace {

/// A small server: Version and Echo for admins, Fail, Throw, Twice, and one that answers when told to.
struct Server {
    MethodTable table;
    int calls = 0;
    std::vector<RpcRespond> waiting;

    Server() {
        table.add("Filecoin.Version", 0, "admin", [this](boost::json::array, RpcRespond respond) {
            ++calls;
            respond(Json(67328));
        });
        table.add("Filecoin.Echo", 1, "admin", [this](boost::json::array params, RpcRespond respond) {
            ++calls;
            respond(std::move(params[0]));
        });
        table.add("Filecoin.Fail", 0, "", [](boost::json::array, RpcRespond respond) {
            respond(Error(ErrorCode::NotFound, "no <such> thing & more").whileDoing("looking"));
        });
        table.add("Filecoin.Throw", 0, "", [](boost::json::array, RpcRespond) { throw std::runtime_error("close of closed channel"); });
        table.add("Filecoin.Twice", 0, "", [](boost::json::array, RpcRespond respond) {
            respond(Json(1));
            respond(Json(2));
        });
        table.add("Filecoin.Later", 0, "", [this](boost::json::array, RpcRespond respond) { waiting.push_back(std::move(respond)); });
    }

    RpcReply ask(std::string_view body, const Permissions& permissions = {"admin"}) {
        RpcReply got{0, "no answer"};
        int answers = 0;
        table.dispatch(body, permissions, [&](RpcReply reply) {
            got = std::move(reply);
            ++answers;
        });
        if (answers > 1) got.body = "answered more than once";
        return got;
    }
};

std::string call(std::string_view method, std::string_view params = "[]") {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":)" + std::string(params) + "}";
}

} // namespace

class TestJsonRpc : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersAsGoDoes_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char* name, std::string_view body, int status, std::string_view answer) {
            QTest::newRow(name) << QByteArray(body.data(), qsizetype(body.size())) << status << QByteArray(answer.data(), qsizetype(answer.size()));
        };
        const std::string version = "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":67328}\n";
        const std::string parseError = "{\"error\":{\"code\":-32700,\"message\":\"Parse error\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n";
        const std::string invalid = "{\"error\":{\"code\":-32600,\"message\":\"Invalid request\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n";
        row("plain", call("Filecoin.Version"), 200, version);
        row("spaces around", " \n\t" + call("Filecoin.Version") + "\n", 200, version);
        row("second value ignored", call("Filecoin.Version") + call("Filecoin.Nope"), 200, version);
        row("garbage behind ignored", call("Filecoin.Version") + "}}}", 200, version);
        row("keys in any case", R"({"ID":1,"Method":"Filecoin.Version","PARAMS":[]})", 200, version);
        row("of two keys the last", R"({"id":1,"method":"Filecoin.Nope","method":"Filecoin.Version"})", 200, version);
        row("params null", call("Filecoin.Version", "null"), 200, version);
        row("meta ignored", R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.Version","params":[],"meta":{"SpanContext":"no base64!"}})", 200, version);
        row("unknown members ignored", R"({"id":1,"method":"Filecoin.Version","x":{"y":[1,2,{}]}})", 200, version);
        row("float id", R"({"id":1.5,"method":"Filecoin.Version"})", 200, "{\"id\":1.5,\"jsonrpc\":\"2.0\",\"result\":67328}\n");
        row("whole float id", R"({"id":2.0,"method":"Filecoin.Version"})", 200, "{\"id\":2,\"jsonrpc\":\"2.0\",\"result\":67328}\n");
        row("large id", R"({"id":18446744073709551615,"method":"Filecoin.Version"})", 200, "{\"id\":18446744073709551615,\"jsonrpc\":\"2.0\",\"result\":67328}\n");
        row("text id with escapes", R"({"id":"<a>\n","method":"Filecoin.Version"})", 200, "{\"id\":\"\\u003ca\\u003e\\n\",\"jsonrpc\":\"2.0\",\"result\":67328}\n");
        row("id an object", R"({"id":{},"method":"Filecoin.Version"})", 500, "{\"error\":{\"code\":-32700,\"message\":\"failed to parse ID: invalid id type: map[string]interface {}\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n");
        row("id a list", R"({"id":[1],"method":"Filecoin.Version"})", 500, "{\"error\":{\"code\":-32700,\"message\":\"failed to parse ID: invalid id type: []interface {}\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n");
        row("notification", R"({"method":"Filecoin.Version"})", 200, "");
        row("notification that fails", R"({"method":"Filecoin.Fail"})", 200, "");
        row("notification without permission", R"({"method":"Filecoin.Version","params":[]})", 200, "");
        row("notification of no method", R"({"method":"Nope"})", 500, "{\"error\":{\"code\":-32601,\"message\":\"method 'Nope' not found\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n");
        row("null", "null", 500, "{\"error\":{\"code\":-32601,\"message\":\"method '' not found\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n");
        row("error of a handler", call("Filecoin.Fail"), 200, "{\"error\":{\"code\":1,\"message\":\"looking: no \\u003csuch\\u003e thing \\u0026 more\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        row("exception of a handler", call("Filecoin.Throw"), 500, "{\"error\":{\"code\":0,\"message\":\"fatal error calling 'Filecoin.Throw': panic in rpc method 'Filecoin.Throw': close of closed channel\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        row("second answer ignored", call("Filecoin.Twice"), 200, "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":1}\n");
        row("parameter a text", call("Filecoin.Version", "\"x\""), 500, "{\"error\":{\"code\":-32700,\"message\":\"unmarshaling param array: json: cannot unmarshal string into Go value of type []jsonrpc.param\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        row("too many parameters", call("Filecoin.Echo", "[1,2]"), 500, "{\"error\":{\"code\":-32602,\"message\":\"wrong param count (method 'Filecoin.Echo'): 2 != 1\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        row("method with a quote", call("a'\\\"<b>"), 500, "{\"error\":{\"code\":-32601,\"message\":\"method 'a'\\\"\\u003cb\\u003e' not found\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        row("method a number", R"({"id":1,"method":5})", 500, "{\"error\":{\"code\":-32700,\"message\":\"Parse error\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        row("meta a number", R"({"id":1,"method":"Filecoin.Version","meta":5})", 500, "{\"error\":{\"code\":-32700,\"message\":\"Parse error\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        row("a number", "5", 500, parseError);
        row("a text", "\"x\"", 500, parseError);
        row("words", "hello", 500, parseError);
        row("half an object", R"({"id":1,)", 500, parseError);
        row("single quotes", "{'id':1}", 500, parseError);
        row("comment", "/* */ {}", 500, parseError);
        row("bad UTF-8", "{\"method\":\"\xff\xfe\"}", 500, parseError);
        row("zero bytes", std::string(10, '\0'), 500, parseError);
        row("nested deeply", std::string(100000, '['), 500, parseError);
        row("nested deeply, closed", call("Filecoin.Echo", std::string(1000, '[') + std::string(1000, ']')), 500, parseError);
        row("nothing", "", 400, invalid);
        row("spaces", " \r\n ", 400, invalid);
        row("batch of none", "[]", 400, invalid);
        row("batch of spaces", " [ ] ", 400, invalid);
        row("batch of a number", "[1]", 500, parseError);
        row("batch not closed", "[" + call("Filecoin.Version"), 500, parseError);
        row("batch", "[" + call("Filecoin.Version") + "," + call("Filecoin.Echo", "[\"x\"]") + "]", 200,
            "[{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":67328}\n,{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":\"x\"}\n]");
        row("batch with an error", "[" + call("Nope") + "," + call("Filecoin.Version") + "]", 200,
            "[{\"error\":{\"code\":-32601,\"message\":\"method 'Nope' not found\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n,{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":67328}\n]");
        row("batch with a notification", R"([{"method":"Filecoin.Version"},)" + call("Filecoin.Version") + "]", 200,
            "[{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":67328}\n]");
    }
    void answersAsGoDoes() {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, answer);
        Server server;
        const RpcReply reply = server.ask(body.toStdString());
        QCOMPARE(QByteArray::fromStdString(reply.body), answer);
        QCOMPARE(reply.httpStatus, status);
    }

    void permissionsAreMembershipNotRank_data() {
        QTest::addColumn<QString>("permission");
        QTest::newRow("none") << "";
        QTest::newRow("read") << "read";
        QTest::newRow("write") << "write";
        QTest::newRow("sign") << "sign";
        QTest::newRow("Admin") << "Admin";
    }
    void permissionsAreMembershipNotRank() {
        QFETCH(QString, permission);
        Server server;
        Permissions permissions;
        if (!permission.isEmpty()) permissions.insert(permission.toStdString());
        const RpcReply reply = server.ask(call("Filecoin.Version"), permissions);
        QCOMPARE(reply.httpStatus, 200);
        QCOMPARE(reply.body, std::string("{\"error\":{\"code\":1,\"message\":\"missing permission to invoke 'Version' (need 'admin')\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n"));
        QCOMPARE(server.calls, 0);
        QCOMPARE(server.ask(call("Filecoin.Nope"), permissions).httpStatus, 500);
        QVERIFY(server.ask(call("Filecoin.Version", "[1]"), permissions).body.find("wrong param count") != std::string::npos);
    }

    void aBatchWaitsForItsLastAnswerAndKeepsItsOrder() {
        Server server;
        RpcReply got;
        const std::string body = R"([{"id":1,"method":"Filecoin.Later"},{"id":2,"method":"Filecoin.Fail"},{"id":3,"method":"Filecoin.Later"}])";
        server.table.dispatch(body, {}, [&](RpcReply reply) { got = std::move(reply); });
        QCOMPARE(server.waiting.size(), std::size_t(2));
        server.waiting[1](Json("third"));
        QVERIFY(got.body.empty());
        server.waiting[0](Error(ErrorCode::Io, "first"));
        QVERIFY(got.body.starts_with("[{\"error\":{\"code\":1,\"message\":\"first\"},\"id\":1"));
        QVERIFY(got.body.ends_with("{\"id\":3,\"jsonrpc\":\"2.0\",\"result\":\"third\"}\n]"));
    }

    void aHugeBatchIsRefusedWhole() {
        Server server;
        std::string body = "[";
        for (int i = 0; i < 1001; ++i) body += call("Filecoin.Version") + ',';
        body.back() = ']';
        const RpcReply reply = server.ask(body);
        QCOMPARE(reply.httpStatus, 400);
        QVERIFY(reply.body.find("-32600") != std::string::npos);
        QCOMPARE(server.calls, 0);
    }

    void anAnswerMayOutliveTheTable() {
        RpcReply got;
        RpcRespond respond;
        {
            Server server;
            server.table.dispatch(call("Filecoin.Later"), {}, [&](RpcReply reply) { got = std::move(reply); });
            respond = server.waiting.at(0);
        }
        respond(Json(true));
        QCOMPARE(got.body, std::string("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":true}\n"));
    }

    void writesJsonAsGoDoes_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("go");
        const auto row = [](const char* name, const char* json, const char* go) { QTest::newRow(name) << QByteArray(json) << QByteArray(go); };
        row("order kept", R"({ "b" : 1, "a" : [ true , null ] })", R"({"b":1,"a":[true,null]})");
        row("html", R"("<a href='x'>&</a>")", R"("\u003ca href='x'\u003e\u0026\u003c/a\u003e")");
        row("html in keys", R"({"<":1})", R"({"\u003c":1})");
        row("separators", "\"\u2028\u2029\u2027\"", "\"\\u2028\\u2029\u2027\"");
        row("control characters", R"("\u0000\u0001\b\t\n\u000b\f\r\u001f\u007f")", "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\"");
        row("quotes", "\"\\\"\\\\\\/\"", "\"\\\"\\\\/\""); // no raw strings: moc loses its way in these
        row("other scripts", R"("\u4e2d\u6587 \ud83d\ude00")", "\"中文 😀\"");
        row("uint64", "18446744073709551615", "18446744073709551615");
        row("int64", "-9223372036854775808", "-9223372036854775808");
        row("beyond 2^53", "9007199254740993", "9007199254740993");
        row("whole floats", "[1.0,0.0,-0.0,1e2,1E20]", "[1,0,-0,100,100000000000000000000]");
        row("large floats", "[1e21,1.5e300,123456789012345678901234567890]", "[1e+21,1.5e+300,1.2345678901234568e+29]");
        row("small floats", "[0.1,0.000001,0.0000001,1.5e-10]", "[0.1,0.000001,1e-7,1.5e-10]");
    }
    void writesJsonAsGoDoes() {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, go);
        const auto parsed = parseGoJson(json.toStdString());
        QVERIFY(parsed);
        QCOMPARE(QByteArray::fromStdString(toGoJson(*parsed)), go);
    }

    void writesBrokenTextAsReplacementCharacters() {
        using namespace std::string_literals;
        const auto written = [](std::string_view text) {
            std::string out;
            appendGoString(out, text);
            return out;
        };
        QCOMPARE(written("a\xff" "b"), "\"a\\ufffdb\""s);
        QCOMPARE(written("\xc0\x80"), "\"\\ufffd\\ufffd\""s);         // overlong
        QCOMPARE(written("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\""s); // a surrogate
        QCOMPARE(written("\xf4\x90\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\\ufffd\""s);
        QCOMPARE(written("\xe4\xb8"), "\"\\ufffd\\ufffd\""s);         // cut short
        QCOMPARE(written("\xe4\xb8\xad"), "\"\xe4\xb8\xad\""s);
    }

    void makesRequestsInTheOrderOfTheGoClient() {
        QCOMPARE(makeRequest(1, "Filecoin.Session", {}), std::string(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.Session","params":[]})"));
        boost::json::array params;
        params.emplace_back("a<b");
        params.emplace_back(nullptr);
        params.emplace_back(18446744073709551615ULL);
        QCOMPARE(makeRequest(18446744073709551615ULL, "M", params),
                 std::string(R"({"jsonrpc":"2.0","id":18446744073709551615,"method":"M","params":["a\u003cb",null,18446744073709551615]})"));
    }

    void parametersThatAreWrittenOutGoAsTheyAre() {
        boost::json::array params;
        params.emplace_back("a<b");
        params.emplace_back(7);
        QCOMPARE(makeRequestOfText(3, "M", R"(["a\u003cb",7])"), makeRequest(3, "M", params));
        QCOMPARE(makeRequestOfText(1, "M", "[]"), makeRequest(1, "M", {}));
    }

    void readsAnswers() {
        QVERIFY(*parseAnswer("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":67328}\n") == Json(67328));
        QVERIFY(parseAnswer("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":null}\n")->is_null());
        QVERIFY(parseAnswer("{\"id\":1,\"jsonrpc\":\"2.0\"}")->is_null());
        QVERIFY(*parseAnswer("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":1,\"error\":null}") == Json(1));
        const auto remote = parseAnswer("{\"error\":{\"code\":1,\"message\":\"worker disabled\"},\"id\":9,\"jsonrpc\":\"2.0\"}\n");
        QVERIFY(!remote);
        QCOMPARE(remote.error().code(), ErrorCode::Remote);
        QCOMPARE(remote.error().message(), std::string("worker disabled"));
        QCOMPARE(parseAnswer(R"({"error":{"code":7},"id":1})").error().message(), std::string("error 7 without a message"));
        for (const char* bad : {"", "x", "[]", "5", "{}", "null", "<html>502 Bad Gateway</html>", R"({"error":5})", R"({"error":{"message":5}})", R"({"status":"ok"})"}) {
            const auto refused = parseAnswer(bad);
            QVERIFY2(!refused, bad);
            QCOMPARE(refused.error().code(), ErrorCode::Corrupt);
        }
    }
};

QTEST_GUILESS_MAIN(TestJsonRpc)
#include "tst_json_rpc.moc"
