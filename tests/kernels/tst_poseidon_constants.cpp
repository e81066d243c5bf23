// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "kernels/poseidon/poseidon.h"
#include "kernels/poseidon/poseidon_constants.h"

using namespace lsw::kernels;

namespace {
QByteArray hexOf(const Fr& value) {
    QByteArray bytes(32, '\0');
    frToBytes(value, reinterpret_cast<std::uint8_t*>(bytes.data()));
    return bytes.toHex();
}
QByteArray backwards(const Fr& value) {
    QByteArray bytes = QByteArray::fromHex(hexOf(value));
    std::reverse(bytes.begin(), bytes.end());
    return bytes.toHex();
}
} // namespace

/// What the rule gives, against published values.
class TestPoseidonConstants : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theConstantsAreThePublishedOnes_data();
    void theConstantsAreThePublishedOnes();
    void theDigestsAreThePublishedOnes_data();
    void theDigestsAreThePublishedOnes();
    void theReplicaCommitmentOfLotusComesOut();
    void invertingUndoesMultiplying();
};

void TestPoseidonConstants::theConstantsAreThePublishedOnes_data() {
    QTest::addColumn<int>("arity");
    QTest::addColumn<int>("count");
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("last");
    QTest::newRow("2") << 2 << 189 << QByteArray("669f064bfa3ae17a23bd51861dbb4a24501eac92a2758b36a7320a009d6ed3d8")
                       << QByteArray("60dfbfa5d5dd06351a917a05466e5884ed12e38ec24d5bb80be0abe065395e5c");
    QTest::newRow("8") << 8 << 585 << QByteArray("6ce90d12c4045fe08c3caddb776dd84ac52b4ae7e48cd49443984154f2f4c2f9")
                       << QByteArray("3b3a75eb91b0f723bcc4ab7e449e4a011b8960063efe74670c05e545519d9a8c");
    QTest::newRow("11") << 11 << 780 << QByteArray("1f6c9576e648b5047399bfc5f38902e0d506f18e0f3ab77de6de096bd089bce4")
                        << QByteArray("4543ca937ff30a73db73c95cf11b2f641c744cc5d6a08d197c29ea4e2aab6a16");
}

void TestPoseidonConstants::theConstantsAreThePublishedOnes() {
    QFETCH(int, arity);
    const auto& of = poseidon::constants(static_cast<std::size_t>(arity));
    QTEST(static_cast<int>(of.round.size() * of.width), "count");
    QTEST(backwards(of.round.front().front()), "first");
    QTEST(backwards(of.round.back().back()), "last");
}

void TestPoseidonConstants::theDigestsAreThePublishedOnes_data() {
    QTest::addColumn<int>("arity");
    QTest::addColumn<QByteArray>("digest");
    QTest::newRow("2") << 2 << QByteArray("ffe7029a363c202e9da6059d33a9fba661e1ef02d90f9e736ba5765ed7086539");
    QTest::newRow("8") << 8 << QByteArray("e6a5386df534992ad9aec49c9d2e684b777067114200011255dea5a31d619423");
    QTest::newRow("11") << 11 << QByteArray("6331692bc3bbe3cec18fb0ccd8dcf3097ae8eb32e237a56c287f22e5b2c10f0c");
}

void TestPoseidonConstants::theDigestsAreThePublishedOnes() {
    QFETCH(int, arity);
    FrVector inputs;
    for (int i = 0; i < arity; ++i) inputs.push_back(frFrom(static_cast<std::uint64_t>(i)));
    QTEST(hexOf(poseidon::constants(static_cast<std::size_t>(arity)).hash(inputs)), "digest");
}

void TestPoseidonConstants::theReplicaCommitmentOfLotusComesOut() {
    const QByteArray two = QByteArray::fromHex("091e073b982f66f013c026da6e54d87dbf8bba848ef57a5529c7e7f72c828843"
                                               "f0c5785c6c8cf62d968b1ecd68edb9d91eb9445c7858a60026f8826860f7e768");
    QByteArray out(32, '\0');
    poseidonHash({reinterpret_cast<const std::uint8_t*>(two.constData()), 64}, reinterpret_cast<std::uint8_t*>(out.data()));
    QCOMPARE(out.toHex(), QByteArray("e674d19e6ce7fcf33bbfd9b343a0ceb12d2831d1da543161891ebccad2c6db01"));
}

void TestPoseidonConstants::invertingUndoesMultiplying() {
    for (const std::uint64_t number : {1ULL, 2ULL, 12345678901234567ULL}) QCOMPARE(frFrom(number) * frInverse(frFrom(number)), frFrom(1));
    QCOMPARE(frPowerOfTwo(-64) * frPowerOfTwo(64), frFrom(1));
    const auto& mds = poseidon::constants(8).mds;
    const FrMatrix one = product(mds, inverse(mds));
    for (std::size_t i = 0; i < one.size(); ++i)
        for (std::size_t j = 0; j < one.size(); ++j) QCOMPARE(one[i][j], frFrom(i == j ? 1 : 0));
}

QTEST_GUILESS_MAIN(TestPoseidonConstants)
#include "tst_poseidon_constants.moc"
