// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace lsw::test {

/// Each run draws something else and prints its seed; LSW_SEED repeats it.
inline std::mt19937_64 seeded() {
    const char* given = std::getenv("LSW_SEED");
    const std::uint64_t seed = given && *given ? std::strtoull(given, nullptr, 10) : std::random_device()();
    std::printf("LSW_SEED=%llu\n", static_cast<unsigned long long>(seed));
    return std::mt19937_64(seed);
}

inline std::vector<std::uint8_t> randomBytes(std::mt19937_64& random, std::size_t count) {
    std::vector<std::uint8_t> out(count);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random() >> 32);
    return out;
}

} // namespace lsw::test
