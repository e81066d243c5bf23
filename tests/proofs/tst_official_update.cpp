// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QCryptographicHash>

#include "updated_sector.h"

using namespace lsw;
using namespace lsw::proofs;

/// Updates and what leads back from them, byte for byte what a stock worker gave; and what the crate would do silently wrong.
class TestOfficialUpdate : public QObject {
    Q_OBJECT

    QTemporaryDir m_shared;

private Q_SLOTS:
    void initTestCase() {
        // Read once, when the crate is first called.
        qputenv("FIL_PROOFS_PARENT_CACHE", m_shared.filePath(QStringLiteral("parents")).toLocal8Bit());
        qputenv("FIL_PROOFS_PARAMETER_CACHE", m_shared.filePath(QStringLiteral("no-parameters")).toLocal8Bit());
    }

    void anUpdateIsTheRecordedOne() {
        UpdatedSector sector;
        writeFile(sector.unsealed, contentOf(UpdatedSector::recorded("unsealed")) + QByteArray("trailer"));
        const auto before = sector.sectorFiles();
        std::vector<Progress> seen;
        std::mutex mutex;
        sector.context.report = [&](const Progress& progress) {
            const std::lock_guard lock(mutex);
            seen.push_back(progress);
        };
        const auto result = sector.replicaUpdate();
        LSW_DONE(result);
        QCOMPARE(hex(result->commR), hex(UpdatedSector::newCommR()));
        QCOMPARE(hex(result->commD), hex(UpdatedSector::newCommD()));
        QCOMPARE(contentOf(sector.update), contentOf(UpdatedSector::recorded("update")));
        for (const char* name : {"p_aux", "sc-02-data-tree-r-last.dat"})
            QCOMPARE(contentOf(sector.updateCache / name), contentOf(UpdatedSector::recorded("update-cache") / name));
        QCOMPARE(std::filesystem::file_size(sector.updateCache / "sc-02-data-tree-d.dat"), std::uintmax_t(127 * 32));
        QVERIFY(std::filesystem::exists(sector.updateCache / "t_aux"));
        QVERIFY(sector.sectorFiles() == before);
        QVERIFY(!seen.empty());
        QCOMPARE(seen.back().done, seen.back().total);

        const auto updateFiles = QDir(QString::fromStdString(sector.updateCache.string())).entryList(QDir::Files);
        const auto proofs = sector.engine.proveUpdate1(sector.prove1Order(), sector.context);
        LSW_DONE(proofs);
        QCOMPARE(proofs->size(), std::size_t(1));
        const QByteArray bytes(reinterpret_cast<const char*>(proofs->front().data()), static_cast<qsizetype>(proofs->front().size()));
        QCOMPARE(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex(),
                 QByteArray("24111e5e5d7b28fc936bf3e13907afca129791c87db91028089bfa789b3b4ef1"));
        QVERIFY(sector.sectorFiles() == before);
        QCOMPARE(QDir(QString::fromStdString(sector.updateCache.string())).entryList(QDir::Files), updateFiles);
        LSW_DONE(sector.engine.clearCache({sector.updateCache}, {}));
        QCOMPARE(QDir(QString::fromStdString(sector.updateCache.string())).entryList(QDir::Files, QDir::Name),
                 (QStringList{QStringLiteral("p_aux"), QStringLiteral("sc-02-data-tree-r-last.dat"), QStringLiteral("t_aux")}));
    }
    void theDataComeBack_data() {
        QTest::addColumn<QByteArray>("there");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("an empty file") << QByteArray() << QByteArray();
        QTest::newRow("other content") << QByteArray(2048, 'x') << QByteArray();
        QTest::newRow("with a trailer") << QByteArray(2048, '\0') + "trailer" << QByteArray("trailer");
    }
    void theDataComeBack() {
        QFETCH(QByteArray, there);
        QFETCH(QByteArray, after);
        UpdatedSector sector;
        sector.takeRecordedUpdate();
        const auto before = sector.sectorFiles();
        const auto output = sector.root / "output";
        writeFile(output, there);
        LSW_DONE(sector.decode(output));
        QCOMPARE(contentOf(output), contentOf(UpdatedSector::recorded("unsealed")) + after);
        QVERIFY(sector.sectorFiles() == before);
    }
    void theSectorKeyComesBack_data() {
        QTest::addColumn<bool>("hasTree");
        QTest::newRow("cache whole") << true;
        QTest::newRow("tree R last missing") << false;
    }
    void theSectorKeyComesBack() {
        // Stock lotus gives the crate p_aux of the update instead of the sector's, gets another replica and overwrites the sector's p_aux.
        QFETCH(bool, hasTree);
        UpdatedSector sector;
        sector.takeRecordedUpdate();
        const auto before = sector.sectorFiles();
        std::filesystem::remove(sector.sealed);
        if (!hasTree) std::filesystem::remove(sector.cache / "sc-02-data-tree-r-last.dat");
        LSW_DONE(sector.regenerateKey(sector.sealed));
        QVERIFY(sector.sectorFiles() == before);
        QCOMPARE(sector.scratchFiles(), QStringList());
    }
    void theSectorKeyIsMadeFromTheTicket() {
        UpdatedSector sector;
        const auto made = sector.root / "made";
        LSW_DONE(sector.engine.regenerateReplica({sector.proof, sector.id, sector.ticket, made, sector.scratch}, sector.context));
        QCOMPARE(contentOf(made), contentOf(sector.sealed));
        QCOMPARE(sector.scratchFiles(), QStringList());
        sector.ticket[0] ^= 1;
        LSW_DONE(sector.engine.regenerateReplica({sector.proof, sector.id, sector.ticket, made, sector.scratch}, sector.context));
        QVERIFY(contentOf(made) != contentOf(sector.sealed));
    }
    void sectorsOfEveryProofTypeAreUpdated_data() {
        QTest::addColumn<int>("number");
        for (const int number : {0, 5, 10, 15}) QTest::newRow(QByteArray::number(number)) << number;
    }
    void sectorsOfEveryProofTypeAreUpdated() {
        QFETCH(int, number);
        SealedSector sector(number, "2KiB-V1_1-zero");
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        const UpdatedSector data;
        const auto update = sector.root / "update", updateCache = sector.root / "update-cache", back = sector.root / "back";
        const auto result =
            sector.engine.replicaUpdate({sector.proof, data.pieces, data.unsealed, sector.sealed, sector.cache, update, updateCache}, {});
        LSW_DONE(result);
        QCOMPARE(hex(result->commD), hex(UpdatedSector::newCommD()));
        LSW_DONE(sector.engine.proveUpdate1(
            {sector.proof, sector.phase2.commR, result->commR, result->commD, sector.sealed, sector.cache, update, updateCache}, {}));
        writeFile(back, {});
        LSW_DONE(sector.engine.decodeUpdate({sector.proof, result->commD, update, sector.sealed, sector.cache, back}, {}));
        QCOMPARE(contentOf(back), contentOf(data.unsealed));

        const auto fromTicket = sector.root / "from-ticket", fromData = sector.root / "from-data";
        LSW_DONE(sector.engine.regenerateReplica({sector.proof, sector.id, sector.ticket, fromTicket, sector.root}, {}));
        QCOMPARE(contentOf(fromTicket), contentOf(sector.sealed));
        LSW_DONE(sector.engine.regenerateKey({sector.proof, result->commD, back, update, fromData, sector.cache, sector.root}, {}));
        QCOMPARE(contentOf(fromData), contentOf(sector.sealed));
    }

