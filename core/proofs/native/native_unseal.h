// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "proofs/prover_orders.h"

namespace lsw::proofs {

/// Decodes a range of a sector: the replica minus the last labels. They are made anew, in memory or the scratch folder; of a cache that was not cleared yet those that
/// PC1 left are taken, if what they give is what tree D beside them holds. Nothing else is written but the output.
///
/// unit    nodes while it labels, bytes of the range while it decodes
/// error   InvalidArgument for a range outside the sector; Corrupt for a replica that is none; VerificationFailed when what comes out is no
///         padded data or, of a whole sector, not the data of CommD; else as lastLayer
Expected<void> unsealNatively(const UnsealOrder& order, const TaskContext& context);

/// The replica of a sector of zeros: its last labels.
Expected<void> regenerateReplicaNatively(const RegenerateReplicaOrder& order, const TaskContext& context);

} // namespace lsw::proofs
