// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/commitment_cid.h"

namespace lsw::proofs {

/// CommR of a sealed sector from the roots of its trees (what p_aux holds): Poseidon of the two, by its definition.
/// Corrupt when one of them is no field element.
Expected<sector::Commitment> replicaCommitment(const sector::Commitment& commC, const sector::Commitment& commRLast);

} // namespace lsw::proofs
