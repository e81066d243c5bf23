// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "protocol/jwt.h"

using namespace lsw;
using namespace lsw::protocol;

namespace {
const Bytes kSecret(32, 7);
const std::string kHeader = R"({"alg":"HS256","typ":"JWT"})";

/// A token of any header and payload with any signature.
std::string unsignedToken(std::string_view header, std::string_view payload, std::string_view signature = {}) {
    return toBase64Url(asBytes(header)) + '.' + toBase64Url(asBytes(payload)) + '.' + std::string(signature);
}
} // namespace

class TestJwt : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void makesTheTokenLotusMakes() {
        const std::string token = makeToken(kSecret, {"read", "write", "sign", "admin"});
        // Header and payload are those of a token of lotus; the signature was computed by Python's hmac module.
        QVERIFY(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJBbGxvdyI6WyJyZWFkIiwid3JpdGUiLCJzaWduIiwiYWRtaW4iXX0."));
        QCOMPARE(token.substr(token.rfind('.') + 1), std::string("X5XC5Qx5H971xDr97H4RUS8WyX_bauPf15W7dorUl5Q"));
    }

    void verifiesItsOwnTokens() {
        const auto all = verifyToken(kSecret, makeToken(kSecret, {"read", "write", "sign", "admin"}));
        QVERIFY(all);
        QVERIFY(*all == (Permissions{"admin", "read", "sign", "write"}));
        const auto admin = verifyToken(kSecret, makeToken(kSecret, {"admin"}));
        QVERIFY(admin);
        QVERIFY(*admin == Permissions{"admin"});
        const auto none = verifyToken(kSecret, makeToken(kSecret, {}));
        QVERIFY(none);
        QVERIFY(none->empty());
        QVERIFY(verifyToken({}, makeToken({}, {"read"})));
    }

    void refusesForeignTokens_data() {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("message");
        const QByteArray hmac = "JWT Verification failed: jwt: HMAC verification failed";
        const QByteArray malformed = "JWT Verification failed: jwt: malformed token";
        const std::string good = makeToken(kSecret, {"admin"});
        const auto row = [](const char* name, const std::string& token, const QByteArray& message) {
            QTest::newRow(name) << QByteArray::fromStdString(token) << message;
        };
        row("another secret", makeToken(Bytes(32, 8), {"admin"}), hmac);
        row("empty secret", makeToken({}, {"admin"}), hmac);
        row("another payload", unsignedToken(kHeader, R"({"Allow":["admin","read"]})", good.substr(good.rfind('.') + 1)), hmac);
        row("signature cut", good.substr(0, good.size() - 4), hmac);
        row("no signature", good.substr(0, good.rfind('.') + 1), hmac);
        row("alg none", unsignedToken(R"({"alg":"none"})", R"({"Allow":["admin"]})"), hmac);
        row("empty", "", malformed);
        row("garbage", "xyz", malformed);
        row("one dot", "a.b", malformed);
        row("three dots", good + ".x", malformed);
        row("dots alone", "..", malformed);
        row("no base64", "!!!.???.***", malformed);
        row("no JSON", unsignedToken("hello", "world"), malformed);
        row("JSON but no objects", unsignedToken("1", "[]"), malformed);
        row("space", good + " ", malformed);
        row("binary", std::string("\x00\xff.\x01.\x02", 6), malformed);
        row("long", std::string(1 << 20, '.'), malformed);
    }
    void refusesForeignTokens() {
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, message);
        const auto refused = verifyToken(kSecret, token.toStdString());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::PermissionDenied);
        QCOMPARE(QByteArray::fromStdString(refused.error().message()), message);
    }

    void refusesSignedTokensThatSayNothing_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("payload");
        const QByteArray header = QByteArray::fromStdString(kHeader);
        QTest::newRow("no Allow") << header << QByteArray(R"({"Other":["admin"]})");
        QTest::newRow("Allow null") << header << QByteArray(R"({"Allow":null})");
        QTest::newRow("Allow a text") << header << QByteArray(R"({"Allow":"admin"})");
        QTest::newRow("Allow numbers") << header << QByteArray(R"({"Allow":[1]})");
        QTest::newRow("alg none, yet signed") << QByteArray(R"({"alg":"none","typ":"JWT"})") << QByteArray(R"({"Allow":["admin"]})");
        QTest::newRow("alg HS512, yet signed") << QByteArray(R"({"alg":"HS512","typ":"JWT"})") << QByteArray(R"({"Allow":["admin"]})");
        QTest::newRow("no alg") << QByteArray("{}") << QByteArray(R"({"Allow":["admin"]})");
    }
    void refusesSignedTokensThatSayNothing() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, payload);
        const auto refused = verifyToken(kSecret, signToken(kSecret, header.toStdString(), payload.toStdString()));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::PermissionDenied);
        QVERIFY(refused.error().message().starts_with("JWT Verification failed: jwt: the "));
    }

    void showsPermissionsWithoutASecret() {
        const auto shown = peekPermissions(makeToken(Bytes(32, 9), {"read", "write"}));
        QVERIFY(shown);
        QVERIFY(*shown == (Permissions{"read", "write"}));
        QCOMPARE(peekPermissions("xyz").error().code(), ErrorCode::Corrupt);
        QCOMPARE(peekPermissions(unsignedToken(kHeader, "{}")).error().code(), ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestJwt)
#include "tst_jwt.moc"
