// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/gateway_probe.h"
#include "params/gateways.h"
#include "params/kept_gateways.h"

#include "naughty_gateway.h"
#include "parameter_set.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::params;
using namespace lsw::test;

class TestGateways : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatPeopleWrite_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address"); // empty: refused
        const auto row = [](const char* name, const char* text, const char* address) { QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(address); };
        row("as it is", "https://example.org/ipfs/", "https://example.org/ipfs/");
        row("no slash", "https://example.org/ipfs", "https://example.org/ipfs/");
        row("many slashes", "https://example.org/ipfs///", "https://example.org/ipfs/");
        row("quotes and spaces", " \"https://example.org/ipfs/\" ", "https://example.org/ipfs/");
        row("name", "china", "https://proof-parameters.s3.cn-south-1.jdcloud-oss.com/ipfs/");
        row("port", "http://10.0.0.5:8080/ipfs", "http://10.0.0.5:8080/ipfs/");
        row("with a CID", "https://example.org/ipfs/QmWceMgnWYLopMuM4AoGMvGEau7tNe5UK83XFjH5V9B17h", "");
        row("no scheme", "example.org/ipfs/", "");
        row("other scheme", "ftp://example.org/ipfs/", "");
        row("no host", "https:///ipfs/", "");
        row("query", "https://example.org/ipfs/?x=", "");
        row("user", "https://me:secret@example.org/ipfs/", "");
        row("IPv6", "http://[fd00::5]:8080/ipfs", "http://[fd00::5]:8080/ipfs/");
        row("open bracket", "http://[fd00::5/ipfs/", "");
        row("bare IPv6", "http://fd00::5/ipfs/", "");
        row("two lines", "http://a.example/ipfs/\nhttp://b.example/ipfs/", "");
        row("word", "chinese", "");
        row("nothing", "", "");
    }
    void whatPeopleWrite() {
        QFETCH(QString, text);
        QFETCH(QString, address);
        const auto gateway = parseGateway(text.toStdString());
        QCOMPARE(gateway.hasValue(), !address.isEmpty());
        if (gateway) QCOMPARE(gateway->address, address.toStdString());
        else QCOMPARE(gateway.error().code(), ErrorCode::InvalidArgument);
    }

    void whoDecides() {
        const std::vector<Gateway> kept{*parseGateway("https://c.example/ipfs/")};
        const auto given = chosenGateways({"china", "https://a.example/ipfs"}, "https://b.example/ipfs/", kept, false);
        QVERIFY(given && given->origin == "given" && given->gateways.size() == 2 && given->gateways[1].address == "https://a.example/ipfs/");
        const auto environment = chosenGateways({}, "https://b.example/ipfs/, china", kept, false);
        QVERIFY(environment && environment->origin == "from environment" && environment->gateways.size() == 2);
        const auto chosen = chosenGateways({}, "", kept, true);
        QVERIFY(chosen && chosen->origin == "chosen" && chosen->gateways.size() == 1);
        const auto automatic = chosenGateways({}, "", {}, false);
        QVERIFY(automatic && automatic->origin == "automatic" && automatic->gateways.front().name == "chainsafe");
        const auto china = chosenGateways({}, " ", {}, true);
        QVERIFY(china && china->gateways.front().name == "china" && china->gateways.size() == automatic->gateways.size());
        QVERIFY(!chosenGateways({}, "nonsense", kept, false));
    }

    void aChoiceIsKeptWithTheFolder() {
        QTemporaryDir temporary;
        const std::filesystem::path folder = std::filesystem::path(temporary.path().toStdString()) / "not" / "yet";
        QVERIFY(keptGateways(folder)->empty());
        GatewayWatch watch(folder);
        QVERIFY(!watch.changed());
        QVERIFY(keepGateways(folder, {*parseGateway("china"), *parseGateway("https://c.example/ipfs")}).hasValue());
        const auto kept = keptGateways(folder);
        QVERIFY(kept && kept->size() == 2 && kept->front().name == "china" && kept->back().address == "https://c.example/ipfs/");
        const auto changed = watch.changed();
        QVERIFY(changed && changed->size() == 2);
        QVERIFY(!watch.changed());
        QVERIFY(keepGateways(folder, {}).hasValue());
        QVERIFY(watch.changed()->empty());
        QVERIFY(keptGateways(folder)->empty());
        putFile(folder / "lotus-seal-worker-gateways", asBytes(std::string("china\nnonsense\n")));
        const auto wrong = keptGateways(folder);
        QVERIFY(!wrong && wrong.error().message().find("lotus-seal-worker-gateways") != std::string::npos && wrong.error().message().find("nonsense") != std::string::npos);
    }

    void aProbeSaysWhatIsWrong_data() {
        QTest::addColumn<int>("fault");
        QTest::addColumn<bool>("good");
        QTest::addColumn<bool>("ranges");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, Fault fault, bool good, bool ranges, const char* words) {
            QTest::newRow(name) << static_cast<int>(fault) << good << ranges << QString::fromUtf8(words);
        };
        row("good", Fault::None, true, true, "");
        row("page", Fault::Page, false, false, "a page (text/html)");
        row("blocked account", Fault::Forbidden, false, false, "HTTP 403 (AccountArrear)");
        row("error with a good status", Fault::ErrorAsFile, false, false, "answers with an error of 322 bytes and not with the file (AccountArrear)");
        row("busy", Fault::ServerError, false, false, "HTTP 503");
        row("half", Fault::Short, false, false, "broke off");
        row("another part", Fault::OtherRange, false, false, "another part");
        row("too much", Fault::TooMuch, false, false, "more than was asked for");
        row("nothing", Fault::Empty, false, false, "empty file");
        row("a lie about its length", Fault::LyingSize, false, false, "wrong length");
        row("wrong bytes", Fault::WrongBytes, false, false, "wrong bytes");
        row("redirect", Fault::Redirect, true, true, "");
        row("no ranges", Fault::NoRanges, true, false, "does not send parts");
        row("reset", Fault::Reset, false, false, "broke off");
        row("silence", Fault::Stall, false, false, "does not answer");
    }
    void aProbeSaysWhatIsWrong() {
        QFETCH(int, fault);
        QFETCH(bool, good);
        QFETCH(bool, ranges);
        QFETCH(QString, words);
        const ParameterSet set({3000}, {4 << 20}, 7);
        NaughtyGateway server(set.byCid, [&](const std::string&, std::uint64_t) { return static_cast<Fault>(fault); });
        const GatewayAnswer answer = probe({"one", server.address(), ""}, set.manifest, std::chrono::milliseconds(1500), {});
        QVERIFY2(answer.isGood == good && answer.hasRanges == ranges, answer.words.c_str());
        QVERIFY2(QString::fromStdString(answer.words).contains(words), answer.words.c_str());
        QCOMPARE(words.isEmpty(), answer.words.empty());
        QVERIFY2(static_cast<Fault>(fault) != Fault::OtherRange || !QString::fromStdString(answer.words).contains(QLatin1Char('(')), answer.words.c_str()); // no bytes of the file
        if (ranges) QVERIFY(answer.bytesPerSecond > 0);
    }
};

QTEST_GUILESS_MAIN(TestGateways)
#include "tst_gateways.moc"
