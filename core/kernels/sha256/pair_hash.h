// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/kernel_registry.h"

#include <cstddef>
#include <cstdint>

namespace lsw::kernels {

/// One level of a binary tree of commitments (CommP, CommD, tree D): out[i] = SHA-256(in[2i] ‖ in[2i+1]) with the top two bits of byte 31
/// cleared.
///
/// in      in     pairs × 64 bytes
/// out     out    pairs × 32 bytes; may be `in` itself (a tree is folded in place)
/// source  rust-fil-proofs filecoin-proofs/src/pieces.rs
using PairHash = void (*)(const std::uint8_t* in, std::uint8_t* out, std::size_t pairs);

/// avx512 (32 lanes), sha-ni (4 messages beside each other), portable.
const Kernel<PairHash>& pairHash();

namespace sha256 {
// The implementations; each is in the object of its instruction set and must not be called on a processor without it.
void pairsPortable(const std::uint8_t* in, std::uint8_t* out, std::size_t pairs);
#if defined(__x86_64__)
void pairsShaNi(const std::uint8_t* in, std::uint8_t* out, std::size_t pairs);
void pairsAvx512(const std::uint8_t* in, std::uint8_t* out, std::size_t pairs);
#endif
} // namespace sha256

} // namespace lsw::kernels
