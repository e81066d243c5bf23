// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/native/tree_rows.h"
#include "sector/piece_info.h"

#include <span>
#include <vector>

/// The trees of a sector, as files.
namespace lsw::proofs {

/// Tree D: SHA-256 of two nodes, over the data. `block` as TreeRows takes it.
TreeRows pairRows(const File& file, std::uint64_t leaves, std::size_t block);

inline constexpr std::uint64_t kOctBlock = 1U << 15; ///< leaves at once: a power of eight, 1 MiB
/// One base tree of tree C or tree R last: Poseidon of eight nodes, over the columns or the replica; in blocks of kOctBlock.
/// `sum`, when given, gets all that is stored.
TreeRows octRows(const File& file, std::uint64_t leaves, std::size_t dropped, SharedSum* sum = nullptr);

/// The roots of the base trees joined: 2 by two, 8 by eight, 16 by eight and then two. Of two: how CommR comes from CommC and CommRLast, too.
sector::Commitment joinedRoots(const std::vector<sector::Commitment>& roots);

/// CommD of a sector whose blocks come in any order and from several threads.
class SectorFold {
public:
    static constexpr std::uint64_t kBlock = 1U << 17; ///< nodes of a block: 4 MiB; a smaller sector is one block

    explicit SectorFold(std::uint64_t nodes);
    /// The block from node `first` on. The nodes are used up: rows are hashed in place.
    void add(std::uint64_t first, std::span<std::uint8_t> nodes);
    /// After all blocks.
    sector::Commitment root() const;

private:
    std::uint64_t m_nodes;
    std::vector<sector::Commitment> m_roots; ///< of the blocks
};

/// 32 bytes as a commitment.
sector::Commitment asNode(std::span<const std::uint8_t> bytes);

} // namespace lsw::proofs
