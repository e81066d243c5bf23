// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/fr32/fr32_pad.h"

#include <array>
#include <bit>
#include <cstring>

namespace lsw::kernels {
namespace fr32 {
namespace {

constexpr std::uint64_t kTop = 0x3fffffffffffffffULL; ///< the last word of an element has two bits less

/// Words are little endian in memory, whatever the processor is.
constexpr std::uint64_t swapped(std::uint64_t word) {
    if constexpr (std::endian::native == std::endian::little) return word;
    std::uint64_t out = 0;
    for (int i = 0; i < 8; ++i) out = out << 8 | (word >> (8 * i) & 0xffU);
    return out;
}

std::uint64_t load(const std::uint8_t* at, std::size_t bytes = 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, bytes);
    return swapped(word);
}

void store(std::uint8_t* at, std::uint64_t word, std::size_t bytes = 8) {
    word = swapped(word);
    std::memcpy(at, &word, bytes);
}

} // namespace

void padPortable(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups) {
    for (std::size_t group = 0; group < groups; ++group, user += 127, padded += 128) {
        std::uint64_t w[16];
        for (std::size_t i = 0; i < 15; ++i) w[i] = load(user + 8 * i);
        w[15] = load(user + 120, 7);
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint64_t top = i == 3 ? kTop : ~0ULL;
            store(padded + 8 * i, w[i] & top);
            store(padded + 32 + 8 * i, (w[3 + i] >> 62 | w[4 + i] << 2) & top);
            store(padded + 64 + 8 * i, (w[7 + i] >> 60 | w[8 + i] << 4) & top);
            store(padded + 96 + 8 * i, (w[11 + i] >> 58 | w[12 + i] << 6) & top);
        }
    }
}

void unpadPortable(const std::uint8_t* padded, std::uint8_t* user, std::size_t groups) {
    for (std::size_t group = 0; group < groups; ++group, padded += 128, user += 127) {
        std::uint64_t w[16];
        for (std::size_t i = 0; i < 16; ++i) w[i] = load(padded + 8 * i);
        for (std::size_t i = 3; i < 16; i += 4) w[i] &= kTop;
        for (std::size_t i = 0; i < 3; ++i) {
            store(user + 8 * i, w[i]);
            store(user + 32 + 8 * i, w[4 + i] >> 2 | w[5 + i] << 62);
            store(user + 64 + 8 * i, w[8 + i] >> 4 | w[9 + i] << 60);
            store(user + 96 + 8 * i, w[12 + i] >> 6 | w[13 + i] << 58);
        }
        store(user + 24, w[3] | w[4] << 62);
        store(user + 56, w[7] >> 2 | w[8] << 60);
        store(user + 88, w[11] >> 4 | w[12] << 58);
        store(user + 120, w[15] >> 6, 7);
    }
}

namespace {

/// The rule bit by bit: what every implementation is held against.
void padBits(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups) {
    std::memset(padded, 0, groups * 128);
    for (std::size_t bit = 0; bit < groups * 1016; ++bit) {
        const std::size_t to = bit + 2 * (bit / 254);
        padded[to / 8] = static_cast<std::uint8_t>(padded[to / 8] | (user[bit / 8] >> (bit % 8) & 1U) << (to % 8));
    }
}

constexpr std::size_t kTestGroups = 5;

std::array<std::uint8_t, 127 * kTestGroups> testBytes() {
    std::array<std::uint8_t, 127 * kTestGroups> out{};
    std::uint32_t x = 12345;
    for (std::uint8_t& byte : out) {
        x = x * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(x >> 24);
    }
    return out;
}

bool padTest(const Implementation<Fr32Pad>& one) {
    const auto user = testBytes();
    std::array<std::uint8_t, 128 * kTestGroups> expected{}, got;
    got.fill(0xff);
    padBits(user.data(), expected.data(), kTestGroups);
    one.function(user.data(), got.data(), kTestGroups);
    return got == expected;
}

bool unpadTest(const Implementation<Fr32Unpad>& one) {
    const auto user = testBytes();
    std::array<std::uint8_t, 128 * kTestGroups> padded{};
    padBits(user.data(), padded.data(), kTestGroups);
    for (std::size_t i = 31; i < padded.size(); i += 32) padded[i] = static_cast<std::uint8_t>(padded[i] | 0xc0U); // ignored
    std::array<std::uint8_t, 127 * kTestGroups> got{};
    one.function(padded.data(), got.data(), kTestGroups);
    return got == user;
}

} // namespace
} // namespace fr32

const Kernel<Fr32Pad>& fr32Pad() {
    static const Kernel<Fr32Pad> kernel("fr32-pad",
                                        {
#if defined(__x86_64__)
                                            {"vbmi2", [](const CpuFeatures& has) { return has.vbmi2; }, fr32::padVbmi2},
                                            {"avx2", [](const CpuFeatures& has) { return has.avx2; }, fr32::padAvx2},
#endif
                                            {"portable", runsAnywhere, fr32::padPortable},
                                        },
                                        fr32::padTest);
    return kernel;
}

const Kernel<Fr32Unpad>& fr32Unpad() {
    static const Kernel<Fr32Unpad> kernel("fr32-unpad", {{"portable", runsAnywhere, fr32::unpadPortable}}, fr32::unpadTest);
    return kernel;
}

} // namespace lsw::kernels
