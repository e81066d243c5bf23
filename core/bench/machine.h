// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>

namespace lsw::bench {

/// What kind of processor Poseidon runs as here, which is what the speed of a machine hangs on: "A" AVX-512 IFMA of a Zen 5, "B" other AVX-512 IFMA,
/// "C" AVX2 with FMA, "-" none of these. So a machine of class B with LSW_KERNEL=poseidon:fma counts as C.
std::string machineClass();

/// The implementations in use as LSW_KERNEL would name them: "sha256:avx512,fr32-pad:vbmi2,…".
std::string kernelsInUse();

} // namespace lsw::bench
