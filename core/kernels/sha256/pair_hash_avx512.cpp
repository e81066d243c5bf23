// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX-512.
#include "kernels/sha256/pair_hash.h"

#include "kernels/sha256/sha256_avx512.h"

namespace lsw::kernels::sha256 {
namespace {

/// G × 16 pairs. All of them are read before the first digest is stored, so that `out` may be `in`.
template <int G>
LSW_INLINE void hashed(const std::uint8_t* in, std::uint8_t* out) {
    const __m512i swap = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
    __m512i state[G][8], w[G][16];
    for (int g = 0; g < G; ++g) {
        for (int k = 0; k < 16; ++k) w[g][k] = _mm512_shuffle_epi8(_mm512_loadu_si512(in + 64 * (16 * g + k)), swap);
        transpose(w[g]);
        for (int k = 0; k < 8; ++k) state[g][k] = same(kStart[k]);
    }
    block<G>(state, w);
    endOfPair<G>(state);
    for (int g = 0; g < G; ++g) {
        __m512i rows[16];
        state[g][7] = _mm512_and_si512(state[g][7], same(kLastWordMask));
        for (int k = 0; k < 8; ++k) rows[k] = rows[8 + k] = state[g][k];
        transpose(rows); // row k: the eight words of message k, twice
        for (int k = 0; k < 16; ++k)
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 32 * (16 * g + k)), _mm512_castsi512_si256(_mm512_shuffle_epi8(rows[k], swap)));
    }
}

} // namespace

void pairsAvx512(const std::uint8_t* in, std::uint8_t* out, std::size_t pairs) {
    std::size_t i = 0;
    for (; i + 32 <= pairs; i += 32) hashed<2>(in + 64 * i, out + 32 * i);
    for (; i + 16 <= pairs; i += 16) hashed<1>(in + 64 * i, out + 32 * i);
    if (i < pairs) pairsShaNi(in + 64 * i, out + 32 * i, pairs - i);
}

} // namespace lsw::kernels::sha256
