// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>
#include <set>

#include <fcntl.h>
#include <unistd.h>

#include <QtCore/QCryptographicHash>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "outcome_checks.h"
#include "proofs/native/native_engine.h"
#include "proofs/native/native_labels.h"
#include "proofs/native/native_trees.h"
#include "proofs/native/replica_id.h"
#include "proofs/piece_commitment.h"
#include "sector/sector_files.h"
#include "support/test_paths.h"

using namespace lsw;
using namespace lsw::proofs;
namespace fs = std::filesystem;

namespace {

QByteArray digestOf(const fs::path& path) {
    QFile file(QString::fromStdString(path.string()));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file)) return "cannot be read";
    return hash.result().toHex();
}
Bytes32 counting(std::uint8_t first) {
    Bytes32 out;
    for (auto& byte : out) byte = first++;
    return out;
}
QByteArray hex(const Commitment& commitment) { return QByteArray::fromStdString(toHex(commitment)); }

/// The data of the vectors: byte i is 7i + 3, with the top two bits of each word off.
void writePattern(const fs::path& path, std::uint64_t size) {
    QByteArray bytes(static_cast<int>(size), '\0');
    for (int i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>((7 * i + 3) & (i % 32 == 31 ? 0x3f : 0xff));
    std::ofstream(path, std::ios::binary).write(bytes.constData(), bytes.size());
}

} // namespace

/// Our phases against what the official crate made of the same inputs, file by file.
class TestNativeEngine : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { qputenv("FIL_PROOFS_PARENT_CACHE", m_parents.path().toUtf8()); }
    void sectorsAreTheOfficialOnes_data();
    void sectorsAreTheOfficialOnes();
    void everyShapeIsTheOfficialOne_data();
    void everyShapeIsTheOfficialOne();
    void piecesAreTheOfficialOnes();
    void aSourceThatEndsEarlyIsZerosForACommitmentAlone();
    void dataThatAreNotThePiecesAreRefused();
    void layersOfOtherDataAreRefused();
    void aStopIsHeard();
    void progressEndsWhole();

private:
    QTemporaryDir m_parents;
    TaskContext m_context;
};

void TestNativeEngine::sectorsAreTheOfficialOnes_data() {
    QTest::addColumn<int>("proof");
    QTest::newRow("2KiB-V1-pattern") << 0;
    QTest::newRow("2KiB-V1_1-pattern") << 5;
    QTest::newRow("2KiB-V1_1-zero") << 5;
    QTest::newRow("2KiB-Synth-pattern") << 10;
    QTest::newRow("2KiB-NI-pattern") << 15;
}

