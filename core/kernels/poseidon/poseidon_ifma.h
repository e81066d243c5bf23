// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/poseidon/poseidon_tables.h"

#include <cstddef>
#include <cstdint>

/// Limbs are 51 bits and not 52, so that the sum of two is still an operand of the instruction: products of sums are what Karatsuba needs. Sums of
/// products are reduced by six limbs (Montgomery), one more than an element has, which leaves less than r + 2^-40 r of any sum of 23 products; rows
/// of the small matrix by one limb, which leaves less than 1.1 r.
namespace lsw::kernels::poseidon::ifma {

using Constants = Tables<std::uint64_t>;

// As PoseidonBatch, for any count. In the object compiled for IFMA.
void hash2(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash4(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash8(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash11(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);

} // namespace lsw::kernels::poseidon::ifma
