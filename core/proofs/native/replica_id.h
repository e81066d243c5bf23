// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "sector/piece_info.h"
#include "sector/proof_type.h"
#include "sector/sector_id.h"

namespace lsw::proofs {

/// What makes the labels of one sector its own: SHA-256 of prover, sector number, ticket, CommD and proof type, top two bits cleared.
///
/// source  rust-fil-proofs storage-proofs-porep/src/stacked/vanilla/params.rs, generate_replica_id
Bytes32 replicaId(sector::SealProof proof, sector::SectorId sector, const Bytes32& ticket, const sector::Commitment& commD);

} // namespace lsw::proofs
