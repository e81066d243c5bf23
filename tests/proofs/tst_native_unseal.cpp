// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>
#include <mutex>

#include <fcntl.h>
#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "base/file.h"
#include "kernels/field/fr.h"
#include "proofs/fr32.h"
#include "outcome_checks.h"
#include "proofs/native/native_engine.h"
#include "proofs/piece_commitment.h"
#include "sector/sector_files.h"
#include "support/seed.h"
#include "support/test_paths.h"

using namespace lsw;
using namespace lsw::proofs;
using sector::PaddedBytes;
using sector::UnpaddedBytes;
namespace fs = std::filesystem;

namespace {

/// Changes one bit.
void flip(const fs::path& path, qsizetype at) {
    QByteArray content = contentOf(path);
    content[at] = static_cast<char>(content[at] ^ 1);
    writeFile(path, content);
}
Bytes32 counting(std::uint8_t first) {
    Bytes32 out;
    for (auto& byte : out) byte = first++;
    return out;
}
fs::path vectorPath(const char* name) { return fs::path(lsw::test::kTestData) / "sectors" / name; }
std::uint8_t* bytesOf(QByteArray& bytes) { return reinterpret_cast<std::uint8_t*>(bytes.data()); }

/// A replica to be decoded, with its data.
struct Replica {
    QTemporaryDir dir;
    fs::path root = dir.path().toStdString();
    QByteArray padded, user;
    UnsealOrder order;
    NativeEngine engine{nullptr};
    TaskContext context;
    std::vector<std::string> steps;
    std::mutex mutex;

    Replica() {
        for (const char* name : {"cache", "scratch"}) fs::create_directory(root / name);
        order.ticket = counting(1);
        order.sector = {1000, 1};
        order.sealed = root / "sealed";
        order.cache = root / "cache";
        order.scratch = root / "scratch";
        order.output = root / "output";
        writeFile(order.output, {});
        context.report = [this](const Progress& progress) {
            const std::lock_guard lock(mutex);
            if (steps.empty() || steps.back() != progress.step) steps.push_back(progress.step);
        };
    }
    /// As the official crate sealed it.
    void takeRecorded(int number, const char* name) {
        order.proof = SealProof{number};
        writeFile(order.sealed, contentOf(vectorPath(name) / "sealed"));
        takeData(contentOf(vectorPath(name) / "unsealed").left(2048));
    }
    void takeData(const QByteArray& data) {
        padded = data;
        user.clear();
        for (qsizetype at = 0; at < padded.size(); at += 128) {
            std::array<std::uint8_t, 127> group;
            unpadGroup(std::span<const std::uint8_t, 128>(bytesOf(padded) + at, 128), group);
            user.append(reinterpret_cast<const char*>(group.data()), 127);
        }
        writeFile(root / "data", padded);
        const auto file = File::openToRead(root / "data");
        order.commD = *paddedCommitmentOf(file->descriptor(), 0, PaddedBytes{static_cast<std::uint64_t>(padded.size())});
        order.size = {static_cast<std::uint64_t>(user.size())};
    }
    /// Random data of a size, labelled and encoded by PC1; its layers stay in the cache.
    void seal(int number, std::uint64_t size, std::mt19937_64& random) {
        order.proof = SealProof{number};
        for (std::uint8_t& byte : order.ticket) byte = static_cast<std::uint8_t>(random());
        const auto bytes = test::randomBytes(random, static_cast<std::size_t>(size));
        QByteArray data(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(size));
        for (qsizetype at = 31; at < data.size(); at += 32) data[at] = static_cast<char>(data[at] & 0x3f);
        takeData(data);
        QVERIFY(engine.preCommit1({order.proof, order.sector, order.ticket, {{PaddedBytes{size}, order.commD}}, root / "data", order.sealed, order.cache},
                                  context));
        QByteArray replica = contentOf(order.cache / sector::layerFileName((*sector::proofInfo(order.proof))->layers));
        kernels::frAddNodes(bytesOf(replica), bytesOf(data), bytesOf(replica), static_cast<std::size_t>(size / 32));
        writeFile(order.sealed, replica);
        steps.clear();
    }
    void clearCache() {
        for (const auto& entry : fs::directory_iterator(order.cache)) fs::remove(entry.path());
    }
    bool hasLabelled() const {
        return std::any_of(steps.begin(), steps.end(), [](const std::string& step) { return step.starts_with("layer "); });
    }
    QMap<QString, QByteArray> cacheFiles() const {
        QMap<QString, QByteArray> out;
        for (const auto& entry : fs::directory_iterator(order.cache))
            out[QString::fromStdString(entry.path().filename().string())] = contentOf(entry.path());
        return out;
    }
};

} // namespace

