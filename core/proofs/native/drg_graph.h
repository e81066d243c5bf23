// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "sector/proof_type.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lsw::proofs {

/// The graph of a proof type: which fourteen nodes each node depends on. Six of the layer it is in (depth-robust, one of them the node before),
/// eight of the layer before (an expander, a permutation of all edges). Each proof type has a graph of its own, because its number is in the seeds.
///
/// source  rust-fil-proofs storage-proofs-core/src/drgraph.rs, crypto/feistel.rs; storage-proofs-porep/src/stacked/vanilla/graph.rs
class DrgGraph {
public:
    static constexpr std::size_t kBase = 6, kExpander = 8, kDegree = kBase + kExpander;

    explicit DrgGraph(const sector::ProofInfo& proof);

    std::uint64_t nodes() const { return m_nodes; }
    /// Base parents first, in the order in which they are hashed. Node 0 has none that are hashed; its entry is in the parent cache all the same.
    void parents(std::uint64_t node, std::span<std::uint32_t, kDegree> out) const;

private:
    void baseParents(std::uint64_t node, std::uint32_t* out) const;
    std::uint64_t permuted(std::uint64_t index) const;

    std::uint64_t m_nodes;
    bool m_isFirstVersion; ///< API 1.0.0: the node before comes last, and the permutation loses its upper half
    std::array<std::uint32_t, 8> m_key{};        ///< of the generator; the last word is the node
    std::array<std::uint64_t, 3> m_feistelKeys{};
    unsigned m_halfBits = 0;
};

} // namespace lsw::proofs
