// SPDX-License-Identifier: MIT OR Apache-2.0
#include <openssl/sha.h>

#include "kernel_test.h"
#include "kernels/sha256/pair_hash.h"

using namespace lsw;

/// Each implementation against OpenSSL.
class TestPairHash : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWantedOneIsInUse();
    void everyCountGivesWhatOpenSslGives();
    void aTreeIsFoldedInPlace();
    void nothingIsWrittenBeyondTheEnd();

private:
    static std::vector<std::uint8_t> expected(const std::uint8_t* in, std::size_t pairs) {
        std::vector<std::uint8_t> out(32 * pairs);
        for (std::size_t i = 0; i < pairs; ++i) {
            SHA256(in + 64 * i, 64, out.data() + 32 * i);
            out[32 * i + 31] &= 0x3f;
        }
        return out;
    }
};

void TestPairHash::theWantedOneIsInUse() {
    const auto wanted = QString::fromUtf8(qgetenv("LSW_KERNEL")).section(QLatin1Char(':'), 1);
    QVERIFY(kernels::checkForcedKernels());
    const std::string_view name = kernels::pairHash().chosen().name;
    QCOMPARE(QString::fromUtf8(name.data(), static_cast<int>(name.size())), wanted);
}

void TestPairHash::everyCountGivesWhatOpenSslGives() {
    auto random = test::seeded();
    // All remainders of the widest implementation (32 lanes), from addresses that are not aligned.
    for (std::size_t pairs = 0; pairs <= 100; ++pairs) {
        for (const std::size_t offset : {0U, 1U, 13U}) {
            const auto in = test::randomBytes(random, 64 * pairs + offset);
            std::vector<std::uint8_t> out(32 * pairs + offset);
            kernels::pairHash().chosen().function(in.data() + offset, out.data() + offset, pairs);
            QCOMPARE(std::vector<std::uint8_t>(out.begin() + static_cast<std::ptrdiff_t>(offset), out.end()), expected(in.data() + offset, pairs));
        }
    }
}

void TestPairHash::aTreeIsFoldedInPlace() {
    auto random = test::seeded();
    auto nodes = test::randomBytes(random, 64 * 512);
    auto level = nodes;
    for (std::size_t pairs = 512; pairs > 0; pairs /= 2) {
        level = expected(level.data(), pairs);
        kernels::pairHash().chosen().function(nodes.data(), nodes.data(), pairs);
        QVERIFY(std::equal(level.begin(), level.end(), nodes.begin()));
    }
}

void TestPairHash::nothingIsWrittenBeyondTheEnd() {
    auto random = test::seeded();
    for (const std::size_t pairs : {1U, 3U, 17U, 33U, 63U}) {
        const auto in = test::randomBytes(random, 64 * pairs);
        std::vector<std::uint8_t> out(32 * pairs + 64, 0xa5);
        kernels::pairHash().chosen().function(in.data(), out.data(), pairs);
        QVERIFY(std::all_of(out.end() - 64, out.end(), [](std::uint8_t byte) { return byte == 0xa5; }));
    }
}

LSW_KERNEL_TEST_MAIN(TestPairHash, kernels::pairHash())
#include "tst_pair_hash.moc"
