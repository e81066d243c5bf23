// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/file.h"
#include "base/task_context.h"
#include "proofs/prover_orders.h"

namespace lsw::proofs {

/// InvalidArgument unless a piece can have this size.
Expected<void> checkPieceSize(sector::UnpaddedBytes size);
/// InvalidArgument unless the piece starts at a multiple of its size and ends in its sector.
Expected<void> checkPiecePlace(const AddPieceOrder& order);

/// Writes zeros for real: a hole would be room promised that a full disk cannot give later.
Expected<void> writeZeros(const File& file, std::uint64_t offset, std::uint64_t size, const TaskContext& context);

} // namespace lsw::proofs
