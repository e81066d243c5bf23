// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstddef>

/// Between the objects that make the constants (any processor) and those that compute with them (one instruction set each).
namespace lsw::kernels::poseidon {

inline constexpr std::size_t kLimbs = 5;   ///< of 51 bits, least significant first
inline constexpr std::size_t kPoints = 15; ///< five limbs, then the ten pairs of two: where Karatsuba multiplies

/// Constants of one width T, n = T - 1, R partial rounds, in the limbs of one implementation. "Points" means [kPoints][count]; "slots" that the
/// count is in the order of the ring in which the operands lie, the constants of a ring of c being there twice, so that a round begins where its
/// oldest operand lies.
template <typename Number>
struct Tables {
    const Number* small;        ///< [2T-1]
    const Number* input;        ///< [T][5]
    const Number* tag;          ///< [5]
    const Number* first;        ///< [4][T][5]
    const Number* row;          ///< [n] points of n
    const Number* impulse;      ///< points of n, for y of k-n … k-1
    const Number* fromX;        ///< points of 2n, slots
    const Number* fromY;        ///< points of 2(n+1), slots
    const Number* constant;     ///< [R+1][5]
    const Number* lastX;        ///< [n] points of n, slots
    const Number* lastY;        ///< [n] points of n+1, slots
    const Number* lastConstant; ///< [n][5]
    const Number* last;         ///< [3][T][5]
    const Number* digest;       ///< points of T
};

} // namespace lsw::kernels::poseidon