/// Data back out of replicas, ours and those of the official crate.
class TestNativeUnseal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("FIL_PROOFS_PARENT_CACHE", m_parents.path().toUtf8());
        m_random = test::seeded();
    }
    void officialReplicasAreDecoded_data();
    void officialReplicasAreDecoded();
    void anyRangeIsDecoded_data();
    void anyRangeIsDecoded();
    void labelsOfPreCommitOneAreTaken();
    void labelsThatAreNotOfTheSectorAreMadeAnew_data();
    void labelsThatAreNotOfTheSectorAreMadeAnew();
    void damageIsDetected_data();
    void damageIsDetected();
    void whatIsNotThereIsNamed();
    void theReplicaOfZerosComesFromItsTicket();
    void aStopIsHeard();
    void progressEndsWhole();

private:
    QTemporaryDir m_parents;
    std::mt19937_64 m_random;
};

void TestNativeUnseal::officialReplicasAreDecoded_data() {
    QTest::addColumn<int>("proof");
    QTest::newRow("2KiB-V1-pattern") << 0;
    QTest::newRow("2KiB-V1_1-pattern") << 5;
    QTest::newRow("2KiB-V1_1-zero") << 5;
    QTest::newRow("2KiB-Synth-pattern") << 10;
    QTest::newRow("2KiB-NI-pattern") << 15;
}

void TestNativeUnseal::officialReplicasAreDecoded() {
    QFETCH(int, proof);
    Replica replica;
    replica.takeRecorded(proof, QTest::currentDataTag());
    writeFile(replica.order.output, QByteArray(2048, 'x') + "trailer");
    LSW_DONE(replica.engine.unseal(replica.order, replica.context));
    QCOMPARE(contentOf(replica.order.output), replica.padded + "trailer");
    // A range of it, at its place.
    writeFile(replica.order.output, QByteArray(2048, 'x'));
    replica.order.offset = {508};
    replica.order.size = {254};
    LSW_DONE(replica.engine.unseal(replica.order, replica.context));
    QCOMPARE(contentOf(replica.order.output), QByteArray(512, 'x') + replica.padded.mid(512, 256) + QByteArray(1280, 'x'));
    QVERIFY(fs::is_empty(replica.order.cache) && fs::is_empty(replica.order.scratch));
}

void TestNativeUnseal::anyRangeIsDecoded_data() {
    QTest::addColumn<int>("proof");
    QTest::addColumn<quint64>("size");
    for (const int proof : {0, 5, 10, 15}) QTest::addRow("2 KiB, proof %d", proof) << proof << quint64{2048};
    QTest::newRow("8 MiB, of two blocks") << 6 << quint64{8 << 20};
}

void TestNativeUnseal::anyRangeIsDecoded() {
    QFETCH(int, proof);
    QFETCH(quint64, size);
    Replica replica;
    replica.seal(proof, size, m_random);
    replica.clearCache();
    LSW_DONE(replica.engine.unseal(replica.order, replica.context));
    QVERIFY(contentOf(replica.order.output) == replica.padded);
    QVERIFY(replica.hasLabelled());

    const std::uint64_t all = replica.order.size.value;
    using Range = std::pair<std::uint64_t, std::uint64_t>;
    std::vector<Range> ranges{{0, all}, {127, 127}, {1, 1}, {100, 200}, {all - 1, 1}, {126, 2}, {0, all - 1}, {1, all - 1}};
    if (size > 2048) ranges = {{1, all - 1}}; // each labels all of it
    for (int i = 0; i < (size > 2048 ? 2 : 100); ++i) {
        const std::uint64_t offset = m_random() % all;
        ranges.emplace_back(offset, 1 + m_random() % (all - offset));
    }
    replica.order.padded = false;
    for (const auto& [offset, length] : ranges) {
        writeFile(replica.order.output, {});
        replica.order.offset = {offset};
        replica.order.size = {length};
        LSW_DONE(replica.engine.unseal(replica.order, replica.context));
        QVERIFY2(contentOf(replica.order.output) == replica.user.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(length)),
                 qPrintable(QStringLiteral("%1 bytes at %2").arg(length).arg(offset)));
    }
}

