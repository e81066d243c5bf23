// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/streamed_labels.h"

#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lsw::proofs {
namespace {

using kernels::kBaseParents;
using kernels::kLabelBytes;
using kernels::kParents;

constexpr std::uint64_t kNodesAtOnce = 1U << 14;
/// Nodes of a file that are read at once: a megabyte stays in the cache while labels are picked from it.
constexpr std::uint64_t kBlock = 1U << 15;
constexpr std::uint64_t kReadAhead = 16U << 20;
/// More nodes in a part, and the slots of their expander parents would not go into 32 bits.
constexpr std::uint64_t kMostNodes = 1U << 28;
constexpr std::uint64_t kExpanders = kParents - kBaseParents;

std::uint64_t blocksOf(std::uint64_t nodes) { return (nodes + kBlock - 1) / kBlock; }

std::uint64_t farParents(std::span<const std::uint32_t> parents, std::uint64_t begin) {
    return static_cast<std::uint64_t>(std::ranges::count_if(parents.first(kBaseParents), [&](std::uint32_t parent) { return parent < begin; }));
}

} // namespace

Expected<StreamedLabels> StreamedLabels::make(const sector::ProofInfo& proof, const Mapping& parents, std::uint64_t memory, LabelledSector& sector, std::string phase) {
    auto room = Mapping::ofMemory(memory);
    if (!room) return std::move(room).error();
    return StreamedLabels(proof, parents, std::move(*room), sector, std::move(phase));
}

StreamedLabels::StreamedLabels(const sector::ProofInfo& proof, const Mapping& parents, Mapping memory, LabelledSector& sector, std::string phase)
    : m_proof(proof), m_parents(parents), m_memory(std::move(memory)), m_writer{&sector}, m_label(kernels::labels().chosen().function.of(1)),
      m_phase(std::move(phase)), m_block(std::min(kBlock, proof.nodes()) * kLabelBytes) {}

std::span<const std::uint32_t> StreamedLabels::parentsOf(std::uint64_t node) const {
    return {reinterpret_cast<const std::uint32_t*>(m_parents.data()) + node * kParents, kParents};
}

