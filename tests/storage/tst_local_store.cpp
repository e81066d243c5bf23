// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/local_store.h"
#include "storage_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <thread>

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;

namespace {

constexpr auto kUnsealed = FileType::Unsealed, kSealed = FileType::Sealed, kCache = FileType::Cache, kNone = FileType::None;

/// Allocates the space on the disk, as a sector being made does.
void allocate(const fs::path& file, off_t size) {
    fs::create_directories(file.parent_path());
    const int handle = ::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (handle < 0 || ::posix_fallocate(handle, 0, size) != 0) qFatal("cannot allocate %s", file.c_str());
    ::close(handle);
}

QByteArray message(const Expected<void>& result) { return result ? QByteArray("ok") : QByteArray::fromStdString(result.error().message()); }

} // namespace

class TestLocalStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatAKilledWriterLeftIsRemovedAtTheNextStart() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        const pid_t dead = ::fork();
        if (dead == 0) ::_exit(0);
        QVERIFY(dead > 0 && ::waitpid(dead, nullptr, 0) == dead);
        const fs::path left = bench.sealing() / ("storage.json.new-" + std::to_string(dead)),
                       part = bench.sealing() / ("sealed/fetching/s-t01000-1.part.new-" + std::to_string(dead)),
                       living = bench.sealing() / ("storage.json.new-" + std::to_string(::getppid())), own = bench.sealing() / "notes.new-idea";
        for (const fs::path& file : {left, part, living, own}) writeFile(file, "{");
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), true, {}).hasValue());
        QVERIFY(!fs::exists(left) && !fs::exists(part));
        QVERIFY2(fs::exists(living), "another process is writing it now");
        QVERIFY(fs::exists(own));
    }

    void openingDeclaresWhatLiesThere() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        writeFile(bench.sealing() / "unsealed/s-t01000-1", "u");
        writeFile(bench.sealing() / "sealed/s-t01000-1", "s");
        writeFile(bench.sealing() / "cache/s-t01000-1/p_aux", "c");
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), true, {}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("attach-and-declare")));
        for (const FileType type : sector::kFileTypes) QVERIFY(fs::is_directory(bench.sealing() / sector::fileTypeName(type)));
        QVERIFY(*readStorageConfig(bench.root()) == std::vector<std::string>{bench.sealing().string()});
        QCOMPARE(local.openPaths().size(), std::size_t(1));
        QCOMPARE(local.localPath(kSector, kSealed).value_or("").string(), (bench.sealing() / "sealed/s-t01000-1").string());
        QVERIFY(!local.localPath(kSector, FileType::Update));
    }
    void filesOfAStorePathAreDeclaredPrimary() {
        Bench bench;
        makeStoragePath(bench.store(), kStoreId, false, true);
        writeFile(bench.store() / "sealed/s-t01000-1", "s");
        QVERIFY(bench.makeLocal().openPath(bench.store(), false, {}).hasValue());
        QCOMPARE(bench.index.holders(kSector, kSealed), kStoreId + '*');
    }
    void strangersInAPathAreLeftAloneAndNoted() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        writeFile(bench.sealing() / "sealed/s-t01000-1", "s");
        writeFile(bench.sealing() / "sealed/s-t01000-1.tmp", "half");
        writeFile(bench.sealing() / "sealed/lost+found/x", "");
        writeFile(bench.sealing() / "sealed/fetching/s-t01000-2", "half");
        writeFile(bench.sealing() / "cache/s-t01000-3", "a file where a folder belongs");
        fs::create_directories(bench.sealing() / "sealed/s-t01000-4");
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QCOMPARE(bench.index.calls().size(), std::size_t(2));
        const auto notes = local.openPaths().front().notes;
        QCOMPARE(notes.size(), std::size_t(4));
        QVERIFY(notes[0].find("lost+found") != std::string::npos);
        QCOMPARE(readFile(bench.sealing() / "sealed/s-t01000-1.tmp"), std::string("half"));
        QCOMPARE(readFile(bench.sealing() / "sealed/fetching/s-t01000-2"), std::string("half"));
    }
    void whatAKilledProcessHadTakenAwayIsRemovedAtOpening() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        writeFile(bench.sealing() / "cache/fetching/s-t01000-1.removed-77-0/p_aux", "old");
        QVERIFY(bench.makeLocal().openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(fs::is_empty(bench.sealing() / "cache/fetching"));
        QCOMPARE(bench.index.calls().size(), std::size_t(1));
    }
    void everyPathOfTheConfigurationIsOpenedAndTheFirstFailureNamesIt() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        QVERIFY(bench.makeLocal().openAll({}).error().code() == ErrorCode::NotFound);
        QVERIFY(writeStorageConfig(bench.root(), {bench.sealing().string(), bench.store().string()}).hasValue());
        const auto opened = bench.makeLocal().openAll({});
        QVERIFY(!opened.hasValue());
        QVERIFY2(message(opened).contains(bench.store().c_str()), message(opened).constData());
        makeStoragePath(bench.store(), kStoreId, false, true);
        QVERIFY(bench.makeLocal().openAll({}).hasValue());
        QCOMPARE(bench.local->openPaths().size(), std::size_t(2));
    }
    void aPathIsOpenOnceOnly() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        const auto again = local.openPath(bench.sealing(), false, {});
        QCOMPARE(message(again), QByteArray("opening local path: path with ID ") + kSealingId.c_str() + " already opened: '" + bench.sealing().c_str() + "'");
    }
    void theLockGoesWithItsHolder() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        QVERIFY(bench.makeLocal().openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(fs::exists(bench.sealing() / ".lotus-seal-worker.lock"));
        bench.local.reset();
        QVERIFY(!fs::exists(bench.sealing() / ".lotus-seal-worker.lock"));
        // A process that was killed leaves the file and no lock.
        writeFile(bench.sealing() / ".lotus-seal-worker.lock", "1");
        QVERIFY(bench.makeLocal().openPath(bench.sealing(), false, {}).hasValue());
    }
    void aPathThatCannotBeWrittenIsRefused() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        fs::permissions(bench.root(), fs::perms::all);
        fs::permissions(bench.sealing(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec);
        LocalStore& local = bench.makeLocal();
        const uid_t self = ::geteuid();
        if (self == 0) QVERIFY(::seteuid(65534) == 0);
        const auto opened = local.openPath(bench.sealing(), true, {});
        if (self == 0) QVERIFY(::seteuid(0) == 0);
        fs::permissions(bench.sealing(), fs::perms::owner_all);
        QVERIFY(!opened && opened.error().code() == ErrorCode::StorageUnavailable);
        QVERIFY2(message(opened).contains("cannot be written"), message(opened).constData());
        QVERIFY(bench.index.calls().empty());
        QVERIFY(!fs::exists(bench.root() / "storage.json"));
    }
    void aFileInThePlaceOfATypeFolderIsRefused() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        writeFile(bench.sealing() / "cache", "x");
        const auto opened = bench.makeLocal().openPath(bench.sealing(), false, {});
        QVERIFY(!opened && opened.error().code() == ErrorCode::StorageUnavailable);
        QVERIFY2(message(opened).contains("is not a folder"), message(opened).constData());
    }
    void aPathThatTheIndexRefusesIsNotOpen() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        bench.index.before = [](const std::string&) { return Error(ErrorCode::PermissionDenied, "missing permission"); };
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), true, {}).error().code() == ErrorCode::PermissionDenied);
        QVERIFY(local.openPaths().empty());
        bench.index.before = nullptr;
        QVERIFY(local.openPath(bench.sealing(), true, {}).hasValue());
    }
    void detachingTellsTheIndexAndTheConfiguration() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), true, {}).hasValue());
        QCOMPARE(message(local.detachPath("/nowhere", {})), QByteArray("no local paths match '/nowhere'"));
        bench.index.forgetCalls();
        QVERIFY(local.detachPath(bench.sealing(), {}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("detach")));
        QVERIFY(readStorageConfig(bench.root())->empty());
        QVERIFY(local.openPaths().empty());

        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QCOMPARE(message(local.detachPath(bench.sealing(), {})), QByteArray("path not found in storage.json"));
        bench.index.forgetCalls();
        QVERIFY(local.detachAll({}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("detach-all")));
    }
    void redeclaringDropsWhatIsMissing() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        for (const char* name : {"unsealed/s-t01000-1", "sealed/s-t01000-1", "cache/s-t01000-1/p_aux"}) writeFile(bench.sealing() / name, "x");
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        fs::remove(bench.sealing() / "sealed/s-t01000-1");
        bench.index.forgetCalls();
        QVERIFY(local.redeclare(kSealingId, true, {}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("redeclare-drop-missing")));
        QCOMPARE(bench.index.holders(kSector, kSealed), std::string());
        bench.index.forgetCalls();
        QVERIFY(local.redeclare("another", true, {}).hasValue());
        QVERIFY(bench.index.calls().empty());
    }
    void redeclaringReadsTheMetadataAnewAndRefusesAnotherDisk() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        makeStoragePath(bench.sealing(), kSealingId, true, true);
        QVERIFY(local.redeclare({}, false, {}).hasValue());
        QVERIFY(local.openPaths().front().metadata.canStore);
        QVERIFY(bench.index.info(kSealingId, {})->canStore);
        makeStoragePath(bench.sealing(), kStoreId, true, true);
        QVERIFY(local.redeclare({}, false, {}).error().code() == ErrorCode::Corrupt);
        fs::remove(bench.sealing() / "sectorstore.json");
        QVERIFY(!local.redeclare({}, false, {}).hasValue());
    }
    void aDiskThatIsGoneIsReported() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(local.reportHealth({}).hasValue());
        QVERIFY(bench.index.health(kSealingId)->error.empty());
        QVERIFY(bench.index.health(kSealingId)->stat.capacity > 0);
        fs::remove(bench.sealing() / "sectorstore.json");
        QVERIFY(local.reportHealth({}).hasValue());
        QVERIFY(bench.index.health(kSealingId)->error.find("is its disk mounted") != std::string::npos);
        QVERIFY(local.stat(kSealingId).error().code() == ErrorCode::StorageUnavailable);
        QVERIFY(!local.openPaths().front().error.empty());
        QVERIFY(local.stat("another").error().code() == ErrorCode::NotFound);
    }
    void theFirstPieceAllocatesAndDeclares() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        bench.index.forgetCalls();
        {
            auto lease = local.acquire(kRef, kNone, kUnsealed, PathType::Sealing, {}, {});
            QVERIFY(lease.hasValue());
            QCOMPARE(lease->path(kUnsealed).string(), (bench.sealing() / "unsealed/s-t01000-1").string());
            QCOMPARE(lease->storageId(kUnsealed), kSealingId);
            QCOMPARE(lease->root(kUnsealed).string(), bench.sealing().string());
            QVERIFY(lease->path(kSealed).empty());
            writeFile(lease->path(kUnsealed), "data");
        }
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("addpiece-acquire")));
        bench.index.forgetCalls();
        {
            auto lease = local.acquire(kRef, kUnsealed, kSealed | kCache, PathType::Sealing, {}, {});
            QVERIFY(lease.hasValue());
            writeFile(lease->path(kSealed), "sealed");
            writeFile(lease->path(kCache) / "t_aux", "t");
            QVERIFY(lease->release().hasValue());
            QVERIFY(lease->release().hasValue());
        }
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("precommit1-acquire")));
    }
    void aTaskThatMadeNothingDeclaresNothing() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        { auto lease = local.acquire(kRef, kNone, kUnsealed, PathType::Sealing, {}, {}); }
        QCOMPARE(bench.index.holders(kSector, kUnsealed), std::string());
    }
    void aFailedDeclarationCanBeSeen() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        auto lease = local.acquire(kRef, kNone, kUnsealed, PathType::Sealing, {}, {});
        writeFile(lease->path(kUnsealed), "data");
        bench.index.before = [](const std::string&) { return Error(ErrorCode::Remote, "no"); };
        QVERIFY(lease->release().error().code() == ErrorCode::Remote);
    }
    void whatIsNowhereIsNotFound() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        bench.index.forgetCalls();
        const auto lease = local.acquire(kRef, FileType::Update | FileType::UpdateCache, kNone, PathType::Sealing, protocol::AcquireMode::Copy, {});
        QCOMPARE(QByteArray::fromStdString(lease.error().message()), QByteArray("failed to acquire sector {1000 1} from remote(8): sector not found"));
        QVERIFY(lease.error().code() == ErrorCode::NotFound);
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("fetch-not-found")));
        QCOMPARE(local.stat(kSealingId)->reserved, std::int64_t(0));
    }
    void whatTheIndexHasAndTheDiskHasNotIsNotFound() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(bench.index.declare(kSealingId, kSector, kSealed, false, {}).hasValue());
        QVERIFY(local.acquire(kRef, kSealed, kNone, PathType::Sealing, {}, {}).error().code() == ErrorCode::NotFound);
    }
    void anIndexThatForgotOurPathsIsAskedAgain() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        // As a miner that has restarted, until the worker attaches its paths again.
        QVERIFY(bench.index.detach(kSealingId, bench.index.info(kSealingId, {})->urls.front(), {}).hasValue());
        int asked = 0;
        bench.index.after = [&](const std::string& line) {
            if (line.starts_with("StorageBestAlloc") && ++asked == 2) QVERIFY(local.redeclare(std::nullopt, false, {}).hasValue());
        };
        const auto lease = local.acquire(kRef, kNone, kSealed, PathType::Sealing, {}, {});
        QVERIFY2(lease.hasValue(), lease ? "" : lease.error().message().c_str());
        QVERIFY(asked >= 2);
    }
    void wrongOrdersAreRefused() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QCOMPARE(local.acquire(kRef, kSealed, kSealed, PathType::Sealing, {}, {}).error().message(), std::string("can't both find and allocate a sector"));
        QVERIFY(local.acquire({kSector, sector::SealProof{77}}, kSealed, kNone, PathType::Sealing, {}, {}).error().code() == ErrorCode::Unsupported);
        const auto nowhere = local.acquire(kRef, kNone, kSealed, PathType::Storage, {}, {});
        QCOMPARE(nowhere.error().message(), std::string("finding best storage for allocating : no good path found"));
        QVERIFY(nowhere.error().code() == ErrorCode::Remote);
    }
    void filtersAreReadAsTheMinerReadsThem_data() {
        QTest::addColumn<QStringList>("allowTypes");
        QTest::addColumn<QStringList>("denyTypes");
        QTest::addColumn<QStringList>("allowMiners");
        QTest::addColumn<QStringList>("denyMiners");
        QTest::addColumn<bool>("mayTake");
        QTest::addColumn<int>("notes");
        const auto row = [](const char* name, const char* allowTypes, const char* denyTypes, const char* allowMiners, const char* denyMiners, bool mayTake, int notes) {
            const auto list = [](const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts); };
            QTest::newRow(name) << list(allowTypes) << list(denyTypes) << list(allowMiners) << list(denyMiners) << mayTake << notes;
        };
        row("no filter", "", "", "", "", true, 0);
        row("type allowed", "cache sealed", "", "", "", true, 0);
        row("type not allowed", "cache", "", "", "", false, 0);
        row("type denied", "", "sealed", "", "", false, 0);
        row("allowed and denied", "sealed", "sealed", "", "", false, 0);
        row("only unknown types allowed", "seald", "", "", "", true, 1);
        row("an unknown type beside", "seald cache", "", "", "", false, 1);
        row("miner allowed", "", "", "f02000 t01000", "", true, 0);
        row("miner not allowed", "", "", "f02000", "", false, 0);
        row("miner denied", "", "", "", "t02000 f01000", false, 0);
        row("another miner denied", "", "", "", "f02000", true, 0);
        row("no address before the miner's", "", "", "1000 f01000", "", false, 1);
        row("no address behind the miner's", "", "", "f01000 nonsense", "", true, 1);
        row("no address among the denied", "", "", "", "f3xyz", false, 1);
    }
    void filtersAreReadAsTheMinerReadsThem() {
        QFETCH(QStringList, allowTypes);
        QFETCH(QStringList, denyTypes);
        QFETCH(QStringList, allowMiners);
        QFETCH(QStringList, denyMiners);
        QFETCH(bool, mayTake);
        QFETCH(int, notes);
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        PathMetadata metadata = *readPathMetadata(bench.sealing());
        const auto list = [](const QStringList& texts) {
            std::vector<std::string> out;
            for (const QString& text : texts) out.push_back(text.toStdString());
            return out;
        };
        metadata.allowTypes = list(allowTypes);
        metadata.denyTypes = list(denyTypes);
        metadata.allowMiners = list(allowMiners);
        metadata.denyMiners = list(denyMiners);
        QVERIFY(writePathMetadata(bench.sealing(), metadata).hasValue());
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QCOMPARE(static_cast<int>(local.openPaths().front().notes.size()), notes);
        QCOMPARE(local.acquire(kRef, kNone, kSealed, PathType::Sealing, {}, {}).hasValue(), mayTake);
        // What lies there is used, whatever the filters say: they are for new files.
        writeFile(bench.sealing() / "sealed/s-t01000-1", "sealed");
        QVERIFY(local.redeclare({}, false, {}).hasValue());
        QVERIFY(local.acquire(kRef, kSealed, kNone, PathType::Storage, {}, {}).hasValue());
    }
    void onlyPathsThatMayTakeTheTypeAreUsed() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        PathMetadata metadata = *readPathMetadata(bench.sealing());
        metadata.denyTypes = {"sealed"};
        metadata.allowMiners = {"f02000", "t01000"};
        QVERIFY(writePathMetadata(bench.sealing(), metadata).hasValue());
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(local.acquire(kRef, kNone, kCache, PathType::Sealing, {}, {}).hasValue());
        const auto denied = local.acquire(kRef, kNone, kSealed, PathType::Sealing, {}, {});
        QCOMPARE(denied.error().message(), std::string("couldn't find a suitable path for a sector"));
        QVERIFY(denied.error().code() == ErrorCode::NoSpace);
        QVERIFY(!local.acquire({{3000, 1}, sector::SealProof{5}}, kNone, kCache, PathType::Sealing, {}, {}).hasValue());
    }
    void reservationsAreThoseOfTheRecordedReports() {
        // A stock worker in PC1 of an 8 MiB sector reported Reserved 101502156 with 24 MiB on the disk, and 93113548 with 32 MiB.
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        const std::int64_t eight = 8 << 20;
        {
            auto lease = local.acquire({kSector, sector::SealProof{6}}, kNone, kSealed | kCache, PathType::Sealing, {}, {});
            QVERIFY(lease.hasValue());
            FsStat stat = *local.stat(kSealingId);
            QCOMPARE(stat.reserved, std::int64_t(126667980));
            QCOMPARE(stat.available, stat.fsAvailable - stat.reserved);
            QVERIFY(stat.available > 0);
            allocate(lease->path(kSealed), eight);
            allocate(lease->path(kCache) / "sc-02-data-layer-1.dat", eight);
            allocate(lease->path(kCache) / "sc-02-data-layer-2.dat", eight);
            const std::int64_t folder = static_cast<std::int64_t>(diskSize(lease->path(kCache)));
            stat = *local.stat(kSealingId);
            QCOMPARE(stat.reserved + folder, std::int64_t(101502156));
            allocate(lease->path(kCache) / "sc-02-data-tree-d.dat", eight);
            stat = *local.stat(kSealingId);
            QCOMPARE(stat.reserved + folder, std::int64_t(93113548));
            // What is over the reservation of one type does not pay for another.
            allocate(lease->path(kSealed), 3 * eight);
            QCOMPARE(local.stat(kSealingId)->reserved, stat.reserved);
        }
        QCOMPARE(local.stat(kSealingId)->reserved, std::int64_t(0));
    }
    void reservationsUseTheTableOfLotus_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("proof");
        QTest::addColumn<qint64>("bytes");
        QTest::newRow("unsealed 2 KiB") << 1 << 5 << qint64(2048);
        QTest::newRow("sealed 2 KiB") << 2 << 5 << qint64(2048);
        QTest::newRow("cache 2 KiB") << 4 << 5 << qint64(28876);
        QTest::newRow("update 2 KiB") << 8 << 5 << qint64(2048);
        QTest::newRow("update-cache 2 KiB") << 16 << 5 << qint64(4300);
        QTest::newRow("cache 8 MiB") << 4 << 6 << qint64(118279372);
    }
    void reservationsUseTheTableOfLotus() {
        QFETCH(int, type);
        QFETCH(int, proof);
        QFETCH(qint64, bytes);
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        auto lease = local.acquire({kSector, sector::SealProof{proof}}, kNone, static_cast<FileType>(type), PathType::Sealing, {}, {});
        QVERIFY(lease.hasValue());
        QCOMPARE(qint64(local.stat(kSealingId)->reserved), bytes);
    }
    void whatCannotBePromisedIsRefused() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        PathMetadata metadata = *readPathMetadata(bench.sealing());
        metadata.maxStorage = 200000;
        QVERIFY(writePathMetadata(bench.sealing(), metadata).hasValue());
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        FsStat stat = *local.stat(kSealingId);
        QCOMPARE(stat.max, std::int64_t(200000));
        QVERIFY(stat.used > 0);
        QCOMPARE(stat.available, stat.max - stat.used);
        std::vector<SectorLease> leases;
        for (std::uint64_t number = 1; number < 20; ++number) {
            auto lease = local.acquire({{1000, number}, sector::SealProof{5}}, kNone, kSealed | kCache, PathType::Sealing, {}, {});
            if (!lease) {
                QVERIFY(lease.error().code() == ErrorCode::NoSpace);
                const QByteArray text = QByteArray::fromStdString(lease.error().message());
                QVERIFY2(text.contains("can't reserve ") && text.contains(bench.sealing().c_str()) && text.contains(kSealingId.c_str()), text.constData());
                break;
            }
            leases.push_back(std::move(*lease));
        }
        QVERIFY(!leases.empty() && leases.size() < 10);
        // A refused one leaves no half of its reservation.
        stat = *local.stat(kSealingId);
        QCOMPARE(stat.reserved, static_cast<std::int64_t>(leases.size()) * (2048 + 28876));
        leases.pop_back();
        QVERIFY(local.acquire({{1000, 77}, sector::SealProof{5}}, kNone, kSealed | kCache, PathType::Sealing, {}, {}).hasValue());
    }
    void theOtherPathIsTakenWhenTheBestIsFull() {
        Bench bench;
        const fs::path second = bench.root() / "second";
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        makeStoragePath(second, "second", true, false);
        PathMetadata metadata = *readPathMetadata(bench.sealing());
        metadata.maxStorage = 1;
        metadata.weight = 100;
        QVERIFY(writePathMetadata(bench.sealing(), metadata).hasValue());
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(local.openPath(second, false, {}).hasValue());
        const auto lease = local.acquire(kRef, kNone, kSealed, PathType::Sealing, {}, {});
        QVERIFY(lease.hasValue());
        QCOMPARE(lease->storageId(kSealed), std::string("second"));
    }
    void whatWasBegunIsContinuedInItsPlace() {
        Bench bench;
        const fs::path second = bench.root() / "second";
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        makeStoragePath(second, "second", true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(local.openPath(second, false, {}).hasValue());
        QVERIFY(bench.index.declare("second", kSector, kUnsealed, false, {}).hasValue());
        const auto lease = local.acquire(kRef, kNone, kUnsealed, PathType::Sealing, {}, {});
        QCOMPARE(lease->storageId(kUnsealed), std::string("second"));
    }
    void aStopEndsTheWaitForAnotherTransferOfTheSector() {
        Bench bench;
        makeStoragePath(bench.sealing(), kSealingId, true, false);
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        std::promise<void> entered, mayGo;
        std::atomic<bool> isFirst{true};
        bench.index.before = [&](const std::string&) -> std::optional<Error> {
            if (isFirst.exchange(false)) {
                entered.set_value();
                mayGo.get_future().wait();
            }
            return std::nullopt;
        };
        std::jthread holder([&] { (void)local.acquire(kRef, kNone, kUnsealed, PathType::Sealing, {}, {}); });
        entered.get_future().wait();
        std::stop_source stop;
        auto waiting = std::async(std::launch::async, [&] { return local.acquire(kRef, kNone, kSealed, PathType::Sealing, {}, {stop.get_token()}).error().code(); });
        // Another sector does not wait.
        QVERIFY(local.acquire({{1000, 2}, sector::SealProof{5}}, kNone, kUnsealed, PathType::Sealing, {}, {}).hasValue());
        stop.request_stop();
        QVERIFY(waiting.get() == ErrorCode::Cancelled);
        mayGo.set_value();
    }

private:
    static std::uint64_t diskSize(const fs::path& folder) {
        struct stat status {};
        return ::stat(folder.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512 : 0;
    }
};

QTEST_GUILESS_MAIN(TestLocalStore)
#include "tst_local_store.moc"
