// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/commitment_cid.h"

namespace lsw::proofs {

/// CommR of a sealed sector from the roots of its trees (what p_aux holds): Poseidon of two field elements over BLS12-381, by its definition.
/// Corrupt when one of them is no field element. A few milliseconds: for single values.
///
/// source  the rule of the constants: Grain shift register and Cauchy matrix, eight full and 55 partial rounds, S-box x^5
Expected<sector::Commitment> replicaCommitment(const sector::Commitment& commC, const sector::Commitment& commRLast);

} // namespace lsw::proofs
