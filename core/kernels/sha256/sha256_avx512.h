// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

// Only for objects compiled for AVX-512.
#include "kernels/sha256/sha256_words.h"

#include <immintrin.h>

/// SHA-256 on AVX-512: a register holds the same word of sixteen messages, and G groups of sixteen run in turns, because one group alone
/// waits for itself. Everything is static and inlined, as in sha256_shani.h.
namespace lsw::kernels::sha256 {

#ifndef LSW_INLINE
#define LSW_INLINE static inline __attribute__((always_inline))
#endif

LSW_INLINE __m512i same(std::uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }
LSW_INLINE __m512i xor3(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
LSW_INLINE __m512i bigSigma1(__m512i e) { return xor3(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25)); }
LSW_INLINE __m512i bigSigma0(__m512i a) { return xor3(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22)); }
LSW_INLINE __m512i smallSigma0(__m512i x) { return xor3(_mm512_ror_epi32(x, 7), _mm512_ror_epi32(x, 18), _mm512_srli_epi32(x, 3)); }
LSW_INLINE __m512i smallSigma1(__m512i x) { return xor3(_mm512_ror_epi32(x, 17), _mm512_ror_epi32(x, 19), _mm512_srli_epi32(x, 10)); }

/// Round r of a state whose words turn: no copies. `wk` is the schedule word with its constant.
LSW_INLINE void oneRound(__m512i (&s)[8], int r, __m512i wk) {
    __m512i &a = s[-r & 7], &b = s[(1 - r) & 7], &c = s[(2 - r) & 7], &d = s[(3 - r) & 7];
    __m512i &e = s[(4 - r) & 7], &f = s[(5 - r) & 7], &g = s[(6 - r) & 7], &h = s[(7 - r) & 7];
    const __m512i choice = _mm512_ternarylogic_epi32(e, f, g, 0xCA), majority = _mm512_ternarylogic_epi32(a, b, c, 0xE8);
    const __m512i t = _mm512_add_epi32(_mm512_add_epi32(h, wk), _mm512_add_epi32(bigSigma1(e), choice));
    d = _mm512_add_epi32(d, t);
    h = _mm512_add_epi32(t, _mm512_add_epi32(bigSigma0(a), majority));
}

LSW_INLINE __m512i nextWord(const __m512i (&w)[16], int i) {
    return _mm512_add_epi32(_mm512_add_epi32(w[i & 15], smallSigma0(w[(i + 1) & 15])),
                            _mm512_add_epi32(w[(i + 9) & 15], smallSigma1(w[(i + 14) & 15])));
}

/// One block of each group; `w` are its words in host order, word by word, and is used up.
template <int G>
LSW_INLINE void block(__m512i (&state)[G][8], __m512i (&w)[G][16]) {
    __m512i s[G][8];
#pragma GCC unroll 4
    for (int q = 0; q < G; ++q)
#pragma GCC unroll 8
        for (int i = 0; i < 8; ++i) s[q][i] = state[q][i];
    for (int t = 0; t < 64; t += 16) {
#pragma GCC unroll 16
        for (int r = 0; r < 16; ++r)
#pragma GCC unroll 4
            for (int q = 0; q < G; ++q) {
                const __m512i wk = _mm512_add_epi32(w[q][r], same(kRound[t + r]));
                oneRound(s[q], r, wk);
                w[q][r] = nextWord(w[q], r);
            }
    }
#pragma GCC unroll 4
    for (int q = 0; q < G; ++q)
#pragma GCC unroll 8
        for (int i = 0; i < 8; ++i) state[q][i] = _mm512_add_epi32(state[q][i], s[q][i]);
}

/// One block whose schedule is known: `word(q, t)` is word t of group q, with its round constant.
template <int G, class Word>
LSW_INLINE void rounds(__m512i (&state)[G][8], Word word) {
    __m512i s[G][8];
#pragma GCC unroll 4
    for (int q = 0; q < G; ++q)
#pragma GCC unroll 8
        for (int i = 0; i < 8; ++i) s[q][i] = state[q][i];
    for (int t = 0; t < 64; t += 8) {
#pragma GCC unroll 8
        for (int r = 0; r < 8; ++r)
#pragma GCC unroll 4
            for (int q = 0; q < G; ++q) oneRound(s[q], r, word(q, t + r));
    }
#pragma GCC unroll 4
    for (int q = 0; q < G; ++q)
#pragma GCC unroll 8
        for (int i = 0; i < 8; ++i) state[q][i] = _mm512_add_epi32(state[q][i], s[q][i]);
}

/// The block that ends a message of 64 bytes, the same for all.
template <int G>
LSW_INLINE void endOfPair(__m512i (&state)[G][8]) {
    rounds<G>(state, [](int, int t) __attribute__((always_inline)) { return same(kPairEndSchedule.words[t]); });
}

/// Transposes 16 rows of 16 words.
LSW_INLINE void transpose(__m512i (&r)[16]) {
    __m512i t[16];
#pragma GCC unroll 8
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        t[i] = _mm512_shuffle_i32x4(r[i], r[4 + i], 0x88);
        t[4 + i] = _mm512_shuffle_i32x4(r[i], r[4 + i], 0xdd);
        t[8 + i] = _mm512_shuffle_i32x4(r[8 + i], r[12 + i], 0x88);
        t[12 + i] = _mm512_shuffle_i32x4(r[8 + i], r[12 + i], 0xdd);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        r[i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0x88);
        r[8 + i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0xdd);
        r[4 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0x88);
        r[12 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0xdd);
    }
}

} // namespace lsw::kernels::sha256