/// What is done now and then, whatever else is being done.
Expected<void> StreamedLabels::look() const {
    (*m_often)();
    if (m_writer.sector->context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while labelling");
    return {};
}

void StreamedLabels::run(LabelPlace from, LabelPlace until, const std::function<void()>& often) {
    m_often = &often;
    for (LabelPlace at = from; at < until; at = {at.layer + 1, 0}) {
        const auto done = layer(at, at.layer == until.layer ? until.node : m_proof.nodes());
        if (!done) return m_writer.end(done.error());
    }
}

Expected<void> StreamedLabels::layer(LabelPlace at, std::uint64_t end) {
    const LabelledSector& sector = *m_writer.sector;
    const bool isKnown = sector.checkpoint != nullptr;
    LSW_TRY(m_writer.open(m_proof, at));
    while (at.node < end) {
        auto part = planned(at, end);
        if (!part) return std::move(part).error();
        LSW_TRY(list(at.layer, *part));
        // Parts grow a little: later nodes are no farther from their parents, but fewer of these lie before the beginning of the layer.
        const std::uint64_t parts = (m_proof.nodes() + part->nodes() - 1) / part->nodes();
        const std::string step = "layer " + std::to_string(at.layer) + " of " + std::to_string(m_proof.layers) + ", in about " + std::to_string(parts) + " parts with " +
                                 byteText(m_memory.size()) + " of memory: reads " + byteText(parts * m_proof.sectorSize.value * (at.layer == 1 ? 1 : 3) / 2) + " a layer";
        sector.report(m_proof, m_phase, step, at);
        if (at.layer > 1) {
            const FileSum sum = isKnown ? sector.checkpoint->sumOf(at.layer - 1) : FileSum();
            LSW_TRY(fetch(at.layer - 1, m_proof.nodes(), part->previous, part->ofPrevious, isKnown ? &sum : nullptr));
        }
        if (part->far > 0) LSW_TRY(fetch(at.layer, at.node, part->current, part->labels + part->nodes() * kLabelBytes, isKnown ? &m_writer.sum : nullptr));
        LSW_TRY(label(at.layer, *part, step));
        at.node = part->end;
    }
    return {};
}

/// As many nodes as memory is enough for, and how many labels of each block of the files they want.
Expected<StreamedLabels::Part> StreamedLabels::planned(LabelPlace at, std::uint64_t end) {
    constexpr std::uint64_t kFetched = kLabelBytes + sizeof(Wanted);
    const std::uint64_t expanders = at.layer > 1 ? kExpanders : 0;
    Part part;
    part.begin = part.end = at.node;
    part.previous.ends.resize(expanders > 0 ? blocksOf(m_proof.nodes()) : 0);
    part.current.ends.resize(blocksOf(at.node));
    std::uint64_t used = 0;
    for (const std::uint64_t most = std::min(end, at.node + kMostNodes); part.end < most; ++part.end) {
        if ((part.end - part.begin) % kNodesAtOnce == 0) LSW_TRY(look());
        const auto parents = parentsOf(part.end);
        const std::uint64_t far = farParents(parents, part.begin);
        used += kLabelBytes + (far + expanders) * kFetched;
        if (used > m_memory.size()) break;
        part.far += far;
        for (const std::uint32_t parent : parents.first(kBaseParents))
            if (parent < part.begin) ++part.current.ends[parent / kBlock];
        for (const std::uint32_t parent : parents.last(expanders)) ++part.previous.ends[parent / kBlock];
    }
    if (part.nodes() == 0) return Error(ErrorCode::Unsupported, "labelling needs more than " + std::to_string(m_memory.size()) + " bytes of memory");
    part.labels = m_memory.data();
    part.ofPrevious = part.labels + (part.nodes() + part.far) * kLabelBytes;
    part.previous.begin = reinterpret_cast<Wanted*>(part.ofPrevious + part.nodes() * expanders * kLabelBytes);
    part.current.begin = part.previous.begin + part.nodes() * expanders;
    return part;
}

/// Writes down which labels are wanted, block by block.
Expected<void> StreamedLabels::list(int layer, Part& part) {
    for (WantedList* one : {&part.previous, &part.current}) // from the numbers to the beginnings; each moves to its end while it is filled
        for (std::uint64_t sum = 0; std::uint64_t& count : one->ends) sum += std::exchange(count, sum);
    const auto add = [](WantedList& to, std::uint32_t node, std::uint64_t slot) { to.begin[to.ends[node / kBlock]++] = {node, static_cast<std::uint32_t>(slot)}; };
    std::uint64_t far = 0;
    for (std::uint64_t node = part.begin; node < part.end; ++node) {
        if ((node - part.begin) % kNodesAtOnce == 0) LSW_TRY(look());
        const auto parents = parentsOf(node);
        for (const std::uint32_t parent : parents.first(kBaseParents))
            if (parent < part.begin) add(part.current, parent, far++);
        for (std::size_t j = 0; layer > 1 && j < kExpanders; ++j) add(part.previous, parents[kBaseParents + j], kExpanders * (node - part.begin) + j);
    }
    return {};
}

/// Reads the first nodes of a layer and puts those that are wanted in their places.
Expected<void> StreamedLabels::fetch(int layer, std::uint64_t nodes, const WantedList& wanted, std::uint8_t* to, const FileSum* expected) {
    const auto file = File::openToRead(m_writer.sector->layerFiles[static_cast<std::size_t>(layer - 1)]);
    if (!file) return file.error();
    FileSum sum;
    const Wanted* next = wanted.begin;
    for (std::uint64_t block = 0; block < blocksOf(nodes); ++block) {
        LSW_TRY(look());
        const std::uint64_t begin = block * kBlock, offset = begin * kLabelBytes;
        const std::span<std::uint8_t> bytes(m_block.data(), std::min(kBlock, nodes - begin) * kLabelBytes);
        file->willBeRead(offset + bytes.size(), kReadAhead);
        LSW_TRY(file->readAt(offset, bytes));
        sum.add(offset, bytes);
        for (const Wanted* end = wanted.begin + wanted.ends[block]; next < end; ++next)
            std::memcpy(to + next->slot * kLabelBytes, bytes.data() + (next->node - begin) * kLabelBytes, kLabelBytes);
    }
    if (expected && sum != *expected) return Error(ErrorCode::Corrupt, file->path().string() + " was altered while PC1 read it");
    return {};
}

Expected<void> StreamedLabels::label(int layer, const Part& part, const std::string& step) {
    const LabelledSector& sector = *m_writer.sector;
    const std::uint64_t atOnce = sector.checkpoint ? std::min(kNodesAtOnce, sector.checkpoint->nodesBetween()) : kNodesAtOnce;
    std::vector<std::uint32_t> parents(atOnce * kParents);
    std::uint64_t far = part.nodes(); // behind the labels of the part
    for (LabelPlace at{layer, part.begin}; at.node < part.end;) {
        const std::uint64_t count = std::min(atOnce - at.node % atOnce, part.end - at.node);
        for (std::uint64_t k = 0; k < count; ++k) {
            const auto from = parentsOf(at.node + k);
            std::uint32_t* to = parents.data() + k * kParents;
            for (std::size_t j = 0; j < kBaseParents; ++j) to[j] = static_cast<std::uint32_t>(from[j] < part.begin ? far++ : from[j] - part.begin);
            for (std::size_t j = 0; j < kExpanders; ++j) to[kBaseParents + j] = static_cast<std::uint32_t>(kExpanders * (at.node + k - part.begin) + j);
        }
        m_label({static_cast<std::uint32_t>(layer), at.node, count, parents.data(), sector.replicaId.data(), part.ofPrevious, part.labels, part.begin});
        LSW_TRY(m_writer.keep(m_proof, at, {part.labels + (at.node - part.begin) * kLabelBytes, count * kLabelBytes}));
        at.node += count;
        sector.report(m_proof, m_phase, step, at);
        LSW_TRY(look());
    }
    return {};
}

} // namespace lsw::proofs