void TestNativeUnseal::labelsOfPreCommitOneAreTaken() {
    Replica replica;
    replica.seal(5, 2048, m_random);
    const auto before = replica.cacheFiles();
    LSW_DONE(replica.engine.unseal(replica.order, replica.context));
    QCOMPARE(contentOf(replica.order.output), replica.padded);
    QVERIFY(!replica.hasLabelled());
    replica.order.padded = false;
    replica.order.offset = {300};
    replica.order.size = {700};
    writeFile(replica.order.output, {});
    LSW_DONE(replica.engine.unseal(replica.order, replica.context));
    QCOMPARE(contentOf(replica.order.output), replica.user.mid(300, 700));
    QVERIFY(!replica.hasLabelled());
    QVERIFY(replica.cacheFiles() == before);
}

void TestNativeUnseal::labelsThatAreNotOfTheSectorAreMadeAnew_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("at"); // of the changed bit; -1: the file is another sector's, -2: it is cut
    for (const char* name : {"sc-02-data-layer-2.dat", "sc-02-data-tree-d.dat"}) {
        QTest::addRow("%s, one bit", name) << QByteArray(name) << 700;
        QTest::addRow("%s, cut", name) << QByteArray(name) << -2;
    }
    QTest::newRow("the root of tree D") << QByteArray("sc-02-data-tree-d.dat") << 4063;
    QTest::newRow("of another ticket") << QByteArray("sc-02-data-layer-2.dat") << -1;
}

void TestNativeUnseal::labelsThatAreNotOfTheSectorAreMadeAnew() {
    QFETCH(QByteArray, name);
    QFETCH(int, at);
    Replica replica;
    replica.seal(5, 2048, m_random);
    const fs::path file = replica.order.cache / name.toStdString();
    if (at >= 0) flip(file, at);
    else if (at == -2) fs::resize_file(file, 2000);
    else {
        Replica other;
        other.seal(5, 2048, m_random);
        writeFile(file, contentOf(other.order.cache / name.toStdString()));
    }
    replica.order.offset = {0};
    replica.order.size = {1016}; // of a whole sector CommD would tell
    LSW_DONE(replica.engine.unseal(replica.order, replica.context));
    QCOMPARE(contentOf(replica.order.output), replica.padded.left(1024));
    QVERIFY(replica.hasLabelled());
}

void TestNativeUnseal::damageIsDetected_data() {
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<int>("code");
    QTest::newRow("one bit of the replica") << QByteArray("bit") << int(ErrorCode::VerificationFailed);
    QTest::newRow("no field element") << QByteArray("element") << int(ErrorCode::Corrupt);
    QTest::newRow("a short replica") << QByteArray("short") << int(ErrorCode::Corrupt);
    QTest::newRow("another ticket") << QByteArray("ticket") << int(ErrorCode::VerificationFailed);
    QTest::newRow("another ticket, of a range") << QByteArray("range") << int(ErrorCode::VerificationFailed);
    QTest::newRow("another proof type") << QByteArray("proof") << int(ErrorCode::VerificationFailed);
    QTest::newRow("another sector number") << QByteArray("sector") << int(ErrorCode::VerificationFailed);
    QTest::newRow("another CommD") << QByteArray("commD") << int(ErrorCode::VerificationFailed);
}

void TestNativeUnseal::damageIsDetected() {
    QFETCH(QByteArray, what);
    QFETCH(int, code);
    Replica replica;
    replica.takeRecorded(5, "2KiB-V1_1-pattern");
    UnsealOrder& order = replica.order;
    if (what == "bit") flip(order.sealed, 1000);
    if (what == "element") {
        QByteArray content = contentOf(order.sealed);
        content[10 * 32 + 31] = '\xff';
        writeFile(order.sealed, content);
    }
    if (what == "short") fs::resize_file(order.sealed, 2047);
    if (what == "ticket" || what == "range") order.ticket[3] ^= 1;
    if (what == "range") order.size = {1016};
    if (what == "proof") order.proof = SealProof{0};
    if (what == "sector") order.sector.number = 2;
    if (what == "commD") order.commD[5] ^= 1;
    LSW_REFUSED(replica.engine.unseal(order, replica.context), static_cast<ErrorCode>(code));
}

