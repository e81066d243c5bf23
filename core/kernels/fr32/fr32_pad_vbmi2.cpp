// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX-512 VBMI2.
#include "kernels/fr32/fr32_pad.h"

#include <immintrin.h>

namespace lsw::kernels::fr32 {
namespace {

__m512i load2(const std::uint8_t* low, const std::uint8_t* high) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(low))),
                              _mm256_loadu_si256(reinterpret_cast<const __m256i*>(high)), 1);
}

} // namespace

void padVbmi2(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups) {
    const __m512i mask = _mm512_set_epi64(0x3fffffffffffffffLL, -1, -1, -1, 0x3fffffffffffffffLL, -1, -1, -1);
    const __m512i first = _mm512_set_epi64(6, 6, 6, 6, 0, 0, 0, 0), second = _mm512_set_epi64(2, 2, 2, 2, 4, 4, 4, 4);
    // A group reads up to 8 bytes of the next one: the last is done portably.
    for (; groups > 1; --groups, user += 127, padded += 128) {
        const __m512i low = _mm512_shrdv_epi64(load2(user, user + 31), load2(user + 8, user + 39), first);
        const __m512i high = _mm512_shrdv_epi64(load2(user + 63, user + 95), load2(user + 71, user + 103), second);
        _mm512_storeu_si512(padded, _mm512_and_si512(low, mask));
        _mm512_storeu_si512(padded + 64, _mm512_and_si512(high, mask));
    }
    padPortable(user, padded, groups);
}

} // namespace lsw::kernels::fr32
