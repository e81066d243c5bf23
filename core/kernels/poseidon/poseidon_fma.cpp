// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX2 and FMA.
#include "kernels/poseidon/poseidon_fma.h"

#include "kernels/poseidon/field_fma.h"

namespace lsw::kernels::poseidon::fma {
namespace {

constexpr int kHalf = 4;

/// Everything of G × 4 hashes of width T while they are computed. Element i of group g is at i G + g.
template <int T, int G>
struct alignas(32) Work {
    static constexpr int n = T - 1;
    Element state[T * G], next[T * G];
    __m256d x[15][n][G], y[15][n + 1][G]; ///< rings: x of round k in slot k modulo n, y of round k in slot k modulo n + 1
    __m256d points[15][T][G];             ///< of a state
    PointSums<G> sums;
};

template <int G>
__attribute__((noinline)) void reduceSums(const PointSums<G>& sums, const double* added, Element* out) {
    if (added) unpack<G>(reduced<G>(sums, added), out);
    else unpack<G>(reduced<G>(sums, nullptr), out);
}

__attribute__((noinline)) void square(const Element* a, Element* out, int count) {
    int i = 0;
    for (; i + 2 <= count; i += 2) unpack<2>(squared<2>(packed<2>(a + i)), out + i);
    if (i < count) unpack<1>(squared<1>(packed<1>(a + i)), out + i);
}
__attribute__((noinline)) void multiply(const Element* a, const Element* b, Element* out, int count) {
    int i = 0;
    for (; i + 2 <= count; i += 2) unpack<2>(multiplied<2>(packed<2>(a + i), packed<2>(b + i)), out + i);
    if (i < count) unpack<1>(multiplied<1>(packed<1>(a + i), packed<1>(b + i)), out + i);
}

void fifthPowers(Element* a, Element* scratch, int count) {
    square(a, scratch, count);
    square(scratch, scratch, count);
    multiply(scratch, a, a, count);
}

/// next = small matrix × state + added. The products of a column sum to less than 2^98, so they are split at 2^47 first.
template <int T, int G>
__attribute__((noinline)) void linear(const double* small, const double* added, const Element* state, Element* next) {
    constexpr double kSmallSplit = 0x1.8p99;
    struct Row {
        __m256d column[6];
    };
    Row rows[T * G];
    for (int i = 0; i < T; ++i)
        for (int g = 0; g < G; ++g) {
            Chain<1> sum[5];
#pragma GCC unroll 5
            for (int k = 0; k < 5; ++k) sum[k] = {every<1>(kSmallSplit), every<1>(added[5 * i + k])};
#pragma GCC unroll 2
            for (int j = 0; j < T; ++j) {
                const Pack<1> factor = every<1>(small[i + j]);
#pragma GCC unroll 5
                for (int k = 0; k < 5; ++k) addProduct(sum[k], Pack<1>{{state[j * G + g].limb[k]}}, factor);
            }
            Pack<1> carry = every<1>(0);
#pragma GCC unroll 5
            for (int k = 0; k < 5; ++k) {
                const Pack<1> whole = sum[k].upper - every<1>(kSmallSplit), upper = upperPart(whole);
                Pack<1> column = sum[k].lower + (whole - upper);
                if (k > 0) column = multiplyAdd(carry, every<1>(kDown), column);
                rows[i * G + g].column[k] = column.v[0];
                carry = upper;
            }
            rows[i * G + g].column[5] = (carry * every<1>(kDown)).v[0];
        }
    const auto finish = [&]<int W>(int at) __attribute__((always_inline)) {
        Pack<W> column[6];
#pragma GCC unroll 6
        for (int k = 0; k < 6; ++k)
            LSW_EACH column[k].v[w] = rows[at + w].column[k];
        unpack<W>(takeOffOrder<W>(column, column[5]), next + at);
    };
    int i = 0;
    for (; i + 2 <= T * G; i += 2) finish.template operator()<2>(i);
    if (i < T * G) finish.template operator()<1>(i);
}

LSW_INLINE void take(Element* to, const Element* from, int count) {
    for (int i = 0; i < count; ++i) to[i] = from[i];
}

/// Four nodes, 32 bytes each, the first of them at `node`; lanes behind the last of them get that once more.
LSW_INLINE void load(const std::uint8_t* node, std::size_t stride, int count, Element& out) {
    alignas(32) double limbs[5][4];
    constexpr std::uint64_t kMask = (1ULL << 51) - 1;
    for (int lane = 0; lane < 4; ++lane) {
        std::uint64_t w[4];
        __builtin_memcpy(w, node + static_cast<std::size_t>(lane < count ? lane : count - 1) * stride, 32);
        limbs[0][lane] = static_cast<double>(w[0] & kMask);
        limbs[1][lane] = static_cast<double>((w[0] >> 51 | w[1] << 13) & kMask);
        limbs[2][lane] = static_cast<double>((w[1] >> 38 | w[2] << 26) & kMask);
        limbs[3][lane] = static_cast<double>((w[2] >> 25 | w[3] << 39) & kMask);
        limbs[4][lane] = static_cast<double>(w[3] >> 12);
    }
    for (int k = 0; k < 5; ++k) out.limb[k] = _mm256_load_pd(limbs[k]);
}

/// A value below r, whose limbs are not nearest to zero yet, and a constant nearest to zero: takes r off where the sum is above r/2, and carries.
LSW_INLINE void addConstant(Element& to, const double* constant) {
    const __m256d half = _mm256_set1_pd(0.5 * static_cast<double>(kOrder[4]));
    for (int k = 0; k < 5; ++k) to.limb[k] = _mm256_add_pd(to.limb[k], _mm256_set1_pd(constant[k]));
    const __m256d isLarge = _mm256_cmp_pd(to.limb[4], half, _CMP_GT_OQ);
    Pack<1> carry = every<1>(0);
#pragma GCC unroll 5
    for (int k = 0; k < 5; ++k) {
        const __m256d order = _mm256_and_pd(isLarge, _mm256_set1_pd(static_cast<double>(kOrder[k])));
        const Pack<1> limb = multiplyAdd(carry, every<1>(kDown), Pack<1>{{_mm256_sub_pd(to.limb[k], order)}});
        carry = upperPart(limb);
        to.limb[k] = k < 4 ? (limb - carry).v[0] : limb.v[0];
    }
}

/// Values within ±r as up to four digests of 32 bytes.
LSW_INLINE void store(const Element& value, std::uint8_t* out, int count) {
    alignas(32) double limbs[5][4];
    for (int k = 0; k < 5; ++k) _mm256_store_pd(limbs[k], value.limb[k]);
    for (int lane = 0; lane < count && lane < 4; ++lane) {
        const bool isNegative = [&] { // the highest limb that is not zero says it
            for (int k = 4; k > 0; --k)
                if (limbs[k][lane] != 0) return limbs[k][lane] < 0;
            return limbs[0][lane] < 0;
        }();
        std::int64_t limb[5], carry = 0;
        for (int k = 0; k < 5; ++k) {
            const std::int64_t sum = static_cast<std::int64_t>(limbs[k][lane]) + (isNegative ? kOrder[k] : 0) + carry;
            limb[k] = k < 4 ? sum & ((1LL << 51) - 1) : sum;
            carry = sum >> 51;
        }
        const auto bits = [&](int k) __attribute__((always_inline)) { return static_cast<std::uint64_t>(limb[k]); };
        const std::uint64_t w[4] = {bits(0) | bits(1) << 51, bits(1) >> 13 | bits(2) << 38, bits(2) >> 26 | bits(3) << 25, bits(3) >> 39 | bits(4) << 12};
        __builtin_memcpy(out + 32 * lane, w, 32);
    }
}

/// Up to G × 4 hashes; lanes without a hash of their own compute the last one again.
template <int T, int R, int G>
void hashes(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, int count) {
    constexpr int n = T - 1, m = n + 1;
    Work<T, G> work;
    auto& state = work.state;

    for (int g = 0; g < G; ++g) {
        const int first = 4 * g < count ? 4 * g : count - 1;
        for (int i = 1; i < T; ++i) {
            load(nodes[i - 1] + static_cast<std::size_t>(first) * stride, stride, count - first, state[i * G + g]);
            addConstant(state[i * G + g], c.input + 5 * i);
        }
        for (int k = 0; k < 5; ++k) state[g].limb[k] = _mm256_set1_pd(c.tag[k]);
    }

    for (int r = 0; r < kHalf; ++r) {
        const int done = r == 0 ? G : 0; // the tag has been through its first S-box
        fifthPowers(state + done, work.next, T * G - done);
        linear<T, G>(c.small, c.first + 5 * T * r, state, work.next);
        take(state, work.next, T * G);
    }

    for (int i = 0; i < n; ++i)
        for (int g = 0; g < G; ++g) evaluate(state[(i + 1) * G + g], &work.points[0][i][g], T * G);
    Element x[G], y[G], scratch[G];
    take(x, state, G);
    for (int k = 1; k <= R; ++k) {
        take(y, x, G);
        fifthPowers(y, scratch, G);
        for (int g = 0; g < G; ++g) evaluate(y[g], &work.y[0][(k - 1) % m][g], m * G);
        if (k <= n) {
            sumAtPoints<G, false>(work.sums, c.row + (k - 1) * 15 * n, n, &work.points[0][0][0], T, n);
            sumAtPoints<G, true>(work.sums, c.impulse + (n - k), n, &work.y[0][0][0], m, k);
        } else {
            sumAtPoints<G, false>(work.sums, c.fromX + (n - k % n) % n, 2 * n, &work.x[0][0][0], n, n);
            sumAtPoints<G, true>(work.sums, c.fromY + (m - k % m) % m, 2 * m, &work.y[0][0][0], m, m);
        }
        reduceSums<G>(work.sums, c.constant + 5 * k, x);
        for (int g = 0; g < G; ++g) evaluate(x[g], &work.x[0][k % n][g], n * G);
    }
    take(state, x, G);
    for (int i = 0; i < n; ++i) {
        sumAtPoints<G, false>(work.sums, c.lastX + i * 15 * n, n, &work.x[0][0][0], n, n);
        sumAtPoints<G, true>(work.sums, c.lastY + i * 15 * m, m, &work.y[0][0][0], m, m);
        reduceSums<G>(work.sums, c.lastConstant + 5 * i, state + (i + 1) * G);
    }

    for (int r = 0; r + 1 < kHalf; ++r) {
        fifthPowers(state, work.next, T * G);
        linear<T, G>(c.small, c.last + 5 * T * r, state, work.next);
        take(state, work.next, T * G);
    }
    fifthPowers(state, work.next, T * G);
    for (int i = 0; i < T; ++i)
        for (int g = 0; g < G; ++g) evaluate(state[i * G + g], &work.points[0][i][g], T * G);
    sumAtPoints<G, false>(work.sums, c.digest, T, &work.points[0][0][0], T, T);
    reduceSums<G>(work.sums, nullptr, x);
    for (int g = 0; g < G && 4 * g < count; ++g) store(x[g], out + 128 * g, count - 4 * g);
}

template <int T, int R>
void all(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) {
    const std::uint8_t* from[T - 1];
    for (std::size_t done = 0; done < count;) {
        for (int j = 0; j < T - 1; ++j) from[j] = nodes[j] + done * stride;
        const std::size_t left = count - done;
        if (left > 4) hashes<T, R, 2>(c, from, stride, out + 32 * done, left < 8 ? static_cast<int>(left) : 8);
        else hashes<T, R, 1>(c, from, stride, out + 32 * done, static_cast<int>(left));
        done += left > 4 ? (left < 8 ? left : 8) : left;
    }
}

} // namespace

void hash2(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<3, 55>(c, nodes, stride, out, count); }
void hash4(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<5, 56>(c, nodes, stride, out, count); }
void hash8(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<9, 57>(c, nodes, stride, out, count); }
void hash11(const Constants& c, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { all<12, 57>(c, nodes, stride, out, count); }

} // namespace lsw::kernels::poseidon::fma