void TestNativeEngine::sectorsAreTheOfficialOnes() {
    QFETCH(int, proof);
    const fs::path expected = fs::path(lsw::test::kTestData) / "sectors" / QTest::currentDataTag();
    const QTemporaryDir dir;
    const fs::path root = dir.path().toStdString(), unsealed = expected / "unsealed", sealed = root / "sealed", cache = root / "cache";
    NativeEngine engine(nullptr);
    const int fd = ::open(unsealed.c_str(), O_RDONLY);
    const auto commD = paddedCommitmentOf(fd, 0, sector::PaddedBytes{2048});
    ::close(fd);
    QVERIFY(commD);
    const auto phase1 = engine.preCommit1({SealProof{proof}, {1000, 1}, counting(1), {{sector::PaddedBytes{2048}, *commD}}, unsealed, sealed, cache}, m_context);
    if (!phase1) QFAIL(phase1.error().forLog().c_str());
    // Everything but the folder that it names.
    QByteArray said = QByteArray::fromStdString(*phase1), wanted = contentOf(expected / "pc1.json");
    const QRegularExpression path(QStringLiteral("\"path\":\"[^\"]*\""));
    QCOMPARE(QString::fromUtf8(said).remove(path), QString::fromUtf8(wanted).remove(path));
    QCOMPARE(contentOf(sealed), contentOf(unsealed).left(2048));

    const auto phase2 = engine.preCommit2({*phase1, sealed, cache}, m_context);
    if (!phase2) QFAIL(phase2.error().forLog().c_str());
    QCOMPARE(phase2->commD, *commD);
    QCOMPARE(contentOf(sealed), contentOf(expected / "sealed"));
    for (const auto& entry : fs::directory_iterator(expected / "cache")) {
        const std::string name = entry.path().filename().string();
        if (name == sector::kSyntheticName) continue; // made by the official engine after PC2
        QByteArray got = contentOf(cache / name), want = contentOf(entry.path());
        if (name == sector::kTAuxName) {
            // The folder is in it, with its length.
            const auto without = [](QByteArray bytes) {
                QByteArray out;
                static const QList<QByteArray> ids{"layer-1", "layer-2", "tree-d", "tree-r-last", "tree-c"};
                for (const QByteArray& id : ids) {
                    const auto at = bytes.lastIndexOf(id);
                    out += bytes.mid(at, id.size() + 17);
                }
                return out;
            };
            got = without(got);
            want = without(want);
        }
        QVERIFY2(got == want, name.c_str());
    }
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(cache)) names.insert(entry.path().filename().string());
    for (const auto& entry : fs::directory_iterator(expected / "cache"))
        if (entry.path().filename() != sector::kSyntheticName) QCOMPARE(names.erase(entry.path().filename().string()), std::size_t{1});
    QVERIFY2(names.empty(), names.empty() ? "" : names.begin()->c_str());
}

void TestNativeEngine::everyShapeIsTheOfficialOne_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<quint64>("size");
    QTest::addColumn<int>("layers");
    for (const char* file : {"two-layers.txt", "eleven-layers.txt"}) {
        std::ifstream in(fs::path(lsw::test::kTestData) / "sectors" / "shapes" / file);
        std::string word, name;
        quint64 size = 0;
        while (in >> word) {
            if (word != "SHAPE") continue;
            in >> name >> size;
            if (size > 32768) continue;
            QTest::addRow("%s", name.c_str()) << QString::fromLatin1(file) << size << (std::string(file) == "two-layers.txt" ? 2 : 11);
        }
    }
}

void TestNativeEngine::everyShapeIsTheOfficialOne() {
    QFETCH(QString, file);
    QFETCH(quint64, size);
    QFETCH(int, layers);
    // The shapes of 16 MiB, 32 GiB and 64 GiB sectors in small: two, eight and sixteen base trees.
    sector::ProofInfo proof = **sector::proofInfo(SealProof{5});
    proof.sectorSize = {size};
    proof.layers = layers;
    proof.baseTrees = size == 2048 ? 1 : size == 4096 ? 2 : size == 16384 ? 8 : 16;

    const QTemporaryDir dir;
    const fs::path root = dir.path().toStdString(), cache = root / "cache";
    fs::create_directory(cache);
    writePattern(root / "unsealed", size);
    const auto commD = buildTreeD(proof, root / "unsealed", cache / sector::treeDFileName(), root / "sealed", "pc1", m_context);
    if (!commD) QFAIL(commD.error().forLog().c_str());
    std::vector<fs::path> files;
    for (const auto& layer : sector::layerFiles(proof)) files.push_back(cache / layer.name);
    LSW_DONE(labelSector(proof, replicaId(proof.proof, {1000, 1}, counting(1), *commD), files, "pc1", m_context));
    const auto trees = buildReplicaTrees(proof, root / "sealed", cache, m_context);
    if (!trees) QFAIL(trees.error().forLog().c_str());

    std::ifstream in(fs::path(lsw::test::kTestData) / "sectors" / "shapes" / file.toStdString());
    std::string line;
    bool isOurs = false;
    int compared = 0;
    while (std::getline(in, line)) {
        const QStringList words = QString::fromStdString(line).simplified().split(QLatin1Char(' '));
        if (words.value(0) == QLatin1String("SHAPE")) isOurs = words.value(1) == QLatin1String(QTest::currentDataTag());
        if (!isOurs) continue;
        const auto value = [&](const char* key) {
            for (const QString& word : words)
                if (word.startsWith(QLatin1String(key) + QLatin1Char('='))) return word.section(QLatin1Char('='), 1).toLatin1();
            return QByteArray();
        };
        if (const auto want = value("comm_d"); !want.isEmpty()) {
            QCOMPARE(hex(*commD), want);
            ++compared;
        }
        if (const auto want = value("comm_r"); !want.isEmpty()) {
            QCOMPARE(hex(trees->commR), want);
            ++compared;
        }
        if (const auto want = value("comm_c"); !want.isEmpty()) {
            QCOMPARE(hex(trees->commC), want);
            ++compared;
        }
        if (const auto want = value("comm_r_last"); !want.isEmpty()) {
            QCOMPARE(hex(trees->commRLast), want);
            ++compared;
        }
        if (words.value(0) == QLatin1String("sealed")) {
            QCOMPARE(digestOf(root / "sealed"), words.value(1).toLatin1());
            ++compared;
        }
        const auto digest = value("sha256");
        if (digest.isEmpty() || words[0] == QLatin1String("t_aux")) continue; // the folder is in it
        QVERIFY2(digestOf(cache / words[0].toStdString()) == digest, qPrintable(words[0]));
        ++compared;
    }
    QVERIFY(compared >= 8 + layers);
}

