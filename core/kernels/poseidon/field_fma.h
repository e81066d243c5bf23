// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

// Only for objects compiled for AVX2 and FMA, without contraction of floating-point expressions.
#include "kernels/poseidon/poseidon_fma.h"

#include <cstdint>

#include <immintrin.h>

/// Field elements for processors that multiply doubles faster than integers: a register holds the same limb of four elements, as doubles.
/// Everything is static and inlined: nothing of it may end up in an object that other processors run.
///
/// An element is five signed limbs of 51 bits, radix 2^51. In units of u = 2^50: |limb 0…3| ≤ 1 (and 4 more), |limb 4| ≤ 1.36, because the value
/// lies within ±0.75 r and r is 1.811 u · 2^204.
///
/// How a product a·b of two limbs, |ab| < 2^102, is split exactly: fma(a, b, M) with M = 1.5·2^103 rounds to a multiple of 2^51, and
/// fma(a, b, M - that) is the rest, within ±u. Several products go through one such M, a chain, as long as their sum stays below 2^102 = 4 u².
/// Every number that is added is a whole one below 2^53 = 8 u (or a multiple of 2^51 below 2^104): nothing is ever rounded but where it is
/// meant to be. The processor rounds to the nearest, its default.
///
/// tests/kernels/tst_field_fma.cpp holds these bounds against the constants and against operands with extreme limbs.
namespace lsw::kernels::poseidon::fma {

#define LSW_INLINE static inline __attribute__((always_inline))
#define LSW_EACH _Pragma("GCC unroll 4") for (int w = 0; w < W; ++w)

static constexpr double kSplit = 0x1.8p103, kDown = 0x1p-51, kWhole = 0x1.8p52; ///< x + kWhole - kWhole is the nearest whole number, |x| < 2^51

/// W independent vectors in lock step: one reduction is a chain of more instructions than the processor looks ahead.
template <int W>
struct Pack {
    __m256d v[W];
};

template <int W>
LSW_INLINE Pack<W> every(double value) {
    Pack<W> out;
    LSW_EACH out.v[w] = _mm256_set1_pd(value);
    return out;
}
template <int W>
LSW_INLINE Pack<W> operator+(Pack<W> a, Pack<W> b) {
    LSW_EACH a.v[w] = _mm256_add_pd(a.v[w], b.v[w]);
    return a;
}
template <int W>
LSW_INLINE Pack<W> operator-(Pack<W> a, Pack<W> b) {
    LSW_EACH a.v[w] = _mm256_sub_pd(a.v[w], b.v[w]);
    return a;
}
template <int W>
LSW_INLINE Pack<W> operator*(Pack<W> a, Pack<W> b) {
    LSW_EACH a.v[w] = _mm256_mul_pd(a.v[w], b.v[w]);
    return a;
}
/// a·b + c, rounded once
template <int W>
LSW_INLINE Pack<W> multiplyAdd(Pack<W> a, Pack<W> b, Pack<W> c) {
    LSW_EACH a.v[w] = _mm256_fmadd_pd(a.v[w], b.v[w], c.v[w]);
    return a;
}
/// The nearest multiple of 2^51.
template <int W>
LSW_INLINE Pack<W> upperPart(Pack<W> a) {
    return (a + every<W>(kSplit)) - every<W>(kSplit);
}

/// Four elements, and W times four.
struct Element {
    __m256d limb[5];
};
template <int W>
struct Elements {
    Pack<W> limb[5];
};
template <int W>
LSW_INLINE Elements<W> packed(const Element* from) {
    Elements<W> out;
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k)
        LSW_EACH out.limb[k].v[w] = from[w].limb[k];
    return out;
}
template <int W>
LSW_INLINE void unpack(const Elements<W>& from, Element* to) {
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k)
        LSW_EACH to[w].limb[k] = from.limb[k].v[w];
}

