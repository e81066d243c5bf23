// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for the SHA extensions.
#include "kernels/sha256/pair_hash.h"

#include "kernels/sha256/sha256_shani.h"

namespace lsw::kernels::sha256 {
namespace {

template <int N>
LSW_INLINE void hashed(const std::uint8_t* in, std::uint8_t* out) {
    Pair128 state[N];
    __m128i m[N][4];
    const std::uint32_t* end[N];
    std::uint32_t* const none[N] = {};
#pragma GCC unroll 4
    for (int s = 0; s < N; ++s) {
        state[s] = startState();
        end[s] = kPairEndSchedule.words;
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) m[s][i] = loadBigEndian(in + 64 * s + 16 * i);
    }
    if constexpr (N == 4) blockOfFour<false>(state, m, none);
    else block<N, false>(state, m, none);
    rounds<N>(state, end);
#pragma GCC unroll 4
    for (int s = 0; s < N; ++s) storeDigest(state[s], out + 32 * s);
}

} // namespace

void pairsShaNi(const std::uint8_t* in, std::uint8_t* out, std::size_t pairs) {
    std::size_t i = 0;
    for (; i + 4 <= pairs; i += 4) hashed<4>(in + 64 * i, out + 32 * i);
    for (; i < pairs; ++i) hashed<1>(in + 64 * i, out + 32 * i);
}

} // namespace lsw::kernels::sha256
