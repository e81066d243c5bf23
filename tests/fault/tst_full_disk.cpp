// SPDX-License-Identifier: MIT OR Apache-2.0
#include <csignal>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sector/sector_files.h"
#include "storage/storage_config.h"
#include "support/running_worker.h"
#include "support/test_paths.h"
#include "tasks/isolated_engine.h"

using namespace lsw;
using test::kProgramWait;
using test::RunningWorker;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSector = 8 << 20;
constexpr auto kLargeProof = sector::SealProof{6}, kSmallProof = sector::SealProof{5};
constexpr const char* kPathId = "5d1c7b52-7a4e-4f6c-9a39-6d1d0c1f9e11";

/// A worker whose only storage path is a file system of 12 MiB, in a mount namespace of its own.
class SmallDisk : public RunningWorker {
public:
    SmallDisk() : RunningWorker(lsw::test::kProgramFolder, kSector) {
        fs::create_directories(at("disk"));
        fs::create_directories(at("contents"));
        storage::PathMetadata metadata;
        metadata.id = kPathId;
        metadata.canSeal = true;
        metadata.canStore = true;
        prepared = storage::writePathMetadata(at("contents"), metadata).hasValue();
        std::ofstream data(at("data"), std::ios::binary);
        for (int i = 0; i < 5000; ++i) data.put(static_cast<char>(i * 13));
    }

    void startOnSmallDisk(const QString& engine) {
        const QString script = QStringLiteral("mount -t tmpfs -o size=12m,mode=0755 small \"$1\" && cp \"$2\"/sectorstore.json \"$1\" "
                                              "&& shift 2 && exec \"$@\"");
        QStringList given{QStringLiteral("-m"), QStringLiteral("--propagation"), QStringLiteral("private"), QStringLiteral("sh"),
                          QStringLiteral("-c"), script, QStringLiteral("sh"), file("disk"), file("contents"), QString::fromUtf8(lsw::test::kProgramFile)};
        given += arguments();
        given << QStringLiteral("--no-local-storage") << QStringLiteral("--engine") << engine;
        start(QStringLiteral("unshare"), given);
    }
    /// The small disk as it is seen from outside its namespace.
    fs::path disk() const { return fs::path("/proc/" + std::to_string(process.processId()) + "/root" + at("disk").string()); }

    std::uint64_t available() const {
        struct statvfs info {};
        return ::statvfs(disk().c_str(), &info) == 0 ? info.f_bavail * info.f_frsize : 0;
    }
    /// Takes space until this much is left. False when it cannot.
    bool leave(std::uint64_t bytes) {
        const std::uint64_t now = available();
        const int handle = ::open((disk() / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        const bool taken = handle >= 0 && now > bytes && ::fallocate(handle, 0, 0, static_cast<off_t>(now - bytes)) == 0;
        if (handle >= 0) ::close(handle);
        return taken && available() == bytes;
    }
    void free() {
        std::error_code ignored;
        fs::remove(disk() / "filler", ignored);
    }

    void addPiece(std::uint64_t number, sector::SealProof proof, std::uint64_t bytes) {
        protocol::AddPieceCall piece;
        piece.sector = {{1000, number}, proof};
        piece.size = bytes;
        piece.data = miner->pushFile(session(), at("data"), bytes);
        call(piece);
    }
    std::vector<std::string> files() const {
        std::vector<std::string> out;
        std::error_code ignored;
        for (fs::recursive_directory_iterator it(disk() / "unsealed", ignored), end; !ignored && it != end; it.increment(ignored))
            if (!it->is_directory()) out.push_back(it->path().filename().string());
        return out;
    }

    bool prepared = false;
};

} // namespace

/// A disk that is full when a piece comes, and one that fills up while it is written.
class TestFullDisk : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aPieceThatDoesNotFitLeavesNothingBehind_data();
    void aPieceThatDoesNotFitLeavesNothingBehind();
};

void TestFullDisk::initTestCase() {
    if (::geteuid() != 0) QSKIP("mounting a small disk needs root");
    QProcess probe;
    probe.start(QStringLiteral("unshare"), {QStringLiteral("-m"), QStringLiteral("--propagation"), QStringLiteral("private"),
                                            QStringLiteral("mount"), QStringLiteral("-t"), QStringLiteral("tmpfs"), QStringLiteral("small"),
                                            QStringLiteral("/mnt")});
    if (!probe.waitForFinished(kProgramWait) || probe.exitCode() != 0) QSKIP("this machine lets nobody mount a file system of its own");
    tasks::ProverSettings prover;
    prover.folder = lsw::test::kProgramFolder;
    tasks::IsolatedEngine engine(prover);
    const auto tried = engine.commit2({}, {});
    if (!tried && tried.error().code() == ErrorCode::NotInstalled) QSKIP(tried.error().message().c_str());
}

