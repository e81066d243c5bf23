// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/file.h"
#include "base/task_context.h"
#include "kernels/labels/labels.h"
#include "proofs/native/label_checkpoint.h"
#include "sector/proof_type.h"

#include <compare>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lsw::proofs {

/// The node of a sector that is labelled next. At the end: node 0 of a layer that there is not.
struct LabelPlace {
    int layer = 1;
    std::uint64_t node = 0;
    auto operator<=>(const LabelPlace&) const = default;
};

/// A sector that is labelled, alone or beside others.
struct LabelledSector {
    Bytes32 replicaId{};
    std::vector<std::filesystem::path> layerFiles; ///< one for each layer; none: only the last one is kept, in memory
    LabelCheckpoint* checkpoint = nullptr;         ///< where it goes on, and what it keeps up to date; needs the files. None: from the beginning
    TaskContext context{};
    /// Told once: its labels are done, or what ended it. Nothing of it is touched after that.
    std::function<void(Expected<void>)> ended = [](Expected<void>) {};
    bool isOver = false;

    LabelPlace place() const { return checkpoint ? LabelPlace{checkpoint->wholeLayers() + 1, checkpoint->nodesOfNext()} : LabelPlace{}; }
    void end(Expected<void> how);
    /// Ends it when it is to stop.
    void endIfStopped();
    void report(const sector::ProofInfo& proof, const std::string& phase, const std::string& step, LabelPlace at) const;
};

/// The labels of a sector on their way into its file and, where one is due, into its checkpoint.
struct LayerWriter {
    LabelledSector* sector;
    std::optional<File> file{}; ///< of the layer in work
    FileSum sum{};              ///< of what is in it; with a checkpoint

    Expected<void> open(const sector::ProofInfo& proof, LabelPlace at);
    /// Those from `at` on.
    Expected<void> keep(const sector::ProofInfo& proof, LabelPlace at, std::span<const std::uint8_t> labels);
    /// Ends the sector; the file is closed before anybody hears of it.
    void end(Expected<void> how);
};

/// Some sectors of one proof type that are at the same place, labelled beside each other by one core: two layers of each are in memory, node by node
/// of all of them. One that is stopped or fails leaves its lane empty; the others do not notice.
class LabelLanes {
public:
    /// in      width  a width of the kernel in use, not less than there are sectors
    /// error   Io when there is no memory
    static Expected<LabelLanes> make(const sector::ProofInfo& proof, const Mapping& parents, std::size_t width, std::vector<LabelledSector*> sectors, std::string phase);
    static std::uint64_t memoryFor(const sector::ProofInfo& proof, std::size_t width) { return 2 * width * proof.sectorSize.value; }

    /// Labels from one place to another, at which a checkpoint is due. Ends earlier at the end of a layer when so many have left that the rest
    /// is cheaper in fewer lanes, and when all have. `often` is called every 10 to 30 ms.
    void run(LabelPlace from, LabelPlace until, const std::function<void()>& often);
    /// The layer that was labelled last.
    Mapping takeLayer() { return std::move(m_current); }

private:
    LabelLanes(const sector::ProofInfo& proof, const Mapping& parents, std::size_t width, std::string phase, Mapping previous, Mapping current);
    template <typename Step>
    void forEach(Step step);
    std::size_t left() const;
    bool isPackingWorthIt() const;
    std::string noteOfPages();
    Expected<void> readBack(std::size_t lane, int layer, std::uint64_t nodes);
    Expected<void> keep(std::size_t lane, LabelPlace at, std::uint64_t count);

    const sector::ProofInfo& m_proof;
    const Mapping& m_parents;
    kernels::LabelLayout m_layout;
    kernels::LabelFunction m_label;
    std::string m_phase;
    Mapping m_previous, m_current;
    std::vector<LayerWriter> m_lanes;
    std::vector<std::uint8_t> m_replicaIds; ///< [width][32]
    std::vector<std::uint8_t> m_labels;     ///< of one lane, as they are written
    std::optional<std::string> m_note;      ///< see noteOfPages()
};

} // namespace lsw::proofs
