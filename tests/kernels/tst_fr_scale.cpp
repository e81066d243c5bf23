// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernel_test.h"
#include "kernels/field/fr_scale.h"

using namespace lsw;
using kernels::Fr;

namespace {

/// Random nodes, among them the edges: zero, one, the order less one, all limbs full.
std::vector<std::uint8_t> nodesOf(std::mt19937_64& random, std::size_t count) {
    std::vector<std::uint8_t> out(32 * count);
    for (std::size_t i = 0; i < count; ++i) {
        Fr node = kernels::frFromPlain({random(), random(), random(), random()});
        switch (random() % 8) {
        case 0: node = Fr{}; break;
        case 1: node = kernels::frFrom(1); break;
        case 2: node = Fr{} - kernels::frFrom(1); break;
        case 3: node = kernels::frFromPlain({~0ULL, ~0ULL, ~0ULL, ~0ULL >> 2}); break;
        default: break;
        }
        kernels::frToBytes(node, out.data() + 32 * i);
    }
    return out;
}

} // namespace

class TestFrScale : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachNodeIsWhatTheFieldSays();
    void outputsMayBeInputs();
    void nothingIsReadOrWrittenBeyondTheEnd();
};

void TestFrScale::eachNodeIsWhatTheFieldSays() {
    auto random = test::seeded();
    const auto& set = kernels::frScale().chosen().function;
    for (int round = 0; round < 200; ++round) {
        const std::size_t count = 1 + random() % 70, offset = random() % 3; // unaligned, too
        const auto a = nodesOf(random, count), b = nodesOf(random, count), f = nodesOf(random, 1);
        const Fr factor = kernels::frFromBytes(f.data());
        std::vector<std::uint8_t> room(32 * count + offset), expected(32);
        std::uint8_t* const out = room.data() + offset;
        for (const bool adds : {true, false}) {
            if (adds) set.multiplyAdd(a.data(), factor, b.data(), out, count);
            else set.subtractMultiply(a.data(), b.data(), factor, out, count);
            for (std::size_t i = 0; i < count; ++i) {
                const Fr x = kernels::frFromBytes(a.data() + 32 * i), y = kernels::frFromBytes(b.data() + 32 * i);
                kernels::frToBytes(adds ? x * factor + y : (x - y) * factor, expected.data());
                QVERIFY(std::equal(expected.begin(), expected.end(), out + 32 * i));
            }
        }
    }
}

void TestFrScale::outputsMayBeInputs() {
    auto random = test::seeded();
    const auto& set = kernels::frScale().chosen().function;
    constexpr std::size_t kCount = 53;
    const auto a = nodesOf(random, kCount), b = nodesOf(random, kCount);
    const Fr factor = kernels::frFromPlain({random(), random(), random(), random()});
    for (const bool adds : {true, false}) {
        const auto call = [&](const std::uint8_t* x, const std::uint8_t* y, std::uint8_t* out) {
            if (adds) set.multiplyAdd(x, factor, y, out, kCount);
            else set.subtractMultiply(x, y, factor, out, kCount);
        };
        std::vector<std::uint8_t> apart(32 * kCount), overA = a, overB = b;
        call(a.data(), b.data(), apart.data());
        call(overA.data(), b.data(), overA.data());
        call(a.data(), overB.data(), overB.data());
        QCOMPARE(overA, apart);
        QCOMPARE(overB, apart);
    }
}

void TestFrScale::nothingIsReadOrWrittenBeyondTheEnd() {
    // Exactly sized heap blocks: the address sanitizer sees a byte too many.
    auto random = test::seeded();
    const auto& set = kernels::frScale().chosen().function;
    for (const std::size_t count : {1U, 7U, 8U, 9U, 16U, 17U}) {
        const auto a = nodesOf(random, count), b = nodesOf(random, count);
        std::vector<std::uint8_t> out(32 * count + 1, 0xa5);
        set.multiplyAdd(a.data(), kernels::frFrom(3), b.data(), out.data(), count);
        QCOMPARE(out.back(), std::uint8_t{0xa5});
        set.subtractMultiply(a.data(), b.data(), kernels::frFrom(3), out.data(), count);
        QCOMPARE(out.back(), std::uint8_t{0xa5});
    }
}

LSW_KERNEL_TEST_MAIN(TestFrScale, kernels::frScale())
#include "tst_fr_scale.moc"
