// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/field/fr.h"
#include "kernels/kernel_registry.h"

namespace lsw::kernels {

/// Nodes of 32 bytes times a factor: what an update does to data. All nodes are field elements below the order.
struct FrScaleSet {
    /// out[i] = a[i] · factor + b[i]; `out` may be `a` or `b`.
    void (*multiplyAdd)(const std::uint8_t* a, const Fr& factor, const std::uint8_t* b, std::uint8_t* out, std::size_t count);
    /// out[i] = (a[i] - b[i]) · factor; `out` may be `a` or `b`.
    void (*subtractMultiply)(const std::uint8_t* a, const std::uint8_t* b, const Fr& factor, std::uint8_t* out, std::size_t count);
};

/// ifma (16 nodes in lock step), portable.
const Kernel<FrScaleSet>& frScale();

namespace fr_scale {
extern const FrScaleSet kPortable;
#if defined(__x86_64__)
/// `limbs` are those of factor · 2^306, 51 bits each.
void multiplyAddIfma(const std::uint8_t* a, const std::uint64_t* limbs, const std::uint8_t* b, std::uint8_t* out, std::size_t count);
void subtractMultiplyIfma(const std::uint8_t* a, const std::uint8_t* b, const std::uint64_t* limbs, std::uint8_t* out, std::size_t count);
#endif
} // namespace fr_scale

} // namespace lsw::kernels