void TestNativeUnseal::whatIsNotThereIsNamed() {
    Replica replica;
    replica.takeRecorded(5, "2KiB-V1_1-pattern");
    const auto refused = [&](auto change, ErrorCode code) {
        UnsealOrder order = replica.order;
        change(order);
        LSW_REFUSED(replica.engine.unseal(order, replica.context), code);
    };
    refused([](UnsealOrder& o) { o.proof = SealProof{99}; }, ErrorCode::Unsupported);
    refused([](UnsealOrder& o) { o.sealed += "-none"; }, ErrorCode::NotFound);
    refused([](UnsealOrder& o) { o.output += "-none"; }, ErrorCode::NotFound);
    refused([](UnsealOrder& o) { o.output = "/dev/full"; }, ErrorCode::NoSpace);
    refused([](UnsealOrder& o) { o.size = {0}; }, ErrorCode::InvalidArgument);
    refused([](UnsealOrder& o) { o.size = {2033}; }, ErrorCode::InvalidArgument);
    refused([](UnsealOrder& o) { o.offset = {127}; }, ErrorCode::InvalidArgument);
    refused([](UnsealOrder& o) { o.offset = {~0ULL}, o.size = {127}; }, ErrorCode::InvalidArgument);
    refused([](UnsealOrder& o) { o.offset = {100}, o.size = {127}; }, ErrorCode::InvalidArgument);
    refused([](UnsealOrder& o) { o.size = {100}; }, ErrorCode::InvalidArgument);
}

void TestNativeUnseal::theReplicaOfZerosComesFromItsTicket() {
    const fs::path recorded = vectorPath("2KiB-V1_1-zero");
    Replica replica;
    RegenerateReplicaOrder order{SealProof{5}, {1000, 1}, counting(1), replica.root / "key", replica.order.scratch};
    LSW_DONE(replica.engine.regenerateReplica(order, replica.context));
    QCOMPARE(contentOf(order.sealed), contentOf(recorded / "sealed"));
    writeFile(order.sealed, QByteArray(5000, 'x'));
    LSW_DONE(replica.engine.regenerateReplica(order, replica.context));
    QCOMPARE(contentOf(order.sealed), contentOf(recorded / "sealed"));
    QVERIFY(fs::is_empty(order.scratch));
    order.ticket[0] ^= 1;
    LSW_DONE(replica.engine.regenerateReplica(order, replica.context));
    QVERIFY(contentOf(order.sealed) != contentOf(recorded / "sealed"));
}

void TestNativeUnseal::aStopIsHeard() {
    Replica replica;
    replica.seal(5, 2048, m_random);
    std::stop_source stop;
    stop.request_stop();
    replica.context.stop = stop.get_token();
    LSW_REFUSED(replica.engine.unseal(replica.order, replica.context), ErrorCode::Cancelled);
    replica.clearCache();
    LSW_REFUSED(replica.engine.unseal(replica.order, replica.context), ErrorCode::Cancelled);
    LSW_REFUSED(replica.engine.regenerateReplica({SealProof{5}, {1000, 1}, counting(1), replica.root / "key", replica.order.scratch}, replica.context),
                ErrorCode::Cancelled);
    QVERIFY(!fs::exists(replica.root / "key"));
}

void TestNativeUnseal::progressEndsWhole() {
    Replica replica;
    replica.takeRecorded(5, "2KiB-V1_1-pattern");
    Progress last;
    TaskContext context;
    context.report = [&last](const Progress& progress) { last = progress; };
    LSW_DONE(replica.engine.unseal(replica.order, context));
    QCOMPARE(last.phase, std::string("unseal"));
    QCOMPARE(last.done, std::uint64_t{2048});
    QCOMPARE(last.total, std::uint64_t{2048});
}

QTEST_GUILESS_MAIN(TestNativeUnseal)
#include "tst_native_unseal.moc"
