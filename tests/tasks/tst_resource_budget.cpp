// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QTest>

#include "tasks/resource_budget.h"

using namespace lsw;
using namespace lsw::tasks;

namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;
constexpr auto kProof32 = sector::SealProof{8};
const std::string kPc1 = "seal/v0/precommit/1", kPc2 = "seal/v0/precommit/2", kC2 = "seal/v0/commit/2", kFin = "seal/v0/finalize";

protocol::TaskResources row(std::uint64_t minMemory, std::uint64_t maxMemory, std::uint64_t base, int parallel, int parallelGpu, double gpu) {
    protocol::TaskResources needs;
    needs.minMemory = minMemory;
    needs.maxMemory = maxMemory;
    needs.baseMinMemory = base;
    needs.maxParallelism = parallel;
    needs.maxParallelismGpu = parallelGpu;
    needs.gpuUtilization = gpu;
    return needs;
}

/// Rows with the numbers of 32 GiB, so that the test does not hang on the table.
ResourceTable table() {
    ResourceTable all;
    all[kPc1][8] = row(56 * kGiB, 64 * kGiB, 10 << 20, 1, 0, 0);
    all[kPc2][8] = row(15 * kGiB, 15 * kGiB, kGiB, -1, 6, 1);
    all[kC2][8] = row(30 * kGiB, 150 * kGiB, 32 * kGiB, -1, 6, 1);
    return all;
}

MachineResources machine(std::uint64_t memory, std::uint64_t swap, int cpus, int gpus = 0) { return {memory, 0, swap, 0, cpus, gpus}; }

QString keyOf(const std::optional<WaitReason>& reason) { return reason ? QString::fromStdString(reason->key) : QStringLiteral("fits"); }

} // namespace

class TestResourceBudget : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTaskAloneAlwaysFits() {
        ResourceBudget budget(table(), machine(kGiB, 0, 1));
        QCOMPARE(keyOf(budget.whyNot(kC2, kProof32)), QStringLiteral("fits"));
        budget.add(kC2, kProof32);
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("memory"));
        budget.remove(kC2, kProof32);
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("fits"));
    }

    void physicalMemoryCountsTheLeastNeed() {
        // Two PC1 need 112 GiB at least and 128 GiB at most.
        ResourceBudget budget(table(), machine(100 * kGiB, 100 * kGiB, 16));
        budget.add(kPc1, kProof32);
        const auto reason = budget.whyNot(kPc1, kProof32);
        QCOMPARE(keyOf(reason), QStringLiteral("memory"));
        QCOMPARE(QString::fromStdString(reason->detail), QStringLiteral("needs 56 GiB, 44 GiB free"));
    }

    void swapCountsForTheMostNeed() {
        ResourceBudget without(table(), machine(120 * kGiB, 0, 16));
        without.add(kPc1, kProof32);
        QCOMPARE(keyOf(without.whyNot(kPc1, kProof32)), QStringLiteral("memory"));
        ResourceBudget with(table(), machine(120 * kGiB, 16 * kGiB, 16));
        with.add(kPc1, kProof32);
        QCOMPARE(keyOf(with.whyNot(kPc1, kProof32)), QStringLiteral("fits"));
    }

    void memoryThatStrangersUseCounts() {
        auto figures = machine(256 * kGiB, 0, 16);
        ResourceBudget budget(table(), figures);
        budget.add(kPc1, kProof32);
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("fits"));
        figures.memUsed = 200 * kGiB;
        budget.setMachine(figures);
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("memory"));
    }

    void whatTasksShareIsNotSummedUp() {
        auto only = table();
        only[kPc2][8] = row(kGiB, kGiB, 32 * kGiB, 1, 0, 0);
        ResourceBudget budget(only, machine(36 * kGiB, 0, 16));
        budget.add(kPc2, kProof32);
        budget.add(kPc2, kProof32);
        QCOMPARE(keyOf(budget.whyNot(kPc2, kProof32)), QStringLiteral("fits"));
        QCOMPARE(budget.memoryGranted(), 2 * kGiB);
    }

    void coresRunOut() {
        ResourceBudget budget(table(), machine(512 * kGiB, 0, 16));
        budget.add(kPc2, kProof32); // 92 % of 16 cores: 14
        QCOMPARE(budget.cpusGranted(), 14);
        const auto reason = budget.whyNot(kPc2, kProof32);
        QCOMPARE(keyOf(reason), QStringLiteral("cpu"));
        QCOMPARE(QString::fromStdString(reason->detail), QStringLiteral("needs 14 of 16 cores, 2 free"));
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("fits"));
    }

    void graphicsCardsCountOnlyWhereThereAreSome() {
        ResourceBudget one(table(), machine(512 * kGiB, 0, 16, 1));
        one.add(kPc2, kProof32);
        QCOMPARE(one.cpusGranted(), 6);
        QCOMPARE(keyOf(one.whyNot(kPc2, kProof32)), QStringLiteral("gpu"));
        ResourceBudget two(table(), machine(512 * kGiB, 0, 16, 2));
        two.add(kPc2, kProof32);
        QCOMPARE(keyOf(two.whyNot(kPc2, kProof32)), QStringLiteral("fits"));
    }

    void aLimitOfTasksHoldsForOneTypeAndProof() {
        auto limited = table();
        limited[kPc1][8].maxConcurrent = 1;
        ResourceBudget budget(limited, machine(1024 * kGiB, 0, 16));
        budget.add(kPc1, kProof32);
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("slot"));
        QCOMPARE(keyOf(budget.whyNot(kPc1, sector::SealProof{9})), QStringLiteral("fits"));
        budget.remove(kPc1, kProof32);
        budget.add(kFin, kProof32);
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("fits"));
    }

    void anotherTableCountsForWhatRunsToo() {
        ResourceBudget budget(table(), machine(200 * kGiB, 0, 16));
        budget.add(kPc1, kProof32);
        budget.add(kPc1, kProof32);
        ResourceTable other = table();
        other[kPc1][8].maxMemory = 80 * kGiB;
        other[kPc1][8].maxConcurrent = 2;
        budget.setTable(other);
        QCOMPARE(budget.memoryGranted(), 160 * kGiB);
        QCOMPARE(budget.running(), 2);
        QCOMPARE(keyOf(budget.whyNot(kPc1, kProof32)), QStringLiteral("slot"));
        budget.remove(kPc1, kProof32);
        QCOMPARE(budget.memoryGranted(), 80 * kGiB);
        budget.remove(kPc1, kProof32);
        QCOMPARE(budget.memoryGranted(), std::uint64_t{0});
        QCOMPARE(budget.running(), 0);
    }

    void aTypeWithoutARowNeedsNothing() {
        ResourceBudget budget(table(), machine(kGiB, 0, 1));
        budget.add(kC2, kProof32);
        QCOMPARE(keyOf(budget.whyNot(kFin, kProof32)), QStringLiteral("fits"));
    }
};

QTEST_GUILESS_MAIN(TestResourceBudget)
#include "tst_resource_budget.moc"
