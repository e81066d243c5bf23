// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "practice/practice_checks.h"
#include "proofs/fr32.h"
#include "proofs/piece_commitment.h"

using namespace lsw;
using namespace lsw::practice;

namespace {

Bytes pattern(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7 + 3);
    return out;
}

void write(const std::filesystem::path& file, const Bytes& bytes) {
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// The unsealed form of user bytes, zeros to the piece's end, and 6 bytes of trailer.
Bytes padded(Bytes user, std::size_t pieceBytes) {
    user.resize(pieceBytes);
    Bytes out;
    for (std::size_t at = 0; at < pieceBytes; at += 127) {
        std::array<std::uint8_t, 128> group{};
        proofs::padGroup(std::span<const std::uint8_t, 127>(user.data() + at, 127), group);
        out.insert(out.end(), group.begin(), group.end());
    }
    out.resize(out.size() + 6);
    return out;
}

} // namespace

class TestPracticeChecks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void piecesFillTheSector_data();
    void piecesFillTheSector();
    void dataLargerThanTheSectorAreRefused();
    void commitmentsOfThePlanMakeTheSectors();
    void equalDataPassTheComparison();
    void oneDifferentBitIsFoundAndNamed();
    void bytesAfterTheDataMustBeZero();
    void aShortUnsealedFileFails();
    void parametersAreKnownForPracticeSizesOnly();

private:
    QTemporaryDir m_temporary;
    std::filesystem::path at(const char* name) const { return std::filesystem::path(m_temporary.path().toStdString()) / name; }
};

void TestPracticeChecks::piecesFillTheSector_data() {
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QList<quint64>>("sizes");
    QTest::newRow("one byte") << quint64(1) << QList<quint64>{127, 127, 254, 508, 1016};
    QTest::newRow("127") << quint64(127) << QList<quint64>{127, 127, 254, 508, 1016};
    QTest::newRow("128") << quint64(128) << QList<quint64>{254, 254, 508, 1016};
    QTest::newRow("half") << quint64(1016) << QList<quint64>{1016, 1016};
    QTest::newRow("over half") << quint64(1017) << QList<quint64>{2032};
    QTest::newRow("full") << quint64(2032) << QList<quint64>{2032};
}

void TestPracticeChecks::piecesFillTheSector() {
    QFETCH(quint64, bytes);
    QFETCH(QList<quint64>, sizes);
    const auto plan = planPieces(bytes, {2048});
    QVERIFY(plan);
    QList<quint64> got;
    for (const PiecePlan& piece : *plan) got.append(piece.size.value);
    QCOMPARE(got, sizes);
    QVERIFY(plan->front().isData);
}

void TestPracticeChecks::dataLargerThanTheSectorAreRefused() {
    const auto plan = planPieces(2033, {2048});
    QVERIFY(!plan);
    QCOMPARE(plan.error().code(), ErrorCode::InvalidArgument);
}

void TestPracticeChecks::commitmentsOfThePlanMakeTheSectors() {
    write(at("data"), pattern(300));
    const auto plan = planPieces(300, {2048});
    QVERIFY(plan);
    const auto pieces = expectedPieces(at("data"), *plan, {});
    QVERIFY(pieces);
    QVERIFY(proofs::sectorCommitment({2048}, *pieces));
    // The same data in one piece of the sector's size are the same tree.
    const auto whole = proofs::pieceCommitmentOf(at("data"), sector::UnpaddedBytes{2032});
    QVERIFY(whole);
    QCOMPARE(*proofs::sectorCommitment({2048}, *pieces), whole->commitment);
}

void TestPracticeChecks::equalDataPassTheComparison() {
    write(at("data"), pattern(300));
    write(at("unsealed"), padded(pattern(300), 508));
    QVERIFY(compareUnsealed(at("unsealed"), at("data"), 300, {}));
}

void TestPracticeChecks::oneDifferentBitIsFoundAndNamed() {
    Bytes other = pattern(300);
    other[200] ^= 0x10;
    write(at("data"), pattern(300));
    write(at("unsealed"), padded(other, 508));
    const auto compared = compareUnsealed(at("unsealed"), at("data"), 300, {});
    QVERIFY(!compared);
    QCOMPARE(compared.error().code(), ErrorCode::VerificationFailed);
    QVERIFY(QString::fromStdString(compared.error().message()).endsWith(QStringLiteral("byte 200")));
}

void TestPracticeChecks::bytesAfterTheDataMustBeZero() {
    write(at("data"), pattern(300));
    write(at("unsealed"), padded(pattern(301), 508));
    QVERIFY(!compareUnsealed(at("unsealed"), at("data"), 300, {}));
}

void TestPracticeChecks::aShortUnsealedFileFails() {
    write(at("data"), pattern(300));
    Bytes unsealed = padded(pattern(300), 508);
    unsealed.resize(400);
    write(at("unsealed"), unsealed);
    QVERIFY(!compareUnsealed(at("unsealed"), at("data"), 300, {}));
}

void TestPracticeChecks::parametersAreKnownForPracticeSizesOnly() {
    QVERIFY(parameterFileName(2048).ends_with(".params"));
    QVERIFY(parameterFileName(8 << 20) != parameterFileName(2048));
    QVERIFY(parameterFileName(34359738368ULL).empty());
}

QTEST_GUILESS_MAIN(TestPracticeChecks)
#include "tst_practice_checks.moc"
