// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "proofs/prover_orders.h"

/// Updates of sealed sectors (SnapDeals): replica = sector key + data · factor, node by node (see update_factors.h), with the trees over both.
/// Each is one pass over its files; memory is a few MiB for each thread.
///
/// unit    bytes of the sector
namespace lsw::proofs {

/// error   InvalidArgument for data that are no field elements; VerificationFailed when they are not the pieces; Corrupt for a damaged sector key;
///         Unsupported for a sector whose t_aux says another layout; NotFound; NoSpace; Io; Cancelled
Expected<ReplicaUpdateResult> updateReplicaNatively(const ReplicaUpdateOrder& order, const TaskContext& context);

/// error   VerificationFailed when what comes out is not the data of CommD; Corrupt for a damaged replica or key; NotFound; NoSpace; Io; Cancelled
Expected<void> decodeUpdateNatively(const DecodeUpdateOrder& order, const TaskContext& context);

/// Leaves no file when it fails.
///
/// error   VerificationFailed when what comes out is not the sector key of p_aux; else as updateReplicaNatively
Expected<void> regenerateKeyNatively(const RegenerateKeyOrder& order, const TaskContext& context);

} // namespace lsw::proofs