/// A sum of products, split: its upper part is upper - kSplit.
template <int W>
struct Chain {
    Pack<W> upper, lower;
};
template <int W>
LSW_INLINE Chain<W> chain(Pack<W> a, Pack<W> b) {
    Chain<W> out;
    out.upper = multiplyAdd(a, b, every<W>(kSplit));
    out.lower = multiplyAdd(a, b, every<W>(kSplit) - out.upper);
    return out;
}
template <int W>
LSW_INLINE void addProduct(Chain<W>& to, Pack<W> a, Pack<W> b) {
    const Pack<W> upper = multiplyAdd(a, b, to.upper);
    to.lower = to.lower + multiplyAdd(a, b, to.upper - upper);
    to.upper = upper;
}
/// The upper part as it counts in the next column, added to what is there. The first one needs no subtraction: kSplit · 2^-51 is kWhole.
template <int W>
LSW_INLINE Pack<W> carried(const Chain<W>& from, Pack<W> to) {
    return multiplyAdd(from.upper - every<W>(kSplit), every<W>(kDown), to);
}
template <int W>
LSW_INLINE Pack<W> carried(const Chain<W>& from) {
    return multiplyAdd(from.upper, every<W>(kDown), every<W>(-kWhole));
}

/// Last step of every reduction: columns 0 … 4, each below 7 u, and a sixth of which `top` · 2^255 is left, |top| < 1.8 u. Takes off the nearest
/// multiple of r. Its factor q is off by at most 0.5 from rounding to a whole number and 0.125 from rounding the estimate, which is below 2^51, to
/// quarters: the value ends within ±0.75 r. Every limb of r is below 1.82 u and |q| < 2 u: products below 3.7 u².
template <int W>
LSW_INLINE Elements<W> takeOffOrder(Pack<W>* column, Pack<W> top) {
    // 2^255 / r in two parts, 2^204 / r
    const Pack<W> estimate = multiplyAdd(top, every<W>(0x1.1aa84a76ff6f2p+0), multiplyAdd(top, every<W>(-0x1.1078e944691f0p-54), column[4] * every<W>(0x1.1aa84a76ff6f2p-51)));
    const Pack<W> q = (estimate + every<W>(kWhole)) - every<W>(kWhole);
    Chain<W> products[5];
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) products[k] = chain(q, every<W>(-static_cast<double>(kOrder[k])));
    column[4] = column[4] + multiplyAdd(top, every<W>(0x1p51), products[4].upper - every<W>(kSplit));
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) {
        column[k] = column[k] + products[k].lower;
        if (k > 0) column[k] = carried(products[k - 1], column[k]);
    }
    Elements<W> out;
    Pack<W> carry = every<W>(0);
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
        const Pack<W> upper = upperPart(column[k]), rest = column[k] - upper;
        out.limb[k] = k > 0 ? multiplyAdd(carry, every<W>(kDown), rest) : rest;
        carry = upper;
    }
    out.limb[4] = multiplyAdd(carry, every<W>(kDown), column[4]);
    return out;
}

/// Ten columns of a product, each below 7 u, to an element: carries first, then columns 6 … 9 are folded with 2^(51 j) modulo r.
template <int W>
LSW_INLINE Elements<W> reduced(Pack<W>* column) {
    Pack<W> limb[10], carry = every<W>(0);
#pragma GCC unroll 9
    for (int k = 0; k < 9; ++k) {
        const Pack<W> upper = upperPart(column[k]), rest = column[k] - upper;
        limb[k] = k > 0 ? multiplyAdd(carry, every<W>(kDown), rest) : rest;
        carry = upper;
    }
    limb[9] = multiplyAdd(carry, every<W>(kDown), column[9]);
    Chain<W> folded[5];
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) { // 1 u of its own, 4 u of lower parts, 1.2 u carried
        folded[k] = chain(limb[6], every<W>(kFold[0][k]));
#pragma GCC unroll 3
        for (int j = 1; j < 4; ++j) addProduct(folded[k], limb[6 + j], every<W>(kFold[j][k]));
        limb[k] = limb[k] + folded[k].lower;
        if (k > 0) limb[k] = carried(folded[k - 1], limb[k]);
    }
    return takeOffOrder<W>(limb, carried(folded[4], limb[5]));
}

