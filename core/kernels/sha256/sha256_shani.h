// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

// Only for objects compiled for the SHA extensions.
#include "kernels/sha256/sha256_words.h"

#include <immintrin.h>

/// SHA-256 on the SHA extensions, N messages beside each other so that one waits while another computes.
/// Everything is static and inlined: nothing of it may end up in an object that other processors run.
namespace lsw::kernels::sha256 {

#define LSW_INLINE static inline __attribute__((always_inline))

/// The eight state words as the instructions want them: a = ABEF, b = CDGH.
struct Pair128 {
    __m128i a, b;
};

LSW_INLINE __m128i byteSwap() { return _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL); }
LSW_INLINE __m128i load128(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }
LSW_INLINE void store128(void* at, __m128i value) { _mm_storeu_si128(static_cast<__m128i*>(at), value); }
LSW_INLINE __m128i loadBigEndian(const std::uint8_t* at) { return _mm_shuffle_epi8(load128(at), byteSwap()); }

LSW_INLINE Pair128 startState() {
    const __m128i low = _mm_shuffle_epi32(load128(kStart), 0xB1), high = _mm_shuffle_epi32(load128(kStart + 4), 0x1B);
    return {_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xF0)};
}

/// Stores the digest of a state with its top two bits cleared.
LSW_INLINE void storeDigest(Pair128 state, std::uint8_t* out) {
    const __m128i t = _mm_shuffle_epi32(state.a, 0x1B), u = _mm_shuffle_epi32(state.b, 0xB1);
    const __m128i mask = _mm_set_epi32(static_cast<int>(kLastWordMask), -1, -1, -1);
    store128(out, _mm_shuffle_epi8(_mm_blend_epi16(t, u, 0xF0), byteSwap()));
    store128(out + 16, _mm_shuffle_epi8(_mm_and_si128(_mm_alignr_epi8(u, t, 8), mask), byteSwap()));
}

/// One block: the schedule is worked out while the rounds run. `m` are its words in host order and is used up.
/// Keep: the schedule with the round constants is stored to `kept` for later blocks of the same words.
template <int N, bool Keep>
LSW_INLINE void block(Pair128 (&state)[N], __m128i (&m)[N][4], std::uint32_t* const* kept) {
    Pair128 before[N];
#pragma GCC unroll 8
    for (int s = 0; s < N; ++s) before[s] = state[s];
#pragma GCC unroll 16
    for (int g = 0; g < 16; ++g) {
#pragma GCC unroll 8
        for (int s = 0; s < N; ++s) {
            __m128i x = _mm_add_epi32(m[s][g & 3], load128(kRound + 4 * g));
            if constexpr (Keep) store128(kept[s] + 4 * g, x);
            state[s].b = _mm_sha256rnds2_epu32(state[s].b, state[s].a, x);
            if (g >= 3 && g < 15) {
                const __m128i t = _mm_alignr_epi8(m[s][g & 3], m[s][(g + 3) & 3], 4);
                m[s][(g + 1) & 3] = _mm_sha256msg2_epu32(_mm_add_epi32(m[s][(g + 1) & 3], t), m[s][g & 3]);
            }
            x = _mm_shuffle_epi32(x, 0x0E);
            state[s].a = _mm_sha256rnds2_epu32(state[s].a, state[s].b, x);
            if (g >= 1 && g < 13) m[s][(g + 3) & 3] = _mm_sha256msg1_epu32(m[s][(g + 3) & 3], m[s][g & 3]);
        }
    }
#pragma GCC unroll 8
    for (int s = 0; s < N; ++s) {
        state[s].a = _mm_add_epi32(state[s].a, before[s].a);
        state[s].b = _mm_add_epi32(state[s].b, before[s].b);
    }
}

/// One block whose schedule is known. Two loads of 8 bytes a step, so that no other vector instruction competes with the rounds.
template <int N>
LSW_INLINE void rounds(Pair128 (&state)[N], const std::uint32_t* const* schedule) {
    Pair128 before[N];
#pragma GCC unroll 8
    for (int s = 0; s < N; ++s) before[s] = state[s];
#pragma GCC unroll 16
    for (int g = 0; g < 16; ++g) {
#pragma GCC unroll 8
        for (int s = 0; s < N; ++s) {
            __m128i x = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(schedule[s] + 4 * g));
            asm volatile("" : "+x"(x)); // else the compiler makes one load and a shuffle of the two
            state[s].b = _mm_sha256rnds2_epu32(state[s].b, state[s].a, x);
        }
#pragma GCC unroll 8
        for (int s = 0; s < N; ++s) {
            __m128i x = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(schedule[s] + 4 * g + 2));
            asm volatile("" : "+x"(x));
            state[s].a = _mm_sha256rnds2_epu32(state[s].a, state[s].b, x);
        }
    }
#pragma GCC unroll 8
    for (int s = 0; s < N; ++s) {
        state[s].a = _mm_add_epi32(state[s].a, before[s].a);
        state[s].b = _mm_add_epi32(state[s].b, before[s].b);
    }
}

/// One block of four messages as two pairs: four states and messages do not fit the sixteen registers.
template <bool Keep>
LSW_INLINE void blockOfFour(Pair128 (&state)[4], __m128i (&m)[4][4], std::uint32_t* const* kept) {
    std::uint32_t* const none[4] = {};
    for (int half = 0; half < 4; half += 2) {
        Pair128 two[2] = {state[half], state[half + 1]};
        __m128i words[2][4];
#pragma GCC unroll 2
        for (int s = 0; s < 2; ++s)
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i) words[s][i] = m[half + s][i];
        block<2, Keep>(two, words, Keep ? kept + half : none);
        state[half] = two[0];
        state[half + 1] = two[1];
    }
}

} // namespace lsw::kernels::sha256
