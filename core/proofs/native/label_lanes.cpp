// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/label_lanes.h"

#include "kernels/labels/label_widths.h"

#include <algorithm>
#include <utility>

namespace lsw::proofs {
namespace {

using kernels::kLabelBytes;

constexpr std::uint64_t kNodesAtOnce = 1U << 14, kLeastNodesAtOnce = 1U << 11; ///< of all lanes 10 to 20 ms: how long a stop waits
constexpr std::uint64_t kPagesMatter = 8U << 20;
/// When fewer lanes are that much cheaper, reading the layers again pays.
constexpr double kWorthPacking = 0.9;

} // namespace

void LabelledSector::end(Expected<void> how) {
    if (std::exchange(isOver, true)) return;
    ended(std::move(how));
}

void LabelledSector::endIfStopped() {
    if (!isOver && context.stop.stop_requested()) end(Error(ErrorCode::Cancelled, "stopped while labelling"));
}

void LabelledSector::report(const sector::ProofInfo& proof, const std::string& phase, const std::string& step, LabelPlace at) const {
    context.report({phase, step, static_cast<std::uint64_t>(at.layer - 1) * proof.nodes() + at.node, static_cast<std::uint64_t>(proof.layers) * proof.nodes(), "nodes"});
}

Expected<void> LayerWriter::open(const sector::ProofInfo& proof, LabelPlace at) {
    if (sector->layerFiles.empty()) return {};
    const auto& path = sector->layerFiles[static_cast<std::size_t>(at.layer - 1)];
    auto made = at.node > 0 ? File::openToWrite(path) : File::create(path);
    if (!made) return std::move(made).error();
    file = std::move(*made);
    sum = at.node > 0 ? sector->checkpoint->sumOf(at.layer) : FileSum();
    return file->allocate(proof.sectorSize.value);
}

Expected<void> LayerWriter::keep(const sector::ProofInfo& proof, LabelPlace at, std::span<const std::uint8_t> labels) {
    const std::uint64_t offset = at.node * kLabelBytes, end = at.node + labels.size() / kLabelBytes;
    LSW_TRY(file->writeAt(offset, labels));
    file->beginSync(offset, labels.size());
    if (!sector->checkpoint) return end == proof.nodes() ? file->sync() : Expected<void>();
    sum.add(offset, labels);
    if (!sector->checkpoint->isDue(end)) return {};
    LSW_TRY(file->sync());
    return sector->checkpoint->note(at.layer, end, sum);
}

void LayerWriter::end(Expected<void> how) {
    file.reset();
    sector->end(std::move(how));
}

Expected<LabelLanes> LabelLanes::make(const sector::ProofInfo& proof, const Mapping& parents, std::size_t width, std::vector<LabelledSector*> sectors, std::string phase) {
    const std::uint64_t bytes = width * proof.sectorSize.value;
    auto previous = Mapping::ofMemory(bytes), current = Mapping::ofMemory(bytes);
    if (!previous) return std::move(previous).error();
    if (!current) return std::move(current).error();
    LabelLanes out(proof, parents, width, std::move(phase), std::move(*previous), std::move(*current));
    for (std::size_t lane = 0; lane < sectors.size(); ++lane) {
        out.m_lanes.push_back({sectors[lane]});
        std::ranges::copy(sectors[lane]->replicaId, out.m_replicaIds.begin() + static_cast<std::ptrdiff_t>(lane * kLabelBytes));
    }
    return out;
}

LabelLanes::LabelLanes(const sector::ProofInfo& proof, const Mapping& parents, std::size_t width, std::string phase, Mapping previous, Mapping current)
    : m_proof(proof), m_parents(parents), m_layout{width}, m_label(kernels::labels().chosen().function.of(width)), m_phase(std::move(phase)),
      m_previous(std::move(previous)), m_current(std::move(current)), m_replicaIds(width * kLabelBytes) {}

/// For each lane whose sector is not over: what fails ends that one.
template <typename Step>
void LabelLanes::forEach(Step step) {
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        if (m_lanes[lane].sector->isOver) continue;
        if (m_lanes[lane].sector->context.stop.stop_requested()) m_lanes[lane].end(Error(ErrorCode::Cancelled, "stopped while labelling"));
        else if (auto done = step(lane); !done) m_lanes[lane].end(std::move(done));
    }
}

std::size_t LabelLanes::left() const {
    return static_cast<std::size_t>(std::ranges::count_if(m_lanes, [](const LayerWriter& lane) { return !lane.sector->isOver; }));
}

