// SPDX-License-Identifier: MIT OR Apache-2.0
#include <cstdio>
#include <fstream>

#include "sealed_sector.h"

using namespace lsw;
using namespace lsw::proofs;

namespace {

constexpr std::uint64_t kMemoryNeeded = std::uint64_t(7) << 30;

std::filesystem::path parameterFolder() {
    if (const char* own = std::getenv("LSW_TEST_PARAMETERS")) return own;
    const char* xdg = std::getenv("XDG_CACHE_HOME");
    const std::filesystem::path caches =
        xdg && *xdg ? std::filesystem::path(xdg) : std::filesystem::path(QDir::homePath().toStdString()) / ".cache";
    return caches / "lotus-seal-worker" / "test-parameters";
}

std::uint64_t freeMemory() {
    std::ifstream in("/proc/meminfo");
    std::string name, unit;
    std::uint64_t kilobytes = 0;
    while (in >> name >> kilobytes) {
        if (name == "MemAvailable:") return kilobytes * 1024;
        std::getline(in, unit);
    }
    return 0;
}

bool hasParameters() {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(parameterFolder(), error)) {
        const std::string name = entry.path().filename().string();
        if (name.find("stacked-proof-of-replication") != std::string::npos && name.ends_with(".params")) return true;
    }
    return false;
}

} // namespace

/// The whole way to a proof that the official verifier accepts, with the parameters of test sectors. They are made once for a machine
/// (10 to 30 minutes on two cores); where memory is short, this is skipped and says so.
class TestOfficialProof : public QObject {
    Q_OBJECT

    QTemporaryDir m_shared;

private Q_SLOTS:
    void initTestCase() {
        qputenv("FIL_PROOFS_PARENT_CACHE", m_shared.filePath(QStringLiteral("parents")).toLocal8Bit());
        qputenv("FIL_PROOFS_PARAMETER_CACHE", QByteArray::fromStdString(parameterFolder().string()));
    }
    void theParametersOfTestSectorsAreMadeOnce() {
        if (!hasParameters()) {
            std::filesystem::create_directories(parameterFolder());
            OfficialEngine engine;
            LSW_DONE(engine.testParameters({{2048}}, {}));
        }
        // Each file has its own content: the parameters are a thousand times larger than what stands beside them.
        std::size_t seen = 0;
        for (const auto& entry : std::filesystem::directory_iterator(parameterFolder())) {
            const std::string name = entry.path().filename().string();
            if (name.ends_with(".params")) QVERIFY2(entry.file_size() > (500U << 20), name.c_str());
            else if (name.ends_with(".vk")) QVERIFY2(entry.file_size() > 1000 && entry.file_size() < (1U << 20), name.c_str());
            else continue;
            ++seen;
        }
        QVERIFY(seen >= 2);
    }
    void aProofIsMadeAndVerified() {
        SealedSector sector(5);
        LSW_DONE(sector.preCommit1());
        LSW_DONE(sector.preCommit2());
        const auto vanilla = sector.commit1();
        LSW_DONE(vanilla);
        const auto proof = sector.engine.commit2({*vanilla, sector.id}, {});
        LSW_DONE(proof);
        QCOMPARE(proof->size(), std::size_t(192));
        VerifySealOrder order{sector.proof, sector.id, sector.ticket, sector.seed, sector.phase2.commR, sector.phase2.commD, *proof};
        const auto holds = sector.engine.verifySeal(order, {});
        LSW_DONE(holds);
        QVERIFY(*holds);
        order.seed[0] ^= 1;
        QVERIFY(!*sector.engine.verifySeal(order, {}));
    }
};

int main(int argc, char** argv) {
    // ctest counts 77 as skipped; Qt Test's own skipping would count as passed.
    if (freeMemory() < kMemoryNeeded) {
        std::printf("skipped: a proof needs 7 GiB of free memory, here are %.1f\n", static_cast<double>(freeMemory()) / (1U << 30));
        return 77;
    }
    QCoreApplication app(argc, argv);
    TestOfficialProof test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_official_proof.moc"
