// SPDX-License-Identifier: MIT OR Apache-2.0
#include <mutex>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "outcome_checks.h"
#include "proofs/native/native_engine.h"
#include "sector/sector_files.h"
#include "support/test_paths.h"

using namespace lsw;
using namespace lsw::proofs;
namespace fs = std::filesystem;

namespace {

void change(const fs::path& path, qsizetype at, int bits = 1) {
    QByteArray content = contentOf(path);
    content[at] = static_cast<char>(content[at] ^ bits);
    writeFile(path, content);
}
Commitment commitment(const char* text) {
    Commitment out{};
    const auto bytes = fromHex(text);
    if (bytes && bytes->size() == out.size()) std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}
fs::path recorded(const char* name) { return fs::path(lsw::test::kTestData) / "sectors" / "2KiB-update" / name; }

/// The update that a stock worker made, in a folder of its own.
struct Update {
    QTemporaryDir dir;
    fs::path root = dir.path().toStdString(), unsealed = root / "unsealed", sealed = root / "sealed", cache = root / "cache", update = root / "update",
             updateCache = root / "update-cache", scratch = root / "scratch", output = root / "output";
    SealProof proof{5};
    Commitment commR = commitment("54b775708a1bd9bffa0c0d479823f77aaba8d8463431630329b7d12b7af09737"),
               commD = commitment("738b52f40f1f8f5aa6386eda0fdd8053f3f89c8526fd21752721950fde0bfc03");
    std::vector<PieceInfo> pieces{{{512}, commitment("fb49037d6a38f086afb25d14093e653c7cd5f7cc7a6417f613d9088ff6d1a63d")},
                                  {{512}, commitment("edd4e60f805cbcea9d1ac0df3a27c5cd672c1dc0fc1e38c7aac1f6c38f048b21")},
                                  {{1024}, commitment("91f7fe1781fb37ba3017fb9fe7960f28e8acc45e4ec5107163e802962ce30f31")}};
    NativeEngine engine{nullptr};
    TaskContext context;
    Progress last;
    std::mutex mutex;

    Update() {
        fs::create_directory(scratch);
        writeFile(unsealed, contentOf(recorded("unsealed")));
        writeFile(sealed, contentOf(recorded("sealed")));
        fs::copy(recorded("cache"), cache);
        writeFile(output, {});
        context.report = [this](const Progress& progress) {
            const std::lock_guard lock(mutex);
            last = progress;
        };
    }
    void takeRecorded() {
        writeFile(update, contentOf(recorded("update")));
        fs::copy(recorded("update-cache"), updateCache);
    }
    Expected<ReplicaUpdateResult> make() { return engine.replicaUpdate({proof, pieces, unsealed, sealed, cache, update, updateCache}, context); }
    Expected<void> decode() { return engine.decodeUpdate({proof, commD, update, sealed, cache, output}, context); }
    Expected<void> regenerate(const fs::path& key) { return engine.regenerateKey({proof, commD, unsealed, update, key, cache, scratch}, context); }
    QMap<QString, QByteArray> sectorFiles() const {
        QMap<QString, QByteArray> out{{QStringLiteral("sealed"), contentOf(sealed)}};
        for (const auto& entry : fs::directory_iterator(cache)) out[QString::fromStdString(entry.path().filename().string())] = contentOf(entry.path());
        return out;
    }
    bool endedWhole(const char* phase) const { return last.phase == phase && last.done == 2048 && last.total == 2048; }
};

} // namespace

/// Our updates against what a stock worker recorded.
class TestNativeUpdate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anUpdateIsTheRecordedOne();
    void whatWasLeftBehindIsNotBelieved();
    void wrongDataAreRefused();
    void anotherLayoutOfTheTreesIsRefused();
    void missingAndDamagedFilesAreNamed();
    void theDataComeBack();
    void whatIsNotTheDataIsNotHandedOut_data();
    void whatIsNotTheDataIsNotHandedOut();
    void theSectorKeyComesBack();
    void whatIsNotTheKeyIsNotHandedOut_data();
    void whatIsNotTheKeyIsNotHandedOut();
    void aStopIsHeard();
};

