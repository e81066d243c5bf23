// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "proofs/native/tree_checkpoint.h"
#include "proofs/prover_orders.h"
#include "sector/proof_type.h"

#include <filesystem>

namespace lsw::proofs {

/// Builds tree D over the data of an unsealed sector file and, when a path is given, copies the data there on the way (what PC1 leaves in the
/// sealed file). Gives CommD.
///
/// unit    bytes of data
Expected<Commitment> buildTreeD(const sector::ProofInfo& proof, const std::filesystem::path& unsealed, const std::filesystem::path& treeD,
                                const std::filesystem::path& copy, const std::string& phase, const TaskContext& context);

struct ReplicaTrees {
    Commitment commC{}, commRLast{}, commR{};
};

/// One pass over all layers: columns and tree C over them, the replica (data of tree D plus the last layer) and tree R last over it, p_aux and
/// t_aux. Memory: about 20 MiB for each thread, whatever the size of the sector.
///
/// in      checkpoint  which base trees are done, kept up to date; none: from the beginning
/// unit    nodes
/// error   Corrupt when a file ends early; NoSpace; Io; Cancelled
Expected<ReplicaTrees> buildReplicaTrees(const sector::ProofInfo& proof, const std::filesystem::path& sealed, const std::filesystem::path& cache,
                                         const TaskContext& context, TreeCheckpoint* checkpoint = nullptr);

} // namespace lsw::proofs
