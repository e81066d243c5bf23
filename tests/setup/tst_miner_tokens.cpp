// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_tokens.h"

#include "practice/practice_miner.h"
#include "protocol/jwt.h"
#include "protocol/miner_keystore.h"

#include <fstream>
#include <future>

#include <sys/stat.h>
#include <unistd.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;
namespace fs = std::filesystem;

namespace {

/// 00 01 … 1f, as lotus keeps it.
constexpr const char* kKeyFile = R"({"Type":"jwt-hmac-secret","PrivateKey":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="})";

} // namespace

class MinerTokensTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path repo() const { return m_dir->path().toStdString(); }
    fs::path key() const { return repo() / "keystore" / "MF2XI2BNNJ3XILLQOJUXMYLUMU"; }
    void makeKey(const std::string& text, unsigned mode = 0600) const {
        fs::create_directories(repo() / "keystore");
        std::ofstream(key(), std::ios::binary) << text;
        QCOMPARE(::chmod(key().c_str(), mode), 0);
    }
    /// Blocking calls on a thread of their own, while the miner in this thread answers.
    template <typename Work>
    static auto meanwhile(Work work) {
        auto result = std::async(std::launch::async, std::move(work));
        while (result.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) QCoreApplication::processEvents();
        return result.get();
    }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    /// The same bytes that 'lotus-miner auth create-token' makes from this key.
    void aTokenIsMadeFromTheKeystore_data() {
        QTest::addColumn<QString>("level");
        QTest::addColumn<QString>("payload");
        QTest::newRow("read") << QStringLiteral("read") << QStringLiteral("eyJBbGxvdyI6WyJyZWFkIl19");
        QTest::newRow("write") << QStringLiteral("write") << QStringLiteral("eyJBbGxvdyI6WyJyZWFkIiwid3JpdGUiXX0");
        QTest::newRow("sign") << QStringLiteral("sign") << QStringLiteral("eyJBbGxvdyI6WyJyZWFkIiwid3JpdGUiLCJzaWduIl19");
        QTest::newRow("admin") << QStringLiteral("admin") << QStringLiteral("eyJBbGxvdyI6WyJyZWFkIiwid3JpdGUiLCJzaWduIiwiYWRtaW4iXX0");
    }
    void aTokenIsMadeFromTheKeystore() {
        QFETCH(QString, level);
        QFETCH(QString, payload);
        makeKey(kKeyFile);
        const auto wanted = parseTokenLevel(level.toStdString());
        const auto token = createTokenFromKeystore(repo(), *wanted);
        QVERIFY2(token.hasValue(), token ? "" : token.error().message().c_str());
        const QString text = QString::fromStdString(*token);
        QVERIFY(text.startsWith(QStringLiteral("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.") + payload + QLatin1Char('.')));
        if (*wanted == TokenLevel::Admin) {
            QVERIFY(text.endsWith(QStringLiteral(".5lRaUKL6YDoISGlo14xwpeeacUF8a9HmOlEQ3ukDj_o")));
            QCOMPARE(text.size(), 136);
        }
        QCOMPARE(tokenFacts(*token).level, *wanted);
        QVERIFY(checkSignedByRepo(repo(), *token).hasValue());
        const auto foreign = checkSignedByRepo(repo(), protocol::makeToken(Bytes(32, 9), {"read"}));
        QCOMPARE(foreign.error().code(), ErrorCode::PermissionDenied);
    }

    void aKeyThatCannotBeUsedIsNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("mode");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* name, const char* text, int mode, const char* code) { QTest::newRow(name) << QByteArray(text) << mode << QString::fromLatin1(code); };
        row("none", "", -1, "NotFound");
        row("others can read it", kKeyFile, 0644, "PermissionDenied");
        row("others can write it", kKeyFile, 0602, "PermissionDenied");
        row("this user may not", kKeyFile, 0, "PermissionDenied");
        row("empty", "", 0600, "Corrupt");
        row("no JSON", "secret", 0600, "Corrupt");
        row("another kind", R"({"Type":"bls","PrivateKey":"AAEC"})", 0600, "Corrupt");
        row("no base64", R"({"Type":"jwt-hmac-secret","PrivateKey":"%%"})", 0600, "Corrupt");
        row("no key", R"({"Type":"jwt-hmac-secret","PrivateKey":""})", 0600, "Corrupt");
        row("null", R"({"Type":"jwt-hmac-secret","PrivateKey":null})", 0600, "Corrupt");
    }
    void aKeyThatCannotBeUsedIsNamed() {
        QFETCH(QByteArray, text);
        QFETCH(int, mode);
        QFETCH(QString, code);
        if (mode == 0 && ::geteuid() == 0) QSKIP("root may read everything");
        if (mode >= 0) makeKey(text.toStdString(), static_cast<unsigned>(mode));
        const auto token = createTokenFromKeystore(repo(), TokenLevel::Admin);
        QVERIFY(!token);
        QCOMPARE(QString::fromStdString(std::string(errorCodeName(token.error().code()))), code);
        QVERIFY2(token.error().message().find(key().string()) != std::string::npos, token.error().message().c_str());
        QVERIFY(token.error().message().find("AAEC") == std::string::npos && token.error().message().find("%%") == std::string::npos);
    }

    void whatATokenSaysOfItselfIsRead() {
        const auto level = [](const std::vector<std::string>& allow) { return tokenFacts(protocol::makeToken(Bytes(32, 1), allow)).level; };
        QCOMPARE(level({"read", "write", "sign", "admin"}), TokenLevel::Admin);
        QCOMPARE(level({"admin", "sign", "write", "read"}), TokenLevel::Admin);
        QCOMPARE(level({"admin"}), TokenLevel::None); // lotus looks for "read" by its name
        QCOMPARE(level({"read", "sign"}), TokenLevel::Read);
        QCOMPARE(level({}), TokenLevel::None);
        QCOMPARE(tokenFacts(protocol::makeToken(Bytes(32, 1), {"admin", "dance", "read"})).permissions, (std::vector<std::string>{"read", "admin", "dance"}));
        QVERIFY(!tokenFacts("opaque").isJwt);
        QVERIFY(!isEnoughForWorker(TokenLevel::Sign) && isEnoughForWorker(TokenLevel::Admin));
        QVERIFY(!parseTokenLevel("root") && !parseTokenLevel("none") && !parseTokenLevel(""));
        QVERIFY(!createTokenFromKeystore(repo(), TokenLevel::None));
    }

    void theMinerMakesOne() {
        practice::PracticeMiner miner({.repo = repo(), .storagePath = {}});
        QVERIFY(miner.start().hasValue());
        const auto admin = protocol::parseApiInfo(miner.apiInfo());
        QVERIFY(admin.hasValue());
        const auto made = meanwhile([&] { return createTokenByMiner(*admin, TokenLevel::Sign); });
        QVERIFY2(made.hasValue(), made ? "" : made.error().message().c_str());
        QCOMPARE(tokenFacts(*made).level, TokenLevel::Sign);
        QVERIFY(checkSignedByRepo(repo(), *made).hasValue());
        // And it is the very one that the keystore gives.
        QCOMPARE(*made, *createTokenFromKeystore(repo(), TokenLevel::Sign));
        const protocol::ApiInfo weak{*made, admin->endpoint};
        const auto allowed = meanwhile([&] { return askWhatTokenAllows(weak); });
        QVERIFY2(allowed.hasValue(), allowed ? "" : allowed.error().message().c_str());
        QCOMPARE(allowed->size(), std::size_t(3));
        const auto refused = meanwhile([&] { return createTokenByMiner(weak, TokenLevel::Admin); });
        QCOMPARE(refused.error().code(), ErrorCode::PermissionDenied);
        const protocol::ApiInfo foreign{protocol::makeToken(Bytes(32, 9), {"read", "write", "sign", "admin"}), admin->endpoint};
        QCOMPARE(meanwhile([&] { return askWhatTokenAllows(foreign); }).error().code(), ErrorCode::PermissionDenied);
        miner.stop();
        QCOMPARE(meanwhile([&] { return createTokenByMiner(*admin, TokenLevel::Read); }).error().code(), ErrorCode::MinerUnreachable);
    }
};

QTEST_GUILESS_MAIN(MinerTokensTest)
#include "tst_miner_tokens.moc"
