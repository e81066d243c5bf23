// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/cpu_features.h"

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace lsw::kernels {
namespace {

#if defined(__x86_64__)
struct Leaf {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Leaf leaf(unsigned number, unsigned sub = 0) {
    Leaf out;
    __get_cpuid_count(number, sub, &out.eax, &out.ebx, &out.ecx, &out.edx);
    return out;
}

constexpr bool bit(unsigned word, unsigned place) { return (word >> place & 1U) != 0; }

/// XCR0: which register files the system saves.
std::uint64_t savedRegisters() {
    std::uint32_t low = 0, high = 0;
    asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return std::uint64_t{high} << 32 | low;
}

CpuFeatures ask() {
    CpuFeatures out;
    const Leaf one = leaf(1), seven = leaf(7);
    const bool sse = bit(one.ecx, 9) && bit(one.ecx, 19); // SSSE3, SSE4.1
    out.shaNi = sse && bit(seven.ebx, 29);
    if (!bit(one.ecx, 27)) return out; // no XGETBV: nothing wider than 128 bits
    const std::uint64_t saved = savedRegisters();
    const bool ymm = (saved & 0x06U) == 0x06U, zmm = (saved & 0xe6U) == 0xe6U;
    out.avx2 = ymm && bit(one.ecx, 28) && bit(one.ecx, 12) && bit(seven.ebx, 5) && bit(seven.ebx, 8); // AVX, FMA, AVX2, BMI2
    out.avx512 = out.avx2 && zmm && bit(seven.ebx, 16) && bit(seven.ebx, 17) && bit(seven.ebx, 30) && bit(seven.ebx, 31);
    out.ifma = out.avx512 && bit(seven.ebx, 21);
    out.vbmi2 = out.avx512 && bit(seven.ecx, 6);
    return out;
}
#endif

} // namespace

const CpuFeatures& cpuFeatures() {
#if defined(__x86_64__)
    static const CpuFeatures features = ask();
#else
    static const CpuFeatures features;
#endif
    return features;
}

std::string featureText(const CpuFeatures& features) {
    std::string out;
    const auto say = [&out](bool has, const char* name) {
        if (has) out += (out.empty() ? "" : " ") + std::string(name);
    };
    say(features.shaNi, "sha-ni");
    say(features.avx2, "avx2");
    say(features.avx512, "avx512");
    say(features.ifma, "ifma");
    say(features.vbmi2, "vbmi2");
    return out.empty() ? "none" : out;
}

unsigned amdFamily() {
#if defined(__x86_64__)
    const Leaf maker = leaf(0);
    if (maker.ebx != 0x68747541U || maker.edx != 0x69746e65U || maker.ecx != 0x444d4163U) return 0; // "AuthenticAMD"
    const unsigned eax = leaf(1).eax, base = eax >> 8 & 15U;
    return base < 15 ? base : base + (eax >> 20 & 255U);
#else
    return 0;
#endif
}

std::string cpuName() {
#if defined(__x86_64__)
    if (leaf(0x80000000U).eax < 0x80000004U) return {};
    std::array<char, 49> text{};
    for (unsigned part = 0; part < 3; ++part) {
        const Leaf words = leaf(0x80000002U + part);
        const std::array<unsigned, 4> four{words.eax, words.ebx, words.ecx, words.edx};
        std::memcpy(text.data() + 16 * part, four.data(), 16);
    }
    std::string out(text.data());
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out.substr(out.find_first_not_of(' ') == std::string::npos ? 0 : out.find_first_not_of(' '));
#else
    return {};
#endif
}

} // namespace lsw::kernels
