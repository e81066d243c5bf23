// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include "support/patience.h"
#include "tasks/task_runner.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <pthread.h>

using namespace lsw;
using namespace lsw::tasks;
using lsw::test::kPatienceMs;

namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;
constexpr auto kProof = sector::SealProof{8};
const TaskType kPc1{"seal/v0/precommit/1", "PC1", "pc1", Lane::Seal};
const TaskType kPc2{"seal/v0/precommit/2", "PC2", "pc2", Lane::Seal};
const TaskType kFetch{"seal/v0/fetch", "GET", "fetch", Lane::Io};

ResourceTable table() {
    ResourceTable all;
    auto& pc1 = all["seal/v0/precommit/1"][8];
    pc1.minMemory = pc1.maxMemory = 60 * kGiB;
    pc1.maxParallelism = 1;
    auto& pc2 = all["seal/v0/precommit/2"][8];
    pc2.minMemory = pc2.maxMemory = 15 * kGiB;
    pc2.maxParallelism = -1;
    return all;
}

/// Holds bodies until it is opened or they are asked to stop.
class Gate {
public:
    TaskOutcome pass(const TaskContext& context) {
        std::stop_callback wake(context.stop, [this] { m_wake.notify_all(); });
        std::unique_lock lock(m_mutex);
        ++m_inside;
        m_wake.wait(lock, context.stop, [this] { return m_open; });
        TaskOutcome outcome;
        outcome.cancelled = !m_open;
        outcome.succeeded = m_open;
        return outcome;
    }
    void open() {
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_wake.notify_all();
    }
    int inside() {
        const std::lock_guard lock(m_mutex);
        return m_inside;
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_open = false;
    int m_inside = 0;
};

TaskRunner::Lanes lanes(int seal, int io) { return {seal, io}; }

} // namespace

class TestTaskRunner : public QObject {
    Q_OBJECT

    std::vector<std::string> m_done;

    void submit(TaskRunner& runner, const std::string& uuid, const TaskType& type, std::function<TaskOutcome(const TaskContext&)> body) {
        runner.submit({uuid, &type, kProof, std::move(body)}, [this, uuid](TaskOutcome) { m_done.push_back(uuid); });
    }

private Q_SLOTS:
    void init() { m_done.clear(); }

