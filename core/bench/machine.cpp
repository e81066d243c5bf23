// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/machine.h"

#include "kernels/kernel_registry.h"
#include "kernels/poseidon/poseidon.h"

namespace lsw::bench {

std::string machineClass() {
    constexpr unsigned kZen5 = 0x1a;
    const std::string_view poseidon = kernels::poseidonBatch().chosen().name;
    if (poseidon == "ifma") return kernels::amdFamily() >= kZen5 ? "A" : "B";
    return poseidon == "fma" ? "C" : "-";
}

std::string kernelsInUse() {
    std::string out;
    for (const auto& one : kernels::kernelReport())
        if (one.isChosen) out += (out.empty() ? "" : ",") + one.kernel + ':' + one.implementation;
    return out;
}

} // namespace lsw::bench
