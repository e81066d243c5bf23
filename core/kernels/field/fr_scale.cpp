// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/field/fr_scale.h"

#include <algorithm>
#include <vector>

namespace lsw::kernels {
namespace {

/// Every length up to a remainder after two full registers, the smallest and largest elements among them, each against single elements.
bool selfTest(const Implementation<FrScaleSet>& one) {
    constexpr std::size_t kCount = 35;
    std::vector<std::uint8_t> a(32 * kCount), b(32 * kCount), out(32 * kCount), expected(32);
    Fr x = frFrom(7), y = frFrom(1) - frFrom(2); // y: the largest element
    const Fr factor = frInverse(frFrom(12345));
    for (std::size_t i = 0; i < kCount; ++i) {
        frToBytes(x, a.data() + 32 * i);
        frToBytes(y, b.data() + 32 * i);
        x = i % 5 == 3 ? Fr{} - frFrom(1) : frFifthPower(x) + factor;
        y = i % 7 == 2 ? Fr{} : y * x - factor;
    }
    for (std::size_t count = 1; count <= kCount; ++count) {
        for (const bool adds : {true, false}) {
            std::ranges::fill(out, std::uint8_t{0xa5});
            if (adds) one.function.multiplyAdd(a.data(), factor, b.data(), out.data(), count);
            else one.function.subtractMultiply(a.data(), b.data(), factor, out.data(), count);
            for (std::size_t i = 0; i < count; ++i) {
                const Fr left = frFromBytes(a.data() + 32 * i), right = frFromBytes(b.data() + 32 * i);
                frToBytes(adds ? left * factor + right : (left - right) * factor, expected.data());
                if (!std::equal(expected.begin(), expected.end(), out.begin() + static_cast<std::ptrdiff_t>(32 * i))) return false;
            }
            if (!std::all_of(out.begin() + static_cast<std::ptrdiff_t>(32 * count), out.end(), [](std::uint8_t byte) { return byte == 0xa5; })) return false;
        }
    }
    return true;
}

#if defined(__x86_64__)
std::array<std::uint64_t, 5> limbsFor(const Fr& factor) {
    const auto words = frPlain(factor * frPowerOfTwo(306));
    constexpr std::uint64_t kMask = (1ULL << 51) - 1;
    return {words[0] & kMask, (words[0] >> 51 | words[1] << 13) & kMask, (words[1] >> 38 | words[2] << 26) & kMask,
            (words[2] >> 25 | words[3] << 39) & kMask, words[3] >> 12};
}

constexpr FrScaleSet kIfma{
    [](const std::uint8_t* a, const Fr& factor, const std::uint8_t* b, std::uint8_t* out, std::size_t count) {
        fr_scale::multiplyAddIfma(a, limbsFor(factor).data(), b, out, count);
    },
    [](const std::uint8_t* a, const std::uint8_t* b, const Fr& factor, std::uint8_t* out, std::size_t count) {
        fr_scale::subtractMultiplyIfma(a, b, limbsFor(factor).data(), out, count);
    },
};
#endif

} // namespace

const Kernel<FrScaleSet>& frScale() {
    static const Kernel<FrScaleSet> kernel("fr-scale",
                                           {
#if defined(__x86_64__)
                                               {"ifma", [](const CpuFeatures& has) { return has.ifma; }, kIfma},
#endif
                                               {"portable", runsAnywhere, fr_scale::kPortable},
                                           },
                                           selfTest);
    return kernel;
}

} // namespace lsw::kernels
