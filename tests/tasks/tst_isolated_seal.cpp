// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fstream>
#include <set>

#include <QtCore/QCryptographicHash>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "proofs/order_lines.h"
#include "support/patience.h"
#include "support/test_paths.h"
#include "tasks/isolated_engine.h"

using namespace lsw;
using namespace lsw::proofs;
using tasks::IsolatedEngine;

/// The official crate in its child: a sector of 2 KiB of zeros, whose commitments are known.
class IsolatedSealTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theInstalledProverSealsASector();
    void theInstalledProverUpdatesASector();
    void oneProverReadsSectorAfterSector();
    void aFullDiskIsAnErrorOfTheUpdate();
    void theCopyOfAReplicaLiesBesideTheUpdate_data();
    void theCopyOfAReplicaLiesBesideTheUpdate();
    void aMissingParameterFileIsSaidByName();
    void anUnknownEngineIsSaid();

private:
    static Bytes32 ticket(); ///< of the recorded sector
    tasks::ProverSettings settings() const;
    QTemporaryDir m_dir;
};

Bytes32 IsolatedSealTest::ticket() {
    Bytes32 out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(9 - i % 4);
    return out;
}

tasks::ProverSettings IsolatedSealTest::settings() const {
    tasks::ProverSettings out;
    out.scratch = m_dir.filePath(QStringLiteral("scratch")).toStdString();
    out.parentCache = m_dir.filePath(QStringLiteral("parents")).toStdString();
    out.parameterCache = m_dir.filePath(QStringLiteral("no-parameters")).toStdString();
    return out;
}

void IsolatedSealTest::initTestCase() {
    QVERIFY(m_dir.isValid());
    const auto program = IsolatedEngine(settings()).proverProgram();
    QVERIFY2(program, program ? "" : program.error().message().c_str());
}

void IsolatedSealTest::theInstalledProverSealsASector() {
    IsolatedEngine engine(settings());
    const auto said = [](const auto& result) { return result ? QString() : QString::fromStdString(result.error().message()); };
    const std::filesystem::path folder = m_dir.path().toStdString(), unsealed = folder / "unsealed", sealed = folder / "sealed",
                                cache = folder / "cache";
    const auto make = [](const std::filesystem::path& file) { return std::ofstream(file).good(); };
    QVERIFY(make(unsealed));
    std::filesystem::resize_file(unsealed, 2048);
    const SealProof proof{5};
    const SectorId sector{1000, 1};
    Bytes32 ticket{}, seed{};
    ticket.fill(9);
    seed.fill(1);
    std::vector<std::string> phases;
    const TaskContext context{{}, [&](const Progress& p) { phases.push_back(p.phase); }};

    const auto piece = engine.addPiece({proof, unsealed, {0}, {2032}, {}}, context);
    QVERIFY2(piece, qPrintable(said(piece)));
    QCOMPARE(toHex(piece->commitment), std::string("fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833"));
    const auto phase1 = engine.preCommit1({proof, sector, ticket, {*piece}, unsealed, sealed, cache}, context);
    QVERIFY2(phase1, qPrintable(said(phase1)));
    QVERIFY(IsolatedEngine::lastPeakMemory() > 0);
    const auto phase2 = engine.preCommit2({*phase1, sealed, cache}, context);
    QVERIFY2(phase2, qPrintable(said(phase2)));
    QCOMPARE(toHex(phase2->commD), toHex(piece->commitment));
    const auto commit1 = engine.commit1({proof, sector, ticket, seed, {*piece}, phase2->commR, phase2->commD, sealed, cache}, context);
    QVERIFY2(commit1, qPrintable(said(commit1)));
    QVERIFY(commit1->find("vanilla_proofs") != std::string::npos);
    QVERIFY(std::find(phases.begin(), phases.end(), "pc1") != phases.end());

    Bytes32 other = phase2->commR;
    other[0] ^= 1;
    QVERIFY(!engine.commit1({proof, sector, ticket, seed, {*piece}, other, phase2->commD, sealed, cache}, context));
    QVERIFY(engine.clearCache({cache, false}, context));
    QVERIFY(!std::filesystem::exists(cache / "sc-02-data-layer-1.dat"));
    QVERIFY(std::filesystem::is_empty(folder / "scratch"));
}