/// Columns are sums of at most five lower parts and of what two chains carry: 7 u. Chains hold at most 3.8 u².
template <int W>
LSW_INLINE Elements<W> multiplied(const Elements<W>& x, const Elements<W>& y) {
    const Pack<W>*a = x.limb, *b = y.limb;
    Pack<W> t[10];
    Chain<W> c = chain(a[0], b[0]), d;
    t[0] = c.lower, t[1] = carried(c);
    c = chain(a[0], b[1]), addProduct(c, a[1], b[0]);
    t[1] = t[1] + c.lower, t[2] = carried(c);
    c = chain(a[0], b[2]), addProduct(c, a[2], b[0]), addProduct(c, a[1], b[1]);
    t[2] = t[2] + c.lower, t[3] = carried(c);
    c = chain(a[0], b[3]), d = chain(a[1], b[2]), addProduct(c, a[3], b[0]), addProduct(d, a[2], b[1]);
    t[3] = t[3] + (c.lower + d.lower), t[4] = carried(d, carried(c));
    c = chain(a[0], b[4]), d = chain(a[1], b[3]), addProduct(c, a[4], b[0]), addProduct(d, a[3], b[1]), addProduct(d, a[2], b[2]);
    t[4] = t[4] + (c.lower + d.lower), t[5] = carried(d, carried(c));
    c = chain(a[1], b[4]), d = chain(a[2], b[3]), addProduct(c, a[4], b[1]), addProduct(d, a[3], b[2]);
    t[5] = t[5] + (c.lower + d.lower), t[6] = carried(d, carried(c));
    c = chain(a[2], b[4]), addProduct(c, a[4], b[2]), addProduct(c, a[3], b[3]);
    t[6] = t[6] + c.lower, t[7] = carried(c);
    c = chain(a[3], b[4]), addProduct(c, a[4], b[3]);
    t[7] = t[7] + c.lower, t[8] = carried(c);
    c = chain(a[4], b[4]);
    t[8] = t[8] + c.lower, t[9] = carried(c);
    return reduced<W>(t);
}

template <int W>
LSW_INLINE Elements<W> squared(const Elements<W>& x) {
    const Pack<W>* a = x.limb;
    Pack<W> twice[4], t[10];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) twice[i] = a[i] + a[i];
    Chain<W> c = chain(a[0], a[0]), d;
    t[0] = c.lower, t[1] = carried(c);
    c = chain(twice[0], a[1]);
    t[1] = t[1] + c.lower, t[2] = carried(c);
    c = chain(twice[0], a[2]), addProduct(c, a[1], a[1]);
    t[2] = t[2] + c.lower, t[3] = carried(c);
    c = chain(twice[0], a[3]), d = chain(twice[1], a[2]);
    t[3] = t[3] + (c.lower + d.lower), t[4] = carried(d, carried(c));
    c = chain(twice[0], a[4]), addProduct(c, a[2], a[2]), d = chain(twice[1], a[3]);
    t[4] = t[4] + (c.lower + d.lower), t[5] = carried(d, carried(c));
    c = chain(twice[1], a[4]), d = chain(twice[2], a[3]);
    t[5] = t[5] + (c.lower + d.lower), t[6] = carried(d, carried(c));
    c = chain(twice[2], a[4]), addProduct(c, a[3], a[3]);
    t[6] = t[6] + c.lower, t[7] = carried(c);
    c = chain(twice[3], a[4]);
    t[7] = t[7] + c.lower, t[8] = carried(c);
    c = chain(a[4], a[4]);
    t[8] = t[8] + c.lower, t[9] = carried(c);
    return reduced<W>(t);
}

