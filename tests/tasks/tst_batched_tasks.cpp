// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "support/patience.h"
#include "task_bench.h"
#include "tasks/label_batch.h"
#include "tasks/task_runner.h"

#include <array>
#include <map>
#include <set>
#include <thread>

using namespace lsw;
using namespace lsw::tasks;
using namespace lsw::proofs;
using lsw::tests::NotingEngine;
using lsw::test::kPatienceMs;

namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;
constexpr sector::SealProof kProof{5}, kOther{6};
const TaskType kPc1{"seal/v0/precommit/1", "PC1", "pc1", Lane::Seal};

/// A PC1 takes 10 GiB and a core, or none.
ResourceTable table(int cores = 1) {
    ResourceTable all;
    for (const std::int64_t proof : {5, 6}) {
        auto& pc1 = all["seal/v0/precommit/1"][proof];
        pc1.minMemory = pc1.maxMemory = 10 * kGiB;
        pc1.maxParallelism = cores;
    }
    return all;
}

/// Notes who is computed with whom, and holds all until it is opened.
class HoldingEngine : public NotingEngine {
public:
    Expected<std::string> preCommit1(const PreCommit1Order& order, const TaskContext& context) override {
        note({order.sector.number});
        return wait(order, context);
    }
    void preCommit1Together(std::vector<PreCommit1Member> members) override {
        std::set<std::uint64_t> numbers;
        for (const auto& member : members) numbers.insert(member.order.sector.number);
        note(numbers);
        std::vector<std::jthread> all; // each has an end of its own
        for (auto& member : members) all.emplace_back([this, &member] { member.done(wait(member.order, member.context)); });
    }
    void open() {
        const std::lock_guard lock(m_mutex);
        m_isOpen = true;
        m_changed.notify_all();
    }
    std::multiset<std::set<std::uint64_t>> groups() {
        const std::lock_guard lock(m_mutex);
        return m_groups;
    }

private:
    void note(std::set<std::uint64_t> numbers) {
        const std::lock_guard lock(m_mutex);
        m_groups.insert(std::move(numbers));
    }
    Expected<std::string> wait(const PreCommit1Order& order, const TaskContext& context) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, context.stop, [this] { return m_isOpen; });
        if (!m_isOpen) return Error(ErrorCode::Cancelled, "stopped");
        return "output of " + std::to_string(order.sector.number);
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_isOpen = false;
    std::multiset<std::set<std::uint64_t>> m_groups;
};

using Groups = std::multiset<std::set<std::uint64_t>>;

} // namespace

/// PC1 that wait are begun together, and each stays a task of its own.
class TestBatchedTasks : public QObject {
    Q_OBJECT

    HoldingEngine* m_engine = nullptr;
    std::map<std::uint64_t, TaskOutcome> m_done;

    /// A PC1 as the worker makes it: whoever is in `failing` ends before it comes to its labels.
    Job job(std::uint64_t number, sector::SealProof proof = kProof, bool fails = false) {
        Job out;
        out.uuid = std::to_string(number);
        out.type = &kPc1;
        out.proof = proof;
        out.sector = "s-t01000-" + std::to_string(number);
        out.seat = std::make_shared<BatchSeat>();
        out.body = [engine = m_engine, seat = out.seat, number, fails](const TaskContext& context) {
            TaskOutcome outcome;
            if (fails) return outcome;
            PreCommit1Order order;
            order.sector.number = number;
            const auto text = seat->preCommit1(order, *engine, context);
            outcome.succeeded = text.hasValue();
            outcome.cancelled = !text && context.stop.stop_requested();
            if (text) outcome.returnParams = *text;
            return outcome;
        };
        return out;
    }
    void submit(TaskRunner& runner, Job one) {
        const std::uint64_t number = std::stoull(one.uuid);
        runner.submit(std::move(one), [this, number](TaskOutcome outcome) { m_done[number] = std::move(outcome); });
    }
    static BatchRule automatic() { return {0, {{1, 700}, {2, 370}, {4, 254}, {16, 340}}}; }

private Q_SLOTS:
    void init() { m_done.clear(); }

