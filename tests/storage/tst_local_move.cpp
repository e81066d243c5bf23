// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/local_store.h"
#include "storage_fixture.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;

namespace {

constexpr auto kSealed = FileType::Sealed, kCache = FileType::Cache, kUnsealed = FileType::Unsealed;

dev_t deviceOf(const fs::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_dev : 0;
}

struct MoveBench : Bench {
    std::unique_ptr<QTemporaryDir> elsewhere;
    fs::path storePath;

    /// The store path on another file system, if there is one that can be written.
    bool onTwoDisks() {
        elsewhere = std::make_unique<QTemporaryDir>(diskFolder());
        if (!elsewhere->isValid() || deviceOf(elsewhere->path().toStdString()) == deviceOf(root())) return false;
        storePath = fs::path(elsewhere->path().toStdString()) / "store";
        return true;
    }
    void fill() {
        if (storePath.empty()) storePath = store();
        makeStoragePath(sealing(), kSealingId, true, false);
        makeStoragePath(storePath, kStoreId, false, true);
        writeFile(sealing() / "sealed/s-t01000-1", pattern(2048));
        writeFile(sealing() / "cache/s-t01000-1/p_aux", pattern(64, 2));
        writeFile(sealing() / "cache/s-t01000-1/t_aux", pattern(300, 3));
    }
    LocalStore& opened() {
        LocalStore& made = makeLocal();
        for (const fs::path& path : {sealing(), storePath})
            if (const auto done = made.openPath(path, false, {}); !done) qFatal("%s", done.error().message().c_str());
        index.forgetCalls();
        return made;
    }
};

} // namespace

