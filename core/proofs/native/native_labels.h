// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/file.h"
#include "base/task_context.h"
#include "proofs/native/label_checkpoint.h"
#include "sector/proof_type.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lsw::proofs {

/// Labels a sector: layer after layer, each from itself and the one before. Two layers are in memory.
///
/// in      layerFiles  where each finished layer is written (one path for each layer), or none: then only the last one is kept, in memory
/// in      checkpoint  where it goes on, and what it keeps up to date; needs the files. None: from the beginning
/// out     the last layer
/// unit    nodes, of all layers together
/// error   Unsupported when two layers do not fit in memory; Corrupt when a layer became another since the checkpoint looked; NoSpace; Io; Cancelled
/// cost    19 dependent SHA-256 blocks a node; 2^30 nodes a layer at 32 GiB
Expected<Mapping> labelSector(const sector::ProofInfo& proof, const Bytes32& replicaId, const std::vector<std::filesystem::path>& layerFiles,
                              const std::string& phase, const TaskContext& context, LabelCheckpoint* checkpoint = nullptr);

} // namespace lsw::proofs