    // ---- hazards ----

    void whatWasLeftBehindIsNotBelieved_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("tree D of other data") << QByteArray("sc-02-data-tree-d.dat");
        QTest::newRow("tree R last of other data") << QByteArray("sc-02-data-tree-r-last.dat");
        QTest::newRow("p_aux of other data") << QByteArray("p_aux");
    }
    void whatWasLeftBehindIsNotBelieved() {
        QFETCH(QByteArray, name);
        UpdatedSector sector;
        LSW_DONE(sector.replicaUpdate());
        const auto file = sector.updateCache / name.toStdString();
        QByteArray other = contentOf(file);
        for (qsizetype i = 0; i < other.size(); i += 32) other[i] = static_cast<char>(other[i] ^ 1);
        writeFile(file, other);
        writeFile(sector.update, QByteArray(5000, 'x'));
        const auto result = sector.replicaUpdate();
        LSW_DONE(result);
        QCOMPARE(hex(result->commD), hex(UpdatedSector::newCommD()));
        QCOMPARE(hex(result->commR), hex(UpdatedSector::newCommR()));
        QCOMPARE(contentOf(sector.update), contentOf(UpdatedSector::recorded("update")));
    }
    void wrongDataAreRefused() {
        UpdatedSector sector;
        auto pieces = sector.pieces;
        std::swap(pieces[0], pieces[1]);
        LSW_REFUSED(sector.engine.replicaUpdate(
                        {sector.proof, pieces, sector.unsealed, sector.sealed, sector.cache, sector.update, sector.updateCache}, {}),
                    ErrorCode::VerificationFailed);
        pieces.clear();
        LSW_REFUSED(sector.engine.replicaUpdate(
                        {sector.proof, pieces, sector.unsealed, sector.sealed, sector.cache, sector.update, sector.updateCache}, {}),
                    ErrorCode::InvalidArgument);
        QByteArray data = contentOf(sector.unsealed);
        data[63] = '\xff';
        writeFile(sector.unsealed, data);
        LSW_REFUSED(sector.replicaUpdate(), ErrorCode::InvalidArgument);
        sector.takeRecordedUpdate();
        LSW_REFUSED(sector.regenerateKey(sector.root / "key"), ErrorCode::InvalidArgument);
    }
    void missingAndShortFilesAreNamed() {
        UpdatedSector sector;
        std::filesystem::resize_file(sector.sealed, 2047);
        LSW_REFUSED(sector.replicaUpdate(), ErrorCode::Corrupt);
        writeFile(sector.sealed, contentOf(UpdatedSector::recorded("sealed")));
        std::filesystem::remove(sector.cache / "t_aux");
        LSW_REFUSED(sector.replicaUpdate(), ErrorCode::NotFound);
        std::filesystem::remove(sector.cache / "p_aux");
        LSW_REFUSED(sector.replicaUpdate(), ErrorCode::NotFound);
        sector.takeRecordedUpdate();
        LSW_REFUSED(sector.engine.proveUpdate1(sector.prove1Order(), {}), ErrorCode::NotFound);
        LSW_REFUSED(sector.decode(sector.root / "output"), ErrorCode::NotFound);
    }
    void provingNeedsTreeDOfTheUpdate() {
        UpdatedSector sector;
        sector.takeRecordedUpdate(); // finalized: without tree D
        LSW_REFUSED(sector.engine.proveUpdate1(sector.prove1Order(), {}), ErrorCode::NotFound);
    }
    void aProofOfOtherDataIsNotHandedOut_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("tree D") << QByteArray("update-cache/sc-02-data-tree-d.dat");
        QTest::newRow("the updated replica") << QByteArray("update");
        QTest::newRow("the sector key") << QByteArray("sealed");
        QTest::newRow("comm_c") << QByteArray("cache/p_aux");
    }
    void aProofOfOtherDataIsNotHandedOut() {
        QFETCH(QByteArray, file);
        UpdatedSector sector;
        LSW_DONE(sector.replicaUpdate());
        LSW_DONE(sector.engine.proveUpdate1(sector.prove1Order(), {}));
        const auto path = sector.root / file.toStdString();
        QByteArray content = contentOf(path);
        for (qsizetype i = 0; i < content.size(); i += 32) content[i] = static_cast<char>(content[i] ^ 1);
        writeFile(path, content);
        const auto proofs = sector.engine.proveUpdate1(sector.prove1Order(), {});
        QVERIFY(!proofs);
        QVERIFY2(proofs.error().code() == ErrorCode::VerificationFailed, proofs.error().forLog().c_str());
    }
    void proofsForOtherCommitmentsAreRefused() {
        UpdatedSector sector;
        LSW_DONE(sector.replicaUpdate());
        const auto proofs = sector.engine.proveUpdate1(sector.prove1Order(), {});
        LSW_DONE(proofs);
        for (int which = 0; which < 3; ++which) {
            ProveUpdate1Order order = sector.prove1Order();
            (which == 0 ? order.sectorKey : which == 1 ? order.commR : order.commD)[0] ^= 1;
            LSW_REFUSED(sector.engine.proveUpdate1(order, {}), ErrorCode::VerificationFailed);
        }
    }
    void whatIsNotTheDataIsNotHandedOut() {
        UpdatedSector sector;
        sector.takeRecordedUpdate();
        const auto output = sector.root / "output";
        writeFile(output, {});
        UpdatedSector::copyCache("update-cache", sector.cache); // p_aux of the update for that of the sector
        LSW_REFUSED(sector.decode(output), ErrorCode::VerificationFailed);
        UpdatedSector::copyCache("cache", sector.cache);
        LSW_DONE(sector.decode(output));
        QByteArray key = contentOf(sector.sealed);
        key[100] = static_cast<char>(key[100] ^ 1);
        writeFile(sector.sealed, key);
        LSW_REFUSED(sector.decode(output), ErrorCode::VerificationFailed);
    }
    void whatIsNotTheKeyIsNotHandedOut() {
        UpdatedSector sector;
        sector.takeRecordedUpdate();
        const auto before = sector.sectorFiles();
        QByteArray data = contentOf(sector.unsealed);
        data[100] = static_cast<char>(data[100] ^ 1);
        writeFile(sector.unsealed, data);
        LSW_REFUSED(sector.regenerateKey(sector.root / "key"), ErrorCode::VerificationFailed);
        QVERIFY(!std::filesystem::exists(sector.root / "key"));
        QVERIFY(sector.sectorFiles() == before); // p_aux above all: it alone says what the key must be
        QCOMPARE(sector.scratchFiles(), QStringList());
    }
    void aFolderTheCrateWouldMistakeForAFileIsRefused() {
        UpdatedSector sector;
        sector.updateCache = sector.root / "s.data" / "update-cache";
        LSW_REFUSED(sector.replicaUpdate(), ErrorCode::InvalidArgument);
    }
    void parametersThatAreNotThereAreNamed() {
        UpdatedSector sector;
        const auto refused = sector.engine.proveUpdate2({sector.proof, {}, {}, {}, {Bytes(10)}}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::NotInstalled);
        QVERIFY2(refused.error().message().find("empty-sector-update") != std::string::npos, refused.error().message().c_str());
        LSW_REFUSED(sector.engine.verifyUpdate({sector.proof, {}, {}, {}, {}}, {}), ErrorCode::NotInstalled);
    }
    void aStopIsHonoured() {
        UpdatedSector sector;
        sector.takeRecordedUpdate();
        std::stop_source stop;
        stop.request_stop();
        sector.context.stop = stop.get_token();
        writeFile(sector.root / "output", {});
        LSW_REFUSED(sector.decode(sector.root / "output"), ErrorCode::Cancelled);
        LSW_REFUSED(sector.regenerateKey(sector.root / "key"), ErrorCode::Cancelled);
        LSW_REFUSED(sector.replicaUpdate(), ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestOfficialUpdate)
#include "tst_official_update.moc"
