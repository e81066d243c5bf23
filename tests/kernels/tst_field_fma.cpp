// SPDX-License-Identifier: MIT OR Apache-2.0
#include "field_fma_probe.h"
#include "kernel_test.h"
#include "kernels/field/fr.h"
#include "kernels/poseidon/poseidon_constants.h"
#include "kernels/poseidon/poseidon_fma.h"

#include <cmath>

using namespace lsw;
using namespace lsw::kernels;
using namespace lsw::kernels::poseidon::fma;

namespace {

constexpr double kUnit = 0x1p50;
constexpr std::size_t kArities[] = {2, 4, 8, 11};
using Limbs = std::array<double, 5>;
using Four = std::array<double, 20>; ///< four elements: [5][4]

/// What limbs stand for.
Fr valueOf(const Limbs& limbs) {
    Fr out;
    for (std::size_t k = 0; k < 5; ++k) {
        const Fr size = frFrom(static_cast<std::uint64_t>(std::abs(limbs[k]))) * frPowerOfTwo(51 * static_cast<int>(k));
        out = limbs[k] < 0 ? out - size : out + size;
    }
    return out;
}
Limbs lane(const Four& four, std::size_t at) {
    Limbs out;
    for (std::size_t k = 0; k < 5; ++k) out[k] = four[4 * k + at];
    return out;
}
void setLane(Four& four, std::size_t at, const Limbs& limbs) {
    for (std::size_t k = 0; k < 5; ++k) four[4 * k + at] = limbs[k];
}
/// An element at its bounds: a bit of `signs` for each limb.
Limbs extreme(unsigned signs, double limb, double top) {
    Limbs out;
    for (unsigned k = 0; k < 5; ++k) out[k] = (signs >> k & 1U ? -1 : 1) * (k < 4 ? limb : top);
    return out;
}
Limbs extreme(unsigned signs) { return extreme(signs, kLimb, std::floor(kTopLimb)); }
bool isElement(const Limbs& limbs) {
    for (std::size_t k = 0; k < 5; ++k)
        if (std::abs(limbs[k]) > (k < 4 ? kLimb : kTopLimb) || limbs[k] != std::floor(limbs[k])) return false;
    return true;
}
std::array<double, 15> pointsOf(const Limbs& limbs) {
    std::array<double, 15> out{};
    std::size_t at = 0;
    for (const double limb : limbs) out[at++] = limb;
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = i + 1; j < 5; ++j) out[at++] = limbs[i] - limbs[j];
    return out;
}

} // namespace

/// Doubles are exact as long as nothing outgrows them: that is held here against constants and operands at their bounds.
class TestFieldFma : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theConstantsOfTheReductionAreRight();
    void noProductOfAConstantLeavesItsChain();
    void rowsOfTheSmallMatrixStayBelowTheirSplit();
    void productsOfExtremeLimbsAreExact();
    void sumsOfExtremeLimbsAreExact();
    void randomProductsAreExact();
};

void TestFieldFma::theConstantsOfTheReductionAreRight() {
    Limbs order;
    for (std::size_t k = 0; k < 5; ++k) order[k] = static_cast<double>(kOrder[k]);
    QVERIFY(valueOf(order) == Fr{});
    QVERIFY(std::abs(order[4]) < 1.82 * kUnit);
    for (std::size_t j = 0; j < 5; ++j) {
        Limbs fold;
        std::copy(std::begin(kFold[j]), std::end(kFold[j]), fold.begin());
        QVERIFY(valueOf(fold) == frPowerOfTwo(51 * (6 + static_cast<int>(j))));
    }
    for (std::size_t k = 0; k < 5; ++k) {
        double sum = 0;
        for (std::size_t j = 0; j < 4; ++j) sum += std::abs(kFold[j][k]);
        QVERIFY(sum < 2.34 * kUnit);
        if (k < 4) continue;
        // The quotient: below 2^51, so that a whole number can be told, and its products below 2^102.
        const double quotient = (kUnit + 16 + sum / 2) * 0x1.1aa84a76ff6f2p+0;
        QVERIFY(quotient < 0x1p51);
        QVERIFY(quotient * order[4] < 0x1p102);
    }
}

