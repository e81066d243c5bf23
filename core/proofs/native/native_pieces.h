// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "proofs/prover_orders.h"

namespace lsw::proofs {

/// AddPiece in one pass: bytes come, are padded, written and hashed tile by tile while they are in the cache.
Expected<PieceInfo> addPieceNatively(const AddPieceOrder& order, const TaskContext& context);

/// The commitment alone; a source that ends early is extended by zeros.
Expected<PieceInfo> pieceCommitmentNatively(const PieceCommitmentOrder& order, const TaskContext& context);

} // namespace lsw::proofs
