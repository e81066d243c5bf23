// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdio>

#include <QtTest/QtTest>

#include "kernels/kernel_registry.h"
#include "support/seed.h"

namespace lsw::test {

/// What this run of a kernel's test means to ctest: LSW_KERNEL names the implementation, 77 says that it cannot run here.
template <typename Function>
bool skipsHere(const kernels::Kernel<Function>& kernel) {
    const std::string wanted = qgetenv("LSW_KERNEL").toStdString();
    for (std::size_t i = 0; i < kernel.all().size(); ++i) {
        if (!wanted.ends_with(':' + std::string(kernel.all()[i].name))) continue;
        if (kernel.fitness(i) != kernels::Fitness::NoInstructions) return false; // a failed self-test fails the test
        std::printf("SKIP: %s needs what this processor (%s) does not have\n", wanted.c_str(), kernels::featureText(kernels::cpuFeatures()).c_str());
        return true;
    }
    return false;
}

} // namespace lsw::test

#define LSW_KERNEL_TEST_MAIN(Class, kernel)                                                                                       \
    int main(int argc, char** argv) {                                                                                             \
        if (lsw::test::skipsHere(kernel)) return 77;                                                                              \
        Class test;                                                                                                               \
        return QTest::qExec(&test, argc, argv);                                                                                   \
    }