    void asManyAsWereAskedForAreBegunTogether() {
        HoldingEngine engine;
        m_engine = &engine;
        TaskRunner runner({table(), {128 * kGiB, 0, 0, 0, 8, 0}}, {8, 2});
        runner.setBatchRule({4, {}});
        for (const std::uint64_t number : {1U, 2U, 3U, 4U, 5U}) submit(runner, job(number));
        submit(runner, job(6, kOther));
        QCOMPARE(runner.running(), 4); // at once: the fourth made it complete
        QCOMPARE(runner.budget().cpusGranted(), 1);
        QCOMPARE(runner.budget().memoryGranted(), 40 * kGiB);
        QCOMPARE(runner.waitReason("5")->key, std::string("batch"));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups(), (Groups{{1, 2, 3, 4}, {5}, {6}}), kPatienceMs); // those had waited long enough
        engine.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{6}, kPatienceMs);
        for (const auto& [number, outcome] : m_done) QCOMPARE(outcome.returnParams, "output of " + std::to_string(number));
        QCOMPARE(runner.budget().cpusGranted(), 0);
        QCOMPARE(runner.budget().memoryGranted(), std::uint64_t{0});
    }

    void memoryBoundsABatch() {
        HoldingEngine engine;
        m_engine = &engine;
        TaskRunner runner({table(), {35 * kGiB, 0, 0, 0, 8, 0}}, {8, 2});
        runner.setBatchRule({4, {}});
        for (const std::uint64_t number : {1U, 2U, 3U, 4U}) submit(runner, job(number));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups(), (Groups{{1, 2, 3}}), kPatienceMs);
        QCOMPARE(runner.waitReason("4")->key, std::string("memory"));
        engine.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{4}, kPatienceMs);
        QCOMPARE(engine.groups(), (Groups{{1, 2, 3}, {4}}));
    }

    void automaticallyOnlyWhatWaitsIsTakenTogether() {
        HoldingEngine engine;
        m_engine = &engine;
        TaskRunner runner({table(), {128 * kGiB, 0, 0, 0, 2, 0}}, {8, 2});
        runner.setBatchRule(automatic());
        for (std::uint64_t number = 1; number <= 7; ++number) submit(runner, job(number));
        QCOMPARE(runner.running(), 2); // each on a core of its own
        QCOMPARE(runner.waitReason("3")->key, std::string("cpu"));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups(), (Groups{{1}, {2}}), kPatienceMs);
        QVERIFY(runner.abort("1"));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups(), (Groups{{1}, {2}, {3, 4, 5, 6}}), kPatienceMs);
        QCOMPARE(runner.waitReason("7")->key, std::string("cpu"));
        QCOMPARE(runner.budget().cpusGranted(), 2);
        engine.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{7}, kPatienceMs);
        QVERIFY(m_done[1].aborted && m_done[7].succeeded);
    }

    /// A table that lets a miner send more PC1 than there are cores: they are shared out among these.
    void coresAreSharedOutWhereTheTableCountsNone() {
        HoldingEngine engine;
        m_engine = &engine;
        TaskRunner runner({table(0), {128 * kGiB, 0, 0, 0, 2, 0}}, {8, 2});
        runner.setBatchRule(automatic());
        for (std::uint64_t number = 1; number <= 6; ++number) submit(runner, job(number));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups(), (Groups{{1, 2}, {3, 4, 5, 6}}), kPatienceMs);
        engine.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{6}, kPatienceMs);
    }

    void anAbortedOneLeavesTheOthersAndTheirCore() {
        HoldingEngine engine;
        m_engine = &engine;
        TaskRunner runner({table(), {128 * kGiB, 0, 0, 0, 8, 0}}, {1, 2}); // one thread
        runner.setBatchRule({4, {}});
        for (std::uint64_t number = 1; number <= 5; ++number) submit(runner, job(number));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups().size(), std::size_t{1}, kPatienceMs);
        QVERIFY(runner.abort("1")); // which has the thread
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{1}, kPatienceMs);
        QVERIFY(m_done[1].aborted);
        QCOMPARE(runner.running(), 3);
        QCOMPARE(runner.budget().cpusGranted(), 1);
        QCOMPARE(runner.waitReason("5")->key, std::string("slot")); // the core is still taken
        engine.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{5}, kPatienceMs);
        for (std::uint64_t number = 2; number <= 5; ++number) QVERIFY(m_done[number].succeeded);
    }

    void whoEndsEarlierIsNotWaitedFor() {
        HoldingEngine engine;
        m_engine = &engine;
        engine.open();
        TaskRunner runner({table(), {128 * kGiB, 0, 0, 0, 8, 0}}, {8, 2});
        runner.setBatchRule({4, {}});
        submit(runner, job(1));
        submit(runner, job(2, kProof, true));
        submit(runner, job(3));
        submit(runner, job(4, kProof, true));
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{4}, kPatienceMs);
        QCOMPARE(engine.groups(), (Groups{{1, 3}}));
        QVERIFY(m_done[1].succeeded && m_done[3].succeeded && !m_done[2].succeeded && !m_done[4].succeeded);
    }

    void oneSectorIsInABatchOnce() {
        HoldingEngine engine;
        m_engine = &engine;
        TaskRunner runner({table(), {128 * kGiB, 0, 0, 0, 8, 0}}, {8, 2});
        runner.setBatchRule({2, {}});
        auto twice = job(2);
        twice.sector = "s-t01000-1";
        submit(runner, job(1));
        submit(runner, std::move(twice));
        submit(runner, job(3));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups(), (Groups{{1, 3}, {2}}), kPatienceMs);
        engine.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{3}, kPatienceMs);
    }

    void aStopEndsAllOfABatch() {
        HoldingEngine engine;
        m_engine = &engine;
        TaskRunner runner({table(), {128 * kGiB, 0, 0, 0, 8, 0}}, {8, 2});
        runner.setBatchRule({4, {}});
        for (std::uint64_t number = 1; number <= 4; ++number) submit(runner, job(number));
        QTRY_COMPARE_WITH_TIMEOUT(engine.groups().size(), std::size_t{1}, kPatienceMs);
        runner.stopAll();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{4}, kPatienceMs);
        for (const auto& [number, outcome] : m_done) QVERIFY(outcome.cancelled && !outcome.aborted);
    }

    /// Whoever waits for the others can be stopped; whoever comes too late, or comes again, is computed alone.
    void aSeatIsNoTrap() {
        HoldingEngine engine;
        const auto batch = std::make_shared<LabelBatch>(3, std::chrono::milliseconds(200));
        std::array<BatchSeat, 3> seats;
        for (auto& seat : seats) seat.sit(batch);
        PreCommit1Order order;
        std::stop_source stop;
        stop.request_stop();
        order.sector.number = 1;
        const auto stopped = seats[0].preCommit1(order, engine, {stop.get_token()});
        QVERIFY(!stopped && stopped.error().code() == ErrorCode::Cancelled);
        QVERIFY(engine.groups().empty());
        engine.open();
        order.sector.number = 2;
        QVERIFY(seats[1].preCommit1(order, engine, {})); // after its patience with the third
        order.sector.number = 3;
        QVERIFY(seats[2].preCommit1(order, engine, {}));
        QVERIFY(seats[2].preCommit1(order, engine, {}));
        QCOMPARE(engine.groups(), (Groups{{2}, {3}, {3}}));
        for (auto& seat : seats) seat.leave();
    }
};

QTEST_GUILESS_MAIN(TestBatchedTasks)
#include "tst_batched_tasks.moc"
