// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

// Only for objects compiled for AVX-512 IFMA.
#include <cstdint>

#include <immintrin.h>

/// Field elements for IFMA: a register holds the same limb (51 bits) of eight elements; G registers beside each other hide the latency.
/// Everything is static and inlined: nothing of it may end up in an object that other processors run.
///
/// Bounds, in units of 2^52 for halves of products (the instruction gives the low 52 bits and what is above them): a column gets at most
/// 23 · 5 products and, from Karatsuba, four of their differences, so |column| < 2^61; reductions add 2^55. Nothing overflows 64 bits.
namespace lsw::kernels::poseidon::ifma {

#define LSW_INLINE static inline __attribute__((always_inline))
#define LSW_GROUPS _Pragma("GCC unroll 4") for (int g = 0; g < G; ++g)


static constexpr std::uint64_t kMask51 = (1ULL << 51) - 1;
/// The order in limbs.
static constexpr std::uint64_t kR[5] = {0x7ffff00000001ULL, 0x5fffcb7fdfffULL, 0x68760154ef690ULL, 0x6a4199cec0404ULL, 0x73eda753299d7ULL};

LSW_INLINE __m512i every(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }
LSW_INLINE __m512i low(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52lo_epu64(sum, a, b); }
LSW_INLINE __m512i high(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52hi_epu64(sum, a, b); }
LSW_INLINE __m512i add(__m512i a, __m512i b) { return _mm512_add_epi64(a, b); }

/// G × 8 elements: limb by limb, so that the groups of one limb lie together.
template <int G>
struct Element {
    __m512i limb[5][G];
};

/// A number not reduced yet: Σ (low[k] + 2·high[k]) · 2^(51k). The columns are signed.
template <int G>
struct Columns {
    __m512i low[11][G], high[11][G];
};

template <int G>
LSW_INLINE void clear(Columns<G>& sum) {
#pragma GCC unroll 11
    for (int k = 0; k < 11; ++k)
        LSW_GROUPS sum.low[k][g] = sum.high[k][g] = _mm512_setzero_si512();
}

/// Adds what makes limb `at` zero, a multiple of r, and passes the rest on.
template <int G>
LSW_INLINE void reduceLimb(Columns<G>& sum, int at) {
    __m512i m[G], t[G];
    LSW_GROUPS {
        t[g] = add(sum.low[at][g], add(sum.high[at][g], sum.high[at][g]));
        // -1/r is -(1 + 2^32) modulo 2^51
        m[g] = _mm512_and_si512(_mm512_sub_epi64(_mm512_setzero_si512(), add(t[g], _mm512_slli_epi64(t[g], 32))), every(kMask51));
    }
    LSW_GROUPS t[g] = low(t[g], m[g], every(kR[0]));
    LSW_GROUPS sum.high[at + 1][g] = high(sum.high[at + 1][g], m[g], every(kR[0]));
#pragma GCC unroll 4
    for (int j = 1; j < 5; ++j) {
        LSW_GROUPS sum.low[at + j][g] = low(sum.low[at + j][g], m[g], every(kR[j]));
        LSW_GROUPS sum.high[at + j + 1][g] = high(sum.high[at + j + 1][g], m[g], every(kR[j]));
    }
    LSW_GROUPS sum.low[at + 1][g] = add(sum.low[at + 1][g], _mm512_srai_epi64(t[g], 51));
}

/// Limbs `from` … from+4 with their carries done: the number that is left there.
template <int G>
LSW_INLINE void settle(const Columns<G>& sum, int from, Element<G>& out) {
    __m512i carry[G];
    LSW_GROUPS carry[g] = _mm512_setzero_si512();
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k)
        LSW_GROUPS {
            const __m512i t = add(add(sum.low[from + k][g], carry[g]), add(sum.high[from + k][g], sum.high[from + k][g]));
            carry[g] = _mm512_srai_epi64(t, 51);
            out.limb[k][g] = k < 4 ? _mm512_and_si512(t, every(kMask51)) : t;
        }
}

