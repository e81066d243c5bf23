// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/file.h"
#include "base/file_sum.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace lsw::proofs {

/// Writes a tree of 32-byte nodes into a store file, row after row, leaves first. Leaves come in blocks, in any order and from several threads;
/// the rows of a block that lie over it alone are hashed and written at once, the rows above the blocks at the end.
///
/// source  merkletree 0.23 src/store/disk.rs, level_cache.rs (the layout)
class TreeRows {
public:
    /// Hashes `count` groups of `arity` contiguous nodes.
    using HashRow = std::function<void(const std::uint8_t* nodes, std::uint8_t* out, std::size_t count)>;

    /// `sum`, when given, gets all that is stored.
    ///
    /// `leaves` and `block` are powers of `arity` (leaves: times a power for arity 2). The `dropped` lowest rows are hashed but not stored.
    TreeRows(const File& file, std::uint64_t leaves, std::size_t arity, std::size_t block, std::size_t dropped, HashRow hash,
             SharedSum* sum = nullptr);

    std::uint64_t fileBytes() const { return m_fileBytes; }
    /// Nodes of a block are at most this many, from leaf `first`, a multiple of it.
    std::size_t block() const { return m_block; }
    Expected<void> add(std::uint64_t first, std::span<const std::uint8_t> leaves);
    /// After all blocks: the rows above them. Gives the root.
    Expected<std::vector<std::uint8_t>> finish();

private:
    Expected<void> store(std::size_t row, std::uint64_t firstNode, std::span<const std::uint8_t> nodes) const;

    const File& m_file;
    std::size_t m_arity, m_block, m_dropped;
    HashRow m_hash;
    SharedSum* m_sum;
    std::vector<std::uint64_t> m_offset; ///< of each row in the file; the dropped ones are not used
    std::vector<std::uint64_t> m_nodes;  ///< of each row
    std::size_t m_blockRow = 0;          ///< the row that has one node for each block
    std::uint64_t m_fileBytes = 0;
    std::vector<std::uint8_t> m_tops;    ///< that row
};

} // namespace lsw::proofs
