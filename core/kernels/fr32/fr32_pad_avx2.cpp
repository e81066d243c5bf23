// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX2.
#include "kernels/fr32/fr32_pad.h"

#include <immintrin.h>

namespace lsw::kernels::fr32 {
namespace {

__m256i load(const std::uint8_t* at) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)); }

/// One element: 254 bits that begin `Shift` bits into the byte at `from`.
template <int Shift>
__m256i element(const std::uint8_t* from, __m256i mask) {
    if constexpr (Shift == 0) return _mm256_and_si256(load(from), mask);
    return _mm256_and_si256(_mm256_or_si256(_mm256_srli_epi64(load(from), Shift), _mm256_slli_epi64(load(from + 8), 64 - Shift)), mask);
}

} // namespace

void padAvx2(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups) {
    const __m256i mask = _mm256_set_epi64x(0x3fffffffffffffffLL, -1, -1, -1);
    const auto store = [](std::uint8_t* at, __m256i value) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), value); };
    // A group reads up to 8 bytes of the next one: the last is done portably.
    for (; groups > 1; --groups, user += 127, padded += 128) {
        store(padded, element<0>(user, mask));
        store(padded + 32, element<6>(user + 31, mask));
        store(padded + 64, element<4>(user + 63, mask));
        store(padded + 96, element<2>(user + 95, mask));
    }
    padPortable(user, padded, groups);
}

} // namespace lsw::kernels::fr32
