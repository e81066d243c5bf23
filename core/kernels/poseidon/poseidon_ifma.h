// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// Between the object that makes the constants (any processor) and the one that computes with them (AVX-512 IFMA).
///
/// Elements are five limbs of 51 bits, least significant first. 51 and not 52, so that the sum of two limbs is still an operand of the
/// instruction: products of sums are what Karatsuba needs. Sums of products are reduced by six limbs (Montgomery), one more than an element
/// has, which leaves less than r + 2^-40 r of any sum of 23 products; rows of the small matrix by one limb, which leaves less than 1.1 r.
namespace lsw::kernels::poseidon::ifma {

inline constexpr std::size_t kLimbs = 5;
inline constexpr std::size_t kPoints = 15; ///< five limbs, then the ten sums of two: where Karatsuba multiplies

/// Constants of one width T, n = T - 1, R partial rounds. "Points" means [kPoints][count]; "slots" that the count is in the order of the ring in
/// which the operands lie, the constants of a ring of c being there twice, so that a round begins where its oldest operand lies.
struct Constants {
    const std::uint64_t* small;        ///< [2T-1]
    const std::uint64_t* input;        ///< [T][5]
    const std::uint64_t* tag;          ///< [5]
    const std::uint64_t* first;        ///< [4][T][5]
    const std::uint64_t* row;          ///< [n] points of n
    const std::uint64_t* impulse;      ///< points of n, for y of k-n … k-1
    const std::uint64_t* fromX;        ///< points of 2n, slots
    const std::uint64_t* fromY;        ///< points of 2(n+1), slots
    const std::uint64_t* constant;     ///< [R+1][5]
    const std::uint64_t* lastX;        ///< [n] points of n, slots
    const std::uint64_t* lastY;        ///< [n] points of n+1, slots
    const std::uint64_t* lastConstant; ///< [n][5]
    const std::uint64_t* last;         ///< [3][T][5]
    const std::uint64_t* digest;       ///< points of T
};

// As PoseidonBatch, for any count. In the object compiled for IFMA.
void hash2(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash4(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash8(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash11(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);

} // namespace lsw::kernels::poseidon::ifma
