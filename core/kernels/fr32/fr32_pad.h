// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/kernel_registry.h"

#include <cstddef>
#include <cstdint>

namespace lsw::kernels {

/// User bytes to field elements: after each 254 bits, least significant first, two zero bits.
///
/// in      user    groups × 127 bytes, nothing beyond is read
/// out     padded  groups × 128 bytes, all of them written; must not overlap `user`
using Fr32Pad = void (*)(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups);

/// The way back; the two top bits of each element are ignored.
///
/// in      padded  groups × 128 bytes
/// out     user    groups × 127 bytes, nothing beyond is written; must not overlap `padded`
using Fr32Unpad = void (*)(const std::uint8_t* padded, std::uint8_t* user, std::size_t groups);

/// vbmi2, avx2, portable (64 bits at a time).
const Kernel<Fr32Pad>& fr32Pad();
const Kernel<Fr32Unpad>& fr32Unpad();

namespace fr32 {
void padPortable(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups);
void unpadPortable(const std::uint8_t* padded, std::uint8_t* user, std::size_t groups);
#if defined(__x86_64__)
void padAvx2(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups);
void padVbmi2(const std::uint8_t* user, std::uint8_t* padded, std::size_t groups);
#endif
} // namespace fr32

} // namespace lsw::kernels
