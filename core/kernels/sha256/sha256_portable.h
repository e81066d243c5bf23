// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/sha256/sha256_words.h"

#include <cstring>

/// SHA-256 without any special instruction; what the others are held against.
namespace lsw::kernels::sha256 {

inline std::uint32_t loadBigEndian(const std::uint8_t* at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | std::uint32_t{at[3]};
}

inline void storeBigEndian(std::uint8_t* at, std::uint32_t word) {
    for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(word >> (24 - 8 * i));
}

/// One block, given by its schedule, into the state.
inline void compress(std::uint32_t (&state)[8], const Schedule& schedule) {
    std::uint32_t s[8];
    std::memcpy(s, state, sizeof s);
    for (const std::uint32_t word : schedule.words) {
        const std::uint32_t big1 = rotateRight(s[4], 6) ^ rotateRight(s[4], 11) ^ rotateRight(s[4], 25);
        const std::uint32_t t1 = s[7] + big1 + ((s[4] & s[5]) ^ (~s[4] & s[6])) + word;
        const std::uint32_t big0 = rotateRight(s[0], 2) ^ rotateRight(s[0], 13) ^ rotateRight(s[0], 22);
        const std::uint32_t t2 = big0 + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        for (int i = 7; i > 0; --i) s[i] = s[i - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; ++i) state[i] += s[i];
}

} // namespace lsw::kernels::sha256
