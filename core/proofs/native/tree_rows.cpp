// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/tree_rows.h"

#include <algorithm>
#include <utility>

namespace lsw::proofs {

namespace {
constexpr std::size_t kNode = 32;
constexpr std::size_t kWorthSyncing = 1U << 16; ///< smaller rows share their pages with what comes next
}

TreeRows::TreeRows(const File& file, std::uint64_t leaves, std::size_t arity, std::size_t block, std::size_t dropped, HashRow hash,
                   SharedSum* sum)
    : m_file(file), m_arity(arity), m_block(static_cast<std::size_t>(std::min<std::uint64_t>(leaves, block))), m_dropped(dropped),
      m_hash(std::move(hash)), m_sum(sum) {
    for (std::uint64_t nodes = leaves;; nodes /= arity) {
        m_nodes.push_back(nodes);
        m_offset.push_back(m_fileBytes);
        if (m_nodes.size() > dropped) m_fileBytes += nodes * kNode;
        if (nodes == 1) break;
    }
    for (std::size_t nodes = m_block; nodes > 1; nodes /= arity) ++m_blockRow;
    m_tops.resize(static_cast<std::size_t>(m_nodes[m_blockRow]) * kNode);
}

Expected<void> TreeRows::store(std::size_t row, std::uint64_t firstNode, std::span<const std::uint8_t> nodes) const {
    if (row < m_dropped) return {};
    const std::uint64_t at = m_offset[row] + firstNode * kNode;
    if (m_sum) m_sum->add(at, nodes);
    LSW_TRY(m_file.writeAt(at, nodes));
    if (nodes.size() >= kWorthSyncing) m_file.beginSync(at, nodes.size());
    return {};
}

Expected<void> TreeRows::add(std::uint64_t first, std::span<const std::uint8_t> leaves) {
    LSW_TRY(store(0, first, leaves));
    std::vector<std::uint8_t> below, row;
    std::span<const std::uint8_t> nodes = leaves;
    for (std::size_t level = 1; level <= m_blockRow; ++level) {
        row.resize(nodes.size() / m_arity);
        m_hash(nodes.data(), row.data(), row.size() / kNode);
        first /= m_arity;
        if (level < m_blockRow) LSW_TRY(store(level, first, row)); // the tops are stored together
        std::swap(below, row);
        nodes = below;
    }
    std::ranges::copy(nodes, m_tops.begin() + static_cast<std::ptrdiff_t>(first * kNode));
    return {};
}

Expected<std::vector<std::uint8_t>> TreeRows::finish() {
    std::vector<std::uint8_t> nodes = std::move(m_tops);
    if (m_blockRow > 0) LSW_TRY(store(m_blockRow, 0, nodes)); // row 0 was stored with its leaves
    for (std::size_t row = m_blockRow + 1; row < m_nodes.size(); ++row) {
        std::vector<std::uint8_t> next(nodes.size() / m_arity);
        m_hash(nodes.data(), next.data(), next.size() / kNode);
        LSW_TRY(store(row, 0, next));
        nodes = std::move(next);
    }
    return nodes;
}

} // namespace lsw::proofs