void TestNativeUpdate::anUpdateIsTheRecordedOne() {
    Update one;
    writeFile(one.unsealed, contentOf(recorded("unsealed")) + "trailer");
    const auto before = one.sectorFiles();
    const auto result = one.make();
    LSW_DONE(result);
    QVERIFY(result->commR == one.commR && result->commD == one.commD);
    QCOMPARE(contentOf(one.update), contentOf(recorded("update")));
    for (const char* name : {"p_aux", "sc-02-data-tree-r-last.dat"})
        QCOMPARE(contentOf(one.updateCache / name), contentOf(recorded("update-cache") / name));
    // The folder of the sector is in it, as it is now.
    const auto counted = [](const QByteArray& text) -> QByteArray { return QByteArray(1, static_cast<char>(text.size())) + QByteArray(7, '\0') + text; };
    QByteArray aux = contentOf(recorded("cache") / "t_aux");
    aux.replace(counted("/tmp/lotus/snap/w1/cache/s-t01000-1"), counted(QByteArray::fromStdString(one.cache.string())));
    QCOMPARE(contentOf(one.updateCache / "t_aux"), aux);
    const QByteArray treeD = contentOf(one.updateCache / "sc-02-data-tree-d.dat");
    QCOMPARE(treeD.size(), qsizetype(127 * 32));
    QCOMPARE(treeD.left(2048), contentOf(recorded("unsealed")));
    QCOMPARE(treeD.right(32).toHex(), QByteArray::fromStdString(toHex(one.commD)));
    QCOMPARE(QDir(QString::fromStdString(one.updateCache.string())).entryList(QDir::Files).size(), 4);
    QVERIFY(one.sectorFiles() == before);
    QVERIFY(one.endedWhole("update"));
}

void TestNativeUpdate::whatWasLeftBehindIsNotBelieved() {
    Update one;
    fs::create_directory(one.updateCache);
    for (const char* name : {"sc-02-data-tree-d.dat", "sc-02-data-tree-r-last.dat", "p_aux", "t_aux", "sc-02-data-layer-1.dat"})
        writeFile(one.updateCache / name, QByteArray(4064, '\x11'));
    writeFile(one.updateCache / "notes.txt", "not ours");
    writeFile(one.update, QByteArray(5000, 'x'));
    LSW_DONE(one.make());
    QCOMPARE(contentOf(one.update), contentOf(recorded("update")));
    QCOMPARE(contentOf(one.updateCache / "p_aux"), contentOf(recorded("update-cache") / "p_aux"));
    QVERIFY(!fs::exists(one.updateCache / "sc-02-data-layer-1.dat") && fs::exists(one.updateCache / "notes.txt"));
}

void TestNativeUpdate::wrongDataAreRefused() {
    Update one;
    std::swap(one.pieces[0], one.pieces[1]);
    LSW_REFUSED(one.make(), ErrorCode::VerificationFailed);
    std::swap(one.pieces[0], one.pieces[1]);
    change(one.unsealed, 100);
    LSW_REFUSED(one.make(), ErrorCode::VerificationFailed);
    change(one.unsealed, 63, 0xff);
    LSW_REFUSED(one.make(), ErrorCode::InvalidArgument);
    one.pieces.clear();
    LSW_REFUSED(one.make(), ErrorCode::InvalidArgument);
}

void TestNativeUpdate::anotherLayoutOfTheTreesIsRefused() {
    Update one;
    change(one.cache / "t_aux", 0x12f, 3); // rows that tree R last lacks: 2 instead of 1
    LSW_REFUSED(one.make(), ErrorCode::Unsupported);
    change(one.cache / "t_aux", 0x12f, 3);
    LSW_DONE(one.make());
    for (const qsizetype at : {0x00, 0x08, 0x33, 0x41, 0xd6, 0x127}) {
        change(one.cache / "t_aux", at, 0x40);
        LSW_REFUSED(one.make(), ErrorCode::Corrupt);
        change(one.cache / "t_aux", at, 0x40);
    }
    for (const std::uintmax_t size : {0U, 7U, 100U, 384U}) {
        writeFile(one.cache / "t_aux", contentOf(recorded("cache") / "t_aux"));
        fs::resize_file(one.cache / "t_aux", size);
        LSW_REFUSED(one.make(), ErrorCode::Corrupt);
    }
}

void TestNativeUpdate::missingAndDamagedFilesAreNamed() {
    Update one;
    change(one.sealed, 10 * 32 + 31, 0xff);
    LSW_REFUSED(one.make(), ErrorCode::Corrupt);
    fs::resize_file(one.sealed, 2047);
    LSW_REFUSED(one.make(), ErrorCode::Corrupt);
    writeFile(one.sealed, contentOf(recorded("sealed")));
    fs::remove(one.cache / "t_aux");
    LSW_REFUSED(one.make(), ErrorCode::NotFound);
    fs::remove(one.cache / "p_aux");
    LSW_REFUSED(one.make(), ErrorCode::NotFound);
    LSW_REFUSED(one.decode(), ErrorCode::NotFound);
    fs::resize_file(one.unsealed, 2047);
    LSW_REFUSED(one.make(), ErrorCode::Corrupt);
    one.updateCache = one.root / "s.data" / "update-cache"; // the crate, which proves the update, would mistake it for a file
    LSW_REFUSED(one.make(), ErrorCode::InvalidArgument);
}

