// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>

namespace lsw::tasks {

/// Where a prover keeps the parent caches when nobody says: `shared`, the official crate's own default, where this user may write it (or
/// make it); else a folder in `userCache`. On a machine where another user sealed first the default is closed to us.
std::filesystem::path parentCacheChoice(const std::filesystem::path& shared, const std::filesystem::path& userCache);

/// The same with the real folders: the crate's (/var/tmp/filecoin-parents), and $XDG_CACHE_HOME or ~/.cache. Empty when
/// FIL_PROOFS_PARENT_CACHE is set: it is inherited.
std::filesystem::path parentCacheChoice();

} // namespace lsw::tasks
