// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/commitment_cid.h"
#include "sector/post_proof.h"
#include "sector/proof_type.h"
#include "sector/sector_files.h"
#include "sector/sector_id.h"

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::sector;

class TestVocabulary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sectorNamesRoundTrip() {
        QCOMPARE(sectorName({1000, 7}), std::string("s-t01000-7"));
        QVERIFY(*parseSectorName("s-t01000-7") == (SectorId{1000, 7}));
        for (const char* bad : {"s-t01000-", "s-f01000-7", "s-t01000-07", "s-t01000-7.tmp", "", "s-t0-1", "s-t01000-99999999999999999999"})
            QVERIFY2(!parseSectorName(bad).hasValue(), bad);
    }
    void proverIdIsLeb128() {
        const Bytes32 id = proverId(1000);
        QCOMPARE(toHex(id).substr(0, 6), std::string("e80700"));
        QCOMPARE(int(proverId(0)[0]), 0);
    }
    void everyProofNumberHasItsRow() {
        QCOMPARE(allSealProofs().size(), std::size_t(20));
        for (std::size_t i = 0; i < 20; ++i) {
            const ProofInfo& row = allSealProofs()[i];
            QCOMPARE(row.number(), std::int64_t(i));
            QVERIFY(*parseProof(row.name) == &row);
            QVERIFY(*parseProof(std::to_string(i)) == &row);
        }
        QVERIFY(!parseProof("20").hasValue());
        QVERIFY(!parseProof("-1").hasValue());
        QVERIFY(!proofInfo(SealProof{-1}).hasValue());
        QCOMPARE((*parseProof("8"))->baseTrees, 8);
        QCOMPARE((*parseProof("stackeddrg64gibv1_1"))->layers, 11);
    }
    void everyPostProofNumberHasItsRow() {
        QCOMPARE(allPostProofs().size(), std::size_t(15));
        for (std::size_t i = 0; i < 15; ++i) {
            const PostProofInfo& row = allPostProofs()[i];
            QCOMPARE(row.number(), std::int64_t(i));
            QCOMPARE(*postProofInfo(PostProof(i)), &row);
            QCOMPARE(row.sectorSize.value, allSealProofs()[i % 5].sectorSize.value);
            QCOMPARE(row.isWindow, i >= 5);
            QCOMPARE(row.name.find(i < 5 ? "Winning" : "Window") != std::string_view::npos, true);
            QVERIFY(row.name.find(sizeName(row.sectorSize.value)) != std::string_view::npos);
        }
        QCOMPARE((*postProofInfo(PostProof{13}))->sectorsPerPartition, 2349);
        QCOMPARE((*postProofInfo(PostProof{9}))->sectorsPerPartition, 2300);
        QCOMPARE(postProofInfo(PostProof{15}).error().code(), ErrorCode::Unsupported);
        QVERIFY(!postProofInfo(PostProof{-1}));
    }
    void fileSizesAreThoseOfTheOfficialCode_data() {
        QTest::addColumn<int>("proof");
        QTest::addColumn<quint64>("treeD");
        QTest::addColumn<quint64>("treeC");
        QTest::addColumn<quint64>("treeRLast");
        QTest::addColumn<int>("files");
        QTest::newRow("2KiB") << 5 << quint64(4064) << quint64(2336) << quint64(32) << 1;
        QTest::newRow("8MiB") << 6 << quint64(16777184) << quint64(9586976) << quint64(18720) << 1;
        QTest::newRow("512MiB") << 7 << quint64(1073741792) << quint64(613566752) << quint64(1198368) << 1;
        QTest::newRow("32GiB") << 8 << quint64(68719476704) << quint64(4908534048) << quint64(9586976) << 8;
        QTest::newRow("64GiB") << 9 << quint64(137438953440) << quint64(4908534048) << quint64(9586976) << 16;
    }
    void fileSizesAreThoseOfTheOfficialCode() {
        QFETCH(int, proof);
        QFETCH(quint64, treeD);
        QFETCH(quint64, treeC);
        QFETCH(quint64, treeRLast);
        QFETCH(int, files);
        const ProofInfo& info = allSealProofs()[static_cast<std::size_t>(proof)];
        QCOMPARE(quint64(treeDFile(info).size), treeD);
        QCOMPARE(quint64(treeCFiles(info).front().size), treeC);
        QCOMPARE(quint64(treeRLastFiles(info).front().size), treeRLast);
        QCOMPARE(int(treeCFiles(info).size()), files);
        QCOMPARE(int(layerFiles(info).size()), info.layers);
        QCOMPARE(treeCFiles(info).back().name,
                 files == 1 ? std::string("sc-02-data-tree-c.dat")
                            : "sc-02-data-tree-c-" + std::to_string(files - 1) + ".dat");
    }
    void syntheticFileSizes() {
        QCOMPARE(syntheticProofFileSize(allSealProofs()[10]), std::uint64_t(575072));
        QCOMPARE(syntheticProofFileSize(allSealProofs()[13]), std::uint64_t(11205083232));
    }
    void paddingOfSizes() {
        QCOMPARE(PaddedBytes{2048}.unpadded().value, std::uint64_t(2032));
        QCOMPARE(UnpaddedBytes{2032}.padded().value, std::uint64_t(2048));
        QVERIFY(UnpaddedBytes{127}.isPieceSize());
        QVERIFY(!UnpaddedBytes{254 + 127}.isPieceSize());
        QVERIFY(!UnpaddedBytes{0}.isPieceSize());
        QCOMPARE(pieceSizeFor(1).value, std::uint64_t(127));
        QCOMPARE(pieceSizeFor(128).value, std::uint64_t(254));
    }
    void cidsAreThoseOfTheChain() {
        const Commitment zero2k = *bytes32FromHex("fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833", "c");
        const std::string cid = "baga6ea4seaqpy7usqklokfx2vxuynmupslkeutzexe2uqurdg5vhtebhxqmpqmy";
        QCOMPARE(unsealedCid(zero2k), cid);
        QCOMPARE(*commitmentFromUnsealedCid(cid), zero2k);
        const Commitment commR = *bytes32FromHex("44b5ab3124ececb873468b41109584bbd24455305df6c3331736319e0ba5a726", "c");
        QCOMPARE(sealedCid(commR), std::string("bagboea4b5abcarfvvmysj3hmxbzunc2bcckyjo6sirktaxpwymzronrrtyf2ljzg"));
        QVERIFY(!commitmentFromUnsealedCid(sealedCid(commR)).hasValue());
        QVERIFY(!commitmentFromSealedCid("bagboea").hasValue());
        QVERIFY(!commitmentFromSealedCid("").hasValue());
    }
    void minerIds() {
        QCOMPARE(*parseMinerId("f01000"), std::uint64_t(1000));
        QCOMPARE(*parseMinerId("1000"), std::uint64_t(1000));
        QVERIFY(!parseMinerId("f1abc").hasValue());
        QVERIFY(!parseMinerId("").hasValue());
    }
};

QTEST_APPLESS_MAIN(TestVocabulary)
#include "tst_vocabulary.moc"
