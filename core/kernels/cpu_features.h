// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>

namespace lsw::kernels {

/// What the processor has and the system lets us use: a register file that the system does not save is as good as absent.
struct CpuFeatures {
    bool shaNi = false;    ///< SHA extensions with SSE4.1 and SSSE3
    bool avx2 = false;     ///< AVX2 with FMA, BMI2
    bool avx512 = false;   ///< AVX-512 F, BW, DQ, VL
    bool ifma = false;     ///< AVX-512 IFMA on top of these
    bool vbmi2 = false;    ///< AVX-512 VBMI2 on top of these
};

/// Of the machine this runs on; asked once (CPUID and XGETBV). All false on other architectures than x86-64.
const CpuFeatures& cpuFeatures();

/// "sha-ni avx2 avx512 ifma vbmi2", or "none".
std::string featureText(const CpuFeatures& features);

/// The family of an AMD processor as CPUID tells it (0x19: Zen 3 and 4, 0x1a: Zen 5); 0 for others.
unsigned amdFamily();

/// The brand string of the processor; empty where it is not told.
std::string cpuName();

} // namespace lsw::kernels