namespace {

std::filesystem::path recordedUpdate() {
    return std::filesystem::path(lsw::test::kTestData) / "sectors" / "2KiB-update";
}

QByteArray contentOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}

Commitment commitment(const char* text) {
    Commitment out{};
    const auto bytes = fromHex(text);
    if (bytes && bytes->size() == out.size()) std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

const Commitment kSectorKey = commitment("cc07c6406893a25bf3a9f201d0b28c8aa4d30e991efb5f806ffd780b6c5bf371");
const Commitment kNewCommR = commitment("54b775708a1bd9bffa0c0d479823f77aaba8d8463431630329b7d12b7af09737");
const Commitment kNewCommD = commitment("738b52f40f1f8f5aa6386eda0fdd8053f3f89c8526fd21752721950fde0bfc03");

} // namespace

void IsolatedSealTest::theInstalledProverUpdatesASector() {
    IsolatedEngine engine(settings());
    const auto said = [](const auto& result) { return result ? QString() : QString::fromStdString(result.error().message()); };
    const SealProof proof{5};
    const std::filesystem::path files = recordedUpdate(), folder = m_dir.filePath(QStringLiteral("updated")).toStdString(),
                                update = folder / "update", updateCache = folder / "update-cache", key = folder / "key";
    std::filesystem::create_directories(folder / "scratch");
    std::set<std::string> phases;
    const TaskContext context{{}, [&](const Progress& p) { phases.insert(p.phase); }};
    const auto result = engine.replicaUpdate(
        {proof, {{{2048}, kNewCommD}}, files / "unsealed", files / "sealed", files / "cache", update, updateCache}, context);
    QVERIFY2(result, qPrintable(said(result)));
    QCOMPARE(toHex(result->commR), toHex(kNewCommR));
    QVERIFY(phases.contains("update"));
    const auto vanilla =
        engine.proveUpdate1({proof, kSectorKey, kNewCommR, kNewCommD, files / "sealed", files / "cache", update, updateCache}, context);
    QVERIFY2(vanilla, qPrintable(said(vanilla)));
    QCOMPARE(vanilla->size(), std::size_t(1));
    const auto snark = engine.proveUpdate2({proof, kSectorKey, kNewCommR, kNewCommD, *vanilla}, context);
    QVERIFY(!snark);
    QCOMPARE(snark.error().code(), ErrorCode::NotInstalled);

    const auto made = engine.regenerateReplica({proof, {1000, 1}, ticket(), key, folder / "scratch"}, context);
    QVERIFY2(made, qPrintable(said(made)));
    QCOMPARE(contentOf(key), contentOf(files / "sealed"));
    const std::filesystem::path back = folder / "back";
    QVERIFY(std::ofstream(back).good());
    const auto decoded = engine.decodeUpdate({proof, kNewCommD, update, key, files / "cache", back}, context);
    QVERIFY2(decoded, qPrintable(said(decoded)));
    QCOMPARE(contentOf(back), contentOf(files / "unsealed"));
    std::filesystem::copy(files / "cache", folder / "cache", std::filesystem::copy_options::recursive);
    const auto again = engine.regenerateKey({proof, kNewCommD, back, update, key, folder / "cache", folder / "scratch"}, context);
    QVERIFY2(again, qPrintable(said(again)));
    QCOMPARE(contentOf(key), contentOf(files / "sealed"));

    const auto leaves = engine.vanillaPost({PostProof{0}, 1, {1, 7}, kSectorKey, key, folder / "cache"}, context);
    QVERIFY2(leaves, qPrintable(said(leaves)));
    QCOMPARE(leaves->size(), std::size_t(1232));
    const auto winning = engine.winningPost({PostProof{0}, 1000, {}, {*leaves}}, context);
    QVERIFY(!winning);
    QCOMPARE(winning.error().code(), ErrorCode::NotInstalled);
    QVERIFY(std::filesystem::is_empty(m_dir.filePath(QStringLiteral("scratch")).toStdString()));
}

