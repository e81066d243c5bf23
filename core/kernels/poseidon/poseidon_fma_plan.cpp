// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/poseidon/poseidon.h"
#include "kernels/poseidon/poseidon_fma.h"
#include "kernels/poseidon/poseidon_table_maker.h"

#include <algorithm>
#include <cmath>

namespace lsw::kernels::poseidon {
namespace {

constexpr std::int64_t kMask = (1LL << 51) - 1;
using Whole = std::array<std::int64_t, kLimbs>;

/// Limbs 0 … 3 nearest to zero; what they pass on ends in the last.
Whole balanced(Whole limbs) {
    for (std::size_t i = 0; i + 1 < kLimbs; ++i) {
        const std::int64_t carry = (limbs[i] + (1LL << 50)) >> 51;
        limbs[i] -= carry << 51;
        limbs[i + 1] += carry;
    }
    return limbs;
}

Whole wholeLimbs(const std::array<std::uint64_t, 4>& w) {
    const auto limb = [](std::uint64_t bits) { return static_cast<std::int64_t>(bits) & kMask; };
    return balanced({limb(w[0]), limb(w[0] >> 51 | w[1] << 13), limb(w[1] >> 38 | w[2] << 26), limb(w[2] >> 25 | w[3] << 39), limb(w[3] >> 12)});
}

/// Of the value between -r/2 and r/2.
Whole nearestLimbs(const Fr& value) {
    const Fr opposite = Fr{} - value;
    const auto plain = frPlain(value), mirrored = frPlain(opposite);
    if (std::lexicographical_compare(plain.rbegin(), plain.rend(), mirrored.rbegin(), mirrored.rend())) return wholeLimbs(plain);
    Whole limbs = wholeLimbs(mirrored);
    for (std::int64_t& limb : limbs) limb = -limb;
    return limbs;
}

std::array<double, kLimbs> limbs(const Fr& value) {
    const Whole whole = nearestLimbs(value);
    std::array<double, kLimbs> out{};
    for (std::size_t i = 0; i < kLimbs; ++i) out[i] = static_cast<double>(whole[i]);
    return out;
}

std::array<double, kPoints> pointsOf(const Whole& limbs) {
    std::array<double, kPoints> out{};
    std::size_t point = 0;
    for (const std::int64_t limb : limbs) out[point++] = static_cast<double>(limb);
    for (std::size_t a = 0; a < kLimbs; ++a)
        for (std::size_t b = a + 1; b < kLimbs; ++b) out[point++] = static_cast<double>(limbs[a] - limbs[b]);
    return out;
}

/// The limbs and their differences in pairs. Differences of limbs nearest to zero are too large for a product below 2^102, so of all ways to
/// write the value – r more or less, and each limb one step up or down – the one with the smallest products is taken.
std::array<double, kPoints> points(const Fr& value) {
    const Whole nearest = nearestLimbs(value), order = wholeLimbs(kFrOrder);
    std::array<double, kPoints> best{};
    double bestProduct = 0;
    for (std::int64_t more = -1; more <= 1; ++more)
        for (int steps = 0; steps < 81; ++steps) {
            Whole trial;
            for (std::size_t i = 0; i < kLimbs; ++i) trial[i] = nearest[i] + more * order[i];
            trial = balanced(trial);
            for (std::size_t i = 0, rest = static_cast<std::size_t>(steps); i + 1 < kLimbs; ++i, rest /= 3) {
                const std::int64_t step = static_cast<std::int64_t>(rest % 3) - 1;
                trial[i] -= step << 51;
                trial[i + 1] += step;
            }
            const auto at = pointsOf(trial);
            double product = 0;
            for (std::size_t p = 0; p < kPoints; ++p) product = std::max(product, std::abs(at[p]) * fma::kLargestPoint[p]);
            if (best == std::array<double, kPoints>{} || product < bestProduct) best = at, bestProduct = product;
        }
    return best;
}

template <std::size_t Arity>
const fma::Constants& tablesOf() {
    static const TableMaker<double> made(constants(Arity), {{frFrom(1), frFrom(1)}, frFrom(1), frFrom(1), limbs, points});
    static const fma::Constants tables = made.tables();
    return tables;
}

} // namespace

const fma::Constants& fma::tables(std::size_t arity) {
    return arity == 2 ? tablesOf<2>() : arity == 4 ? tablesOf<4>() : arity == 8 ? tablesOf<8>() : tablesOf<11>();
}

} // namespace lsw::kernels::poseidon

namespace lsw::kernels::poseidon_sets {
using namespace poseidon;
const PoseidonSet kFma{
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { fma::hash2(tablesOf<2>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { fma::hash4(tablesOf<4>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { fma::hash8(tablesOf<8>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { fma::hash11(tablesOf<11>(), nodes, stride, out, count); },
};
}
