// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "sealed_sector.h"

/// The parameters of test sectors: made once for a machine, in the user's cache.
namespace lsw::proofs {

inline std::filesystem::path parameterFolder() {
    if (const char* own = std::getenv("LSW_TEST_PARAMETERS")) return own;
    const char* xdg = std::getenv("XDG_CACHE_HOME");
    const std::filesystem::path caches =
        xdg && *xdg ? std::filesystem::path(xdg) : std::filesystem::path(QDir::homePath().toStdString()) / ".cache";
    return caches / "lotus-seal-worker" / "test-parameters";
}

/// MemAvailable in bytes.
inline std::uint64_t freeMemory() {
    std::ifstream in("/proc/meminfo");
    std::string name, unit;
    std::uint64_t kilobytes = 0;
    while (in >> name >> kilobytes) {
        if (name == "MemAvailable:") return kilobytes * 1024;
        std::getline(in, unit);
    }
    return 0;
}

/// Makes what is missing of a circuit of 2 KiB sectors. Each file has its own content: the parameters are a hundred times larger than the
/// key.
inline void makeTestParameters(Circuit circuit, const char* name, std::uintmax_t atLeast) {
    std::filesystem::create_directories(parameterFolder());
    OfficialEngine engine;
    LSW_DONE(engine.testParameters({{2048}, circuit}, {}));
    std::size_t seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(parameterFolder())) {
        const std::string file = entry.path().filename().string();
        if (file.find(name) == std::string::npos) continue;
        if (file.ends_with(".params"))
            QVERIFY2(entry.file_size() > atLeast, file.c_str());
        else if (file.ends_with(".vk"))
            QVERIFY2(entry.file_size() > 1000 && entry.file_size() < (1U << 20), file.c_str());
        else
            continue;
        ++seen;
    }
    QCOMPARE(seen, std::size_t(2));
}

/// Runs a test, unless memory is short: ctest counts 77 as skipped, and Qt Test's own skipping would count as passed.
template <typename Test>
int runWithMemory(int argc, char** argv, std::uint64_t needed) {
    constexpr double kGiB = 1U << 30;
    if (freeMemory() < needed) {
        std::printf("skipped: this needs %.1f GiB of free memory, here are %.1f\n", static_cast<double>(needed) / kGiB,
                    static_cast<double>(freeMemory()) / kGiB);
        return 77;
    }
    QCoreApplication app(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

/// A changed byte anywhere in a proof.
inline Bytes changed(Bytes proof, std::size_t at) {
    proof[at] ^= 1;
    return proof;
}

} // namespace lsw::proofs
