// SPDX-License-Identifier: MIT OR Apache-2.0
// One storage path, say on a network disk, that two workers have open; and several transfers at once.
#include "served_store.h"

#include "support/patience.h"

#include <QtTest/QtTest>

#include <condition_variable>
#include <future>

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;

namespace {

constexpr auto kSealed = FileType::Sealed, kNone = FileType::None;

/// Two workers with servers of their own, one index, and a path for storing that both have.
struct Two {
    MemorySectorIndex index;
    Served one, other;
    QTemporaryDir folder{fastFolder()};
    fs::path shared() const { return fs::path(folder.path().toStdString()) / "shared"; }

    void start() {
        makeStoragePath(shared(), kStoreId, false, true);
        one.start(index);
        other.start(index, "00000000-0000-4000-8000-000000000006");
        one.open();
        for (auto* worker : {&one, &other})
            if (const auto opened = worker->local->openPath(shared(), false, {}); !opened) qFatal("%s", opened.error().message().c_str());
    }
    std::string url(const Served& worker) const { return "http://127.0.0.1:" + std::to_string(worker.port) + "/remote"; }
};

} // namespace

class TestSharedPath : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theIndexKnowsItUnderBothAddresses() {
        Two two;
        two.start();
        QVERIFY(two.index.info(kStoreId, {})->urls == (std::vector<std::string>{two.url(two.one), two.url(two.other)}));
    }
    void detachingTakesOneAddressAndTheLastOneThePath() {
        Two two;
        two.start();
        writeFile(two.shared() / "sealed/s-t01000-1", "sealed");
        QVERIFY(two.one.local->redeclare(kStoreId, false, {}).hasValue());
        QVERIFY(two.one.local->detachAll({}).hasValue());
        QVERIFY(two.index.info(kStoreId, {})->urls == std::vector<std::string>{two.url(two.other)});
        QCOMPARE(two.index.holders(kSector, kSealed), kStoreId + '*');
        QVERIFY(!two.one.local->localPath(kSector, kSealed));
        QVERIFY(two.other.local->localPath(kSector, kSealed));
        QVERIFY(two.other.local->detachAll({}).hasValue());
        QVERIFY(!two.index.info(kStoreId, {}).hasValue());
        QCOMPARE(two.index.holders(kSector, kSealed), std::string());
        QCOMPARE(readFile(two.shared() / "sealed/s-t01000-1"), std::string("sealed"));
    }
    void aMoveFromTheOtherWorkerKeepsTheOnlyCopy() {
        // The holder of the source has the destination as well: "delete, except in the destination" must not take the file from there.
        Two two;
        two.start();
        const std::string data = pattern(2048, 54);
        {
            const auto lease = two.one.local->acquire(kRef, kNone, kSealed, PathType::Sealing, protocol::AcquireMode::Move, {});
            QVERIFY(lease.hasValue());
            QCOMPARE(lease->storageId(kSealed), kSealingId);
            writeFile(lease->path(kSealed), data);
        }
        QCOMPARE(two.index.holders(kSector, kSealed), kSealingId + '*');
        const auto moved = two.other.local->moveToStorage(kRef, kSealed, {});
        QVERIFY2(moved.hasValue(), moved ? "" : moved.error().message().c_str());
        QCOMPARE(two.index.holders(kSector, kSealed), kStoreId + '*');
        const auto lease = two.other.local->acquire(kRef, kSealed, kNone, PathType::Storage, protocol::AcquireMode::Move, {});
        QVERIFY(lease.hasValue());
        QCOMPARE(lease->storageId(kSealed), kStoreId);
        QVERIFY(readFile(lease->path(kSealed)) == data);
        QVERIFY(!fs::exists(two.one.sealing() / "sealed/s-t01000-1"));
        // A second time there is nothing to do, whoever is asked.
        for (auto* worker : {&two.one, &two.other}) {
            QVERIFY(worker->local->moveToStorage(kRef, kSealed, {}).hasValue());
            QVERIFY(worker->local->removeCopies(kSector, kSealed, {}).hasValue());
            QVERIFY(readFile(two.shared() / "sealed/s-t01000-1") == data);
        }
    }
    void whatIsThereIsNotFetchedFromTheOther() {
        Two two;
        two.start();
        writeFile(two.shared() / "sealed/s-t01000-1", "sealed");
        QVERIFY(two.one.local->redeclare(kStoreId, false, {}).hasValue());
        const auto lease = two.other.local->acquire(kRef, kSealed, kNone, PathType::Sealing, protocol::AcquireMode::Copy, {});
        QVERIFY(lease.hasValue());
        QCOMPARE(lease->path(kSealed).string(), (two.shared() / "sealed/s-t01000-1").string());
    }
    void clearingUpWaitsUntilNobodyElseWorksThere() {
        Two two;
        makeStoragePath(two.shared(), kStoreId, false, true);
        two.one.start(two.index);
        two.other.start(two.index);
        QVERIFY(two.one.local->openPath(two.shared(), false, {}).hasValue());
        writeFile(two.shared() / "cache/fetching/s-t01000-1.removed-77-0/p_aux", "on its way out");
        QVERIFY(two.other.local->openPath(two.shared(), false, {}).hasValue());
        QVERIFY(fs::exists(two.shared() / "cache/fetching/s-t01000-1.removed-77-0/p_aux"));
        QVERIFY(two.one.local->detachAll({}).hasValue());
        QVERIFY(two.other.local->detachAll({}).hasValue());
        QVERIFY(!fs::exists(two.shared() / ".lotus-seal-worker.lock"));
        QVERIFY(two.one.local->openPath(two.shared(), false, {}).hasValue());
        QVERIFY(fs::is_empty(two.shared() / "cache/fetching"));
    }
    void noMoreTransfersAtOnceThanAllowed() {
        constexpr int kSectors = 6;
        MemorySectorIndex index;
        Served source, worker;
        worker.parallelFetches = 2;
        source.start(index, "00000000-0000-4000-8000-000000000019");
        for (int number = 1; number <= kSectors; ++number) writeFile(source.sealing() / ("sealed/s-t01000-" + std::to_string(number)), pattern(2048));
        source.open();
        std::mutex mutex;
        std::condition_variable changed;
        int inside = 0, most = 0;
        bool mayGo = false;
        source.beforeServing = [&] {
            std::unique_lock lock(mutex);
            most = std::max(most, ++inside);
            changed.wait(lock, [&] { return mayGo; });
            --inside;
        };
        worker.start(index);
        worker.open();
        index.forgetCalls();
        std::vector<std::future<bool>> fetches;
        for (std::uint64_t number = 1; number <= kSectors; ++number)
            fetches.push_back(std::async(std::launch::async, [&, number] {
                return worker.local->acquire({{1000, number}, sector::SealProof{5}}, kSealed, kNone, PathType::Sealing, protocol::AcquireMode::Copy, {}).hasValue();
            }));
        // Each has asked who holds its file, which is the last thing before the transfer; two of them are at it.
        const auto asked = [&] {
            const auto calls = index.calls();
            return std::count_if(calls.begin(), calls.end(), [](const std::string& call) { return call.find(",2,0,false]") != std::string::npos; });
        };
        QTRY_COMPARE_WITH_TIMEOUT(asked(), kSectors, kPatienceMs);
        const auto running = [&] {
            const std::lock_guard lock(mutex);
            return inside;
        };
        QTRY_COMPARE_WITH_TIMEOUT(running(), 2, kPatienceMs);
        {
            const std::lock_guard lock(mutex);
            mayGo = true;
        }
        changed.notify_all();
        for (auto& fetch : fetches) QVERIFY(fetch.get());
        QVERIFY(most <= 2);
        for (int number = 1; number <= kSectors; ++number)
            QVERIFY(readFile(worker.sealing() / ("sealed/s-t01000-" + std::to_string(number))) == pattern(2048));
    }
    void bothWaysTheBytesAreTheSame() {
        MemorySectorIndex index;
        Served one, other;
        one.start(index);
        one.fill();
        other.start(index, "00000000-0000-4000-8000-000000000006");
        one.open();
        other.open();
        const auto types = kSealed | FileType::Cache;
        const std::string whole = sectorFilesIn(one.sealing());
        QVERIFY(other.local->acquire(kRef, types, kNone, PathType::Sealing, protocol::AcquireMode::Move, {}).hasValue());
        QCOMPARE(sectorFilesIn(other.sealing()), whole);
        QCOMPARE(sectorFilesIn(one.sealing()), std::string());
        QVERIFY(one.local->acquire(kRef, types, kNone, PathType::Sealing, protocol::AcquireMode::Move, {}).hasValue());
        QCOMPARE(sectorFilesIn(one.sealing()), whole);
        QCOMPARE(sectorFilesIn(other.sealing()), std::string());
    }
};

QTEST_GUILESS_MAIN(TestSharedPath)
#include "tst_shared_path.moc"