class TestLocalMove : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMoveMakesTheCallsThatLotusMakes_data() {
        QTest::addColumn<bool>("twoDisks");
        QTest::newRow("on one disk") << false;
        QTest::newRow("between disks") << true;
    }
    void aMoveMakesTheCallsThatLotusMakes() {
        QFETCH(bool, twoDisks);
        MoveBench bench;
        if (twoDisks && !bench.onTwoDisks()) QSKIP("there are no two file systems that can be written (/dev/shm and that of temporary files)");
        bench.fill();
        LocalStore& local = bench.opened();
        const std::string before = sectorFilesIn(bench.sealing());
        std::uint64_t bytes = 0;
        TaskContext context;
        context.report = [&](const Progress& progress) { bytes = progress.done; };
        QVERIFY(local.moveToStorage(kRef, kSealed | kCache, context).hasValue());
        for (const FileType one : {kSealed, kCache}) QVERIFY(local.removeCopies(kSector, one, {}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("move-storage")));
        QCOMPARE(sectorFilesIn(bench.storePath), before);
        QCOMPARE(sectorFilesIn(bench.sealing()), std::string());
        QCOMPARE(bench.index.holders(kSector, kSealed), kStoreId + '*');
        QCOMPARE(bytes, std::uint64_t(twoDisks ? 364 : 0));

        // Once more changes nothing.
        QVERIFY(local.moveToStorage(kRef, kSealed | kCache, {}).hasValue());
        QCOMPARE(sectorFilesIn(bench.storePath), before);
        QCOMPARE(bench.index.holders(kSector, kCache), kStoreId + '*');
    }
    void killedAtAnyMomentAMoveLosesNothing_data() {
        QTest::addColumn<bool>("twoDisks");
        QTest::newRow("on one disk") << false;
        QTest::newRow("between disks") << true;
    }
    /// A child moves and is killed by SIGKILL at its n-th sign of life (before or after a call on the index has its effect, or while
    /// it copies); what it told the index until then is told to ours, and a fresh store repeats the move.
    void killedAtAnyMomentAMoveLosesNothing() {
        QFETCH(bool, twoDisks);
        int kills = 0;
        for (int moment = 1;; ++moment) {
            MoveBench bench;
            if (twoDisks && !bench.onTwoDisks()) QSKIP("there are no two file systems that can be written (/dev/shm and that of temporary files)");
            bench.fill();
            const std::string whole = sectorFilesIn(bench.sealing());
            bench.opened();
            bench.local.reset();
            const bool wasKilled = moveInChild(bench, moment);
            if (!wasKilled) break;
            ++kills;
            LocalStore& local = bench.opened();
            const auto moved = local.moveToStorage(kRef, kSealed | kCache, {});
            QVERIFY2(moved.hasValue(), qPrintable(QStringLiteral("moment %1: %2").arg(moment).arg(QString::fromStdString(moved ? "" : moved.error().message()))));
            for (const FileType one : {kSealed, kCache}) {
                QVERIFY(local.removeCopies(kSector, one, {}).hasValue());
                QCOMPARE(bench.index.holders(kSector, one), kStoreId + '*');
            }
            QVERIFY2(sectorFilesIn(bench.storePath) == whole, qPrintable(QStringLiteral("moment %1").arg(moment)));
            QCOMPARE(sectorFilesIn(bench.sealing()), std::string());
        }
        QVERIFY2(kills > 35, qPrintable(QString::number(kills)));
    }
    void anIndexThatRefusesLeavesTheFileFindable_data() {
        QTest::addColumn<QByteArray>("refused");
        QTest::newRow("drop") << QByteArray("StorageDropSector");
        QTest::newRow("info") << QByteArray("StorageInfo");
        QTest::newRow("find") << QByteArray("StorageFindSector");
        QTest::newRow("best") << QByteArray("StorageBestAlloc");
    }
    void anIndexThatRefusesLeavesTheFileFindable() {
        QFETCH(QByteArray, refused);
        MoveBench bench;
        bench.onTwoDisks();
        bench.fill();
        LocalStore& local = bench.opened();
        const std::string whole = sectorFilesIn(bench.sealing());
        bench.index.before = [&](const std::string& line) {
            return line.starts_with(refused.constData()) ? std::optional(Error(ErrorCode::Remote, "no")) : std::nullopt;
        };
        QVERIFY(!local.moveToStorage(kRef, kSealed | kCache, {}).hasValue());
        QCOMPARE(sectorFilesIn(bench.sealing()), whole);
        QCOMPARE(bench.index.holders(kSector, kSealed), kSealingId);
        QCOMPARE(sectorFilesIn(bench.storePath), std::string());
        bench.index.before = nullptr;
        QVERIFY(local.moveToStorage(kRef, kSealed | kCache, {}).hasValue());
        QCOMPARE(sectorFilesIn(bench.storePath), whole);
    }
    void whatAFailingDiskKeptIsRemovedLater() {
        MoveBench bench;
        bench.fill();
        LocalStore& local = bench.opened();
        const fs::path fetching = bench.sealing() / "cache/fetching";
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        const rlimit none{0, before.rlim_max};
        bench.index.before = [&](const std::string& line) -> std::optional<Error> {
            if (line.starts_with("StorageDropSector")) ::setrlimit(RLIMIT_NOFILE, &none);
            return std::nullopt;
        };
        const auto removed = local.remove(kSector, kCache, true, {});
        // While the disk fails nothing more happens to it.
        (void)local.reportHealth({});
        ::setrlimit(RLIMIT_NOFILE, &before);
        bench.index.before = nullptr;
        QVERIFY(!removed);
        QVERIFY(!fs::exists(bench.sealing() / "cache/s-t01000-1"));
        QVERIFY(!fs::is_empty(fetching));
        QVERIFY(local.reportHealth({}).hasValue());
        QVERIFY(fs::is_empty(fetching));
    }
    void aNameThatCannotBeFlushedLeavesTheFileFindable() {
        // The rename is done when the flush of its folder fails: here because no file can be opened, as a failing disk would have it.
        MoveBench bench;
        bench.fill();
        LocalStore& local = bench.opened();
        const std::string whole = sectorFilesIn(bench.sealing());
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        bench.index.before = [&](const std::string& line) -> std::optional<Error> {
            if (line.starts_with("StorageDropSector")) {
                const rlimit none{0, before.rlim_max};
                ::setrlimit(RLIMIT_NOFILE, &none);
            }
            return std::nullopt;
        };
        const auto moved = local.moveToStorage(kRef, kSealed, {});
        ::setrlimit(RLIMIT_NOFILE, &before);
        bench.index.before = nullptr;
        QVERIFY(!moved);
        QCOMPARE(bench.index.holders(kSector, kSealed), kStoreId + "*");
        // The next attempt finds all of it.
        QVERIFY(local.moveToStorage(kRef, kSealed | kCache, {}).hasValue());
        QCOMPARE(sectorFilesIn(bench.storePath), whole);
        QCOMPARE(sectorFilesIn(bench.sealing()), std::string());
    }
    void aFullDiskLeavesTheFileWhereItWas() {
        MoveBench bench;
        if (!bench.onTwoDisks()) QSKIP("there are no two file systems that can be written (/dev/shm and that of temporary files)");
        bench.fill();
        PathMetadata metadata = *readPathMetadata(bench.storePath);
        metadata.maxStorage = 1;
        QVERIFY(writePathMetadata(bench.storePath, metadata).hasValue());
        LocalStore& local = bench.opened();
        const auto moved = local.moveToStorage(kRef, kSealed | kCache, {});
        QVERIFY(!moved && moved.error().code() == ErrorCode::NoSpace);
        QCOMPARE(bench.index.holders(kSector, kSealed), kSealingId);
        QVERIFY(local.localPath(kSector, kSealed).has_value());
    }
    void aStopWhileCopyingLeavesTheFileWhereItWas() {
        MoveBench bench;
        if (!bench.onTwoDisks()) QSKIP("there are no two file systems that can be written (/dev/shm and that of temporary files)");
        bench.fill();
        writeFile(bench.sealing() / "sealed/s-t01000-1", pattern(9 << 20));
        LocalStore& local = bench.opened();
        std::stop_source stop;
        TaskContext context{stop.get_token(), [&](const Progress& progress) {
                                if (progress.done < progress.total) stop.request_stop();
                            }};
        const auto moved = local.moveToStorage(kRef, kSealed, context);
        QVERIFY(!moved && moved.error().code() == ErrorCode::Cancelled);
        QCOMPARE(bench.index.holders(kSector, kSealed), kSealingId);
        QCOMPARE(fs::file_size(bench.sealing() / "sealed/s-t01000-1"), std::uintmax_t(9 << 20));
        QCOMPARE(sectorFilesIn(bench.storePath), std::string());
    }
    void aFolderThatIsInTheWayIsReplaced() {
        MoveBench bench;
        bench.fill();
        writeFile(bench.storePath / "cache/s-t01000-1/stale", "old");
        LocalStore& local = bench.opened();
        const std::string whole = sectorFilesIn(bench.sealing());
        QVERIFY(local.moveToStorage(kRef, kSealed | kCache, {}).hasValue());
        for (const FileType one : {kSealed, kCache}) QVERIFY(local.removeCopies(kSector, one, {}).hasValue());
        QCOMPARE(sectorFilesIn(bench.storePath), whole);
    }
    void removingDropsFirstAndReports() {
        MoveBench bench;
        bench.fill();
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        bench.index.forgetCalls();
        bool wasThereAtDrop = false;
        bench.index.before = [&](const std::string& line) -> std::optional<Error> {
            if (line.starts_with("StorageDropSector")) wasThereAtDrop = fs::exists(bench.sealing() / "cache/s-t01000-1/p_aux");
            return std::nullopt;
        };
        QVERIFY(local.remove(kSector, kCache, true, {}).hasValue());
        QVERIFY(wasThereAtDrop);
        QVERIFY(!fs::exists(bench.sealing() / "cache/s-t01000-1"));
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("remove-everywhere")));
        QVERIFY(local.remove(kSector, kSealed, true, {}).hasValue());
        bench.index.forgetCalls();
        QVERIFY(local.remove(kSector, kSealed, true, {}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("remove-not-there")));
        const auto missing = local.remove(kSector, kSealed, false, {});
        QCOMPARE(missing.error().message(), std::string("can't delete sector {1000 1}(2), not found"));
        QVERIFY(missing.error().code() == ErrorCode::NotFound);
    }
    void removingHereKeepsWhatShallBeKept() {
        MoveBench bench;
        bench.fill();
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        bench.index.forgetCalls();
        QVERIFY(local.removeLocal(kSector, kSealed, {"another", kSealingId}, {}).hasValue());
        QVERIFY(fs::exists(bench.sealing() / "sealed/s-t01000-1"));
        bench.index.forgetCalls();
        QVERIFY(local.removeLocal(kSector, kSealed, {"another"}, {}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("served-and-deleted")));
        QVERIFY(!fs::exists(bench.sealing() / "sealed/s-t01000-1"));
        QVERIFY(local.removeLocal(kSector, kSealed, {}, {}).error().code() == ErrorCode::NotFound);
    }
    void copiesGoOnlyWhenThereIsAPrimary() {
        MoveBench bench;
        bench.fill();
        LocalStore& local = bench.makeLocal();
        QVERIFY(local.openPath(bench.sealing(), false, {}).hasValue());
        QVERIFY(local.removeCopies(kSector, kSealed, {}).hasValue());
        QVERIFY(fs::exists(bench.sealing() / "sealed/s-t01000-1"));
        // The miner has the sector: what an unseal fetched goes again.
        StorageInfo miners;
        miners.id = "miner";
        miners.canStore = true;
        QVERIFY(bench.index.attach(miners, {}, {}).hasValue());
        for (const FileType one : {kSealed, kCache}) QVERIFY(bench.index.declare("miner", kSector, one, true, {}).hasValue());
        bench.index.forgetCalls();
        for (const FileType one : {kSealed, kCache, FileType::Update, FileType::UpdateCache}) QVERIFY(local.removeCopies(kSector, one, {}).hasValue());
        // The fake has no address of the miner's path and so never lists it: only that nothing of ours was touched can be seen here.
        QVERIFY(fs::exists(bench.sealing() / "sealed/s-t01000-1"));
        miners.urls = {"http://127.0.0.1:1/remote"};
        QVERIFY(bench.index.attach(miners, {}, {}).hasValue());
        bench.index.forgetCalls();
        for (const FileType one : {kSealed, kCache, FileType::Update, FileType::UpdateCache}) QVERIFY(local.removeCopies(kSector, one, {}).hasValue());
        QCOMPARE(joined(bench.index.calls()), joined(recordedCalls("remove-copies-after-unseal")));
        QCOMPARE(sectorFilesIn(bench.sealing()), std::string());
        QCOMPARE(bench.index.holders(kSector, kSealed), std::string("miner*"));
    }

