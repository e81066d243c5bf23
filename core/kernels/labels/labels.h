// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/kernel_registry.h"

#include <cstddef>
#include <cstdint>

namespace lsw::kernels {

inline constexpr std::size_t kParents = 14;     ///< of a node: 6 in its own layer, then 8 in the layer before
inline constexpr std::size_t kBaseParents = 6;
inline constexpr std::size_t kLabelBytes = 32;

/// Some nodes of one layer to be labelled, for one or several sectors of the same graph. Labels of several sectors lie beside each other
/// (see LabelLayout), so that one parent of all of them is one place in memory.
///
/// source  rust-fil-proofs storage-proofs-porep/src/stacked/vanilla/create_label/single.rs, labeling_proof.rs
struct LabelRun {
    std::uint32_t layer = 1;                   ///< from 1; layer 1 has no layer before it and uses base parents alone
    std::uint64_t begin = 0;                   ///< first node; node 0 has no parents
    std::size_t count = 0;
    const std::uint32_t* parents = nullptr;    ///< [count][14], of nodes begin …
    const std::uint8_t* replicaIds = nullptr;  ///< [sectors][32]
    const std::uint8_t* previous = nullptr;    ///< the labels that expander parents count in: the layer before; not looked at in layer 1
    std::uint8_t* current = nullptr;           ///< this layer from node `origin` on: parents are there, [begin, begin+count) are written
    std::uint64_t origin = 0;                  ///< base parents are counted from it
};
using LabelFunction = void (*)(const LabelRun&);

/// Where the label of a node lies. Up to four sectors: node by node, sector by sector, as bytes. 16 and 32 sectors: word by word in the order of
/// the processor, 16 sectors beside each other.
struct LabelLayout {
    std::size_t sectors = 1;

    std::size_t bytesPerNode() const { return sectors * kLabelBytes; }
    /// Labels of one sector as they stand in a layer file.
    void take(const std::uint8_t* layer, std::size_t sector, std::uint64_t begin, std::size_t count, std::uint8_t* out) const;
    /// The way back.
    void put(std::uint8_t* layer, std::size_t sector, std::uint64_t begin, std::size_t count, const std::uint8_t* labels) const;
};

/// One implementation for the numbers of sectors it can label at once; a null pointer is one that it cannot.
struct LabelSet {
    LabelFunction x1, x2, x4, x16, x32;
    LabelFunction of(std::size_t sectors) const {
        return sectors == 1 ? x1 : sectors == 2 ? x2 : sectors == 4 ? x4 : sectors == 16 ? x16 : sectors == 32 ? x32 : nullptr;
    }
};

/// avx512 (16 and 32 sectors; fewer as sha-ni), sha-ni, portable.
const Kernel<LabelSet>& labels();

namespace label_sets {
extern const LabelSet kPortable;
#if defined(__x86_64__)
void shaNi1(const LabelRun& run);
void shaNi2(const LabelRun& run);
void shaNi4(const LabelRun& run);
void avx512x16(const LabelRun& run);
void avx512x32(const LabelRun& run);
#endif
} // namespace label_sets

} // namespace lsw::kernels
