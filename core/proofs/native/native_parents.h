// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/file.h"
#include "base/task_context.h"
#include "sector/proof_type.h"

#include <string_view>

namespace lsw::proofs {

/// The parents of all nodes, fourteen little-endian numbers each, as the official crate keeps them: made when they are not there yet (an hour of all
/// cores for 32 GiB, once), shared by all sectors of the proof type.
///
/// error   as ensureParentCache
Expected<Mapping> mappedParents(const sector::ProofInfo& proof, std::string_view phase, const TaskContext& context);

} // namespace lsw::proofs
