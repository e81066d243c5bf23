// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "sector/proof_type.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>

/// The official crate's file of parents: 14 × LE u32 for each node, 56 GiB for a 32 GiB sector, shared by all sectors of a proof type.
/// The crate writes it in place at its full length, so that a process killed meanwhile leaves a file of zeros that every later sector would
/// be sealed with, wrongly and without a word. Here such a file is found and made again.
namespace lsw::proofs {

/// FIL_PROOFS_PARENT_CACHE, else "filecoin-parents" after FIL_PROOFS_CACHE_DIR or /var/tmp/, as the crate puts it together.
std::filesystem::path parentCacheFolder();

/// The file of one proof type. Each feature and each API version has a graph of its own.
/// source  rust-fil-proofs storage-proofs-porep/src/stacked/vanilla/cache.rs (name), storage-proofs-core/src/crypto/feistel.rs (keys)
std::filesystem::path parentCachePath(const sector::ProofInfo& proof);

/// Whether each node's entry was written: its first neighbour is the node before it, which a hole of zeros is not.
/// cost    one read of the file
Expected<bool> parentCacheIsWhole(const std::filesystem::path& file, const sector::ProofInfo& proof, std::stop_token stop);

/// SHA-256 of the whole file in hex; empty for a proof type whose graph nobody has published one of.
/// source  rust-fil-proofs storage-proofs-porep/parent_cache.json
std::string parentCacheDigest(const sector::ProofInfo& proof);

/// Whether ensureParentCache() has found it whole since it last changed.
bool isKnownToBeWhole(const std::filesystem::path& file);

/// Sees to a whole file: one that is there is checked once (a file beside it remembers that, with size and time), a torn one is removed, a
/// missing one is made by `generate`. Waits while another process does the same. `phase` is whose progress is reported.
///
/// error   NoSpace; Cancelled; Io; what `generate` says
Expected<void> ensureParentCache(const sector::ProofInfo& proof, std::string_view phase, const std::function<Expected<void>()>& generate,
                                 const TaskContext& context);

} // namespace lsw::proofs
