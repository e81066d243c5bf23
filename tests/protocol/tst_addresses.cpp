// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "protocol/api_info.h"
#include "protocol/listen_address.h"
#include "protocol/listen_plan.h"
#include "protocol/multiaddr.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace lsw;
using namespace lsw::protocol;

namespace {
std::string text(const QString& t) { return t.toStdString(); }
}

class TestAddresses : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatLotusWrites_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("url");
        QTest::addRow("miner's file") << "/ip4/127.0.0.1/tcp/2345/http" << "http://127.0.0.1:2345/rpc/v0";
        QTest::addRow("worker's file") << "/ip4/192.168.1.7/tcp/3456" << "http://192.168.1.7:3456/rpc/v0";
        QTest::addRow("ip6") << "/ip6/::1/tcp/2345/http" << "http://[::1]:2345/rpc/v0";
        QTest::addRow("ip6 long") << "/ip6/0:0:0:0:0:0:0:1/tcp/1" << "http://[::1]:1/rpc/v0";
        QTest::addRow("dns") << "/dns/miner.example/tcp/80" << "http://miner.example:80/rpc/v0";
        QTest::addRow("dns4 wss") << "/dns4/miner.example/tcp/443/wss" << "https://miner.example:443/rpc/v0";
        QTest::addRow("dns6 tls") << "/dns6/m/tcp/1/tls/ws" << "https://m:1/rpc/v0";
        QTest::addRow("final slash") << "/ip4/1.2.3.4/tcp/5/" << "http://1.2.3.4:5/rpc/v0";
        QTest::addRow("http") << "http://h:1" << "http://h:1/rpc/v0";
        QTest::addRow("path kept") << "http://h:1/x/" << "http://h:1/x/rpc/v0";
        QTest::addRow("ws") << "ws://127.0.0.1:2345" << "http://127.0.0.1:2345/rpc/v0";
        QTest::addRow("wss, default port") << "wss://h" << "https://h:443/rpc/v0";
        QTest::addRow("http, default port") << "http://h" << "http://h:80/rpc/v0";
        QTest::addRow("ip6 url") << "http://[::1]:9/" << "http://[::1]:9/rpc/v0";
    }
    void readsWhatLotusWrites() {
        QFETCH(QString, address);
        QFETCH(QString, url);
        const auto endpoint = parseEndpoint(text(address));
        QVERIFY2(endpoint, endpoint ? "" : endpoint.error().message().c_str());
        QCOMPARE(QString::fromStdString(endpoint->url("/rpc/v0")), url);
    }

    void refusesWhatIsNoAddress_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("reason");
        QTest::addRow("empty") << "" << "neither a multiaddr";
        QTest::addRow("words") << "not an address" << "neither a multiaddr";
        QTest::addRow("slash alone") << "/" << "begin with /ip4";
        QTest::addRow("ip4 alone") << "/ip4" << "no IPv4";
        QTest::addRow("bad ip4") << "/ip4/300.0.0.1/tcp/1" << "no IPv4";
        QTest::addRow("name as ip4") << "/ip4/localhost/tcp/1" << "no IPv4";
        QTest::addRow("ip4 as ip6") << "/ip6/127.0.0.1/tcp/1" << "no IPv6";
        QTest::addRow("no port") << "/ip4/127.0.0.1" << "/tcp";
        QTest::addRow("udp") << "/ip4/127.0.0.1/udp/1" << "/tcp";
        QTest::addRow("port too large") << "/ip4/127.0.0.1/tcp/65536" << "0 to 65535";
        QTest::addRow("port negative") << "/ip4/127.0.0.1/tcp/-1" << "0 to 65535";
        QTest::addRow("port with sign") << "/ip4/127.0.0.1/tcp/+1" << "0 to 65535";
        QTest::addRow("port empty") << "/ip4/127.0.0.1/tcp/" << "0 to 65535";
        QTest::addRow("more after it") << "/ip4/127.0.0.1/tcp/1/p2p/Qm" << "only /http";
        QTest::addRow("unix") << "/unix/tmp/sock" << "begin with /ip4";
        QTest::addRow("bad dns") << "/dns/a b/tcp/1" << "no host name";
        QTest::addRow("ftp") << "ftp://h:1" << "http, https, ws or wss";
        QTest::addRow("no host") << "http://:1" << "host is missing";
        QTest::addRow("user") << "http://me:secret@h:1" << "user name";
        QTest::addRow("query") << "http://h:1/?token=x" << "? or #";
        QTest::addRow("two colons") << "http://h:1:2" << "brackets";
        QTest::addRow("bad number host") << "http://1.2.3:1" << "neither a name";
    }
    void refusesWhatIsNoAddress() {
        QFETCH(QString, address);
        QFETCH(QString, reason);
        const auto endpoint = parseEndpoint(text(address));
        QVERIFY(!endpoint);
        QCOMPARE(endpoint.error().code(), ErrorCode::InvalidArgument);
        QVERIFY2(endpoint.error().message().find(text(reason)) != std::string::npos, endpoint.error().message().c_str());
        QVERIFY(endpoint.error().message().find("secret") == std::string::npos);
    }

    void refusesABinaryAddress() {
        using namespace std::string_view_literals;
        QVERIFY(!parseMultiaddr("/ip4/127.0.0.1\0/tcp/1"sv));
        QVERIFY(!parseMultiaddr("/ip4/127.0.0.1/tcp/1\0"sv));
        QVERIFY(!parseMultiaddr("\xff\xfe\x00\x01"sv));
        QVERIFY(!parseMultiaddr(std::string(1 << 20, '/')));
        QVERIFY(!parseMultiaddr("http://h:1"));
    }

    void writesTheApiFile() {
        QCOMPARE(toMultiaddr({"http", "192.168.1.7", 3456, ""}), std::string("/ip4/192.168.1.7/tcp/3456"));
        QCOMPARE(toMultiaddr({"http", "::1", 3456, ""}), std::string("/ip6/::1/tcp/3456"));
        QCOMPARE(toMultiaddr({"http", "box.lan", 3456, ""}), std::string("/dns/box.lan/tcp/3456"));
        const Endpoint secure{"https", "box.lan", 443, ""};
        const auto again = parseMultiaddr(toMultiaddr(secure));
        QVERIFY(again);
        QVERIFY(*again == secure);
    }

    void splitsHostAndPort() {
        const auto six = parseHostPort("[::1]:3456");
        QVERIFY(six);
        QCOMPARE(six->host, std::string("::1"));
        QCOMPARE(int(six->port), 3456);
        QCOMPARE(parseHostPort("0.0.0.0:0")->host, std::string("0.0.0.0"));
        for (const char* bad : {"", ":", ":1", "h", "h:", "h:x", "h:70000", "::1:3456", "[::1]", "[::1", "[::1]x:1", "[h]:1", "a b:1"}) {
            const auto refused = parseHostPort(bad);
            QVERIFY2(!refused, bad);
            QCOMPARE(refused.error().code(), ErrorCode::InvalidArgument);
        }
    }

    void readsApiInfo_data() {
        QTest::addColumn<QString>("info");
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("url");
        QTest::addRow("usual") << "eyJhbGci.eyJB.sig:/ip4/127.0.0.1/tcp/2345/http" << "eyJhbGci.eyJB.sig" << "http://127.0.0.1:2345";
        QTest::addRow("opaque token") << "abc:/ip4/127.0.0.1/tcp/2345" << "abc" << "http://127.0.0.1:2345";
        QTest::addRow("token and URL") << "abc:https://h:1/x" << "abc" << "https://h:1/x";
        QTest::addRow("no token, multiaddr") << "/ip6/::1/tcp/1" << "" << "http://[::1]:1";
        QTest::addRow("no token, URL") << "http://h:1" << "" << "http://h:1";
        QTest::addRow("list: the first") << "a:/ip4/1.1.1.1/tcp/1,b:/ip4/2.2.2.2/tcp/2" << "a" << "http://1.1.1.1:1";
        QTest::addRow("spaces around") << "  a:/ip4/1.1.1.1/tcp/1\n" << "a" << "http://1.1.1.1:1";
    }
    void readsApiInfo() {
        QFETCH(QString, info);
        QFETCH(QString, token);
        QFETCH(QString, url);
        const auto read = parseApiInfo(text(info));
        QVERIFY2(read, read ? "" : read.error().message().c_str());
        QCOMPARE(QString::fromStdString(read->token), token);
        QCOMPARE(QString::fromStdString(read->endpoint.url({})), url);
    }

    void refusesApiInfoWithoutRepeatingTheToken_data() {
        QTest::addColumn<QByteArray>("info");
        const QByteArray token = "eyJhbGciSECRET.eyJBSECRET.SECRET";
        QTest::addRow("token alone") << token;
        QTest::addRow("swapped") << "/ip4/127.0.0.1/tcp/2345/http:" + token;
        QTest::addRow("swapped URL") << "http://h:1:" + token;
        QTest::addRow("address garbage") << token + ":garbage";
        QTest::addRow("address empty") << token + ":";
        QTest::addRow("port 0") << token + ":/ip4/127.0.0.1/tcp/0";
        QTest::addRow("two tokens") << token + ":" + token + ":/ip4/127.0.0.1/tcp/1";
        QTest::addRow("space in token") << QByteArray("SECRET SECRET:/ip4/127.0.0.1/tcp/1");
        QTest::addRow("line feed in token") << QByteArray("SECRET\r\nX-Evil: 1:/ip4/127.0.0.1/tcp/1");
        QTest::addRow("user in URL") << QByteArray("http://me:SECRET@h:1");
        QTest::addRow("empty") << QByteArray();
        QTest::addRow("comma") << QByteArray(",") + token + ":/ip4/127.0.0.1/tcp/1";
        QTest::addRow("binary") << QByteArray("\xff\x00SECRET:\x01", 10);
    }
    void refusesApiInfoWithoutRepeatingTheToken() {
        QFETCH(QByteArray, info);
        const auto read = parseApiInfo(info.toStdString());
        QVERIFY(!read);
        QCOMPARE(read.error().code(), ErrorCode::InvalidArgument);
        QVERIFY2(read.error().forLog().find("SECRET") == std::string::npos, read.error().message().c_str());
        QVERIFY(read.error().forLog().find("eyJ") == std::string::npos);
    }

    void aMistakenAddressThatHoldsATokenIsNotRepeated() {
        const auto refused = parseEndpoint("/ip4/127.0.0.1/tcp/1/eyJhbGciSECRET");
        QVERIFY(!refused);
        QVERIFY(refused.error().message().find("SECRET") == std::string::npos);
    }

    void theListeningAddressIsPlanned_data() {
        QTest::addColumn<QByteArray>("listen");
        QTest::addColumn<QByteArray>("advertise");
        QTest::addColumn<QByteArray>("bind");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("all alone") << QByteArray("0.0.0.0:3456") << QByteArray() << QByteArray("127.0.0.1:3456") << QByteArray("127.0.0.1:3456");
        QTest::newRow("all, advertised") << QByteArray("0.0.0.0:3456") << QByteArray("10.9.8.7:99") << QByteArray("0.0.0.0:3456") << QByteArray("10.9.8.7:99");
        QTest::newRow("one address") << QByteArray("127.0.0.2:1") << QByteArray() << QByteArray("127.0.0.2:1") << QByteArray("127.0.0.2:1");
        QTest::newRow("one, advertised") << QByteArray("127.0.0.2:1") << QByteArray("name:2") << QByteArray("127.0.0.2:1") << QByteArray("name:2");
    }
    void theListeningAddressIsPlanned() {
        QFETCH(QByteArray, listen);
        QFETCH(QByteArray, advertise);
        QFETCH(QByteArray, bind);
        QFETCH(QByteArray, told);
        Endpoint miner;
        miner.host = "127.0.0.1";
        miner.port = 2345;
        const auto plan = planListening(listen.toStdString(), advertise.toStdString(), miner);
        QVERIFY2(plan, plan ? "" : plan.error().message().c_str());
        QCOMPARE(QByteArray::fromStdString(plan->bindHost + ':' + std::to_string(plan->bindPort)), bind);
        QCOMPARE(QByteArray::fromStdString(plan->advertised.host + ':' + std::to_string(plan->advertised.port)), told);
    }

    void whatIsNoAddressIsRefused() {
        Endpoint miner;
        miner.host = "127.0.0.1";
        QCOMPARE(planListening("nonsense", "", miner).error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(planListening("0.0.0.0:1", "nonsense", miner).error().code(), ErrorCode::InvalidArgument);
    }

    void whoListensIsSeen() {
        const auto listenOn = [](const char* host) {
            const auto address = resolveListenAddress(host, 0);
            const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            sockaddr_in own{};
            socklen_t size = sizeof own;
            const bool listens = address && ::bind(handle, reinterpret_cast<const sockaddr*>(address->data()), static_cast<socklen_t>(address->size())) == 0 &&
                                 ::listen(handle, 1) == 0 && ::getsockname(handle, reinterpret_cast<sockaddr*>(&own), &size) == 0;
            return std::pair(handle, listens ? ntohs(own.sin_port) : std::uint16_t{0});
        };
        const auto [second, port] = listenOn("127.0.0.2");
        const auto [all, other] = listenOn("0.0.0.0");
        QVERIFY(port != 0 && other != 0);
        QCOMPARE(listeningAddresses(port), std::vector<std::string>{"127.0.0.2"});
        QCOMPARE(listeningAddresses(other), std::vector<std::string>{"0.0.0.0"});
        QVERIFY(listenerOfPort(port).starts_with("tst_addresses (pid "));
        ::close(second);
        ::close(all);
        QVERIFY(listeningAddresses(port).empty());
    }
};

QTEST_GUILESS_MAIN(TestAddresses)
#include "tst_addresses.moc"
