// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/kernel_registry.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace lsw::kernels {

/// Hashes many groups of nodes: out[i] = Poseidon(group i), where node j of group i is the 32 bytes at nodes[j] + i × stride.
/// So the columns of layers (nodes[j] = layer j, stride 32) and the levels of a tree (nodes[j] = level + 32 j, stride 32 × arity) are the same call.
///
/// in      nodes  `arity` addresses; each node a field element below the order, little endian
/// out     out    count × 32 bytes, contiguous; must not overlap the nodes
using PoseidonBatch = void (*)(const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);

/// One implementation for the arities that Filecoin uses.
struct PoseidonSet {
    PoseidonBatch arity2, arity4, arity8, arity11;
    PoseidonBatch of(std::size_t arity) const { return arity == 2 ? arity2 : arity == 4 ? arity4 : arity == 8 ? arity8 : arity11; }
};

/// ifma (16 hashes in lock step), fma (AVX2 with FMA, 8 hashes), portable.
const Kernel<PoseidonSet>& poseidonBatch();

/// One hash by the definition; `tag` is the first element of the state, 2^arity - 1 where it is left out. For single hashes (CommR).
void poseidonHash(std::span<const std::uint8_t> nodes, std::uint8_t* out);
void poseidonHash(std::span<const std::uint8_t> nodes, std::uint64_t tag, std::uint8_t* out);

namespace poseidon_sets {
extern const PoseidonSet kPortable;
#if defined(__x86_64__)
extern const PoseidonSet kIfma, kFma;
#endif
} // namespace poseidon_sets

} // namespace lsw::kernels
