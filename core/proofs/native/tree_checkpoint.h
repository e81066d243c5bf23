// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/file_sum.h"
#include "base/task_context.h"
#include "sector/piece_info.h"
#include "sector/proof_type.h"

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace lsw::proofs {

/// One base tree of PC2: the roots, and the sums of all that was written for it.
struct DoneTree {
    sector::Commitment rootC{}, rootR{};
    FileSum treeC, treeR; ///< of the whole files
    FileSum replica;      ///< of its part of the sealed file
};

/// Which base trees PC2 has made, so that it goes on with the next when it was interrupted.
///
/// PC2 is told no replica id. It is bound to what the id made: proof type, root of tree D, and the last label of each layer, in which
/// every label of the layer has a part.
class TreeCheckpoint {
public:
    /// Nothing is done yet, whatever lies there.
    static TreeCheckpoint none(const sector::ProofInfo& proof, std::filesystem::path sealed, std::filesystem::path cache);
    /// As far as a checkpoint of these layers goes and what it speaks of is there: trees and replica are read and summed. A tree that is not as it
    /// was written, and those after it, are not counted.
    ///
    /// unit    bytes of trees and replica
    /// error   NotFound, Corrupt, Io when a layer or tree D cannot be read; Cancelled
    static Expected<TreeCheckpoint> resumed(const sector::ProofInfo& proof, std::filesystem::path sealed, std::filesystem::path cache, const TaskContext& context);

    const std::vector<DoneTree>& trees() const { return m_trees; }
    /// Whether this file of the cache folder is needed to go on.
    bool needs(std::string_view fileName) const;
    /// All that was written for the next tree is on the disk.
    Expected<void> note(const DoneTree& tree);
    /// PC2 is over: its folder is that of any other worker.
    Expected<void> remove() const;

private:
    TreeCheckpoint(const sector::ProofInfo& proof, std::filesystem::path sealed, std::filesystem::path cache);
    Expected<void> takeOwner();
    /// Whether a tree is as it was written; false too when it cannot be read.
    Expected<bool> isThere(std::size_t index, const DoneTree& tree, const std::function<Expected<void>(std::uint64_t bytes)>& taken) const;

    const sector::ProofInfo& m_proof;
    std::filesystem::path m_sealed, m_cache;
    Bytes32 m_owner{};
    std::vector<DoneTree> m_trees;
};

} // namespace lsw::proofs