/// A sum of products divided by 2^306: below r + 2^-40 r.
template <int G>
LSW_INLINE void reduce(Columns<G>& sum, Element<G>& out) {
#pragma GCC unroll 6
    for (int at = 0; at < 6; ++at) reduceLimb<G>(sum, at);
    settle<G>(sum, 6, out);
}

template <int G>
LSW_INLINE void square(const Element<G>& a, Element<G>& out) {
    Columns<G> sum;
    clear<G>(sum);
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i) {
        LSW_GROUPS {
            sum.low[2 * i][g] = low(sum.low[2 * i][g], a.limb[i][g], a.limb[i][g]);
            sum.high[2 * i + 1][g] = high(sum.high[2 * i + 1][g], a.limb[i][g], a.limb[i][g]);
        }
        __m512i twice[G];
        LSW_GROUPS twice[g] = add(a.limb[i][g], a.limb[i][g]);
#pragma GCC unroll 4
        for (int j = i + 1; j < 5; ++j) {
            LSW_GROUPS sum.low[i + j][g] = low(sum.low[i + j][g], twice[g], a.limb[j][g]);
            LSW_GROUPS sum.high[i + j + 1][g] = high(sum.high[i + j + 1][g], twice[g], a.limb[j][g]);
        }
    }
    reduce<G>(sum, out);
}

template <int G>
LSW_INLINE void multiply(const Element<G>& a, const Element<G>& b, Element<G>& out) {
    Columns<G> sum;
    clear<G>(sum);
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i)
#pragma GCC unroll 5
        for (int j = 0; j < 5; ++j) {
            LSW_GROUPS sum.low[i + j][g] = low(sum.low[i + j][g], a.limb[i][g], b.limb[j][g]);
            LSW_GROUPS sum.high[i + j + 1][g] = high(sum.high[i + j + 1][g], a.limb[i][g], b.limb[j][g]);
        }
    reduce<G>(sum, out);
}

/// The fifteen values at which a number is multiplied: its limbs and their sums in pairs, written at `stride` registers from each other.
template <int G>
LSW_INLINE void evaluate(const Element<G>& a, __m512i* at, int stride) {
    int point = 0;
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i, ++point)
        LSW_GROUPS at[point * stride + g] = a.limb[i][g];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
        for (int j = i + 1; j < 5; ++j, ++point)
            LSW_GROUPS at[point * stride + g] = add(a.limb[i][g], a.limb[j][g]);
}

/// Sums of products at the fifteen points, the two halves apart.
template <int G>
struct PointSums {
    __m512i low[15][G], high[15][G];
};

/// Nine columns from fifteen points: a_i b_j + a_j b_i = (a_i + a_j)(b_i + b_j) - a_i b_i - a_j b_j.
LSW_INLINE void interpolate(const __m512i (&p)[15], __m512i (&column)[9]) {
    const auto sub = [](__m512i a, __m512i b) { return _mm512_sub_epi64(a, b); };
    const __m512i d01 = add(p[0], p[1]), d012 = add(d01, p[2]), d0123 = add(d012, p[3]), all = add(d0123, p[4]);
    const __m512i d34 = add(p[3], p[4]), d234 = add(p[2], d34), d1234 = sub(all, p[0]);
    column[0] = p[0];
    column[1] = sub(p[5], d01);
    column[2] = sub(add(p[6], add(p[1], p[1])), d012);
    column[3] = sub(add(p[7], p[9]), d0123);
    column[4] = sub(add(add(p[8], p[10]), add(p[2], p[2])), all);
    column[5] = sub(add(p[11], p[12]), d1234);
    column[6] = sub(add(p[13], add(p[3], p[3])), d234);
    column[7] = sub(p[14], d34);
    column[8] = p[4];
}