/// As for a window PoSt: what one reading leaves in a prover changes no other.
void IsolatedSealTest::oneProverReadsSectorAfterSector() {
    const std::filesystem::path files = recordedUpdate();
    const VanillaPostOrder before{PostProof{0}, 1, {1, 7}, kSectorKey, files / "sealed", files / "cache"},
        after{PostProof{10}, 1, {0, 63}, kNewCommR, files / "update", files / "update-cache"},
        wrong{PostProof{0}, 1, {1, 7}, kNewCommR, files / "sealed", files / "cache"};
    const auto hashOf = [](const Expected<Bytes>& proof) {
        if (!proof) return QByteArray::fromStdString(proof.error().message());
        const QByteArray bytes(reinterpret_cast<const char*>(proof->data()), static_cast<qsizetype>(proof->size()));
        return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
    };
    const QByteArray recorded("724a6b7d1498c23c602548fb34baebbb0c28ff7a7ca5f1efd203e24ae8a417ca");
    const QByteArray alone = hashOf(IsolatedEngine(settings()).vanillaPost(after, {}));
    QCOMPARE(alone.size(), recorded.size());
    IsolatedEngine engine(settings());
    for (int round = 0; round < 3; ++round) {
        QCOMPARE(hashOf(engine.vanillaPost(before, {})), recorded);
        const auto refused = engine.vanillaPost(wrong, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::VerificationFailed);
        QCOMPARE(hashOf(engine.vanillaPost(after, {})), alone);
    }
}

void IsolatedSealTest::aFullDiskIsAnErrorOfTheUpdate() {
    // The crate writes through memory maps: on a full disk it would be killed in the middle, and nobody would know why.
    const auto program = IsolatedEngine(settings()).proverProgram();
    QVERIFY(program);
    const QString disk = m_dir.filePath(QStringLiteral("disk"));
    QVERIFY(QDir().mkpath(disk));
    const std::filesystem::path files = recordedUpdate(), full = disk.toStdString();
    const SealProof proof{5};
    const std::vector<std::pair<const char*, Order>> orders{
        {"a sparse file that is decoded into",
         DecodeUpdateOrder{proof, kNewCommD, files / "update", files / "sealed", files / "cache", full / "sparse"}},
        {"an update",
         ReplicaUpdateOrder{
             proof, {{{2048}, kNewCommD}}, files / "unsealed", files / "sealed", files / "cache", full / "update", full / "update-cache"}},
        {"a sector key", RegenerateKeyOrder{proof, kNewCommD, files / "unsealed", files / "update", full / "key", files / "cache",
                                            std::filesystem::path(m_dir.path().toStdString())}}};
    for (const auto& [what, order] : orders) {
        const OrderLine line{order, {}, "official"};
        QProcess process;
        process.start(QStringLiteral("unshare"),
                      {QStringLiteral("-Urm"), QStringLiteral("sh"), QStringLiteral("-c"),
                       QStringLiteral(
                           "mount -t tmpfs -o size=64k small \"$1\" || exit 77; truncate -s 2048 \"$1\"/sparse; mkdir \"$1\"/update-cache; "
                           "cat /dev/zero > \"$1\"/filler 2> /dev/null; exec \"$2\""),
                       QStringLiteral("sh"), disk, QString::fromStdString(program->string())});
        process.write(QByteArray::fromStdString(*encodeOrder(line)) + '\n');
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        if (process.exitCode() == 77 || process.error() == QProcess::FailedToStart)
            QSKIP("this machine lets nobody mount a file system of its own");
        const QList<QByteArray> lines = process.readAllStandardOutput().trimmed().split('\n');
        const auto answer = decodeAnswer(lines.last().toStdString(), line);
        QVERIFY2(answer, QByteArray(what + QByteArray(": ") + process.readAllStandardError()).constData());
        const Error* failure = std::get_if<Error>(&answer->content);
        QVERIFY2(failure, what);
        QVERIFY2(failure->code() == ErrorCode::NoSpace, failure->message().c_str());
    }
}

