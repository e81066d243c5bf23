// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/poseidon/poseidon_constants.h"

namespace lsw::kernels::poseidon {

/// How an implementation computes, as far as it changes the constants.
///
/// The matrix 1/(i+j+width) times lcm(width … 3·width-2) has small integers in it, so its rows cost a fraction of a product. What that,
/// and reductions that divide by a power of two, multiply the state with is not taken out again: the state is a known multiple of the
/// true one (`scale`), and the constants that meet it are made for it.
struct Arithmetic {
    Fr fifthPower; ///< computed x^5 is this times the true one
    Fr linear;     ///< a row of small integers, reduced, is this times the true sum (before the lcm)
};

/// All constants of one width for one arithmetic, as field elements; implementations turn them into their own limbs.
struct Plan {
    Plan(const Constants& from, const Arithmetic& arithmetic);

    std::size_t width, inner, partialRounds; ///< inner = width - 1 elements see no S-box in a partial round
    std::vector<std::uint64_t> small;        ///< [2·width-1], entry (i, j) of the matrix at i + j
    FrVector input;                          ///< [width], added to the inputs; element 0 is not used
    Fr tag;                                  ///< element 0 after its first S-box
    FrMatrix first;                          ///< [4][width], added to the rows of full round 1, 2, 3 and of the one before the partial rounds
    FrMatrix row;                            ///< [inner][inner]
    FrVector impulse;                        ///< [inner+2], from 1
    FrVector fromX, fromY;                   ///< [inner+1], [inner+2], from 1
    FrVector constant;                       ///< [partialRounds+1], from 1
    FrMatrix lastX, lastY;                   ///< [inner][inner]
    FrVector lastConstant;                   ///< [inner]
    FrMatrix last;                           ///< [3][width], added to the rows of the last full rounds but one
    FrVector digest;                         ///< [width], the row that gives the digest as it is, without a scale
};

} // namespace lsw::kernels::poseidon