void TestNativeUpdate::theDataComeBack() {
    Update one;
    one.takeRecorded();
    const auto before = one.sectorFiles();
    for (const QByteArray& after : {QByteArray(), QByteArray("trailer")}) {
        writeFile(one.output, QByteArray(2048, 'x') + after);
        LSW_DONE(one.decode());
        QCOMPARE(contentOf(one.output), contentOf(recorded("unsealed")) + after);
        writeFile(one.output, {}); // an empty file grows
        LSW_DONE(one.decode());
        QCOMPARE(contentOf(one.output), contentOf(recorded("unsealed")));
    }
    QVERIFY(one.endedWhole("unseal"));
    QVERIFY(one.sectorFiles() == before);
}

void TestNativeUpdate::whatIsNotTheDataIsNotHandedOut_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("at");
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("code");
    QTest::newRow("a bit of the replica") << QByteArray("update") << 100 << 1 << int(ErrorCode::VerificationFailed);
    QTest::newRow("a bit of the key") << QByteArray("sealed") << 2047 << 1 << int(ErrorCode::VerificationFailed);
    QTest::newRow("a bit of comm_c") << QByteArray("cache/p_aux") << 3 << 1 << int(ErrorCode::VerificationFailed);
    QTest::newRow("no element in the replica") << QByteArray("update") << 63 << 0xff << int(ErrorCode::Corrupt);
    QTest::newRow("no element in the key") << QByteArray("sealed") << 63 << 0xff << int(ErrorCode::Corrupt);
}

void TestNativeUpdate::whatIsNotTheDataIsNotHandedOut() {
    QFETCH(QByteArray, file);
    QFETCH(int, at);
    QFETCH(int, bits);
    QFETCH(int, code);
    Update one;
    one.takeRecorded();
    LSW_DONE(one.decode());
    QByteArray content = contentOf(one.root / file.toStdString());
    content[at] = static_cast<char>(bits == 0xff ? 0xff : content[at] ^ bits);
    writeFile(one.root / file.toStdString(), content);
    LSW_REFUSED(one.decode(), static_cast<ErrorCode>(code));
}

void TestNativeUpdate::theSectorKeyComesBack() {
    for (const bool hasTree : {true, false}) {
        Update one;
        one.takeRecorded();
        const auto before = one.sectorFiles();
        writeFile(one.sealed, QByteArray(5000, 'x'));
        if (!hasTree) fs::remove(one.cache / "sc-02-data-tree-r-last.dat");
        LSW_DONE(one.regenerate(one.sealed));
        QVERIFY(one.sectorFiles() == before);
        QVERIFY(fs::is_empty(one.scratch));
        QVERIFY(one.endedWhole("regenerate"));
    }
}

void TestNativeUpdate::whatIsNotTheKeyIsNotHandedOut_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("code");
    QTest::newRow("the data") << QByteArray("unsealed") << int(ErrorCode::VerificationFailed);
    QTest::newRow("the updated replica") << QByteArray("update") << int(ErrorCode::VerificationFailed);
    QTest::newRow("p_aux") << QByteArray("cache/p_aux") << int(ErrorCode::VerificationFailed);
    QTest::newRow("data that are none") << QByteArray("none") << int(ErrorCode::InvalidArgument);
    QTest::newRow("another CommD") << QByteArray("commD") << int(ErrorCode::VerificationFailed);
}

void TestNativeUpdate::whatIsNotTheKeyIsNotHandedOut() {
    QFETCH(QByteArray, file);
    QFETCH(int, code);
    Update one;
    one.takeRecorded();
    if (file == "none") change(one.unsealed, 31, 0xc0);
    else if (file == "commD") one.commD[0] ^= 1;
    else change(one.root / file.toStdString(), 40);
    const auto before = one.sectorFiles();
    LSW_REFUSED(one.regenerate(one.root / "key"), static_cast<ErrorCode>(code));
    QVERIFY(!fs::exists(one.root / "key"));
    QVERIFY(one.sectorFiles() == before); // p_aux above all: it alone says what the key must be
    QVERIFY(fs::is_empty(one.scratch));
}

void TestNativeUpdate::aStopIsHeard() {
    Update one;
    one.takeRecorded();
    std::stop_source stop;
    stop.request_stop();
    one.context.stop = stop.get_token();
    LSW_REFUSED(one.decode(), ErrorCode::Cancelled);
    LSW_REFUSED(one.regenerate(one.root / "key"), ErrorCode::Cancelled);
    QVERIFY(!fs::exists(one.root / "key"));
    LSW_REFUSED(one.make(), ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestNativeUpdate)
#include "tst_native_update.moc"
