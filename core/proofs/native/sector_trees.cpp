// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/sector_trees.h"

#include "base/bytes.h"
#include "kernels/poseidon/poseidon.h"
#include "kernels/sha256/pair_hash.h"
#include "proofs/piece_commitment.h"

#include <algorithm>
#include <array>
#include <bit>

namespace lsw::proofs {
namespace {

constexpr std::size_t kNode = 32;

/// A level of a tree whose nodes lie one after the other, as PoseidonBatch wants it.
void hashGroups(std::size_t arity, const std::uint8_t* nodes, std::uint8_t* out, std::size_t count) {
    std::array<const std::uint8_t*, 8> at{};
    for (std::size_t j = 0; j < arity; ++j) at[j] = nodes + kNode * j;
    kernels::poseidonBatch().chosen().function.of(arity)(at.data(), kNode * arity, out, count);
}

} // namespace

TreeRows pairRows(const File& file, std::uint64_t leaves, std::size_t block) {
    return TreeRows(file, leaves, 2, block, 0, [](const std::uint8_t* nodes, std::uint8_t* out, std::size_t count) {
        kernels::pairHash().chosen().function(nodes, out, count);
    });
}

TreeRows octRows(const File& file, std::uint64_t leaves, std::size_t dropped, SharedSum* sum) {
    return TreeRows(file, leaves, 8, kOctBlock, dropped,
                    [](const std::uint8_t* nodes, std::uint8_t* out, std::size_t count) { hashGroups(8, nodes, out, count); }, sum);
}

sector::Commitment joinedRoots(const std::vector<sector::Commitment>& roots) {
    Bytes nodes;
    for (const sector::Commitment& root : roots) nodes.insert(nodes.end(), root.begin(), root.end());
    while (nodes.size() > kNode) {
        const std::size_t count = nodes.size() / kNode, arity = count % 8 == 0 ? 8 : 2;
        Bytes next(nodes.size() / arity);
        hashGroups(arity, nodes.data(), next.data(), next.size() / kNode);
        nodes = std::move(next);
    }
    return asNode(nodes);
}

SectorFold::SectorFold(std::uint64_t nodes) : m_nodes(nodes), m_roots(static_cast<std::size_t>((nodes + kBlock - 1) / kBlock)) {}

void SectorFold::add(std::uint64_t first, std::span<std::uint8_t> nodes) {
    MerkleFold fold;
    fold.addLeaves(nodes);
    m_roots[static_cast<std::size_t>(first / kBlock)] = *fold.root();
}

sector::Commitment SectorFold::root() const {
    MerkleFold fold;
    const auto level = static_cast<unsigned>(std::countr_zero(std::min(kBlock, m_nodes)));
    for (const sector::Commitment& root : m_roots) fold.add(root, level);
    return *fold.root();
}

sector::Commitment asNode(std::span<const std::uint8_t> bytes) {
    sector::Commitment out{};
    std::copy_n(bytes.begin(), out.size(), out.begin());
    return out;
}

} // namespace lsw::proofs