void TestFullDisk::aPieceThatDoesNotFitLeavesNothingBehind_data() {
    QTest::addColumn<QString>("engine");
    QTest::addColumn<quint64>("left");
    QTest::addColumn<QByteArray>("says");
    for (const char* engine : {"native", "official"}) {
        // Exactly the sector fits: the reservation is granted, and the disk is full before the file has its trailer.
        QTest::addRow("full while the file is made, %s", engine) << QString::fromLatin1(engine) << quint64{kSector} << QByteArray("No space left on device");
        QTest::addRow("full before, %s", engine) << QString::fromLatin1(engine) << quint64{kSector - 4096} << QByteArray("can't reserve 8388608 bytes");
    }
}

void TestFullDisk::aPieceThatDoesNotFitLeavesNothingBehind() {
    QFETCH(QString, engine);
    QFETCH(quint64, left);
    QFETCH(QByteArray, says);
    SmallDisk worker;
    QVERIFY(worker.prepared && worker.minerStarted);
    worker.startOnSmallDisk(engine);
    QTRY_VERIFY2_WITH_TIMEOUT(worker.connected(), worker.log().constData(), kProgramWait);
    bool added = false;
    worker.miner->callWorkerMethod(worker.session(), "Filecoin.StorageAddLocal", {boost::json::string(worker.at("disk").string())},
                                   [&](const Expected<boost::json::value>& answer) { added = answer.hasValue(); });
    QTRY_VERIFY_WITH_TIMEOUT(added, kProgramWait);
    const qint64 pid = worker.process.processId();

    // The miner believes in the space of the last report; right after one the next is 10 s away.
    const int reports = worker.miner->callCounts()["StorageReportHealth"];
    QTRY_VERIFY_WITH_TIMEOUT(worker.miner->callCounts()["StorageReportHealth"] > reports, kProgramWait);
    QVERIFY2(worker.leave(left), qPrintable(QString::number(worker.available())));
    worker.addPiece(1, kLargeProof, kSector / 128 * 127);
    QTRY_COMPARE_WITH_TIMEOUT(worker.returns.size(), std::size_t{1}, kProgramWait);
    QVERIFY(worker.returns[0].error);
    QCOMPARE(worker.returns[0].error->code, 102);
    const QByteArray message = QByteArray::fromStdString(worker.returns[0].error->message);
    QVERIFY2(message.contains(says), message.constData());
    QVERIFY2(!message.contains('\n'), message.constData());
    QVERIFY(worker.files().empty());
    QVERIFY(worker.miner->holders({1000, 1}).empty());
    QCOMPARE(worker.available(), std::uint64_t{left});

    // What does fit is done on the disk as full as it is, and then what did not.
    worker.addPiece(2, kSmallProof, 2032);
    QTRY_COMPARE_WITH_TIMEOUT(worker.returns.size(), std::size_t{2}, kProgramWait);
    QVERIFY2(!worker.returns[1].error, worker.returns[1].error ? worker.returns[1].error->message.c_str() : "");
    worker.free();
    bool told = false;
    worker.miner->callWorkerMethod(worker.session(), "Filecoin.StorageRedeclareLocal", {nullptr, false},
                                   [&](const Expected<boost::json::value>& answer) { told = answer.hasValue(); });
    QTRY_VERIFY_WITH_TIMEOUT(told, kProgramWait);
    worker.addPiece(1, kLargeProof, kSector / 128 * 127);
    QTRY_COMPARE_WITH_TIMEOUT(worker.returns.size(), std::size_t{3}, kProgramWait);
    QVERIFY2(!worker.returns[2].error, worker.returns[2].error ? worker.returns[2].error->message.c_str() : "");
    QCOMPARE(worker.files().size(), std::size_t{2});
    QCOMPARE(worker.process.processId(), pid);

    // No reservation of any of the three is left.
    std::int64_t reserved = -1;
    worker.miner->callWorkerMethod(worker.session(), "LotusSealWorker.Snapshot", {}, [&](const Expected<boost::json::value>& view) {
        if (view) reserved = view->at("paths").at(0).at("reserved").to_number<std::int64_t>();
    });
    QTRY_COMPARE_WITH_TIMEOUT(reserved, std::int64_t{0}, kProgramWait);
    worker.process.terminate();
    QVERIFY(worker.process.waitForFinished(kProgramWait));
    QCOMPARE(worker.process.exitCode(), 0);
}

QTEST_GUILESS_MAIN(TestFullDisk)
#include "tst_full_disk.moc"
