// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// What is hashed for a label: a block with replica id, layer and node, then 37 parents (the distinct ones in turn), two a block, so 18 blocks
/// and a last one with one parent and the end of the message. Equal blocks have equal schedules: of twenty, nine have to be worked out.
namespace lsw::kernels::labels_detail {

static constexpr std::size_t kParentBlocks = 18;
static constexpr std::uint32_t kMessageBits = 8 * 1248;

/// How many different pairs of parents there are: 6 parents in layer 1, 14 after.
static constexpr std::size_t distinctPairs(std::uint32_t layer) { return layer == 1 ? 3 : 7; }
/// The 37th parent.
static constexpr std::size_t lastParent(std::uint32_t layer) { return layer == 1 ? 0 : 8; }

/// So many nodes ahead are parents fetched into the cache: less is too late, more is pushed out again.
static constexpr std::size_t kLookAhead = 2;

} // namespace lsw::kernels::labels_detail
