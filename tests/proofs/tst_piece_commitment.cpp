// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/piece_commitment.h"

#include <array>

#include <unistd.h>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "proofs/fr32.h"

using namespace lsw;
using namespace lsw::proofs;
using sector::PaddedBytes;
using sector::UnpaddedBytes;

class TestPieceCommitment : public QObject {
    Q_OBJECT

    static Bytes anyBytes(std::size_t size, std::uint64_t seed = 1) {
        Bytes out(size);
        for (auto& byte : out) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            byte = static_cast<std::uint8_t>(seed >> 56);
        }
        return out;
    }
    static Expected<PieceInfo> pieceOf(const Bytes& user, std::uint64_t size, std::size_t portion = 1000) {
        PieceHasher hasher;
        for (std::size_t at = 0; at < user.size(); at += portion)
            hasher.append(std::span(user).subspan(at, std::min(portion, user.size() - at)));
        return hasher.finish(UnpaddedBytes{size});
    }

private Q_SLOTS:
    void zerosHaveTheKnownCommitments_data() {
        QTest::addColumn<quint64>("padded");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("128 B") << quint64(128) << QByteArray("3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333");
        QTest::newRow("2 KiB") << quint64(2048) << QByteArray("fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833");
        QTest::newRow("8 MiB") << (quint64(8) << 20) << QByteArray("65f29e5d98d246c38b388cfc06db1f6b021303c5a289000bdce832a9c3ec421c");
        QTest::newRow("512 MiB") << (quint64(512) << 20) << QByteArray("39560e7b13a93b07a243fd2720ffa7cb3e1d2e505ab3629e79f46313512cda06");
        QTest::newRow("32 GiB") << (quint64(32) << 30) << QByteArray("077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e");
        QTest::newRow("64 GiB") << (quint64(64) << 30) << QByteArray("e64005a6bfe3777953b8ad6ef93f0fca1049b2041654f2a411f7702799cece02");
    }
    void zerosHaveTheKnownCommitments() {
        QFETCH(quint64, padded);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(toHex(zeroCommitment(PaddedBytes{padded}))), expected);
        const auto piece = zeroPiece(PaddedBytes{padded}.unpadded());
        QVERIFY(piece.hasValue());
        QCOMPARE(piece->size.value, padded);
        QCOMPARE(QByteArray::fromStdString(toHex(piece->commitment)), expected);
    }
    void aPieceOfOneGroupHasTheKnownCid() {
        const auto piece = pieceOf(Bytes(127, 0xcc), 127);
        QVERIFY(piece.hasValue());
        QCOMPARE(sector::unsealedCid(piece->commitment), std::string("baga6ea4seaqmfldjtozgne6adk7eve2vdxte7vzlivae7nzsbrawobo546zkijq"));
    }
    void portionsMakeNoDifference() {
        const Bytes user = anyBytes(127 * 64);
        const auto whole = pieceOf(user, user.size(), user.size());
        for (const std::size_t portion : {1U, 31U, 126U, 127U, 128U, 500U})
            QVERIFY(pieceOf(user, user.size(), portion)->commitment == whole->commitment);
    }
    void aShortSourceCountsAsFilledUpWithZeros() {
        for (const std::size_t size : {0U, 1U, 126U, 127U, 128U, 1000U, 3000U, 8127U}) {
            Bytes user = anyBytes(size);
            const auto cut = pieceOf(user, 127 * 64);
            user.resize(127 * 64);
            QVERIFY(cut->commitment == pieceOf(user, 127 * 64)->commitment);
        }
    }
    void aPieceSizeIsChecked() {
        QCOMPARE(pieceOf(Bytes(100), 128).error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(pieceOf(Bytes(128), 127).error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(pieceOf(Bytes(100), 127 * 3).error().code(), ErrorCode::InvalidArgument);
    }
    void groupsComeBackAfterPadding() {
        const Bytes user = anyBytes(127 * 50, 9);
        for (std::size_t at = 0; at < user.size(); at += 127) {
            std::array<std::uint8_t, 128> padded;
            std::array<std::uint8_t, 127> back;
            const std::span<const std::uint8_t, 127> group(user.data() + at, 127);
            padGroup(group, padded);
            for (const std::size_t top : {31U, 63U, 95U, 127U}) QCOMPARE(padded[top] >> 6, 0);
            unpadGroup(padded, back);
            QVERIFY(std::equal(group.begin(), group.end(), back.begin()));
        }
    }
    void paddingPutsTwoZeroBitsAfterEach254() {
        // Bit by bit, as the definition says.
        const Bytes user = anyBytes(127, 5);
        std::array<std::uint8_t, 128> expected{}, padded;
        for (unsigned bit = 0; bit < 127 * 8; ++bit) {
            const unsigned to = bit + 2 * (bit / 254);
            if (user[bit / 8] >> (bit % 8) & 1) expected[to / 8] = static_cast<std::uint8_t>(expected[to / 8] | 1U << (to % 8));
        }
        padGroup(std::span<const std::uint8_t, 127>(user.data(), 127), padded);
        QVERIFY(padded == expected);
    }
    void filesAndPipesHashAlike() {
        const Bytes user = anyBytes(5000);
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("piece")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char*>(user.data()), static_cast<qint64>(user.size()));
        file.close();
        const auto expected = pieceOf(user, 127 * 64);
        QVERIFY(pieceCommitmentOf(std::filesystem::path(file.fileName().toStdString()), UnpaddedBytes{127 * 64})->commitment ==
                expected->commitment);
        std::array<int, 2> ends{};
        QCOMPARE(::pipe(ends.data()), 0);
        QCOMPARE(::write(ends[1], user.data(), user.size()), static_cast<ssize_t>(user.size()));
        ::close(ends[1]);
        std::uint64_t seen = 0;
        QVERIFY(pieceCommitmentOf(ends[0], UnpaddedBytes{127 * 64}, {}, [&](std::uint64_t bytes) { seen = bytes; })->commitment ==
                expected->commitment);
        ::close(ends[0]);
        QCOMPARE(seen, std::uint64_t(5000));
        QCOMPARE(pieceCommitmentOf(std::filesystem::path(file.fileName().toStdString()), UnpaddedBytes{127 * 32}).error().code(),
                 ErrorCode::InvalidArgument);
        QCOMPARE(pieceCommitmentOf(std::filesystem::path("/nowhere/at/all"), UnpaddedBytes{127}).error().code(), ErrorCode::NotFound);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(
            pieceCommitmentOf(std::filesystem::path(file.fileName().toStdString()), UnpaddedBytes{8128}, stop.get_token()).error().code(),
            ErrorCode::Cancelled);
    }
    void aSectorIsTheTreeOverItsPieces() {
        // The same data as one piece, and as pieces of 1, 1, 2 and 4 groups with the second half of the sector empty.
        Bytes user = anyBytes(127 * 8);
        const auto part = [&](std::size_t begin, std::size_t count) {
            return *pieceOf(Bytes(user.begin() + static_cast<std::ptrdiff_t>(127 * begin),
                                  user.begin() + static_cast<std::ptrdiff_t>(127 * (begin + count))),
                            127 * count);
        };
        const std::vector<PieceInfo> pieces{part(0, 1), part(1, 1), part(2, 2), part(4, 4)};
        const auto sum = sectorCommitment(PaddedBytes{2048}, pieces);
        QVERIFY(sum.hasValue());
        user.resize(127 * 16);
        QVERIFY(*sum == pieceOf(user, 127 * 16)->commitment);
        QVERIFY(*sectorCommitment(PaddedBytes{2048}, {}) == zeroCommitment(PaddedBytes{2048}));
    }
    void aPieceThatMustBeAlignedLeavesAGapOfZeros() {
        const Bytes small = anyBytes(127, 3), large = anyBytes(127 * 4, 4);
        Bytes user = small;
        user.resize(127 * 4);
        user.insert(user.end(), large.begin(), large.end());
        user.resize(127 * 16);
        const std::vector<PieceInfo> pieces{*pieceOf(small, 127), *pieceOf(large, 127 * 4)};
        QVERIFY(*sectorCommitment(PaddedBytes{2048}, pieces) == pieceOf(user, 127 * 16)->commitment);
    }
    void piecesThatDoNotFitAreRefused() {
        const PieceInfo half{PaddedBytes{1024}, zeroCommitment(PaddedBytes{1024})},
            small{PaddedBytes{128}, zeroCommitment(PaddedBytes{128})};
        QCOMPARE(sectorCommitment(PaddedBytes{2048}, std::vector{half, half, small}).error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(sectorCommitment(PaddedBytes{2048}, std::vector{small, half, half}).error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(sectorCommitment(PaddedBytes{2048}, std::vector{PieceInfo{PaddedBytes{4096}, half.commitment}}).error().code(),
                 ErrorCode::InvalidArgument);
        QCOMPARE(sectorCommitment(PaddedBytes{2048}, std::vector{PieceInfo{PaddedBytes{100}, half.commitment}}).error().code(),
                 ErrorCode::InvalidArgument);
    }
    void wordsAtTheOrderOfTheFieldAreTold_data() {
        QTest::addColumn<QByteArray>("word"); // most significant byte first
        QTest::addColumn<bool>("isElement");
        QTest::newRow("zero") << QByteArray(64, '0') << true;
        QTest::newRow("order - 1") << QByteArray("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000") << true;
        QTest::newRow("order") << QByteArray("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001") << false;
        QTest::newRow("order + 1") << QByteArray("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000002") << false;
        QTest::newRow("254 bits of ones") << QByteArray("3f") + QByteArray(62, 'f') << true;
        QTest::newRow("256 bits of ones") << QByteArray(64, 'f') << false;
        QTest::newRow("second byte above") << QByteArray("73ee") + QByteArray(60, '0') << false;
        QTest::newRow("second byte below") << QByteArray("73ec") + QByteArray(60, 'f') << true;
    }
    void wordsAtTheOrderOfTheFieldAreTold() {
        QFETCH(QByteArray, word);
        QFETCH(bool, isElement);
        QByteArray bytes = QByteArray::fromHex(word);
        std::reverse(bytes.begin(), bytes.end());
        Bytes nodes(96, 0);
        std::copy(bytes.begin(), bytes.end(), nodes.begin() + 64);
        const auto bad = firstNonFieldElement(nodes);
        QCOMPARE(bad.has_value(), !isElement);
        if (bad) QCOMPARE(*bad, std::uint64_t(64));
    }
    void aFileThatIsNotPaddedIsRefusedWithTheOffset() {
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("padded")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray data(2048, '\0');
        data[5 * 32 + 31] = '\xff';
        file.write(data);
        file.flush();
        const auto checked = checkFieldElements(file.handle(), 0, PaddedBytes{2048});
        QCOMPARE(checked.error().code(), ErrorCode::InvalidArgument);
        QVERIFY(checked.error().message().find("offset 160") != std::string::npos);
        QVERIFY(checkFieldElements(file.handle(), 1024, PaddedBytes{1024}).hasValue());
        QCOMPARE(checkFieldElements(file.handle(), 1024, PaddedBytes{2048}).error().code(), ErrorCode::InvalidArgument);
        const auto root = paddedCommitmentOf(file.handle(), 1024, PaddedBytes{1024});
        QVERIFY(*root == zeroCommitment(PaddedBytes{1024}));
        QCOMPARE(paddedCommitmentOf(file.handle(), 1024, PaddedBytes{2048}).error().code(), ErrorCode::Corrupt);
    }
};

QTEST_APPLESS_MAIN(TestPieceCommitment)
#include "tst_piece_commitment.moc"