/// The fifteen values at which a number is multiplied: its limbs and their differences in pairs, at `stride` registers from each other.
LSW_INLINE void evaluate(const Element& a, __m256d* at, int stride) {
    int point = 0;
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i, ++point) at[point * stride] = a.limb[i];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
        for (int j = i + 1; j < 5; ++j, ++point) at[point * stride] = _mm256_sub_pd(a.limb[i], a.limb[j]);
}

/// Sums of products at the fifteen points, upper and lower parts apart, as integers: the bits of a double between 2^103 and 2^104 count in
/// units of 2^51, those of one between 2^52 and 2^53 in ones. What the exponents add is taken off beforehand (modulo 2^64).
/// Constants have limbs whose differences times those of any element stay below 2^102 (poseidon_fma_plan.cpp).
template <int G>
struct PointSums {
    __m256i upper[15][G], lower[15][G];
};
static constexpr std::uint64_t kSplitBits = 0x4668ULL << 48, kWholeBits = 0x4338ULL << 48;

LSW_INLINE __m256i everyInteger(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }
LSW_INLINE __m256i add(__m256i a, __m256i b) { return _mm256_add_epi64(a, b); }

/// Sums of products at all points. `constants` are the first of a row of `step`; `operands` are [15][rowLength][G].
template <int G, bool Add>
static __attribute__((noinline)) void sumAtPoints(PointSums<G>& sums, const double* constants, int step, const __m256d* operands, int rowLength, int terms) {
    const __m256d split = _mm256_set1_pd(kSplit), splitAndWhole = _mm256_set1_pd(kSplit + kWhole);
    const __m256i upperExponents = everyInteger(0 - kSplitBits * static_cast<std::uint64_t>(terms));
    const __m256i lowerExponents = everyInteger(0 - kWholeBits * static_cast<std::uint64_t>(terms));
    for (int p = 0; p < 15; ++p) {
        __m256i upper[G], lower[G];
#pragma GCC unroll 2
        for (int g = 0; g < G; ++g) {
            upper[g] = Add ? add(sums.upper[p][g], upperExponents) : upperExponents;
            lower[g] = Add ? add(sums.lower[p][g], lowerExponents) : lowerExponents;
        }
        const double* k = constants + p * step;
        const __m256d* a = operands + p * rowLength * G;
#pragma GCC unroll 4
        for (int j = 0; j < terms; ++j) {
            const __m256d factor = _mm256_broadcast_sd(k + j);
#pragma GCC unroll 2
            for (int g = 0; g < G; ++g) {
                const __m256d one = a[j * G + g], high = _mm256_fmadd_pd(one, factor, split);
                upper[g] = add(upper[g], _mm256_castpd_si256(high));
                lower[g] = add(lower[g], _mm256_castpd_si256(_mm256_fmadd_pd(one, factor, _mm256_sub_pd(splitAndWhole, high))));
            }
        }
#pragma GCC unroll 2
        for (int g = 0; g < G; ++g) {
            sums.upper[p][g] = upper[g];
            sums.lower[p][g] = lower[g];
        }
    }
}

/// Nine columns from fifteen points: a_i b_j + a_j b_i = a_i b_i + a_j b_j - (a_i - a_j)(b_i - b_j).
LSW_INLINE void interpolate(const __m256i (&p)[15], __m256i (&column)[9]) {
    const auto sub = [](__m256i a, __m256i b) __attribute__((always_inline)) { return _mm256_sub_epi64(a, b); };
    const __m256i d01 = add(p[0], p[1]), d012 = add(d01, p[2]), d0123 = add(d012, p[3]), all = add(d0123, p[4]);
    const __m256i d34 = add(p[3], p[4]), d234 = add(p[2], d34), d1234 = add(p[1], d234);
    column[0] = p[0];
    column[1] = sub(d01, p[5]);
    column[2] = sub(d012, p[6]);
    column[3] = sub(d0123, add(p[7], p[9]));
    column[4] = sub(all, add(p[8], p[10]));
    column[5] = sub(d1234, add(p[11], p[12]));
    column[6] = sub(d234, p[13]);
    column[7] = sub(d34, p[14]);
    column[8] = p[4];
}

