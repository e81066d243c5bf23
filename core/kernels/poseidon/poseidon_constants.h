// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/field/fr.h"

#include <cstddef>
#include <cstdint>

/// Poseidon as Filecoin uses it: BLS12-381 scalar field, S-box x^5, eight full rounds, standard strength.
namespace lsw::kernels::poseidon {

inline constexpr std::size_t kFullRounds = 8, kHalf = kFullRounds / 2;

/// Constants of one width, from the published rule (Grain LFSR, Cauchy matrix): nothing is copied from a table.
///
/// source  neptune 11 src/round_constants.rs, mds.rs, round_numbers.rs (the rule)
struct Constants {
    explicit Constants(std::size_t arity);

    std::size_t width;         ///< arity + 1
    std::size_t partialRounds;
    FrMatrix round;            ///< [full + partial rounds][width], as the rule gives them
    FrMatrix mds;              ///< [width][width], 1 / (i + j + width)
    Fr tag;                    ///< 2^arity - 1, the first element of the state

    /// The same permutation with the constants of the partial rounds pushed forward, so that a partial round adds to its first element only.
    FrMatrix first;            ///< [4][width] before the S-boxes of the first full rounds
    FrVector partial;          ///< [partialRounds]
    FrMatrix last;             ///< [4][width] before the S-boxes of the last full rounds

    /// The permutation as it is defined, element 1 of the last state: slow, what everything else is held against.
    Fr hash(std::span<const Fr> inputs, const Fr& domainTag) const;
    Fr hash(std::span<const Fr> inputs) const { return hash(inputs, tag); }
};

/// The constants of arity 2, 4, 8 or 11; made once.
const Constants& constants(std::size_t arity);

/// The partial rounds seen from outside: the elements that see no S-box are a linear system with one input (what the S-box gives, y) and
/// one output (what it gets next, x). With n = width - 1, for round k (x_0 is the first input):
///
///   1 ≤ k ≤ n:  x_k = state0 · row[k-1] + Σ_{j=1..k} impulse[j] y_{k-j} + constant[k]
///   k > n:      x_k = Σ_{i=1..n} fromX[i] x_{k-i} + Σ_{j=1..n+1} fromY[j] y_{k-j} + constant[k]        (Cayley-Hamilton)
///
/// so that a round costs 2·width - 1 products and one reduction, whatever the state. The last state follows from the last x and y:
///
///   element i+1 = Σ_{j<n} lastX[i][j] x_{R-n+1+j} + Σ_{j<n} lastY[i][j] y_{R-n+j} + lastConstant[i]        (R partial rounds)
struct Recurrence {
    explicit Recurrence(const Constants& from);

    FrMatrix row;          ///< [n][n], applied to elements 1… of the state before the first partial round
    FrVector impulse;      ///< [n+2], from 1
    FrVector fromX, fromY; ///< [n+1], [n+2], from 1
    FrVector constant;     ///< [R+1], from 1; constant[R] makes x_R the first input of the last full rounds
    FrMatrix lastX, lastY; ///< [n][n] each
    FrVector lastConstant; ///< [n]
};

} // namespace lsw::kernels::poseidon
