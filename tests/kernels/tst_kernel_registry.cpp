// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "kernels/kernel_registry.h"

using namespace lsw;

namespace {
using Number = int (*)();
int one() { return 1; }
int two() { return 2; }
int wrong() { return 3; }
bool isRight(const kernels::Implementation<Number>& implementation) { return implementation.function() < 3; }
bool nowhere(const kernels::CpuFeatures&) { return false; }
} // namespace

class TestKernelRegistry : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { qputenv("LSW_KERNEL", "forced:two,lost:two,sha256:nonsense"); }
    void theFirstThatRunsAndPassesIsTaken();
    void aForcedOneIsTaken();
    void aForcedOneThatDoesNotRunIsNot();
    void aNameThatIsNotThereIsSaid();
    void everyKernelHasAnImplementationThatWorks();
};

void TestKernelRegistry::theFirstThatRunsAndPassesIsTaken() {
    const kernels::Kernel<Number> kernel("any", {{"absent", nowhere, one}, {"broken", kernels::runsAnywhere, wrong}, {"two", kernels::runsAnywhere, two}, {"one", kernels::runsAnywhere, one}},
                                         isRight);
    QCOMPARE(kernel.chosen().function(), 2);
    const auto report = kernel.report();
    QCOMPARE(report.size(), std::size_t{4});
    QCOMPARE(report[0].fitness, kernels::Fitness::NoInstructions);
    QCOMPARE(report[1].fitness, kernels::Fitness::SelfTestFailed);
    QVERIFY(report[2].isChosen && !report[2].isForced);
    QVERIFY(!report[3].isChosen);
}

void TestKernelRegistry::aForcedOneIsTaken() {
    const kernels::Kernel<Number> kernel("forced", {{"one", kernels::runsAnywhere, one}, {"two", kernels::runsAnywhere, two}}, isRight);
    QCOMPARE(kernel.chosen().function(), 2);
    QVERIFY(kernel.report()[1].isForced);
}

void TestKernelRegistry::aForcedOneThatDoesNotRunIsNot() {
    const kernels::Kernel<Number> kernel("lost", {{"two", nowhere, two}, {"one", kernels::runsAnywhere, one}}, isRight);
    QCOMPARE(kernel.chosen().function(), 1);
}

void TestKernelRegistry::aNameThatIsNotThereIsSaid() {
    const auto checked = kernels::checkForcedKernels();
    QVERIFY(!checked);
    QVERIFY(checked.error().message().find("there is no such kernel") != std::string::npos);
}

void TestKernelRegistry::everyKernelHasAnImplementationThatWorks() {
    std::map<std::string, bool> works;
    for (const auto& one : kernels::kernelReport()) {
        works[one.kernel] = works[one.kernel] || (one.fitness == kernels::Fitness::Works && one.isChosen);
        QVERIFY2(one.fitness != kernels::Fitness::SelfTestFailed, (one.kernel + ':' + one.implementation).c_str());
    }
    QVERIFY(works.size() >= 3);
    for (const auto& [kernel, good] : works) QVERIFY2(good, kernel.c_str());
}

QTEST_GUILESS_MAIN(TestKernelRegistry)
#include "tst_kernel_registry.moc"