/// The first labels of a layer from its file into memory.
Expected<void> LabelLanes::readBack(std::size_t lane, int layer, std::uint64_t nodes) {
    const LabelledSector& sector = *m_lanes[lane].sector;
    const auto file = File::openToRead(sector.layerFiles[static_cast<std::size_t>(layer - 1)]);
    if (!file) return file.error();
    file->willBeReadInOrder();
    const auto sum = sumOf(*file, 0, nodes * kLabelBytes, [&](std::uint64_t at, std::span<const std::uint8_t> part) -> Expected<void> {
        m_layout.put(m_current.data(), lane, at / kLabelBytes, part.size() / kLabelBytes, part.data());
        if (sector.context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while labelling");
        return {};
    });
    if (!sum) return sum.error();
    if (*sum != sector.checkpoint->sumOf(layer)) return Error(ErrorCode::Corrupt, file->path().string() + " was altered while PC1 went on from it");
    return {};
}

Expected<void> LabelLanes::keep(std::size_t lane, LabelPlace at, std::uint64_t count) {
    if (!m_lanes[lane].file) return {};
    std::span<const std::uint8_t> labels(m_current.data() + at.node * kLabelBytes, count * kLabelBytes);
    if (m_layout.sectors > 1) {
        m_labels.resize(labels.size());
        m_layout.take(m_current.data(), lane, at.node, count, m_labels.data());
        labels = m_labels;
    }
    return m_lanes[lane].keep(m_proof, at, labels);
}

void LabelLanes::run(LabelPlace from, LabelPlace until, const std::function<void()>& often) {
    std::uint64_t atOnce = std::max(kNodesAtOnce / m_layout.sectors, kLeastNodesAtOnce);
    for (const LayerWriter& lane : m_lanes)
        if (lane.sector->checkpoint) atOnce = std::min(atOnce, lane.sector->checkpoint->nodesBetween());
    if (from.layer > 1) forEach([&](std::size_t lane) { return readBack(lane, from.layer - 1, m_proof.nodes()); });
    for (LabelPlace at = from; at < until; at = {at.layer + 1, 0}) {
        if (at.layer > 1) std::swap(m_previous, m_current);
        forEach([&](std::size_t lane) { return m_lanes[lane].open(m_proof, at); });
        if (at.node > 0) forEach([&](std::size_t lane) { return readBack(lane, at.layer, at.node); });
        std::string step = "layer " + std::to_string(at.layer) + " of " + std::to_string(m_proof.layers);
        if (m_lanes.size() > 1) step += ", " + std::to_string(left()) + " sectors at once";
        step += m_note.value_or("");
        const auto report = [&](std::size_t lane) {
            m_lanes[lane].sector->report(m_proof, m_phase, step, at);
            return Expected<void>();
        };
        forEach(report);
        const std::uint64_t end = at.layer == until.layer ? until.node : m_proof.nodes();
        while (at.node < end) {
            if (left() == 0) return;
            const std::uint64_t count = std::min(atOnce, end - at.node);
            m_label({static_cast<std::uint32_t>(at.layer), at.node, count, reinterpret_cast<const std::uint32_t*>(m_parents.data()) + at.node * kernels::kParents,
                     m_replicaIds.data(), at.layer == 1 ? nullptr : m_previous.data(), m_current.data()});
            if (!m_note && (at.node + count) * m_layout.bytesPerNode() >= kPagesMatter / 2) step += noteOfPages(); // the first pages may not lie in a huge one
            forEach([&](std::size_t lane) { return keep(lane, at, count); });
            at.node += count;
            forEach(report);
            often();
        }
        if (left() == 0 || (left() < m_lanes.size() && at.layer < m_proof.layers && isPackingWorthIt())) return;
    }
}

/// What is to be said when the memory that was just used is not in huge pages; empty when it is, or so small that it does not matter.
std::string LabelLanes::noteOfPages() {
    const bool isSlow = m_current.size() >= kPagesMatter && !m_current.isInHugePages();
    m_note = isSlow ? ", without huge pages: up to a third slower" : "";
    return *m_note;
}

bool LabelLanes::isPackingWorthIt() const {
    const auto& widths = kernels::labelWidths();
    return kernels::costOf(kernels::labelGroups(left(), m_layout.sectors, widths), widths) < kWorthPacking * kernels::costOf({{left(), m_layout.sectors}}, widths);
}

} // namespace lsw::proofs
