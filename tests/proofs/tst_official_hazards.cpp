// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/parent_cache_file.h"
#include "sealed_sector.h"

using namespace lsw;
using namespace lsw::proofs;
using sector::PaddedBytes;
using sector::UnpaddedBytes;

/// What the official crate does wrong without a word, or leaves behind. Each of these made another CommR, or a file that should not
/// be there.
class TestOfficialHazards : public QObject {
    Q_OBJECT

    QTemporaryDir m_shared;
    static constexpr const char* kCommR = "44b5ab3124ececb873468b41109584bbd24455305df6c3331736319e0ba5a726";
    static constexpr const char* kData = "2KiB-V1_1-pattern";

    static std::filesystem::path vectorCache() { return vectorPath(kData) / "cache"; }

private Q_SLOTS:
    void initTestCase() {
        qputenv("FIL_PROOFS_PARENT_CACHE", m_shared.filePath(QStringLiteral("parents")).toLocal8Bit());
        qputenv("FIL_PROOFS_PARAMETER_CACHE", m_shared.filePath(QStringLiteral("parameters")).toLocal8Bit());
    }

    void filesLeftInTheCacheAreNotBelieved_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("layer 1 of garbage") << QByteArray("sc-02-data-layer-1.dat") << QByteArray(2048, '\x11');
        QTest::newRow("layer 2 of garbage") << QByteArray("sc-02-data-layer-2.dat") << QByteArray(2048, '\x22');
        QTest::newRow("a short layer") << QByteArray("sc-02-data-layer-1.dat") << QByteArray(100, '\x11');
        QTest::newRow("a torn layer") << QByteArray("sc-02-data-layer-1..tmp") << QByteArray(100, '\x11');
        QTest::newRow("tree D of zeros") << QByteArray("sc-02-data-tree-d.dat") << QByteArray(4064, '\0');
        QTest::newRow("tree C of garbage") << QByteArray("sc-02-data-tree-c.dat") << QByteArray(2336, '\x11');
        QTest::newRow("a short tree C") << QByteArray("sc-02-data-tree-c.dat") << QByteArray(1000, '\x11');
        QTest::newRow("tree R last") << QByteArray("sc-02-data-tree-r-last.dat") << QByteArray(32, '\x11');
        QTest::newRow("p_aux") << QByteArray("p_aux") << QByteArray(64, '\x11');
    }
    void filesLeftInTheCacheAreNotBelieved() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, content);
        SealedSector sector(5, kData);
        std::filesystem::create_directory(sector.cache);
        writeFile(sector.cache / name.toStdString(), content);
        writeFile(sector.cache / "notes.txt", "not ours");
        LSW_DONE(sector.preCommit1());
        // PC2 by another worker may have ended in the middle.
        if (name.contains("tree-c") || name.contains("tree-r") || name == "p_aux") writeFile(sector.cache / name.toStdString(), content);
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
        QCOMPARE(contentOf(sector.cache / "notes.txt"), QByteArray("not ours"));
    }
    void preCommitTwoGivesTheSameTwice() {
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        const QByteArray replica = contentOf(sector.sealed);
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
        QCOMPARE(contentOf(sector.sealed), replica);
        LSW_DONE(sector.commit1());
        // Nor does it matter what became of the replica.
        std::filesystem::remove(sector.sealed);
        LSW_DONE(sector.preCommit2());
        QCOMPARE(contentOf(sector.sealed), replica);
        writeFile(sector.sealed, QByteArray(5000, 'x'));
        LSW_DONE(sector.preCommit2());
        QCOMPARE(contentOf(sector.sealed), replica);
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
    }
    void preCommitOneGivesTheSameTwice() {
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        LSW_DONE(sector.preCommit1());
        QCOMPARE(sector.cacheFiles().size(), 3);
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
    }
    void aCacheUsedForAnotherSectorIsEmptied() {
        SealedSector sector(5, kData);
        const Bytes32 ticket = sector.ticket;
        sector.ticket = counting(50);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        QVERIFY(hex(sector.phase2.commR) != QByteArray(kCommR));
        sector.ticket = ticket;
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
    }
    void aReadOnlyReplicaLeftBehindIsReplaced() {
        SealedSector sector(5, kData);
        writeFile(sector.sealed, "old");
        std::filesystem::permissions(sector.sealed, std::filesystem::perms::owner_read);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
    }
    void theTrailerOfAnUnsealedFileIsLeftOut() {
        SealedSector sector(5, kData);
        writeFile(sector.unsealed, contentOf(sector.unsealed) + QByteArray::fromHex("04100203000000"));
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
        QCOMPARE(contentOf(sector.sealed).size(), qsizetype(2048));
    }
    void filesOfPreCommitOneAreAskedFor_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("size"); // -1: removed
        QTest::addColumn<int>("code");
        QTest::newRow("no layer") << QByteArray("sc-02-data-layer-2.dat") << -1 << int(ErrorCode::NotFound);
        QTest::newRow("a short layer") << QByteArray("sc-02-data-layer-1.dat") << 2047 << int(ErrorCode::Corrupt);
        QTest::newRow("no tree D") << QByteArray("sc-02-data-tree-d.dat") << -1 << int(ErrorCode::NotFound);
        QTest::newRow("tree D of other data") << QByteArray("sc-02-data-tree-d.dat") << 4064 << int(ErrorCode::Corrupt);
    }
    void filesOfPreCommitOneAreAskedFor() {
        QFETCH(QByteArray, name);
        QFETCH(int, size);
        QFETCH(int, code);
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        const auto file = sector.cache / name.toStdString();
        if (size < 0)
            std::filesystem::remove(file);
        else
            writeFile(file, QByteArray(size, '\0'));
        LSW_REFUSED(sector.preCommit2(), static_cast<ErrorCode>(code));
    }
    void outputsThatAreNoneAreRefused_data() {
        QTest::addColumn<QByteArray>("output");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("nothing inside") << QByteArray("{}");
        QTest::newRow("no CommD") << QByteArray(R"({"registered_proof":"StackedDrg2KiBV1_1"})");
        QTest::newRow("a short CommD") << QByteArray(R"({"registered_proof":"StackedDrg2KiBV1_1","comm_d":[1,2,3]})");
    }
    void outputsThatAreNoneAreRefused() {
        QFETCH(QByteArray, output);
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        sector.phase1 = output.toStdString();
        LSW_REFUSED(sector.preCommit2(), ErrorCode::InvalidArgument);
        LSW_REFUSED(sector.engine.commit2({output.toStdString(), sector.id}, {}), ErrorCode::InvalidArgument);
    }
    void whatLotusAddsToTheOutputIsNoMatter() {
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        sector.phase1.insert(1, R"("_lotus_SealRandomness":"AQID",)");
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
    }

    void piecesMustFillTheSector() {
        SealedSector sector(5, kData);
        const std::vector<PieceInfo> good = sector.pieces;
        const auto piece = [](std::uint64_t size) { return PieceInfo{PaddedBytes{size}, zeroCommitment(PaddedBytes{size})}; };
        for (const auto& pieces : std::vector<std::vector<PieceInfo>>{
                 {},
                 {piece(1024)},
                 {piece(1024), piece(1024), piece(128)},
                 {piece(4096)},
                 {piece(128), piece(1024), piece(512), piece(256), piece(128)},
                 {PieceInfo{PaddedBytes{2048}, {}}},
                 {PieceInfo{PaddedBytes{100}, zeroCommitment(PaddedBytes{128})}},
                 {PieceInfo{PaddedBytes{0}, zeroCommitment(PaddedBytes{128})}, good.front()},
             }) {
            sector.pieces = pieces;
            LSW_REFUSED(sector.preCommit1(), ErrorCode::InvalidArgument);
        }
        QVERIFY(!std::filesystem::exists(sector.cache));
        QVERIFY(!std::filesystem::exists(sector.sealed));
        sector.pieces = {piece(1024), piece(1024)};
        LSW_REFUSED(sector.preCommit1(), ErrorCode::VerificationFailed);
    }
    void dataThatAreNoFieldElementsAreRefusedByTheirOffset() {
        SealedSector sector(5, kData);
        QByteArray data = contentOf(sector.unsealed);
        data[10 * 32 + 31] = '\xff';
        writeFile(sector.unsealed, data);
        const auto refused = sector.preCommit1();
        QCOMPARE(refused.error().code(), ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message().find("offset 320") != std::string::npos);

        const OpenFile source(sector.unsealed);
        writeFile(sector.root / "target", {});
        const auto added =
            sector.engine.addPiece({sector.proof, sector.root / "target", PaddedBytes{0}, UnpaddedBytes{2032}, {source.fd(), true}}, {});
        QCOMPARE(added.error().code(), ErrorCode::InvalidArgument);
        QVERIFY(added.error().message().find("offset 320") != std::string::npos);
    }
    void filesThatAreNotThereAreNamed() {
        SealedSector sector(5, kData);
        std::filesystem::remove(sector.unsealed);
        const auto refused = sector.preCommit1();
        QCOMPARE(refused.error().code(), ErrorCode::NotFound);
        QVERIFY(refused.error().message().find(sector.unsealed.string()) != std::string::npos);
        writeFile(sector.unsealed, QByteArray(2047, '\0'));
        LSW_REFUSED(sector.preCommit1(), ErrorCode::Corrupt);
        LSW_REFUSED(sector.commit1(), ErrorCode::NotFound);
        LSW_REFUSED(sector.engine.clearCache({sector.root / "none", false}, {}), ErrorCode::NotFound);
        sector.proof = static_cast<SealProof>(99);
        LSW_REFUSED(sector.preCommit1(), ErrorCode::Unsupported);
    }
    void aFolderTheCrateWouldMistakeForAFileIsRefused() {
        SealedSector sector(5, kData);
        sector.cache = sector.root / "my.data" / "cache";
        LSW_REFUSED(sector.preCommit1(), ErrorCode::InvalidArgument);
    }

    void piecesAreRefusedBeforeAnythingIsWritten() {
        SealedSector sector(5, kData);
        const QByteArray before = contentOf(sector.unsealed);
        const auto add = [&](std::uint64_t offset, std::uint64_t size) {
            return sector.engine.addPiece({sector.proof, sector.unsealed, PaddedBytes{offset}, UnpaddedBytes{size}, {}}, {});
        };
        LSW_REFUSED(add(0, 126), ErrorCode::InvalidArgument);
        LSW_REFUSED(add(0, 127 * 3), ErrorCode::InvalidArgument);
        LSW_REFUSED(add(128, 254), ErrorCode::InvalidArgument);
        LSW_REFUSED(add(2048, 127), ErrorCode::InvalidArgument);
        LSW_REFUSED(add(0, 4064), ErrorCode::InvalidArgument);
        QCOMPARE(contentOf(sector.unsealed), before);
    }
    void aSourceThatEndsEarlyIsSaid() {
        SealedSector sector(5, kData);
        for (const qsizetype size : {0, 1, 127, 2031}) {
            writeFile(sector.root / "short", QByteArray(size, 'x'));
            const OpenFile source(sector.root / "short");
            const auto added =
                sector.engine.addPiece({sector.proof, sector.unsealed, PaddedBytes{0}, UnpaddedBytes{2032}, {source.fd()}}, {});
            QCOMPARE(added.error().code(), ErrorCode::InvalidArgument);
            QVERIFY2(added.error().message().find("ended after " + std::to_string(size) + " bytes") != std::string::npos,
                     added.error().message().c_str());
        }
    }
    void aFullDiskIsSaid() {
        // The crate leaves the last bytes of a piece to a destructor, which cannot report.
        SealedSector sector(5, kData);
        const OpenFile source(sector.unsealed);
        LSW_REFUSED(sector.engine.addPiece({sector.proof, "/dev/full", PaddedBytes{0}, UnpaddedBytes{2032}, {source.fd()}}, {}),
                    ErrorCode::NoSpace);
        LSW_REFUSED(sector.engine.addPiece({sector.proof, "/dev/full", PaddedBytes{0}, UnpaddedBytes{2032}, {}}, {}), ErrorCode::NoSpace);
        const OpenFile padded(sector.unsealed);
        LSW_REFUSED(sector.engine.addPiece({sector.proof, "/dev/full", PaddedBytes{0}, UnpaddedBytes{2032}, {padded.fd(), true}}, {}),
                    ErrorCode::NoSpace);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        std::filesystem::create_directory(sector.root / "scratch");
        LSW_REFUSED(sector.engine.unseal({sector.proof, sector.id, sector.ticket, sector.phase2.commD, sector.sealed, sector.cache,
                                          sector.root / "scratch", "/dev/full", true, UnpaddedBytes{0}, UnpaddedBytes{2032}},
                                         {}),
                    ErrorCode::NoSpace);
    }
    void aSourceThatCannotBeReadIsSaid() {
        SealedSector sector(5, kData);
        const OpenFile folder(sector.root);
        LSW_REFUSED(sector.engine.addPiece({sector.proof, sector.unsealed, PaddedBytes{0}, UnpaddedBytes{2032}, {folder.fd()}}, {}),
                    ErrorCode::Io);
        LSW_REFUSED(sector.engine.pieceCommitment({UnpaddedBytes{2032}, {folder.fd()}}, {}), ErrorCode::Io);
    }

    void unsealingLeavesTheCacheAlone() {
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        LSW_DONE(sector.engine.clearCache({sector.cache, false}, {}));
        const QStringList before = sector.cacheFiles();
        std::filesystem::create_directory(sector.root / "scratch");
        writeFile(sector.root / "output", {});
        UnsealOrder order{sector.proof,  sector.id,        sector.ticket,           sector.phase2.commD,
                          sector.sealed, sector.cache,     sector.root / "scratch", sector.root / "output",
                          true,          UnpaddedBytes{0}, UnpaddedBytes{2032}};
        LSW_DONE(sector.engine.unseal(order, {}));
        QCOMPARE(contentOf(order.output), contentOf(sector.unsealed));
        QCOMPARE(sector.cacheFiles(), before);
        for (const QString& name : before)
            if (name != QLatin1String("t_aux"))
                QCOMPARE(contentOf(sector.cache / name.toStdString()), contentOf(vectorCache() / name.toStdString()));
        QVERIFY(std::filesystem::is_empty(order.scratch));
        QCOMPARE(contentOf(sector.sealed), contentOf(vectorPath(kData) / "sealed"));

        // Another ticket decodes to other bytes without an error of the crate's.
        order.ticket = counting(9);
        LSW_REFUSED(sector.engine.unseal(order, {}), ErrorCode::VerificationFailed);
        order.ticket = sector.ticket;
        order.offset = UnpaddedBytes{127};
        LSW_REFUSED(sector.engine.unseal(order, {}), ErrorCode::InvalidArgument);
        order.size = UnpaddedBytes{100};
        LSW_REFUSED(sector.engine.unseal(order, {}), ErrorCode::InvalidArgument);
        order.output = sector.root / "none";
        order.size = UnpaddedBytes{127};
        LSW_REFUSED(sector.engine.unseal(order, {}), ErrorCode::NotFound);
        QVERIFY(std::filesystem::is_empty(order.scratch));
    }
    void aCacheWithBracketsInItsNameIsCleared() {
        SealedSector sector(5, kData);
        sector.cache = sector.root / "cache [a-b]*";
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        writeFile(sector.cache / "notes.txt", "not ours");
        LSW_DONE(sector.engine.clearCache({sector.cache, false}, {}));
        QCOMPARE(sector.cacheFiles(), (QStringList{QStringLiteral("notes.txt"), QStringLiteral("p_aux"),
                                                   QStringLiteral("sc-02-data-tree-r-last.dat"), QStringLiteral("t_aux")}));
    }
    void aParentCacheTornByAKilledProcessIsMadeAgain() {
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        const auto file = parentCachePath(**sector::proofInfo(sector.proof));
        const QByteArray whole = contentOf(file);
        QCOMPARE(whole.size(), qsizetype(3584));
        QCOMPARE(QCryptographicHash::hash(whole, QCryptographicHash::Sha256).toHex().toStdString(), parentCacheDigest(**sector::proofInfo(sector.proof)));
        writeFile(file, whole.left(1000) + QByteArray(2584, '\0'));
        LSW_DONE(sector.preCommit1());
        QCOMPARE(contentOf(file), whole);
        LSW_DONE(sector.preCommit2());
        QCOMPARE(hex(sector.phase2.commR), QByteArray(kCommR));
    }
    void aStopIsHonouredBetweenSteps() {
        SealedSector sector(5, kData);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        std::stop_source stop;
        stop.request_stop();
        sector.context.stop = stop.get_token();
        const OpenFile source(sector.unsealed);
        LSW_REFUSED(sector.preCommit1(), ErrorCode::Cancelled);
        LSW_REFUSED(sector.commit1(), ErrorCode::Cancelled);
        LSW_REFUSED(
            sector.engine.addPiece({sector.proof, sector.unsealed, PaddedBytes{0}, UnpaddedBytes{2032}, {source.fd()}}, sector.context),
            ErrorCode::Cancelled);
        LSW_REFUSED(sector.engine.pieceCommitment({UnpaddedBytes{2032}, {source.fd()}}, sector.context), ErrorCode::Cancelled);
        LSW_REFUSED(sector.engine.testParameters({PaddedBytes{2048}}, sector.context), ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestOfficialHazards)
#include "tst_official_hazards.moc"