    void aBodyRunsOnANamedPoolThreadAndItsOutcomeComesBackHere() {
        TaskRunner runner({table(), {128 * kGiB, 0, 0, 0, 8, 0}}, lanes(2, 2));
        QSignalSpy idle(&runner, &TaskRunner::idle);
        std::string threadName;
        TaskOutcome got;
        QThread* came = nullptr;
        runner.submit({"a", &kPc1, kProof,
                       [&](const TaskContext&) {
                           char name[16]{};
                           pthread_getname_np(pthread_self(), name, sizeof name);
                           threadName = name;
                           TaskOutcome outcome;
                           outcome.succeeded = true;
                           outcome.returnParams = "[1]";
                           return outcome;
                       }},
                      [&](TaskOutcome outcome) {
                          got = std::move(outcome);
                          came = QThread::currentThread();
                      });
        QCOMPARE(runner.running(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(idle.count(), 1, kPatienceMs);
        QCOMPARE(came, QThread::currentThread());
        QCOMPARE(threadName, std::string("lsw-seal-1"));
        QCOMPARE(got.returnParams, std::string("[1]"));
        QVERIFY(got.succeeded);
    }

    void aTaskThatDoesNotFitWaitsWithItsReason() {
        Gate gate;
        TaskRunner runner({table(), {100 * kGiB, 0, 0, 0, 8, 0}}, lanes(4, 2));
        QSignalSpy reasons(&runner, &TaskRunner::waitReasonsChanged);
        const auto body = [&](const TaskContext& context) { return gate.pass(context); };
        submit(runner, "a", kPc1, body);
        submit(runner, "b", kPc1, body);
        QCOMPARE(runner.running(), 1);
        QCOMPARE(runner.waiting(), 1);
        QVERIFY(runner.waitReason("b"));
        QCOMPARE(runner.waitReason("b")->key, std::string("memory"));
        QVERIFY(!runner.waitReason("a"));
        QCOMPARE(reasons.count(), 1);
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done, (std::vector<std::string>{"a", "b"}), kPatienceMs);
    }

    void anotherTypeThatFitsMayPassButNotTheSameType() {
        Gate gate;
        TaskRunner runner({table(), {100 * kGiB, 0, 0, 0, 8, 0}}, lanes(4, 2));
        const auto body = [&](const TaskContext& context) { return gate.pass(context); };
        submit(runner, "first", kPc1, body);
        submit(runner, "second", kPc1, body);
        submit(runner, "third", kPc1, body);
        submit(runner, "other", kPc2, body);
        QTRY_COMPARE_WITH_TIMEOUT(gate.inside(), 2, kPatienceMs);
        QCOMPARE(runner.running(), 2);
        QCOMPARE(runner.waitReason("second")->key, std::string("memory"));
        QCOMPARE(runner.waitReason("third")->key, std::string("slot"));
        QVERIFY(!runner.waitReason("other"));
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), std::size_t{4}, kPatienceMs);
    }

    void aFullLaneDoesNotHoldTheOtherLane() {
        Gate gate;
        TaskRunner runner({{}, {100 * kGiB, 0, 0, 0, 8, 0}}, lanes(1, 1));
        const auto body = [&](const TaskContext& context) { return gate.pass(context); };
        submit(runner, "a", kPc1, body);
        submit(runner, "b", kPc2, body);
        QCOMPARE(runner.waitReason("b")->key, std::string("slot"));
        submit(runner, "move", kFetch, [](const TaskContext&) { return TaskOutcome{}; });
        QTRY_COMPARE_WITH_TIMEOUT(m_done, (std::vector<std::string>{"move"}), kPatienceMs);
        gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
    }

    void freedMemoryStartsAWaitingTask() {
        Gate gate;
        MachineResources machine{200 * kGiB, 190 * kGiB, 0, 0, 8, 0};
        TaskRunner runner({table(), machine}, lanes(4, 2));
        const auto body = [&](const TaskContext& context) { return gate.pass(context); };
        submit(runner, "a", kPc1, body);
        submit(runner, "b", kPc1, body);
        QCOMPARE(runner.running(), 1);
        machine.memUsed = kGiB;
        runner.setMachine(machine);
        QCOMPARE(runner.running(), 2);
        gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
    }

    void progressIsWhatTheBodySaidLast() {
        Gate gate;
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(1, 1));
        submit(runner, "a", kPc1, [&](const TaskContext& context) {
            context.report({"pc1", "layer 1 of 2", 1, 2, "layers"});
            return gate.pass(context);
        });
        QTRY_COMPARE_WITH_TIMEOUT(gate.inside(), 1, kPatienceMs);
        QCOMPARE(runner.progress("a").step, std::string("layer 1 of 2"));
        QCOMPARE(runner.progress("a").done, std::uint64_t{1});
        QCOMPARE(runner.progress("unknown").phase, std::string());
        gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
    }

    void stoppingEndsWhatRunsAndDropsWhatWaits() {
        Gate gate;
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(1, 1));
        TaskOutcome ended;
        bool waitingCameBack = false;
        runner.submit({"a", &kPc1, kProof, [&](const TaskContext& context) { return gate.pass(context); }},
                      [&](TaskOutcome outcome) { ended = std::move(outcome); });
        runner.submit({"b", &kPc1, kProof, [&](const TaskContext& context) { return gate.pass(context); }},
                      [&](TaskOutcome) { waitingCameBack = true; });
        runner.stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
        QVERIFY(ended.cancelled);
        submit(runner, "late", kPc1, [](const TaskContext&) { return TaskOutcome{}; });
        QVERIFY(runner.isIdle());
        QVERIFY(!waitingCameBack);
    }

    void anExceptionIsAFailedTaskAndNotTheEnd() {
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(1, 1));
        TaskOutcome got;
        got.succeeded = true;
        runner.submit({"a", &kPc1, kProof, [](const TaskContext&) -> TaskOutcome { throw std::runtime_error("no"); }},
                      [&](TaskOutcome outcome) { got = std::move(outcome); });
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
        QVERIFY(!got.succeeded);
        QVERIFY(got.error.find("no") != std::string::npos);
    }

    void abortEndsTheOneAndMarksIt() {
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(1, 1));
        Gate gate;
        std::map<std::string, TaskOutcome> ended;
        bool sawMark = false;
        const auto add = [&](const char* uuid, auto body) {
            runner.submit({uuid, &kPc1, kProof, body}, [&ended, uuid = std::string(uuid)](TaskOutcome outcome) { ended[uuid] = std::move(outcome); });
        };
        add("runs", [&](const TaskContext& context) {
            auto outcome = gate.pass(context);
            sawMark = context.isAborted();
            return outcome;
        });
        add("waits", [&](const TaskContext& context) { return gate.pass(context); });
        add("stays", [&](const TaskContext& context) { return gate.pass(context); });
        QTRY_COMPARE_WITH_TIMEOUT(gate.inside(), 1, kPatienceMs);
        QVERIFY(!runner.abort("nobody"));
        QVERIFY(runner.abort("waits"));
        QVERIFY(ended.at("waits").cancelled && ended.at("waits").aborted);
        QVERIFY(runner.abort("runs"));
        QTRY_VERIFY_WITH_TIMEOUT(ended.contains("runs"), kPatienceMs);
        QVERIFY(sawMark);
        QVERIFY(ended.at("runs").cancelled && ended.at("runs").aborted);
        QTRY_COMPARE_WITH_TIMEOUT(gate.inside(), 2, kPatienceMs); // its slot is free
        gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(ended.contains("stays"), kPatienceMs);
        QVERIFY(ended.at("stays").succeeded && !ended.at("stays").aborted);
    }

    void aBodyThatEndedAllTheSameKeepsItsResult() {
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(1, 1));
        std::optional<TaskOutcome> got;
        std::atomic<bool> began = false;
        runner.submit({"a", &kPc1, kProof,
                       [&](const TaskContext& context) {
                           began = true;
                           while (!context.stop.stop_requested()) std::this_thread::yield();
                           TaskOutcome outcome;
                           outcome.succeeded = true; // it had nothing left to do
                           return outcome;
                       }},
                      [&](TaskOutcome outcome) { got = std::move(outcome); });
        QTRY_VERIFY_WITH_TIMEOUT(began, kPatienceMs);
        QVERIFY(runner.abort("a"));
        QTRY_VERIFY_WITH_TIMEOUT(got.has_value(), kPatienceMs);
        QVERIFY(got->succeeded && !got->aborted);
    }

    void whileHeldNothingBeginsAndWhatRunsGoesOn() {
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(2, 2));
        Gate gate;
        submit(runner, "a", kPc1, [&](const TaskContext& context) { return gate.pass(context); });
        QTRY_COMPARE_WITH_TIMEOUT(gate.inside(), 1, kPatienceMs);
        runner.hold(WaitReason{"paused", "held"});
        submit(runner, "b", kFetch, [](const TaskContext&) { return TaskOutcome{}; });
        QCOMPARE(runner.waitReason("b"), (WaitReason{"paused", "held"}));
        QCOMPARE(runner.whyNot(kPc2, kProof), (WaitReason{"paused", "held"}));
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(runner.running(), 0, kPatienceMs);
        QCOMPARE(runner.waiting(), 1);
        runner.hold(std::nullopt);
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
    }

    void aGuardHoldsItsTypeBackAndNoOther() {
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(2, 2));
        std::optional<WaitReason> missing = WaitReason{"params", "missing"};
        runner.waitFor([&](const TaskType& type) { return type.name == kPc2.name ? missing : std::nullopt; });
        QSignalSpy changed(&runner, &TaskRunner::waitReasonsChanged);
        submit(runner, "a", kPc2, [](const TaskContext&) { return TaskOutcome{}; });
        submit(runner, "b", kPc1, [](const TaskContext&) { return TaskOutcome{}; });
        QCOMPARE(runner.waitReason("a"), missing);
        QTRY_VERIFY_WITH_TIMEOUT(runner.running() == 0 && runner.waiting() == 1, kPatienceMs);
        missing->detail = "half is there";
        runner.lookAgain();
        QCOMPARE(runner.waitReason("a"), missing);
        QCOMPARE(changed.count(), 2);
        missing.reset();
        runner.lookAgain();
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
    }

    void aSectorIsKeptApartFromWhatWasThereBefore() {
        TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(4, 4));
        Gate first, second;
        std::vector<std::string> order;
        const auto add = [&](const char* uuid, const char* sector, const TaskType& type, auto body) {
            Job job;
            job.uuid = uuid;
            job.type = &type;
            job.proof = kProof;
            job.sector = sector;
            job.body = body;
            runner.submit(std::move(job), [&order, uuid = std::string(uuid)](const TaskOutcome&) { order.push_back(uuid); });
        };
        add("old", "s-t01000-1", kPc1, [&](const TaskContext& context) { return first.pass(context); });
        QTRY_COMPARE_WITH_TIMEOUT(first.inside(), 1, kPatienceMs);
        runner.keepSectorsApart();
        add("same", "s-t01000-1", kFetch, [&](const TaskContext& context) { return second.pass(context); });
        QCOMPARE(runner.waitReason("same")->key, std::string("sector"));
        add("other", "s-t01000-2", kFetch, [](const TaskContext&) { return TaskOutcome{}; }); // of the same kind, and not held up
        QTRY_COMPARE_WITH_TIMEOUT(order.size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(order[0], std::string("other"));
        first.open();
        QTRY_COMPARE_WITH_TIMEOUT(second.inside(), 1, kPatienceMs);
        // Those that came later are no older ones: they run beside each other.
        add("again", "s-t01000-1", kFetch, [](const TaskContext&) { return TaskOutcome{}; });
        QTRY_COMPARE_WITH_TIMEOUT(order.size(), std::size_t{3}, kPatienceMs);
        QCOMPARE(order[2], std::string("again"));
        second.open();
        QTRY_VERIFY_WITH_TIMEOUT(runner.isIdle(), kPatienceMs);
    }

    void destroyingTheRunnerStopsItsBodies() {
        Gate gate;
        {
            TaskRunner runner({{}, {kGiB, 0, 0, 0, 8, 0}}, lanes(1, 1));
            submit(runner, "a", kPc1, [&](const TaskContext& context) { return gate.pass(context); });
            QTRY_COMPARE_WITH_TIMEOUT(gate.inside(), 1, kPatienceMs);
        }
        QVERIFY(m_done.empty());
    }
};

QTEST_GUILESS_MAIN(TestTaskRunner)
#include "tst_task_runner.moc"