void TestNativeEngine::piecesAreTheOfficialOnes() {
    // Against the plain computation of the definition: every power of two up to several tiles, from a pipe and from a file.
    const QTemporaryDir dir;
    const fs::path data = fs::path(dir.path().toStdString()) / "data", unsealed = fs::path(dir.path().toStdString()) / "unsealed";
    NativeEngine engine(nullptr);
    for (std::uint64_t padded = 128; padded <= (8U << 20); padded *= 4) {
        const sector::UnpaddedBytes size = sector::PaddedBytes{padded}.unpadded();
        QByteArray bytes(static_cast<int>(size.value), '\0');
        for (int i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 131 + i / 251);
        std::ofstream(data, std::ios::binary).write(bytes.constData(), bytes.size());
        const auto expected = pieceCommitmentOf(data, size);
        QVERIFY(expected);
        std::ofstream(unsealed, std::ios::binary) << "";
        fs::resize_file(unsealed, 8U << 20);
        const int fd = ::open(data.c_str(), O_RDONLY);
        const auto added = engine.addPiece({SealProof{6}, unsealed, sector::PaddedBytes{(8U << 20) - padded}, size, {fd, false}}, m_context);
        if (!added) QFAIL(added.error().forLog().c_str());
        QCOMPARE(*added, *expected);
        ::lseek(fd, 0, SEEK_SET);
        const auto alone = engine.pieceCommitment({size, {fd, false}}, m_context);
        QVERIFY(alone);
        QCOMPARE(*alone, *expected);
        ::close(fd);
        // What was written is the padded piece.
        const int written = ::open(unsealed.c_str(), O_RDONLY);
        const auto commitment = paddedCommitmentOf(written, (8U << 20) - padded, sector::PaddedBytes{padded});
        ::close(written);
        QVERIFY(commitment);
        QCOMPARE(*commitment, expected->commitment);
    }
}

