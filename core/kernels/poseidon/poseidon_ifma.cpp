// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX-512 IFMA.
#include "kernels/poseidon/poseidon_ifma.h"

#include "kernels/poseidon/field_ifma.h"

namespace lsw::kernels::poseidon::ifma {
namespace {

constexpr int kHalf = 4;

/// Everything of G × 8 hashes of width T while they are computed.
template <int T, int R, int G>
struct alignas(64) Work {
    static constexpr int n = T - 1;
    Element<G> state[T], next[T];
    __m512i x[15][n][G], y[15][n + 1][G]; ///< rings: x of round k in slot k modulo n, y of round k in slot k modulo n + 1
    __m512i points[15][T][G];             ///< of a state
    PointSums<G> sums;
};

/// Sums of products at all points. `constants` are the first of a row of `step`; `operands` are [15][rowLength][G].
/// Three points at once: six chains in each group are what the two multipliers and their latency of four want.
template <int G, bool Add>
__attribute__((noinline)) void sumAtPoints(PointSums<G>& sums, const std::uint64_t* constants, int step, const __m512i* operands, int rowLength, int terms) {
    for (int p = 0; p < 15; p += 3) {
        __m512i lo[3][G], hi[3][G];
#pragma GCC unroll 3
        for (int q = 0; q < 3; ++q)
            LSW_GROUPS {
                lo[q][g] = Add ? sums.low[p + q][g] : _mm512_setzero_si512();
                hi[q][g] = Add ? sums.high[p + q][g] : _mm512_setzero_si512();
            }
        const std::uint64_t* k = constants + p * step;
        const __m512i* a = operands + p * rowLength * G;
        for (int j = 0; j < terms; ++j)
#pragma GCC unroll 3
            for (int q = 0; q < 3; ++q) {
                const __m512i factor = every(k[q * step + j]);
                LSW_GROUPS lo[q][g] = low(lo[q][g], a[(q * rowLength + j) * G + g], factor);
                LSW_GROUPS hi[q][g] = high(hi[q][g], a[(q * rowLength + j) * G + g], factor);
            }
#pragma GCC unroll 3
        for (int q = 0; q < 3; ++q)
            LSW_GROUPS {
                sums.low[p + q][g] = lo[q][g];
                sums.high[p + q][g] = hi[q][g];
            }
    }
}

template <int G>
__attribute__((noinline)) void reduceSums(const PointSums<G>& sums, const std::uint64_t* added, Element<G>& out) {
    if (added) reduce<G>(sums, added, out);
    else reduce<G>(sums, nullptr, out);
}

template <int G>
__attribute__((noinline)) void fifthPower(Element<G>& a) {
    Element<G> square1, square2;
    square<G>(a, square1);
    square<G>(square1, square2);
    multiply<G>(square2, a, a);
}

/// next = small matrix × state + added. Rows stay below 12 · 2^44 · 1.1 r; one limb is divided out.
template <int T, int G>
__attribute__((noinline)) void linear(const std::uint64_t* small, const std::uint64_t* added, const Element<G>* state, Element<G>* next) {
    for (int i = 0; i < T; ++i) {
        Columns<G> sum;
#pragma GCC unroll 7
        for (int k = 0; k < 7; ++k)
            LSW_GROUPS {
                sum.low[k][g] = k < 5 ? every(added[5 * i + k]) : _mm512_setzero_si512();
                sum.high[k][g] = _mm512_setzero_si512();
            }
        for (int j = 0; j < T; ++j) {
            const __m512i factor = every(small[i + j]);
#pragma GCC unroll 5
            for (int k = 0; k < 5; ++k) {
                LSW_GROUPS sum.low[k][g] = low(sum.low[k][g], state[j].limb[k][g], factor);
                LSW_GROUPS sum.high[k + 1][g] = high(sum.high[k + 1][g], state[j].limb[k][g], factor);
            }
        }
        reduceLimb<G>(sum, 0);
        settle<G>(sum, 1, next[i]);
    }
}

template <int T, int G>
LSW_INLINE void take(Element<G>* state, const Element<G>* next) {
    for (int i = 0; i < T; ++i) state[i] = next[i];
}

/// Up to G × 8 hashes; lanes without a hash of their own compute the last one again.
template <int T, int R, int G>
void hashes(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, int count) {
    constexpr int n = T - 1, m = n + 1;
    Work<T, R, G> work;
    auto& state = work.state;

    __m512i at[G];
    LSW_GROUPS {
        const __m512i lane = add(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), every(static_cast<std::uint64_t>(8 * g)));
        at[g] = _mm512_mullo_epi64(_mm512_min_epi64(lane, every(static_cast<std::uint64_t>(count - 1))), every(stride));
    }
    for (int i = 1; i < T; ++i)
        LSW_GROUPS {
            __m512i limb[5], carry = _mm512_setzero_si512();
            load(nodes[i - 1], at[g], limb);
#pragma GCC unroll 5
            for (int k = 0; k < 5; ++k) { // below 2 r: its square is below 4 r²
                const __m512i t = add(add(limb[k], every(c.input[5 * i + k])), carry);
                carry = _mm512_srli_epi64(t, 51);
                state[i].limb[k][g] = k < 4 ? _mm512_and_si512(t, every(kMask51)) : t;
            }
        }
    for (int k = 0; k < 5; ++k)
        LSW_GROUPS state[0].limb[k][g] = every(c.tag[k]);

