// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/masked_token.h"
#include "setup/pasted_info.h"

#include "protocol/jwt.h"

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;

namespace {

const std::string kToken = protocol::makeToken(Bytes(32, 7), {"read", "write", "sign", "admin"});
const std::string kOther = protocol::makeToken(Bytes(32, 8), {"read"});

QByteArray filled(const char* pattern) {
    QByteArray text(pattern);
    text.replace("{T}", kToken.c_str());
    text.replace("{T1}", kToken.substr(0, 50).c_str());
    text.replace("{T2}", kToken.substr(50, 40).c_str());
    text.replace("{T3}", kToken.substr(90).c_str());
    text.replace("{CUT}", kToken.substr(0, 100).c_str());
    text.replace("{HEAD}", kToken.substr(0, kToken.find('.')).c_str());
    text.replace("{OTHER}", kOther.c_str());
    return text;
}

QStringList kindsOf(const PastedInfo& info) {
    QStringList out;
    for (const PastedChange& one : info.changes) out << QString::fromUtf8(nameOf(one.fix).data(), static_cast<qsizetype>(nameOf(one.fix).size()));
    return out;
}

/// Everything that the module would show: none of it may hold `length` characters of a token in a row.
bool tellsAToken(const PastedInfo& info, std::size_t length = 12) {
    std::string said = info.before + info.after + info.argument;
    for (const PastedChange& one : info.changes) said += one.before + one.after + sentenceOf(one);
    if (info.fault) said += sentenceOf(*info.fault, info.argument);
    for (const std::string* token : {&kToken, &kOther})
        for (std::size_t i = 0; i + length <= token->size(); ++i)
            if (said.find(token->substr(i, length)) != std::string::npos) return true;
    return false;
}

} // namespace

class PastedInfoTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isUnderstood_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("changes");
        const auto row = [](const char* name, const char* pattern, const char* address, const char* changes) {
            QTest::newRow(name) << filled(pattern) << QString::fromUtf8(address) << QString::fromUtf8(changes);
        };
        const char* const lan = "/ip4/192.168.1.5/tcp/2345/http";
        row("as lotus prints it", "{T}:/ip4/192.168.1.5/tcp/2345/http", lan, "");
        row("with a line end", "{T}:/ip4/192.168.1.5/tcp/2345/http\r\n", lan, "");
        row("without /http", "{T}:/ip4/192.168.1.5/tcp/2345", lan, "");
        row("ip6", "{T}:/ip6/fd00::5/tcp/2345/http", "/ip6/fd00::5/tcp/2345/http", "");
        row("dns", "{T}:/dns4/miner.lan/tcp/2345/http", "/dns/miner.lan/tcp/2345/http", "");
        row("swapped", "/ip4/192.168.1.5/tcp/2345/http:{T}", lan, "swapped");
        row("swapped, URL", "ws://192.168.1.5:2345/rpc/v0:{T}", lan, "url-shortened swapped");
        row("export", "export MINER_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http", lan, "name-removed");
        row("export, quotes", "export MINER_API_INFO=\"{T}:/ip4/192.168.1.5/tcp/2345/http\"", lan, "quotes-removed name-removed");
        row("old name", "STORAGE_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http", lan, "name-removed");
        row("typographic quotes", "“{T}:/ip4/192.168.1.5/tcp/2345/http”", lan, "quotes-removed");
        row("corner brackets", "「{T}：/ip4/192.168.1.5/tcp/2345/http」", lan, "wide-characters quotes-removed");
        row("guillemets, single quotes", "« '{T}:/ip4/192.168.1.5/tcp/2345/http' »", lan, "quotes-removed");
        row("full-width colon", "{T}：/ip4/192.168.1.5/tcp/2345/http", lan, "wide-characters");
        row("full-width address", "{T}:／ip4／１９２.168.1.5／tcp／２３４５／http", lan, "wide-characters");
        row("full-width equals", "MINER_API_INFO＝{T}:/ip4/192.168.1.5/tcp/2345/http", lan, "wide-characters name-removed");
        row("ideographic full stops", "{T}:/ip4/192。168。1。5/tcp/2345/http", lan, "wide-characters");
        row("ideographic space", "　{T}:/ip4/192.168.1.5/tcp/2345/http　", lan, "");
        row("byte order mark", "\xef\xbb\xbf{T}:/ip4/192.168.1.5/tcp/2345/http", lan, "hidden-characters");
        row("zero-width space", "{T1}\xe2\x80\x8b{T2}{T3}:/ip4/192.168.1.5/tcp/2345/http", lan, "hidden-characters");
        row("colours", "\x1b[32m{T}\x1b[0m:/ip4/192.168.1.5/tcp/2345/http", lan, "hidden-characters");
        row("token over two lines", "{T1}\n{T2}{T3}:/ip4/192.168.1.5/tcp/2345/http", lan, "pieces-joined");
        row("token over three lines, indented", "{T1}\r\n    {T2}\r\n    {T3}:/ip4/192.168.1.5/tcp/2345/http", lan, "pieces-joined");
        row("shell continuation", "{T1}\\\n{T2}{T3}:/ip4/192.168.1.5/tcp/2345/http", lan, "pieces-joined");
        row("address over two lines", "{T}:/ip4/192.168.1.5/t\ncp/2345/http", lan, "pieces-joined");
        row("port over two lines", "{T}:/ip4/192.168.1.5/tcp/23\n45/http", lan, "pieces-joined");
        row("break at a slash", "{T}:/ip4/192.168.1.5/\ntcp/2345/http", lan, "pieces-joined");
        row("break at the colon", "{T}:\n/ip4/192.168.1.5/tcp/2345/http", lan, "");
        row("spaces in the address", "{T} : /ip4/192.168.1.5 /tcp /2345 /http", lan, "pieces-joined");
        row("break in a mail", "> {T1}\n> {T2}{T3}:/ip4/192.168.1.5/tcp/2345/http", lan, "pieces-joined");
        row("ws URL", "{T}:ws://192.168.1.5:2345/rpc/v0", lan, "url-shortened");
        row("http URL", "{T}:http://192.168.1.5:2345", lan, "");
        row("http URL with a slash", "{T}:HTTP://192.168.1.5:2345/", lan, "");
        row("https URL", "{T}:https://miner.example:8443/lotus", "https://miner.example:8443/lotus", "");
        row("wss URL", "{T} wss://miner.example/rpc/v1", "https://miner.example:443", "url-shortened");
        row("token in the URL", "http://192.168.1.5:2345/rpc/v0?token={T}", lan, "url-shortened");
        row("ip6 URL", "{T}:http://[fd00::5]:2345", "/ip6/fd00::5/tcp/2345/http", "");
        row("host and port", "{T}:192.168.1.5:2345", lan, "address-written");
        row("host and port before", "192.168.1.5:2345 {T}", lan, "address-written swapped");
        row("host and port on lines", "{T}\n192.168.1.5:2345\n", lan, "address-written");
        row("host, port, a space between", "{T}\n192.168.1.5 2345\n", lan, "address-written");
        row("name and port", "{T}:miner:2345", "/dns/miner/tcp/2345/http", "address-written");
        row("ip6 and port", "{T} [fd00::5]:2345", "/ip6/fd00::5/tcp/2345/http", "address-written");
        row("no first slash", "{T}:ip4/192.168.1.5/tcp/2345/http", lan, "address-written");
        row("no /ip4", "{T}:192.168.1.5/tcp/2345/http", lan, "address-written");
        row("labels", "token: {T}\naddress: 192.168.1.5:2345", lan, "address-written");
        row("Chinese labels", "令牌：{T}\n地址：192.168.1.5：2345", lan, "wide-characters address-written");
        row("Chinese sentence", "矿工连接信息是{T}:/ip4/192.168.1.5/tcp/2345/http，请复制。", lan, "wide-characters");
        row("JSON", "{\"token\":\"{T}\",\"api\":\"/ip4/192.168.1.5/tcp/2345/http\"}", lan, "quotes-removed");
        row("JSON in JSON", "{\\\"info\\\":\\\"{T}:/ip4/192.168.1.5/tcp/2345/http\\\\n\\\"}", lan, "quotes-removed");
        row("HTTP header", "Authorization: Bearer {T}\nhttp://192.168.1.5:2345/rpc/v0", lan, "url-shortened");
        row("systemd", "[Service]\nEnvironment=\"MINER_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http\"\nRestart=always", lan, "quotes-removed line-chosen name-removed");
        row("docker", "docker run -e MINER_API_INFO='{T}:/ip4/192.168.1.5/tcp/2345/http' image", lan, "quotes-removed name-removed");
        row("yaml", "env:\n  MINER_API_INFO: \"{T}:/ip4/192.168.1.5/tcp/2345/http\"\n", lan, "quotes-removed line-chosen name-removed");
        row("PowerShell", "$env:MINER_API_INFO = \"{T}:/ip4/192.168.1.5/tcp/2345/http\"", lan, "quotes-removed name-removed");
        row("csh", "setenv MINER_API_INFO {T}:/ip4/192.168.1.5/tcp/2345/http", lan, "name-removed");
        row("whole output", "fil@miner:~$ lotus-miner auth api-info --perm admin\n2026-09-01T10:00:00.000+0800\tINFO\tcli\tcli/util.go:12\tdialling 127.0.0.1:9999\n"
            "MINER_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http\nfil@miner:~$ ", lan, "line-chosen name-removed");
        row("both programs", "export FULLNODE_API_INFO={OTHER}:/ip4/127.0.0.1/tcp/1234/http\nexport MINER_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http\n", lan,
            "line-chosen name-removed");
        row("miner first", "export MINER_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http\nexport FULLNODE_API_INFO={OTHER}:/ip4/127.0.0.1/tcp/1234/http\n", lan,
            "line-chosen name-removed");
        row("with the next command", "export MINER_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http\nexport IPFS_GATEWAY=https://gw.example:443/ipfs/\n", lan,
            "line-chosen name-removed");
        row("before a command", "MINER_API_INFO={T}:/ip4/192.168.1.5/tcp/2345/http lotus-worker run --listen 0.0.0.0:3456", lan, "name-removed");
        row("name, broken", "MINER_API_INFO={T1}\n{T2}{T3}:/ip4/192.168.1.5/tcp/2345/http", lan, "name-removed pieces-joined");
        row("twice the same", "{T}\n{T}:/ip4/192.168.1.5/tcp/2345/http", lan, "");
        row("several addresses", "{T}:/ip4/192.168.1.5/tcp/2345/http,/ip4/10.0.0.1/tcp/2345/http", lan, "first-of-several");
        row("full stop", "{T}:/ip4/192.168.1.5/tcp/2345/http.", lan, "");
        row("sentence", "Use {T}, and 192.168.1.5:2345.", lan, "address-written");
    }
    void isUnderstood() {
        QFETCH(QByteArray, text);
        QFETCH(QString, address);
        QFETCH(QString, changes);
        const PastedInfo info = understandPasted(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        const auto api = info.apiInfo();
        QVERIFY2(api.hasValue(), api ? "" : api.error().message().c_str());
        QCOMPARE(api->token, kToken);
        QCOMPARE(QString::fromStdString(addressText(api->endpoint)), address);
        QCOMPARE(kindsOf(info).join(QLatin1Char(' ')), changes);
        QVERIFY(!tellsAToken(info));
        QCOMPARE(info.permissions.size(), std::size_t(4));
        // What it was made of, pasted again, needs no change.
        const PastedInfo again = understandPasted(connectionText(*api));
        QVERIFY(!again.fault && again.changes.empty());
        QCOMPARE(again.token, kToken);
        QVERIFY(again.endpoint == info.endpoint);
        // And lotus' own parser reads it.
        const auto strict = protocol::parseApiInfo(connectionText(*api));
        QVERIFY(strict.hasValue() && strict->endpoint == api->endpoint && strict->token == kToken);
    }

    void whatIsMissingIsNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("argument");
        const auto row = [](const char* name, const char* pattern, const char* fault, const char* argument = "") {
            QTest::newRow(name) << filled(pattern) << QString::fromUtf8(fault) << QString::fromUtf8(argument);
        };
        row("nothing", "", "empty");
        row("spaces", " \n\t　\n", "empty");
        row("quotes alone", "\"\"", "empty");
        row("words", "please send me the token", "nothing-found");
        row("a log", "2026-09-01T10:00:00.000+0800\tINFO\tmain\tmain.go:12\tstarted", "nothing-found");
        row("name alone", "MINER_API_INFO=", "nothing-found");
        row("token alone", "{T}", "no-address");
        row("token, colon", "{T}:", "no-address");
        row("address alone", "/ip4/192.168.1.5/tcp/2345/http", "no-token");
        row("URL alone", "http://192.168.1.5:2345", "no-token");
        row("host alone", "{T}:192.168.1.5", "no-port", "192.168.1.5");
        row("cut off", "{CUT}:/ip4/192.168.1.5/tcp/2345/http", "token-cut-off", "100");
        row("cut off, then an address line", "{CUT}\n192.168.1.5:2345", "token-cut-off", "100");
        row("only its head", "{HEAD}", "token-cut-off", "36");
        row("letters added", "{T}abc:/ip4/192.168.1.5/tcp/2345/http", "token-damaged");
        row("two glued", "{T}.{T}:/ip4/192.168.1.5/tcp/2345/http", "token-damaged");
        row("payload broken", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJBbG.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:/ip4/1.2.3.4/tcp/1", "token-damaged");
        row("two tokens", "{T} {OTHER} 192.168.1.5:2345", "several-tokens");
        row("full node", "FULLNODE_API_INFO={T}:/ip4/127.0.0.1/tcp/1234/http", "other-program", "FULLNODE_API_INFO");
        row("worker", "export WORKER_API_INFO={T}:/ip4/127.0.0.1/tcp/3456/http", "other-program", "WORKER_API_INFO");
        row("no tcp", "{T}:/ip4/192.168.1.5/udp/2345", "address-wrong", "the host must be followed by /tcp and a port");
        row("port too high", "{T}:/ip4/192.168.1.5/tcp/70000/http", "address-wrong", "the port after /tcp must be a number from 0 to 65535");
        row("port 0", "{T}:192.168.1.5:0", "address-wrong", "port 0 cannot be connected to");
        row("scheme alone", "{T}:http://", "address-wrong", "the host is missing");
        row("no such ip", "{T}:300.168.1.5:2345", "address-wrong", "the host is neither a name nor an IP address");
        row("no such ip4", "{T}:/ip4/192.168.1/tcp/2345", "address-wrong", "what follows /ip4 is no IPv4 address");
    }
    void whatIsMissingIsNamed() {
        QFETCH(QByteArray, text);
        QFETCH(QString, fault);
        QFETCH(QString, argument);
        const PastedInfo info = understandPasted(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        QVERIFY2(info.fault, info.after.c_str());
        QCOMPARE(QString::fromStdString(std::string(nameOf(*info.fault))), fault);
        QCOMPARE(QString::fromStdString(info.argument), argument);
        QCOMPARE(info.apiInfo().error().code(), ErrorCode::InvalidArgument);
        QVERIFY(!info.apiInfo().error().message().empty());
        QVERIFY(!tellsAToken(info));
    }

    void anOpaqueTokenIsTakenInTheFormOfLotus() {
        const PastedInfo info = understandPasted("0123456789abcdef0123456789abcdef:/ip4/192.168.1.5/tcp/2345/http");
        QVERIFY(!info.fault);
        QCOMPARE(info.token, std::string("0123456789abcdef0123456789abcdef"));
        QVERIFY(info.permissions.empty());
        QVERIFY(info.after.find("0123456789abcdef") == std::string::npos);
    }

    /// Whatever is pasted, it ends, and nothing of a token is told.
    void nonsenseIsOnlyRefused() {
        const QByteArray whole = filled("export MINER_API_INFO=“{T}：/ip4/192.168.1.5/tcp/2345/http”\nFULLNODE_API_INFO={OTHER}:http://[::1]:1234/rpc/v0\n");
        for (qsizetype from = 0; from < whole.size(); from += 3)
            for (qsizetype length = 1; from + length <= whole.size(); length += 7) {
                const QByteArray part = whole.mid(from, length);
                const PastedInfo info = understandPasted(std::string_view(part.constData(), static_cast<std::size_t>(part.size())));
                QVERIFY2(!tellsAToken(info, 42), part.constData()); // of a short piece nobody can tell what it was
                QVERIFY(info.fault || (!info.token.empty() && info.endpoint));
            }
        QCOMPARE(*understandPasted(std::string(300000, 'x')).fault, PastedFault::TooLong);
        QVERIFY(understandPasted(std::string("\0\xff\xfe\x80\xf0\x9f", 6)).fault);
    }

    void aTokenIsMasked() {
        QCOMPARE(maskedToken({}), std::string());
        QCOMPARE(maskedToken("short"), std::string("TOKEN(…)"));
        QCOMPARE(maskedToken(kToken), "TOKEN(…" + kToken.substr(kToken.size() - 4) + ')');
        QCOMPARE(withoutTokens("a " + kToken + ":/ip4/1.2.3.4/tcp/1 b"), "a " + maskedToken(kToken) + ":/ip4/1.2.3.4/tcp/1 b");
    }
};

QTEST_GUILESS_MAIN(PastedInfoTest)
#include "tst_pasted_info.moc"
