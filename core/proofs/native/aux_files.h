// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "sector/commitment_cid.h"
#include "sector/proof_type.h"

#include <filesystem>

/// p_aux and t_aux: what a sealed sector keeps of its trees, as bincode of the official crate writes it.
namespace lsw::proofs {

/// t_aux of a sector that was sealed in this cache: how each of its stores is laid out.
/// source  rust-fil-proofs storage-proofs-porep/src/stacked/vanilla/params.rs, TemporaryAux; merkletree StoreConfig
Bytes temporaryAux(const sector::ProofInfo& proof, const std::filesystem::path& cache);

/// What t_aux of a sealed sector becomes for its update: the same, with the path of the cache as it is now.
///
/// error   NotFound; Corrupt when it is no t_aux of a sector of this size; Unsupported when tree R last was written without another number of rows
///         than usual (FIL_PROOFS_ROWS_TO_DISCARD)
Expected<Bytes> carriedAux(const sector::ProofInfo& proof, const std::filesystem::path& cache);

/// Writes p_aux (the roots of trees C and R last) and t_aux into a cache folder, flushed.
Expected<void> writeAux(const std::filesystem::path& cache, const sector::Commitment& commC, const sector::Commitment& commRLast,
                        const Bytes& temporary);

} // namespace lsw::proofs
