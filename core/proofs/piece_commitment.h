// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/piece_info.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

/// CommP and CommD computed by our own kernels, with nothing of the official crate: what the crate says is checked against this.
///
/// source  rust-fil-proofs filecoin-proofs/src/pieces.rs (the rule); sha256 of two nodes with the top two bits cleared, binary all the way
namespace lsw::proofs {

using sector::Commitment;
using sector::PieceInfo;

/// Commitment of a padded range of zeros; any power of two from 32 bytes to 2^63.
Commitment zeroCommitment(sector::PaddedBytes size);

/// Builds the root of a binary tree from its nodes, left to right, in constant memory.
class MerkleFold {
public:
    /// The next node, of level 0 for a leaf. It must start where a node of its level can start.
    void add(const Commitment& node, unsigned level = 0);
    /// The next leaves, 32 bytes each; they may begin and end anywhere. The bytes are used up: rows are hashed in place.
    void addLeaves(std::span<std::uint8_t> nodes);
    /// Leaves added so far; a node of level k counts 2^k.
    std::uint64_t leaves() const { return m_leaves; }
    /// The root, when the leaves are a power of two.
    std::optional<Commitment> root() const;

private:
    std::array<Commitment, 64> m_pending{};
    std::uint64_t m_leaves = 0; ///< bit k set: a finished subtree of level k waits in m_pending[k]
};

/// CommP of user bytes that arrive in any portions.
class PieceHasher {
public:
    void append(std::span<const std::uint8_t> user);
    std::uint64_t userBytes() const { return m_userBytes; }
    /// Fills up with zeros to `size` and gives the commitment. InvalidArgument when `size` is no piece size or was exceeded.
    Expected<PieceInfo> finish(sector::UnpaddedBytes size);

private:
    void hashGroups(std::span<const std::uint8_t> groups);

    MerkleFold m_fold;
    std::array<std::uint8_t, 127> m_rest{};
    std::size_t m_restSize = 0;
    std::uint64_t m_userBytes = 0;
    std::vector<std::uint8_t> m_padded; ///< room for what is hashed at once
};

/// CommP of what a descriptor gives up to its end, filled up with zeros to `size`.
/// `progress` is told the user bytes read so far, every few MiB.
///
/// error   InvalidArgument when more than `size` bytes come; Io; Cancelled
Expected<PieceInfo> pieceCommitmentOf(int descriptor, sector::UnpaddedBytes size, std::stop_token stop = {},
                                      const std::function<void(std::uint64_t)>& progress = {});
/// The same of a file.
Expected<PieceInfo> pieceCommitmentOf(const std::filesystem::path& file, sector::UnpaddedBytes size, std::stop_token stop = {});
/// The same of a range of zeros.
Expected<PieceInfo> zeroPiece(sector::UnpaddedBytes size);

/// CommD of a range that is padded already (an unsealed sector file): the tree over its words.
Expected<Commitment> paddedCommitmentOf(int descriptor, std::uint64_t offset, sector::PaddedBytes size, std::stop_token stop = {});

/// CommD of a sector from its pieces in order; a gap before a piece that must be aligned, and the rest of the sector, are zeros.
/// InvalidArgument on a size that is no piece size, or more pieces than fit.
Expected<Commitment> sectorCommitment(sector::PaddedBytes sectorSize, std::span<const PieceInfo> pieces);

} // namespace lsw::proofs