void TestFieldFma::noProductOfAConstantLeavesItsChain() {
    for (const std::size_t arity : kArities) {
        const Constants& c = tables(arity);
        const std::size_t n = arity, m = n + 1, rounds = poseidon::constants(arity).partialRounds;
        const auto points = [&](const double* at, std::size_t rows, std::size_t count) {
            for (std::size_t row = 0; row < rows; ++row)
                for (std::size_t p = 0; p < 15; ++p)
                    for (std::size_t j = 0; j < count; ++j)
                        if (!(std::abs(at[(row * 15 + p) * count + j]) * kLargestPoint[p] < 0x1p102)) return false;
            return true;
        };
        QVERIFY(points(c.row, n, n) && points(c.impulse, 1, n) && points(c.fromX, 1, 2 * n) && points(c.fromY, 1, 2 * m));
        QVERIFY(points(c.lastX, n, n) && points(c.lastY, n, m) && points(c.digest, 1, m));
        const auto added = [](const double* at, std::size_t count) { return std::all_of(at, at + 5 * count, [](double limb) { return std::abs(limb) <= kUnit; }); };
        QVERIFY(added(c.input, m) && added(c.tag, 1) && added(c.first, 4 * m) && added(c.constant, rounds + 1) && added(c.lastConstant, n) && added(c.last, 3 * m));
    }
}

void TestFieldFma::rowsOfTheSmallMatrixStayBelowTheirSplit() {
    for (const std::size_t arity : kArities) {
        double row = 0;
        for (std::size_t j = 0; j <= arity; ++j) row += tables(arity).small[j]; // the first row is the largest
        QVERIFY(row * kTopLimb < 0x1p98);
    }
}

void TestFieldFma::productsOfExtremeLimbsAreExact() {
    for (unsigned x = 0; x < 32; ++x)
        for (unsigned y = 0; y < 32; y += 4) {
            Four a, b, product, square;
            for (unsigned i = 0; i < 4; ++i) setLane(a, i, extreme(x)), setLane(b, i, extreme(y + i));
            test::fma::multiplied(a.data(), b.data(), product.data());
            test::fma::squared(b.data(), square.data());
            for (unsigned i = 0; i < 4; ++i) {
                QVERIFY(isElement(lane(product, i)) && isElement(lane(square, i)));
                QVERIFY(valueOf(lane(product, i)) == valueOf(extreme(x)) * valueOf(extreme(y + i)));
                QVERIFY(valueOf(lane(square, i)) == valueOf(extreme(y + i)) * valueOf(extreme(y + i)));
            }
        }
}

void TestFieldFma::sumsOfExtremeLimbsAreExact() {
    constexpr std::size_t kTerms = 23; // 2 · 12 - 1
    const Limbs added = extreme(0, kUnit, kUnit);
    for (unsigned x = 0; x < 32; ++x)
        for (unsigned y = 0; y < 32; y += 4) {
            const Limbs constant = extreme(x, std::floor(0.999 * kUnit), std::floor(0.69 * kUnit)); // differences 1.998 and 1.689
            const auto at = pointsOf(constant);
            std::vector<double> constants(15 * kTerms), operands;
            for (std::size_t p = 0; p < 15; ++p) {
                QVERIFY(std::abs(at[p]) * kLargestPoint[p] < 0x1p102);
                std::fill_n(constants.begin() + static_cast<std::ptrdiff_t>(p * kTerms), kTerms, at[p]);
            }
            Four a, out;
            for (unsigned i = 0; i < 4; ++i) setLane(a, i, extreme(y + i));
            for (std::size_t j = 0; j < kTerms; ++j) operands.insert(operands.end(), a.begin(), a.end());
            test::fma::sum(constants.data(), operands.data(), kTerms, added.data(), out.data());
            for (unsigned i = 0; i < 4; ++i) {
                QVERIFY(isElement(lane(out, i)));
                QVERIFY(valueOf(lane(out, i)) == frFrom(kTerms) * valueOf(constant) * valueOf(extreme(y + i)) + valueOf(added));
            }
        }
}

void TestFieldFma::randomProductsAreExact() {
    auto random = test::seeded();
    const auto any = [&random](double bound) { return std::floor(std::ldexp(static_cast<double>(random() >> 11), -52) * bound - bound); };
    for (int round = 0; round < 2000; ++round) {
        Four a, b, product;
        for (std::size_t i = 0; i < 4; ++i) {
            setLane(a, i, {any(kLimb), any(kLimb), any(kLimb), any(kLimb), any(kTopLimb)});
            setLane(b, i, {any(kLimb), any(kLimb), any(kLimb), any(kLimb), any(kTopLimb)});
        }
        test::fma::multiplied(a.data(), b.data(), product.data());
        for (std::size_t i = 0; i < 4; ++i) QVERIFY(valueOf(lane(product, i)) == valueOf(lane(a, i)) * valueOf(lane(b, i)));
    }
}

int main(int argc, char** argv) {
    if (!cpuFeatures().avx2) {
        std::printf("SKIP: needs AVX2 and FMA\n");
        return 77;
    }
    TestFieldFma test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_field_fma.moc"
