// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/native/label_lanes.h"

#include <span>
#include <string>
#include <vector>

namespace lsw::proofs {

/// Labels a sector where memory does not hold two layers. A layer is made in parts: of the parents of a part all but those inside it lie in files that
/// are there already, the layer before and the beginning of this one. Both are read from end to end, and what the part needs is put down in
/// the order of its nodes. So the disk is only ever read in order, and labelling itself finds its parents beside each other.
///
/// source  none: own design; the bytes are those of LabelLanes
class StreamedLabels {
public:
    /// With less, a layer would be read hundreds of times.
    static std::uint64_t leastMemory(const sector::ProofInfo& proof) { return proof.sectorSize.value / 32; }

    /// in      memory  bytes that are taken, at least leastMemory(); `sector` has a file for each layer
    /// error   Io when there is no memory
    static Expected<StreamedLabels> make(const sector::ProofInfo& proof, const Mapping& parents, std::uint64_t memory, LabelledSector& sector, std::string phase);

    /// As LabelLanes::run. What fails ends the sector: Io and Corrupt for a layer that cannot be read or is not what was written.
    void run(LabelPlace from, LabelPlace until, const std::function<void()>& often);

private:
    /// A label that lies in a file, and its place among those that were fetched.
    struct Wanted {
        std::uint32_t node, slot;
    };
    /// The wanted labels of one file, sorted by blocks of it; `ends` says where those of each block end.
    struct WantedList {
        Wanted* begin = nullptr;
        std::vector<std::uint64_t> ends;
    };
    /// Nodes [begin, end) of a layer, and where in memory what belongs to them lies.
    struct Part {
        std::uint64_t begin = 0, end = 0;
        std::uint64_t far = 0; ///< base parents before `begin`, each counted as often as it is one
        std::uint8_t *labels = nullptr, *ofPrevious = nullptr;
        WantedList previous, current;
        std::uint64_t nodes() const { return end - begin; }
    };

    StreamedLabels(const sector::ProofInfo& proof, const Mapping& parents, Mapping memory, LabelledSector& sector, std::string phase);
    Expected<void> layer(LabelPlace at, std::uint64_t end);
    Expected<Part> planned(LabelPlace at, std::uint64_t end);
    Expected<void> list(int layer, Part& part);
    Expected<void> fetch(int layer, std::uint64_t nodes, const WantedList& wanted, std::uint8_t* to, const FileSum* expected);
    Expected<void> label(int layer, const Part& part, const std::string& step);
    std::span<const std::uint32_t> parentsOf(std::uint64_t node) const;
    Expected<void> look() const;

    const sector::ProofInfo& m_proof;
    const Mapping& m_parents;
    Mapping m_memory;
    LayerWriter m_writer;
    kernels::LabelFunction m_label;
    std::string m_phase;
    std::vector<std::uint8_t> m_block;
    const std::function<void()>* m_often = nullptr;
};

} // namespace lsw::proofs
