// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernel_test.h"
#include "kernels/fr32/fr32_pad.h"

using namespace lsw;

class TestFr32Pad : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachBitGoesWhereTheRuleSays();
    void unpaddingGivesTheBytesBack();
    void nothingIsReadOrWrittenBeyondTheEnd();
};

void TestFr32Pad::eachBitGoesWhereTheRuleSays() {
    auto random = test::seeded();
    for (std::size_t groups = 0; groups < 40; ++groups) {
        const auto user = test::randomBytes(random, groups * 127);
        std::vector<std::uint8_t> expected(groups * 128), got(groups * 128, 0xff);
        for (std::size_t bit = 0; bit < groups * 1016; ++bit) {
            const std::size_t to = bit + 2 * (bit / 254);
            if (user[bit / 8] >> (bit % 8) & 1U) expected[to / 8] = static_cast<std::uint8_t>(expected[to / 8] | 1U << (to % 8));
        }
        kernels::fr32Pad().chosen().function(user.data(), got.data(), groups);
        QCOMPARE(got, expected);
    }
}

void TestFr32Pad::unpaddingGivesTheBytesBack() {
    auto random = test::seeded();
    for (const std::size_t groups : {1U, 2U, 7U, 1024U}) {
        const auto user = test::randomBytes(random, groups * 127);
        std::vector<std::uint8_t> padded(groups * 128), back(groups * 127);
        kernels::fr32Pad().chosen().function(user.data(), padded.data(), groups);
        kernels::fr32Unpad().chosen().function(padded.data(), back.data(), groups);
        QCOMPARE(back, user);
    }
}

void TestFr32Pad::nothingIsReadOrWrittenBeyondTheEnd() {
    // Exactly sized heap blocks: the address sanitizer sees a byte too many.
    auto random = test::seeded();
    const auto user = test::randomBytes(random, 3 * 127);
    std::vector<std::uint8_t> padded(3 * 128 + 1, 0xa5), back(3 * 127 + 1, 0xa5);
    kernels::fr32Pad().chosen().function(user.data(), padded.data(), 3);
    QCOMPARE(padded.back(), std::uint8_t{0xa5});
    kernels::fr32Unpad().chosen().function(padded.data(), back.data(), 3);
    QCOMPARE(back.back(), std::uint8_t{0xa5});
}

LSW_KERNEL_TEST_MAIN(TestFr32Pad, kernels::fr32Pad())
#include "tst_fr32_pad.moc"
