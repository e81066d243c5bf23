// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/bytes.h"

#include <QtTest/QtTest>

using namespace lsw;

class TestBytes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void base64IsWhatGoWrites_data() {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("one") << QByteArray("f") << QByteArray("Zg==");
        QTest::newRow("two") << QByteArray("fo") << QByteArray("Zm8=");
        QTest::newRow("three") << QByteArray("foo") << QByteArray("Zm9v");
        QTest::newRow("high") << QByteArray("\xff\xfe\xfd") << QByteArray("//79");
    }
    void base64IsWhatGoWrites() {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, text);
        const std::string encoded = toBase64(asBytes(std::string_view(raw.data(), static_cast<std::size_t>(raw.size()))));
        QCOMPARE(QByteArray::fromStdString(encoded), text);
        const auto back = fromBase64(encoded);
        QVERIFY(back.hasValue());
        QCOMPARE(QByteArray(reinterpret_cast<const char*>(back->data()), static_cast<qsizetype>(back->size())), raw);
    }
    void base64RefusesWhatIsNone_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("one digit") << QByteArray("Z");
        QTest::newRow("no padding") << QByteArray("Zg");
        QTest::newRow("text after padding") << QByteArray("Zg==Zg==");
        QTest::newRow("space") << QByteArray("Zm 9v");
        QTest::newRow("three pads") << QByteArray("Z===");
    }
    void base64RefusesWhatIsNone() {
        QFETCH(QByteArray, text);
        QVERIFY(!fromBase64(text.toStdString()).hasValue());
    }
    void base64SkipsLineBreaks() { QCOMPARE(fromBase64("Zm9v\r\nZm9v")->size(), std::size_t(6)); }
    void base32RoundTrips() {
        for (std::size_t n = 0; n < 40; ++n) {
            Bytes in(n);
            for (std::size_t i = 0; i < n; ++i) in[i] = static_cast<std::uint8_t>(i * 37 + n);
            const auto back = fromBase32(toBase32(in, n % 2 == 0));
            QVERIFY(back.hasValue());
            QCOMPARE(*back, in);
        }
    }
    void keystoreNameOfTheApiSecret() {
        QCOMPARE(toBase32(asBytes("auth-jwt-private"), true), std::string("MF2XI2BNNJ3XILLQOJUXMYLUMU"));
    }
    void hexNamesWhatIsWrong() {
        QVERIFY(bytes32FromHex(std::string(64, 'a'), "ticket").hasValue());
        const auto tooShort = bytes32FromHex("abcd", "ticket");
        QVERIFY(!tooShort.hasValue());
        QVERIFY(tooShort.error().message().find("ticket") != std::string::npos);
        QVERIFY(!fromHex("zz").hasValue());
        QVERIFY(!fromHex("abc").hasValue());
    }
    void errorsReadFromOutsideIn() {
        const Error e = Error(ErrorCode::Io, "broken").whileDoing("reading a").whileDoing("sealing b");
        QCOMPARE(e.message(), std::string("sealing b: reading a: broken"));
    }
};

QTEST_APPLESS_MAIN(TestBytes)
#include "tst_bytes.moc"
