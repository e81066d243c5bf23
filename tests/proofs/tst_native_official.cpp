// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_engine.h"
#include "sealed_sector.h"
#include "support/seed.h"

using namespace lsw;
using namespace lsw::proofs;
using sector::PaddedBytes;
namespace fs = std::filesystem;

namespace {

/// A sector of random inputs: data, ticket, miner and number.
struct RandomSector {
    QTemporaryDir dir;
    fs::path root = dir.path().toStdString(), sealed = root / "sealed", cache = root / "cache";
    const sector::ProofInfo& info;
    SectorId id;
    Bytes32 ticket{};
    OfficialEngine official;
    NativeEngine native{nullptr};
    TaskContext context;
    std::mt19937_64& random;

    RandomSector(int number, std::mt19937_64& source) : info(**sector::proofInfo(SealProof{number})), random(source) {
        id = {random() % 100000, random() % 1000000};
        for (std::uint8_t& byte : ticket) byte = static_cast<std::uint8_t>(random());
    }
    std::uint64_t size() const { return info.sectorSize.value; }
    QByteArray data() {
        const auto bytes = test::randomBytes(random, static_cast<std::size_t>(size()));
        QByteArray out(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(size()));
        for (qsizetype at = 31; at < out.size(); at += 32) out[at] = static_cast<char>(out[at] & 0x3f);
        return out;
    }
    /// Of one piece that fills the sector.
    std::vector<PieceInfo> pieceOf(const fs::path& file) const {
        const OpenFile opened(file);
        return {{info.sectorSize, *paddedCommitmentOf(opened.fd(), 0, info.sectorSize)}};
    }
    Expected<PreCommit2Result> seal(const fs::path& unsealed) {
        auto phase1 = official.preCommit1({info.proof, id, ticket, pieceOf(unsealed), unsealed, sealed, cache}, context);
        if (!phase1) return std::move(phase1).error();
        return official.preCommit2({*phase1, sealed, cache}, context);
    }
    QMap<QString, QByteArray> filesIn(const fs::path& folder) const {
        QMap<QString, QByteArray> out;
        for (const auto& entry : fs::directory_iterator(folder))
            out[QString::fromStdString(entry.path().filename().string())] = contentOf(entry.path());
        return out;
    }
};

void everySmallProof() {
    QTest::addColumn<int>("proof");
    for (const int proof : {0, 5, 10, 15}) QTest::addRow("2 KiB, proof %d", proof) << proof;
    QTest::newRow("8 MiB, of several blocks") << 6;
}

} // namespace

/// Random sectors through both engines: the same files, byte for byte.
class TestNativeOfficial : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        // Read once, when the crate is first called.
        qputenv("FIL_PROOFS_PARENT_CACHE", m_shared.filePath(QStringLiteral("parents")).toLocal8Bit());
        qputenv("FIL_PROOFS_PARAMETER_CACHE", m_shared.filePath(QStringLiteral("no-parameters")).toLocal8Bit());
        m_random = test::seeded();
    }
    void unsealingIsTheOfficialOne_data() { everySmallProof(); }
    void unsealingIsTheOfficialOne();
    void updatesAreTheOfficialOnes_data() { everySmallProof(); }
    void updatesAreTheOfficialOnes();

private:
    QTemporaryDir m_shared;
    std::mt19937_64 m_random;
};