private:
    static bool moveInChild(MoveBench& bench, int moment) {
        int ends[2];
        if (::pipe(ends) != 0) qFatal("no pipe");
        const pid_t child = ::fork();
        if (child < 0) qFatal("no child");
        if (child == 0) {
            ::close(ends[0]);
            int signs = 0;
            const auto sign = [&] {
                if (++signs == moment) ::kill(::getpid(), SIGKILL);
            };
            bench.index.before = [&](const std::string&) {
                sign();
                return std::optional<Error>();
            };
            bench.index.after = [&](const std::string& line) {
                if (line.starts_with("StorageDeclare") || line.starts_with("StorageDrop")) (void)!::write(ends[1], (line + '\n').data(), line.size() + 1);
                sign();
            };
            TaskContext context;
            context.report = [&](const Progress&) { sign(); };
            LocalStore& local = bench.makeLocal();
            bool good = local.openPath(bench.sealing(), false, {}) && local.openPath(bench.storePath, false, {});
            good = good && local.moveToStorage(kRef, kSealed | kCache, context);
            ::_exit(good ? 0 : 1);
        }
        ::close(ends[1]);
        std::string told;
        char buffer[4096];
        for (ssize_t got; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) told.append(buffer, static_cast<std::size_t>(got));
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        if (!WIFSIGNALED(status) && WEXITSTATUS(status) != 0) qFatal("the child failed to move");
        std::istringstream lines(told);
        for (std::string line; std::getline(lines, line);) {
            const std::string id = line.substr(line.find('"') + 1, kSealingId.size());
            const FileType type = line.find("},2") != std::string::npos ? kSealed : kCache;
            const bool done = line.starts_with("StorageDrop") ? bench.index.drop(id, kSector, type, {}).hasValue()
                                                              : bench.index.declare(id, kSector, type, line.find("true") != std::string::npos, {}).hasValue();
            if (!done) qFatal("the index failed");
        }
        return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    }
};

QTEST_GUILESS_MAIN(TestLocalMove)
#include "tst_local_move.moc"
