// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/sha256/pair_hash.h"

#include "kernels/sha256/sha256_portable.h"

#include <array>
#include <cstring>
#include <utility>
#include <vector>

namespace lsw::kernels {
namespace sha256 {
void pairsPortable(const std::uint8_t* in, std::uint8_t* out, std::size_t pairs) {
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        std::uint32_t block[16], state[8];
        for (std::size_t i = 0; i < 16; ++i) block[i] = loadBigEndian(in + 64 * pair + 4 * i);
        std::memcpy(state, kStart, sizeof state);
        compress(state, scheduleOf(block));
        compress(state, kPairEndSchedule);
        state[7] &= kLastWordMask;
        for (std::size_t i = 0; i < 8; ++i) storeBigEndian(out + 32 * pair + 4 * i, state[i]);
    }
}

} // namespace sha256

namespace {

/// 67 pairs, a remainder for every vector width, against the portable code; and that against a published commitment.
bool selfTest(const Implementation<PairHash>& one) {
    constexpr std::size_t kPairs = 67;
    std::array<std::uint8_t, 64 * kPairs> in{};
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    std::array<std::uint8_t, 32 * kPairs> expected{}, got{};
    sha256::pairsPortable(in.data(), expected.data(), kPairs);
    one.function(in.data(), got.data(), kPairs);
    if (expected != got) return false;
    // The commitment of 128 bytes of zeros: what the portable code itself is held against.
    static constexpr std::uint8_t kZeroPiece[32] = {0x37, 0x31, 0xbb, 0x99, 0xac, 0x68, 0x9f, 0x66, 0xee, 0xf5, 0x97, 0x3e, 0x4a, 0x94, 0xda, 0x18,
                                                    0x8f, 0x4d, 0xdc, 0xae, 0x58, 0x07, 0x24, 0xfc, 0x6f, 0x3f, 0xd6, 0x0d, 0xfd, 0x48, 0x83, 0x33};
    std::array<std::uint8_t, 128> zeros{};
    one.function(zeros.data(), zeros.data(), 2);
    one.function(zeros.data(), zeros.data(), 1);
    return std::memcmp(zeros.data(), kZeroPiece, 32) == 0;
}

std::vector<Implementation<PairHash>> bestFirst() {
    std::vector<Implementation<PairHash>> all{
#if defined(__x86_64__)
        {"avx512", [](const CpuFeatures& has) { return has.avx512 && has.shaNi; }, sha256::pairsAvx512},
        {"sha-ni", [](const CpuFeatures& has) { return has.shaNi; }, sha256::pairsShaNi},
#endif
        {"portable", runsAnywhere, sha256::pairsPortable},
    };
    // A Zen 4 does 512 bits in two halves: 34 ns a pair against 28 by its SHA instructions.
    constexpr unsigned kZen4 = 0x19;
    if (amdFamily() == kZen4 && all.size() > 2) std::swap(all[0], all[1]);
    return all;
}

} // namespace

const Kernel<PairHash>& pairHash() {
    static const Kernel<PairHash> kernel("sha256", bestFirst(), selfTest);
    return kernel;
}

} // namespace lsw::kernels
