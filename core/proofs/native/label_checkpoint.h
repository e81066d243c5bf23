// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/file_sum.h"
#include "base/task_context.h"
#include "sector/proof_type.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace lsw::proofs {

/// How far the layers of one replica id are in a cache folder, so that PC1 goes on there when it was interrupted.
///
/// One line for each whole layer, and one for the layer in work: how many of its nodes are on the disk, and the sum of them.
class LabelCheckpoint {
public:
    /// Nodes of a layer from one checkpoint to the next: four to ten seconds of work, half a minute without SHA instructions.
    static constexpr std::uint64_t kNodesBetween = 1U << 22;

    /// Nothing is done yet, whatever lies in the folder. `nodesBetween` is a power of two.
    LabelCheckpoint(const sector::ProofInfo& proof, std::filesystem::path cache, const Bytes32& replicaId, std::uint64_t nodesBetween = kNodesBetween);
    /// As far as a checkpoint of this replica id goes and the layers are those that it speaks of: each is read and summed.
    /// A layer that is not, or cannot be read, is not counted, nor what was made of it.
    ///
    /// unit    bytes of layers
    /// error   Cancelled
    static Expected<LabelCheckpoint> resumed(const sector::ProofInfo& proof, std::filesystem::path cache, const Bytes32& replicaId,
                                             std::uint64_t nodesBetween, const TaskContext& context);
    /// Whether there is one of this replica id; the layers are not looked at.
    static bool isIn(const std::filesystem::path& cache, const Bytes32& replicaId);

    int wholeLayers() const;
    /// Of the layer after the whole ones.
    std::uint64_t nodesOfNext() const;
    /// Of the nodes of that layer which are done; from 1.
    FileSum sumOf(int layer) const { return m_layers[static_cast<std::size_t>(layer - 1)].sum; }
    /// Whether this file of the cache folder is needed to go on.
    bool needs(std::string_view fileName) const;
    bool isDue(std::uint64_t nodes) const { return nodes % m_nodesBetween == 0 || nodes == m_proof.nodes(); }
    std::uint64_t nodesBetween() const { return m_nodesBetween; }

    /// The first `nodes` of a layer are on the disk, and those of all layers before.
    Expected<void> note(int layer, std::uint64_t nodes, const FileSum& sum);
    /// PC1 is over: its folder is that of any other worker.
    Expected<void> remove() const;

private:
    struct Layer {
        std::uint64_t nodes = 0;
        FileSum sum;
    };
    std::filesystem::path layerFile(std::size_t index) const;

    const sector::ProofInfo& m_proof;
    std::filesystem::path m_cache;
    Bytes32 m_replicaId;
    std::uint64_t m_nodesBetween;
    std::vector<Layer> m_layers; ///< whole ones, then perhaps one that is not
};

} // namespace lsw::proofs
