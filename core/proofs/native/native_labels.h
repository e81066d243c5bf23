// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/file.h"
#include "base/processor_groups.h"
#include "base/task_context.h"
#include "proofs/native/label_lanes.h"
#include "sector/proof_type.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lsw::proofs {

/// Labels a sector: layer after layer, each from itself and the one before. Two layers are in memory.
///
/// in      layerFiles  where each finished layer is written (one path for each layer), or none: then only the last one is kept, in memory
/// out     the last layer
/// unit    nodes, of all layers together
/// error   Unsupported when two layers do not fit in memory; NoSpace; Io; Cancelled
/// cost    19 dependent SHA-256 blocks a node; 2^30 nodes a layer at 32 GiB
Expected<Mapping> labelSector(const sector::ProofInfo& proof, const Bytes32& replicaId, const std::vector<std::filesystem::path>& layerFiles,
                              const std::string& phase, const TaskContext& context);

/// The labels of the last layer of a sector.
struct LastLayer {
    std::optional<Mapping> memory; ///< all of them, or
    std::optional<File> file;      ///< a file without a name
};
/// As labelSector without files; where memory does not hold two layers, two files of the scratch folder do (StreamedLabels).
///
/// in      memory  bytes that may be taken; 0: what is free
Expected<LastLayer> lastLayer(const sector::ProofInfo& proof, const Bytes32& replicaId, const std::filesystem::path& scratch, std::uint64_t memory,
                              const std::string& phase, const TaskContext& context);

/// What labelling may take.
struct LabelMeans {
    std::uint64_t memory = 0; ///< bytes; 0: what is free
    Processors processors{};  ///< that it keeps to; none: any
};

/// Labels sectors of one proof type on one core, as many beside each other as that makes cheaper and memory holds. Each has its checkpoint, progress,
/// stop and end: what ends one leaves the others alone. Those that are behind are labelled first, and the others join where they are.
///
/// Where memory does not hold two layers they are labelled one after the other, from files (StreamedLabels).
///
/// in      sectors  with files and a checkpoint; some may be over already
/// error   told to each sector: as labelSector, and Corrupt when a layer became another since its checkpoint looked
void labelSectors(const sector::ProofInfo& proof, std::span<LabelledSector> sectors, const LabelMeans& means, const std::string& phase);

} // namespace lsw::proofs
