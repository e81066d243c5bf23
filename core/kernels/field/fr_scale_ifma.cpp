// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX-512 IFMA.
#include "kernels/field/fr_scale.h"

#include "kernels/poseidon/field_ifma.h"

namespace lsw::kernels::fr_scale {
namespace {

using namespace poseidon::ifma;

constexpr int kGroups = 2; ///< registers beside each other: 16 nodes

/// Up to eight nodes, from the register's first on; lanes without a node of their own get the last one.
LSW_INLINE void loadNodes(const std::uint8_t* nodes, int group, std::size_t count, __m512i (&limb)[5]) {
    const __m512i lane = add(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), every(static_cast<std::uint64_t>(8 * group)));
    load(nodes, _mm512_slli_epi64(_mm512_min_epi64(lane, every(count - 1)), 5), limb);
}

LSW_INLINE Element<kGroups> everywhere(const std::uint64_t* limbs) {
    Element<kGroups> out;
    for (int k = 0; k < 5; ++k)
        for (int g = 0; g < kGroups; ++g) out.limb[k][g] = every(limbs[k]);
    return out;
}

/// out = a + b, and -b where `Minus`, with carries done; it must not be negative.
template <bool Minus>
LSW_INLINE void sum(const __m512i (&a)[5], const __m512i (&b)[5], __m512i (&out)[5]) {
    __m512i carry = _mm512_setzero_si512();
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) {
        const __m512i both = Minus ? _mm512_sub_epi64(add(a[k], every(kR[k])), b[k]) : add(a[k], b[k]);
        const __m512i t = add(both, carry);
        carry = _mm512_srai_epi64(t, 51);
        out[k] = k < 4 ? _mm512_and_si512(t, every(kMask51)) : t;
    }
}

} // namespace

void multiplyAddIfma(const std::uint8_t* a, const std::uint64_t* limbs, const std::uint8_t* b, std::uint8_t* out, std::size_t count) {
    const Element<kGroups> factor = everywhere(limbs);
    for (std::size_t at = 0; at < count; at += 8 * kGroups) {
        const std::size_t left = count - at;
        Element<kGroups> x, product;
        for (int g = 0; g < kGroups; ++g) {
            __m512i limb[5];
            loadNodes(a + 32 * at, g, left, limb);
            for (int k = 0; k < 5; ++k) x.limb[k][g] = limb[k];
        }
        multiply<kGroups>(x, factor, product);
        __m512i sums[kGroups][5];
        for (int g = 0; g < kGroups; ++g) {
            __m512i above[5], below[5], added[5];
            for (int k = 0; k < 5; ++k) above[k] = product.limb[k][g];
            withoutOrder(above, below); // of two numbers below r the sum has it once at most
            loadNodes(b + 32 * at, g, left, added);
            sum<false>(below, added, sums[g]);
        }
        for (int g = 0; g < kGroups && static_cast<std::size_t>(8 * g) < left; ++g)
            store(sums[g], out + 32 * at + 256 * g, static_cast<int>(left < 16 ? left : 16) - 8 * g);
    }
}

void subtractMultiplyIfma(const std::uint8_t* a, const std::uint8_t* b, const std::uint64_t* limbs, std::uint8_t* out, std::size_t count) {
    const Element<kGroups> factor = everywhere(limbs);
    for (std::size_t at = 0; at < count; at += 8 * kGroups) {
        const std::size_t left = count - at;
        Element<kGroups> x, product;
        for (int g = 0; g < kGroups; ++g) {
            __m512i from[5], taken[5], difference[5];
            loadNodes(a + 32 * at, g, left, from);
            loadNodes(b + 32 * at, g, left, taken);
            sum<true>(from, taken, difference); // plus r: below 2 r
            for (int k = 0; k < 5; ++k) x.limb[k][g] = difference[k];
        }
        multiply<kGroups>(x, factor, product);
        for (int g = 0; g < kGroups && static_cast<std::size_t>(8 * g) < left; ++g) {
            __m512i limb[5];
            for (int k = 0; k < 5; ++k) limb[k] = product.limb[k][g];
            store(limb, out + 32 * at + 256 * g, static_cast<int>(left < 16 ? left : 16) - 8 * g);
        }
    }
}

} // namespace lsw::kernels::fr_scale
