// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/poseidon/poseidon_tables.h"

#include <cstddef>
#include <cstdint>

/// Poseidon in double-precision FMA. Limbs are signed, and what is added or multiplied with is nearest to zero (field_fma.h says the bounds).
/// Nothing is in Montgomery form: inputs are taken, and digests come out, as they are.
namespace lsw::kernels::poseidon::fma {

using Constants = Tables<double>;

/// Upper bounds of an element at its fifteen points: limbs, then differences of limbs. Times the same point of a constant they stay below 2^102.
inline constexpr double kLimb = 0x1p50 + 8, kTopLimb = 1.36 * 0x1p50;
inline constexpr double kLargestPoint[kPoints] = {kLimb,     kLimb,     kLimb,     kLimb,     kTopLimb,         2 * kLimb, 2 * kLimb,       2 * kLimb,
                                                  kLimb + kTopLimb, 2 * kLimb, 2 * kLimb, kLimb + kTopLimb, 2 * kLimb, kLimb + kTopLimb, kLimb + kTopLimb};

/// The order r in limbs.
static constexpr std::int64_t kOrder[5] = {-4294967295, 105552235454464, -414103209314672, -382520039570427, 2039432827017688};

/// 2^(51 j) modulo r for j = 6 … 10, the representative nearest to zero in limbs nearest to zero.
/// The sums of the first four, limb by limb, are at most 2.34 u; of the top limbs 1.52 u.
static constexpr double kFold[5][5] = {
    {-239458716220281, -521673529398666, -793642595169087, 16023129720463, -271332505953905},
    {-941895299340001, -807595022153889, -533733094757097, 296029046426756, -31310558653172},
    {-805185360561215, 309123583189900, 299883169121929, 71285009361653, -599534758878087},
    {-593591817439764, -988261562726545, -463253355810064, 1028702623017265, -798145182530626},
    {-428377941170405, -487922780264883, 196131994185546, 62785227035085, -477820310923534},
};

/// Of arity 2, 4, 8 or 11; made once.
const Constants& tables(std::size_t arity);

// As PoseidonBatch, for any count. In the object compiled for AVX2 and FMA.
void hash2(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash4(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash8(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);
void hash11(const Constants&, const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count);

} // namespace lsw::kernels::poseidon::fma