void IsolatedSealTest::theCopyOfAReplicaLiesBesideTheUpdate_data() {
    QTest::addColumn<QString>("chosen");
    QTest::addColumn<bool>("fits");
    QTest::newRow("nobody has chosen") << QString() << true;
    QTest::newRow("/tmp was chosen") << QStringLiteral("/tmp") << false;
}

void IsolatedSealTest::theCopyOfAReplicaLiesBesideTheUpdate() {
    // While trees are built the crate keeps a replica in a nameless file of the temporary folder. Here /tmp is full.
    QFETCH(QString, chosen);
    QFETCH(bool, fits);
    const auto program = IsolatedEngine(settings()).proverProgram();
    QVERIFY(program);
    const QTemporaryDir work;
    QVERIFY(work.isValid());
    std::filesystem::copy(recordedUpdate(), work.path().toStdString(), std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(work.filePath(QStringLiteral("update-cache")).toStdString());
    const std::filesystem::path seen = "/mnt"; // where the folder is mounted: it may itself be below /tmp
    const OrderLine line{ReplicaUpdateOrder{SealProof{5},
                                            {{{2048}, kNewCommD}},
                                            seen / "unsealed",
                                            seen / "sealed",
                                            seen / "cache",
                                            seen / "update",
                                            seen / "update-cache"},
                         {},
                         "official"};
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("TMPDIR"));
    if (!chosen.isEmpty()) environment.insert(QStringLiteral("TMPDIR"), chosen);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("unshare"),
                  {QStringLiteral("-Urm"), QStringLiteral("sh"), QStringLiteral("-c"),
                   QStringLiteral("mount --bind \"$1\" /mnt && exec 9< \"$2\" && mount -t tmpfs -o size=4k small /tmp || exit 77; "
                                  "cat /dev/zero > /tmp/filler 2> /dev/null; exec /proc/self/fd/9"),
                   QStringLiteral("sh"), work.path(), QString::fromStdString(program->string())});
    process.write(QByteArray::fromStdString(*encodeOrder(line)) + '\n');
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(test::kPatienceMs));
    if (process.exitCode() == 77) QSKIP("this machine lets nobody mount a file system of its own");
    const auto answer = decodeAnswer(process.readAllStandardOutput().trimmed().split('\n').last().toStdString(), line);
    QVERIFY2(answer, process.readAllStandardError().constData());
    const Error* failure = std::get_if<Error>(&answer->content);
    QVERIFY2(fits == !failure, failure ? failure->message().c_str() : "it did fit");
    if (failure)
        QCOMPARE(failure->code(), ErrorCode::NoSpace);
    else
        QCOMPARE(contentOf(work.filePath(QStringLiteral("update")).toStdString()), contentOf(recordedUpdate() / "update"));
}

void IsolatedSealTest::aMissingParameterFileIsSaidByName() {
    IsolatedEngine engine(settings());
    const auto result = engine.verifySeal({SealProof{5}, {1000, 1}, {}, {}, {}, {}, Bytes(192)}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::NotInstalled);
    QVERIFY2(QString::fromStdString(result.error().message()).contains(m_dir.filePath(QStringLiteral("no-parameters"))),
             result.error().message().c_str());
}

void IsolatedSealTest::anUnknownEngineIsSaid() {
    auto other = settings();
    other.engine = "steam";
    IsolatedEngine engine(other);
    const auto result = engine.clearCache({m_dir.path().toStdString(), false}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Unsupported);
    QVERIFY(QString::fromStdString(result.error().message()).contains(QLatin1String("'steam'")));
}

QTEST_GUILESS_MAIN(IsolatedSealTest)
#include "tst_isolated_seal.moc"
