// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/path_probe.h"
#include "storage_fixture.h"
#include "support/patience.h"

#include <QtTest/QtTest>

#include <atomic>
#include <future>

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kSoon{20}, kLong{kPatienceMs};

/// A disk that answers only while it is open. It outlives the questions.
struct Disk {
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool answers = true;
        std::int64_t available = 1000;
        std::uint64_t usage = 10;
        int asked = 0, counted = 0;
    };
    std::shared_ptr<State> state = std::make_shared<State>();
    PathProbe::Disk disk() const {
        return {[state = state](const fs::path&, const std::vector<PathProbe::File>& files) -> Expected<PathFigures> {
                    std::unique_lock lock(state->mutex);
                    ++state->asked;
                    state->changed.wait(lock, [&] { return state->answers; });
                    PathFigures out{5000, state->available, {}};
                    for (const auto& file : files) out.onDisk[file.key] = 7;
                    return out;
                },
                [state = state](const fs::path&) {
                    std::unique_lock lock(state->mutex);
                    ++state->counted;
                    state->changed.wait(lock, [&] { return state->answers; });
                    return state->usage;
                }};
    }
    void set(bool answers, std::int64_t available, std::uint64_t usage = 10) const {
        {
            const std::lock_guard lock(state->mutex);
            state->answers = answers;
            state->available = available;
            state->usage = usage;
        }
        state->changed.notify_all();
    }
    int asked() const {
        const std::lock_guard lock(state->mutex);
        return state->asked;
    }
    int counted() const {
        const std::lock_guard lock(state->mutex);
        return state->counted;
    }
};

} // namespace

class TestPathProbe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theRealDiskIsAsked() {
        QTemporaryDir folder(fastFolder());
        const fs::path path = fs::path(folder.path().toStdString()) / "path";
        makeStoragePath(path, "x", true, false);
        writeFile(path / "sealed/fetching/s-t01000-1", std::string(5000, 'x'));
        PathProbe probe;
        const auto figures = probe.figures(path, {{3, path / "sealed/s-t01000-1", path / "sealed/fetching/s-t01000-1"}, {4, path / "nothing", {}}});
        QVERIFY(figures.hasValue());
        QVERIFY(figures->capacity > 0 && figures->available > 0 && figures->available <= figures->capacity);
        QVERIFY(figures->onDisk.at(3) >= 5000);
        QCOMPARE(figures->onDisk.at(4), std::uint64_t(0));
        QVERIFY(*probe.usage(path) >= 5000);
        fs::remove(path / "sectorstore.json");
        QVERIFY(probe.figures(path, {}).error().code() == ErrorCode::StorageUnavailable);
    }
    void aDiskThatIsLateIsNotWaitedForAndItsLastFiguresCount() {
        Disk disk;
        PathProbe probe(disk.disk(), {kSoon, kSoon, kSoon, kLong, kLong});
        QCOMPARE(probe.figures("/p", {{1, "/a", {}}})->onDisk.at(1), std::uint64_t(7));
        disk.set(false, 400);
        auto late = probe.figures("/p", {{1, "/a", {}}});
        QVERIFY(late.hasValue());
        QCOMPARE(late->available, std::int64_t(1000));
        QVERIFY(late->onDisk.empty()); // nothing is credited that may be older than a write
        // While it is silent it is not asked again, and another disk is.
        const int asked = disk.asked();
        QVERIFY(probe.figures("/p", {}).hasValue());
        QCOMPARE(disk.asked(), asked);
        disk.set(true, 400);
        QTRY_COMPARE_WITH_TIMEOUT(probe.figures("/p", {})->available, std::int64_t(400), kPatienceMs);
    }
    void aDiskThatNeverAnsweredIsNotAvailable() {
        Disk disk;
        disk.set(false, 400);
        PathProbe probe(disk.disk(), {kSoon, kSoon, kSoon, kLong, kLong});
        const auto first = probe.figures("/p", {});
        QVERIFY(!first && first.error().code() == ErrorCode::StorageUnavailable);
        QVERIFY(first.error().message().find("/p") != std::string::npos);
        const auto usage = probe.usage("/p");
        QVERIFY(!usage && usage.error().code() == ErrorCode::StorageUnavailable);
        disk.set(true, 400);
        QTRY_VERIFY_WITH_TIMEOUT(probe.figures("/p", {}).hasValue(), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(probe.usage("/p").hasValue(), kPatienceMs);
    }
    void figuresThatAreTooOldDoNotCount() {
        Disk disk;
        PathProbe probe(disk.disk(), {kSoon, kSoon, kSoon, milliseconds(0), kLong});
        QVERIFY(probe.figures("/p", {}).hasValue());
        disk.set(false, 400);
        QVERIFY(probe.figures("/p", {}).error().code() == ErrorCode::StorageUnavailable);
        disk.set(true, 400);
    }
    void whatLiesInAPathIsCountedOnceInAWhile() {
        Disk disk;
        PathProbe probe(disk.disk(), {kLong, kLong, kLong, kLong, kLong});
        QCOMPARE(*probe.usage("/p"), std::uint64_t(10));
        disk.set(true, 1000, 99);
        QCOMPARE(*probe.usage("/p"), std::uint64_t(10));
        QCOMPARE(disk.counted(), 1);
        probe.usageChanged("/p");
        QCOMPARE(*probe.usage("/p"), std::uint64_t(99));
        QCOMPARE(disk.counted(), 2);
    }
    void whileItIsCountedTheLastCountServes() {
        Disk disk;
        PathProbe probe(disk.disk(), {kLong, kLong, kSoon, kLong, milliseconds(0)});
        QCOMPARE(*probe.usage("/p"), std::uint64_t(10));
        disk.set(false, 1000, 99);
        QCOMPARE(*probe.usage("/p"), std::uint64_t(10));
        QCOMPARE(*probe.usage("/p"), std::uint64_t(10));
        QCOMPARE(disk.counted(), 2); // one count is on its way, not one for each question
        disk.set(true, 1000, 99);
        QTRY_COMPARE_WITH_TIMEOUT(*probe.usage("/p"), std::uint64_t(99), kPatienceMs);
    }
};

QTEST_GUILESS_MAIN(TestPathProbe)
#include "tst_path_probe.moc"