    for (int r = 0; r < kHalf; ++r) {
        for (int i = r == 0 ? 1 : 0; i < T; ++i) fifthPower<G>(state[i]);
        linear<T, G>(c.small, c.first + 5 * T * r, state, work.next);
        take<T, G>(state, work.next);
    }

    for (int i = 0; i < n; ++i) evaluate<G>(state[i + 1], &work.points[0][i][0], T * G);
    Element<G> x = state[0];
    for (int k = 1; k <= R; ++k) {
        Element<G> y = x;
        fifthPower<G>(y);
        evaluate<G>(y, &work.y[0][(k - 1) % m][0], m * G);
        if (k <= n) {
            sumAtPoints<G, false>(work.sums, c.row + (k - 1) * 15 * n, n, &work.points[0][0][0], T, n);
            sumAtPoints<G, true>(work.sums, c.impulse + (n - k), n, &work.y[0][0][0], m, k);
        } else {
            sumAtPoints<G, false>(work.sums, c.fromX + (n - k % n) % n, 2 * n, &work.x[0][0][0], n, n);
            sumAtPoints<G, true>(work.sums, c.fromY + (m - k % m) % m, 2 * m, &work.y[0][0][0], m, m);
        }
        reduceSums<G>(work.sums, c.constant + 5 * k, x);
        evaluate<G>(x, &work.x[0][k % n][0], n * G);
    }
    state[0] = x;
    for (int i = 0; i < n; ++i) {
        sumAtPoints<G, false>(work.sums, c.lastX + i * 15 * n, n, &work.x[0][0][0], n, n);
        sumAtPoints<G, true>(work.sums, c.lastY + i * 15 * m, m, &work.y[0][0][0], m, m);
        reduceSums<G>(work.sums, c.lastConstant + 5 * i, state[i + 1]);
    }

    for (int r = 0; r + 1 < kHalf; ++r) {
        for (int i = 0; i < T; ++i) fifthPower<G>(state[i]);
        linear<T, G>(c.small, c.last + 5 * T * r, state, work.next);
        take<T, G>(state, work.next);
    }
    for (int i = 0; i < T; ++i) {
        fifthPower<G>(state[i]);
        evaluate<G>(state[i], &work.points[0][i][0], T * G);
    }
    sumAtPoints<G, false>(work.sums, c.digest, T, &work.points[0][0][0], T, T);
    reduceSums<G>(work.sums, nullptr, x);
    LSW_GROUPS {
        if (8 * g >= count) break;
        __m512i limb[5];
        for (int k = 0; k < 5; ++k) limb[k] = x.limb[k][g];
        store(limb, out + 256 * g, count - 8 * g);
    }
}

template <int T, int R>
void all(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) {
    const std::uint8_t* from[T - 1];
    for (std::size_t done = 0; done < count;) {
        for (int j = 0; j < T - 1; ++j) from[j] = nodes[j] + done * stride;
        const std::size_t left = count - done;
        if (left > 8) hashes<T, R, 2>(c, from, stride, out + 32 * done, left < 16 ? static_cast<int>(left) : 16);
        else hashes<T, R, 1>(c, from, stride, out + 32 * done, static_cast<int>(left));
        done += left > 8 ? (left < 16 ? left : 16) : left;
    }
}

} // namespace

void hash2(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<3, 55>(c, nodes, stride, out, count); }
void hash4(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<5, 56>(c, nodes, stride, out, count); }
void hash8(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<9, 57>(c, nodes, stride, out, count); }
void hash11(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<12, 57>(c, nodes, stride, out, count); }

} // namespace lsw::kernels::poseidon::ifma