/// sums + added; `added` are five limbs, or none.
///
/// 23 terms leave less than 23 · 2^51 in a point and seven times that in a column: below 2^60 with its neighbour's carry. So one carry of all
/// columns at once, with 2^62 added to keep them positive, leaves limbs within ±(u + 2^12).
template <int G>
LSW_INLINE Elements<G> reduced(const PointSums<G>& sums, const double* added) {
    constexpr std::uint64_t kMask51 = (1ULL << 51) - 1, kOneExponent = 0x4330ULL << 48; // of 2^52
    Pack<G> limb[11];
#pragma GCC unroll 2
    for (int g = 0; g < G; ++g) {
        __m256i points[15], upper[9], lower[9];
#pragma GCC unroll 15
        for (int p = 0; p < 15; ++p) points[p] = sums.upper[p][g];
        interpolate(points, upper);
#pragma GCC unroll 15
        for (int p = 0; p < 15; ++p) points[p] = sums.lower[p][g];
        interpolate(points, lower);
        __m256i carry = _mm256_setzero_si256();
#pragma GCC unroll 10
        for (int k = 0; k < 10; ++k) {
            const __m256i sum = k == 0 ? lower[0] : k == 9 ? upper[8] : add(lower[k], upper[k - 1]);
            const __m256i positive = add(sum, everyInteger((1ULL << 50) + (1ULL << 62)));
            const __m256i rest = _mm256_or_si256(_mm256_and_si256(positive, everyInteger(kMask51)), everyInteger(kOneExponent));
            limb[k].v[g] = _mm256_sub_pd(_mm256_castsi256_pd(k == 0 ? rest : add(rest, carry)), _mm256_set1_pd(0x1p52 + 0x1p50 + (k == 0 ? 0 : 0x1p11)));
            carry = _mm256_srli_epi64(positive, 51);
        }
        limb[10].v[g] = _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(carry, everyInteger(kOneExponent))), _mm256_set1_pd(0x1p52 + 0x1p11));
    }
    // Columns 6, 7, 8 first, then 9 and what is left in 10: limbs are 2 u with their constant, and get 3 u of lower parts and 1.2 u carried.
    Chain<G> folded[5];
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) {
        folded[k] = chain(limb[6], every<G>(kFold[0][k]));
        addProduct(folded[k], limb[7], every<G>(kFold[1][k]));
        addProduct(folded[k], limb[8], every<G>(kFold[2][k]));
        limb[k] = limb[k] + folded[k].lower;
        if (added) limb[k] = limb[k] + every<G>(added[k]);
        if (k > 0) limb[k] = carried(folded[k - 1], limb[k]);
    }
    Pack<G> top = carried(folded[4], limb[5]), carry = every<G>(0);
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) {
        const Pack<G> upper = upperPart(limb[k]), rest = limb[k] - upper;
        limb[k] = k > 0 ? multiplyAdd(carry, every<G>(kDown), rest) : rest;
        carry = upper;
    }
    top = multiplyAdd(carry, every<G>(kDown), top);
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) {
        folded[k] = chain(limb[9], every<G>(kFold[3][k]));
        addProduct(folded[k], limb[10], every<G>(kFold[4][k]));
        limb[k] = limb[k] + folded[k].lower;
        if (k > 0) limb[k] = carried(folded[k - 1], limb[k]);
    }
    return takeOffOrder<G>(limb, carried(folded[4], top));
}

} // namespace lsw::kernels::poseidon::fma