void TestNativeOfficial::unsealingIsTheOfficialOne() {
    QFETCH(int, proof);
    RandomSector one(proof, m_random);
    const QByteArray data = one.data();
    writeFile(one.root / "unsealed", data);
    const auto sealed = one.seal(one.root / "unsealed");
    LSW_DONE(sealed);
    LSW_DONE(one.official.clearCache({one.cache}, {}));
    fs::create_directory(one.root / "scratch");
    const std::uint64_t all = one.info.sectorSize.unpadded().value, offset = m_random() % all, length = 1 + m_random() % (all - offset);
    const auto before = one.filesIn(one.cache);
    for (const bool whole : {true, false}) {
        QByteArray outputs[2];
        for (const bool natively : {false, true}) {
            ProofEngine& engine = natively ? static_cast<ProofEngine&>(one.native) : one.official;
            const fs::path output = one.root / "output";
            writeFile(output, {});
            LSW_DONE(engine.unseal({one.info.proof, one.id, one.ticket, sealed->commD, one.sealed, one.cache, one.root / "scratch", output, whole,
                                    {whole ? 0 : offset}, {whole ? all : length}},
                                   {}));
            outputs[natively] = contentOf(output);
        }
        QVERIFY(outputs[0] == outputs[1]);
        if (whole) QVERIFY(outputs[0] == data);
    }
    QVERIFY(one.filesIn(one.cache) == before);
    QVERIFY(fs::is_empty(one.root / "scratch"));
}

void TestNativeOfficial::updatesAreTheOfficialOnes() {
    QFETCH(int, proof);
    RandomSector one(proof, m_random);
    writeFile(one.root / "zeros", QByteArray(static_cast<qsizetype>(one.size()), '\0'));
    const auto key = one.seal(one.root / "zeros");
    LSW_DONE(key);
    LSW_DONE(one.official.clearCache({one.cache}, {}));
    const QByteArray replica = contentOf(one.sealed);
    const QByteArray data = one.data();
    writeFile(one.root / "unsealed", data + "trailer");
    const auto pieces = one.pieceOf(one.root / "unsealed");
    const auto before = one.filesIn(one.cache);

    PreCommit2Result results[2];
    for (const bool natively : {false, true}) {
        ProofEngine& engine = natively ? static_cast<ProofEngine&>(one.native) : one.official;
        const fs::path folder = one.root / (natively ? "native" : "official");
        fs::create_directory(folder);
        const auto made = engine.replicaUpdate({one.info.proof, pieces, one.root / "unsealed", one.sealed, one.cache, folder / "update", folder / "cache"}, {});
        LSW_DONE(made);
        results[natively] = *made;
    }
    const fs::path ours = one.root / "native", theirs = one.root / "official";
    QVERIFY(results[0].commR == results[1].commR && results[0].commD == results[1].commD);
    QVERIFY(contentOf(ours / "update") == contentOf(theirs / "update"));
    const auto got = one.filesIn(ours / "cache"), wanted = one.filesIn(theirs / "cache");
    QCOMPARE(got.keys(), wanted.keys());
    for (const QString& name : wanted.keys()) QVERIFY2(got[name] == wanted[name], qPrintable(name));
    LSW_DONE(one.official.proveUpdate1({one.info.proof, key->commR, results[1].commR, results[1].commD, one.sealed, one.cache, ours / "update", ours / "cache"}, {}));

    // And back.
    writeFile(one.root / "output", {});
    LSW_DONE(one.native.decodeUpdate({one.info.proof, results[1].commD, theirs / "update", one.sealed, one.cache, one.root / "output"}, {}));
    QVERIFY(contentOf(one.root / "output") == data);
    fs::create_directory(one.root / "scratch");
    LSW_DONE(one.native.regenerateKey(
        {one.info.proof, results[1].commD, one.root / "unsealed", theirs / "update", one.root / "key", one.cache, one.root / "scratch"}, {}));
    QVERIFY(contentOf(one.root / "key") == replica);
    LSW_DONE(one.native.regenerateReplica({one.info.proof, one.id, one.ticket, one.root / "from-ticket", one.root / "scratch"}, {}));
    QVERIFY(contentOf(one.root / "from-ticket") == replica);
    QVERIFY(one.filesIn(one.cache) == before);
    QVERIFY(fs::is_empty(one.root / "scratch"));
}

QTEST_GUILESS_MAIN(TestNativeOfficial)
#include "tst_native_official.moc"