/// (sums + added) / 2^306; `added` are five limbs, or none.
template <int G>
LSW_INLINE void reduce(const PointSums<G>& sums, const std::uint64_t* added, Element<G>& out) {
    Columns<G> columns;
    LSW_GROUPS {
        __m512i points[15], nine[9];
#pragma GCC unroll 15
        for (int p = 0; p < 15; ++p) points[p] = sums.low[p][g];
        interpolate(points, nine);
#pragma GCC unroll 9
        for (int k = 0; k < 9; ++k) columns.low[k][g] = added && k < 5 ? add(nine[k], every(added[k])) : nine[k];
#pragma GCC unroll 15
        for (int p = 0; p < 15; ++p) points[p] = sums.high[p][g];
        interpolate(points, nine);
#pragma GCC unroll 9
        for (int k = 0; k < 9; ++k) columns.high[k + 1][g] = nine[k];
        columns.low[9][g] = columns.low[10][g] = columns.high[0][g] = columns.high[10][g] = _mm512_setzero_si512();
    }
    reduce<G>(columns, out);
}

/// Eight nodes, 32 bytes each at `stride` bytes (offsets in `at`), as limbs.
LSW_INLINE void load(const std::uint8_t* node, __m512i at, __m512i (&limb)[5]) {
    __m512i w[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) w[i] = _mm512_i64gather_epi64(at, node + 8 * i, 1);
    const __m512i mask = every(kMask51);
    limb[0] = _mm512_and_si512(w[0], mask);
    limb[1] = _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[0], 51), _mm512_slli_epi64(w[1], 13)), mask);
    limb[2] = _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[1], 38), _mm512_slli_epi64(w[2], 26)), mask);
    limb[3] = _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(w[2], 25), _mm512_slli_epi64(w[3], 39)), mask);
    limb[4] = _mm512_srli_epi64(w[3], 12);
}

/// Takes r off where the value has it in it (it is below 2 r).
LSW_INLINE void withoutOrder(const __m512i (&limb)[5], __m512i (&v)[5]) {
    __m512i rest[5], borrow = _mm512_setzero_si512();
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i) {
        const __m512i t = add(_mm512_sub_epi64(limb[i], every(kR[i])), borrow);
        borrow = _mm512_srai_epi64(t, 51);
        rest[i] = i < 4 ? _mm512_and_si512(t, every(kMask51)) : t;
    }
    const __mmask8 isBelow = _mm512_cmplt_epi64_mask(rest[4], _mm512_setzero_si512());
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i) v[i] = _mm512_mask_blend_epi64(isBelow, rest[i], limb[i]);
}

/// Stores up to eight numbers below 2 r as nodes of 32 bytes, each below r.
LSW_INLINE void store(const __m512i (&limb)[5], std::uint8_t* out, int count) {
    __m512i v[5];
    withoutOrder(limb, v);
    const __m512i w0 = _mm512_or_si512(v[0], _mm512_slli_epi64(v[1], 51));
    const __m512i w1 = _mm512_or_si512(_mm512_srli_epi64(v[1], 13), _mm512_slli_epi64(v[2], 38));
    const __m512i w2 = _mm512_or_si512(_mm512_srli_epi64(v[2], 26), _mm512_slli_epi64(v[3], 25));
    const __m512i w3 = _mm512_or_si512(_mm512_srli_epi64(v[3], 39), _mm512_slli_epi64(v[4], 12));
    const __mmask8 lanes = static_cast<__mmask8>(count >= 8 ? 0xff : (1 << count) - 1);
    const __m512i at = _mm512_set_epi64(224, 192, 160, 128, 96, 64, 32, 0);
    _mm512_mask_i64scatter_epi64(out, lanes, at, w0, 1);
    _mm512_mask_i64scatter_epi64(out + 8, lanes, at, w1, 1);
    _mm512_mask_i64scatter_epi64(out + 16, lanes, at, w2, 1);
    _mm512_mask_i64scatter_epi64(out + 24, lanes, at, w3, 1);
}

} // namespace lsw::kernels::poseidon::ifma
