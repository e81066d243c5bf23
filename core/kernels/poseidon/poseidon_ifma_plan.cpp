// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/poseidon/poseidon.h"
#include "kernels/poseidon/poseidon_ifma.h"
#include "kernels/poseidon/poseidon_table_maker.h"

namespace lsw::kernels::poseidon {
namespace {

constexpr int kSumBits = 6 * 51, kSmallBits = 51; ///< by what the reductions divide
constexpr std::uint64_t kMask = (1ULL << 51) - 1;

std::array<std::uint64_t, kLimbs> limbs(const Fr& value) {
    const auto w = frPlain(value);
    return {w[0] & kMask, (w[0] >> 51 | w[1] << 13) & kMask, (w[1] >> 38 | w[2] << 26) & kMask, (w[2] >> 25 | w[3] << 39) & kMask, w[3] >> 12};
}

/// The limbs and their sums in pairs.
std::array<std::uint64_t, kPoints> points(const Fr& value) {
    const auto five = limbs(value);
    std::array<std::uint64_t, kPoints> out{};
    std::size_t point = 0;
    for (const std::uint64_t limb : five) out[point++] = limb;
    for (std::size_t a = 0; a < kLimbs; ++a)
        for (std::size_t b = a + 1; b < kLimbs; ++b) out[point++] = five[a] + five[b];
    return out;
}

template <std::size_t Arity>
const ifma::Constants& tables() {
    // x² is divided once, x⁴ by the square of that and once more, x⁵ again: 2^-(306·4)
    static const TableMaker<std::uint64_t> made(
        constants(Arity),
        {{frPowerOfTwo(-4 * kSumBits), frPowerOfTwo(-kSmallBits)}, frPowerOfTwo(kSumBits), frPowerOfTwo(kSmallBits), limbs, points});
    static const ifma::Constants tables = made.tables();
    return tables;
}

} // namespace
} // namespace lsw::kernels::poseidon

namespace lsw::kernels::poseidon_sets {
using namespace poseidon;
const PoseidonSet kIfma{
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash2(tables<2>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash4(tables<4>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash8(tables<8>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash11(tables<11>(), nodes, stride, out, count); },
};
}