void TestNativeEngine::aSourceThatEndsEarlyIsZerosForACommitmentAlone() {
    const QTemporaryDir dir;
    const fs::path data = fs::path(dir.path().toStdString()) / "data";
    NativeEngine engine(nullptr);
    for (const std::uint64_t length : {0ULL, 1ULL, 126ULL, 128ULL, 200000ULL, 5000000ULL}) {
        std::ofstream(data, std::ios::binary) << std::string(length, 'x');
        const sector::UnpaddedBytes size = sector::PaddedBytes{16U << 20}.unpadded();
        const auto expected = pieceCommitmentOf(data, size);
        const int fd = ::open(data.c_str(), O_RDONLY);
        const auto got = engine.pieceCommitment({size, {fd, false}}, m_context);
        ::close(fd);
        QVERIFY(got && expected);
        QCOMPARE(*got, *expected);
    }
    // A piece of a sector must be whole.
    std::ofstream(data, std::ios::binary) << "short";
    const int fd = ::open(data.c_str(), O_RDONLY);
    const auto refused = engine.addPiece({SealProof{5}, data, {}, sector::UnpaddedBytes{127}, {fd, false}}, m_context);
    ::close(fd);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), ErrorCode::InvalidArgument);
}

void TestNativeEngine::dataThatAreNotThePiecesAreRefused() {
    const QTemporaryDir dir;
    const fs::path root = dir.path().toStdString();
    NativeEngine engine(nullptr);
    writePattern(root / "unsealed", 2048);
    Commitment other{};
    other[3] = 7;
    const auto refused = engine.preCommit1({SealProof{5}, {1000, 1}, counting(1), {{sector::PaddedBytes{2048}, other}}, root / "unsealed", root / "sealed", root / "cache"}, m_context);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), ErrorCode::VerificationFailed);
}

void TestNativeEngine::layersOfOtherDataAreRefused() {
    const QTemporaryDir dir;
    const fs::path cache = fs::path(dir.path().toStdString()) / "cache", vector = fs::path(lsw::test::kTestData) / "sectors" / "2KiB-V1_1-pattern";
    fs::copy(vector / "cache", cache);
    const std::string phase1 = contentOf(fs::path(lsw::test::kTestData) / "sectors" / "2KiB-V1_1-zero" / "pc1.json").toStdString();
    NativeEngine engine(nullptr);
    const auto refused = engine.preCommit2({phase1, cache / "../sealed", cache}, m_context);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), ErrorCode::Corrupt);
    fs::resize_file(cache / "sc-02-data-layer-1.dat", 100);
    QVERIFY(!engine.preCommit2({contentOf(vector / "pc1.json").toStdString(), cache / "../sealed", cache}, m_context));
}

void TestNativeEngine::aStopIsHeard() {
    const QTemporaryDir dir;
    const fs::path root = dir.path().toStdString(), vector = fs::path(lsw::test::kTestData) / "sectors" / "2KiB-V1_1-pattern";
    NativeEngine engine(nullptr);
    std::stop_source stop;
    stop.request_stop();
    TaskContext context;
    context.stop = stop.get_token();
    fs::copy(vector / "cache", root / "cache");
    const auto phase2 = engine.preCommit2({contentOf(vector / "pc1.json").toStdString(), root / "sealed", root / "cache"}, context);
    QVERIFY(!phase2);
    QCOMPARE(phase2.error().code(), ErrorCode::Cancelled);
}

void TestNativeEngine::progressEndsWhole() {
    const QTemporaryDir dir;
    const fs::path root = dir.path().toStdString(), vector = fs::path(lsw::test::kTestData) / "sectors" / "2KiB-V1_1-pattern";
    NativeEngine engine(nullptr);
    Progress last;
    TaskContext context;
    context.report = [&last](const Progress& progress) { last = progress; };
    fs::copy(vector / "cache", root / "cache");
    LSW_DONE(engine.preCommit2({contentOf(vector / "pc1.json").toStdString(), root / "sealed", root / "cache"}, context));
    QCOMPARE(last.phase, std::string("pc2"));
    QCOMPARE(last.done, std::uint64_t{64});
    QCOMPARE(last.total, std::uint64_t{64});
}

QTEST_GUILESS_MAIN(TestNativeEngine)
#include "tst_native_engine.moc"
