// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_labels.h"

#include "base/memory.h"
#include "base/temporary_folder.h"
#include "base/text.h"
#include "kernels/labels/label_widths.h"
#include "proofs/native/native_parents.h"
#include "proofs/native/streamed_labels.h"

#include <algorithm>
#include <limits>

namespace lsw::proofs {
namespace {

/// What memory is enough for: the layers of so many sectors, or, where it does not hold those of one, a part of them.
struct Room {
    std::size_t lanes = 0;
    std::uint64_t forParts = 0; ///< bytes
};

/// More than there is would have the system kill us in the middle. Swap does not count: labels are read at random, and what is read so from a disk
/// takes days.
Expected<Room> roomFor(const sector::ProofInfo& proof, std::uint64_t granted) {
    const std::uint64_t free = memoryLeft().available;
    if (free == 0 && granted == 0) return Room{std::numeric_limits<std::size_t>::max(), 0};
    const std::uint64_t bytes = granted == 0 ? free : free == 0 ? granted : std::min(free, granted), each = LabelLanes::memoryFor(proof, 1);
    if (bytes >= each) return Room{static_cast<std::size_t>(bytes / each), 0};
    const Room out{0, bytes == granted ? bytes : bytes - bytes / 4}; // the system needs some of what is free for files
    if (out.forParts < StreamedLabels::leastMemory(proof))
        return Error(ErrorCode::Unsupported, "labelling keeps two layers in memory, " + byteText(each) + ", or parts of them, at least " +
                                                 byteText(StreamedLabels::leastMemory(proof)) + "; here are " + byteText(out.forParts) + " for it");
    return out;
}

/// The sectors that are labelled next, where they are, and where the next ones join them.
struct Turn {
    std::vector<LabelledSector*> sectors;
    LabelPlace from, until;
};

Turn nextTurn(const sector::ProofInfo& proof, std::span<LabelledSector> sectors) {
    Turn turn{{}, {proof.layers + 1, 0}, {proof.layers + 1, 0}};
    for (LabelledSector& sector : sectors) {
        if (sector.isOver) continue;
        const LabelPlace at = sector.place();
        if (at < turn.from) {
            if (!turn.sectors.empty()) turn.until = turn.from;
            turn = {{}, at, turn.until};
        } else if (at > turn.from) {
            turn.until = std::min(turn.until, at);
        }
        if (at == turn.from) turn.sectors.push_back(&sector);
    }
    return turn;
}

/// The parents, made for all: each is told how far that is, and it ends when all are to stop.
Expected<Mapping> parentsForAll(const sector::ProofInfo& proof, std::span<LabelledSector> sectors, const std::string& phase) {
    std::stop_source all;
    TaskContext context;
    context.stop = all.get_token();
    context.report = [&](const Progress& progress) {
        for (const LabelledSector& sector : sectors)
            if (!sector.isOver) sector.context.report(progress);
        if (std::ranges::all_of(sectors, [](const LabelledSector& sector) { return sector.isOver || sector.context.stop.stop_requested(); })) all.request_stop();
    };
    return mappedParents(proof, phase, context);
}

} // namespace

Expected<Mapping> labelSector(const sector::ProofInfo& proof, const Bytes32& replicaId, const std::vector<std::filesystem::path>& layerFiles,
                              const std::string& phase, const TaskContext& context) {
    const auto room = roomFor(proof, 0);
    if (!room) return room.error();
    if (room->lanes == 0) return Error(ErrorCode::Unsupported, "two layers, " + byteText(LabelLanes::memoryFor(proof, 1)) + ", do not fit into the memory that is free");
    const auto parents = mappedParents(proof, phase, context);
    if (!parents) return parents.error();
    std::optional<Error> failed;
    LabelledSector sector{replicaId, layerFiles, nullptr, context, [&](Expected<void> how) {
        if (!how) failed = std::move(how).error();
    }};
    auto lanes = LabelLanes::make(proof, *parents, 1, {&sector}, phase);
    if (!lanes) return std::move(lanes).error();
    lanes->run({}, {proof.layers + 1, 0}, [] {});
    if (failed) return std::move(*failed);
    return lanes->takeLayer();
}

Expected<LastLayer> lastLayer(const sector::ProofInfo& proof, const Bytes32& replicaId, const std::filesystem::path& scratch, std::uint64_t memory,
                              const std::string& phase, const TaskContext& context) {
    const auto room = roomFor(proof, memory);
    if (!room) return room.error();
    if (room->lanes > 0) {
        auto labels = labelSector(proof, replicaId, {}, phase, context);
        if (!labels) return std::move(labels).error();
        return LastLayer{std::move(*labels), std::nullopt};
    }
    const auto folder = TemporaryFolder::make(scratch, "lsw-labels-");
    if (!folder) return folder.error();
    const auto parents = mappedParents(proof, phase, context);
    if (!parents) return parents.error();
    std::vector<std::filesystem::path> files;
    for (int layer = 1; layer <= proof.layers; ++layer) files.push_back(folder->path() / (layer % 2 == 0 ? "even" : "odd"));
    std::optional<Error> failed;
    LabelledSector sector{replicaId, files, nullptr, context, [&](Expected<void> how) {
        if (!how) failed = std::move(how).error();
    }};
    auto parts = StreamedLabels::make(proof, *parents, room->forParts, sector, phase);
    if (!parts) return std::move(parts).error();
    parts->run({}, {proof.layers + 1, 0}, [] {});
    if (failed) return std::move(*failed);
    auto last = File::openToRead(files.back());
    if (!last) return std::move(last).error();
    return LastLayer{std::nullopt, std::move(*last)};
}

void labelSectors(const sector::ProofInfo& proof, std::span<LabelledSector> sectors, const LabelMeans& means, const std::string& phase) {
    const auto parents = parentsForAll(proof, sectors, phase);
    const auto endAll = [&](const Error& error) {
        for (LabelledSector& sector : sectors) sector.end(error);
    };
    if (!parents) return endAll(parents.error());
    const KeptToProcessors here(means.processors); // not before: the parents are made by all. The memory of the layers is taken from beside them
    for (;;) {
        for (LabelledSector& sector : sectors) {
            sector.endIfStopped();
            if (!sector.isOver && sector.place() == LabelPlace{proof.layers + 1, 0}) sector.end({});
        }
        Turn turn = nextTurn(proof, sectors);
        if (turn.sectors.empty()) return;
        std::size_t width = 1;
        const auto room = roomFor(proof, means.memory);
        if (!room) return endAll(room.error());
        if (room->lanes == 0) {
            turn.sectors.erase(turn.sectors.begin() + 1, turn.sectors.end()); // beside each other they would read the layers as many times more often
            turn.until = {proof.layers + 1, 0};
        } else if (turn.sectors.size() > 1) {
            const kernels::LabelGroup group = kernels::labelGroups(turn.sectors.size(), room->lanes, kernels::labelWidths()).front();
            turn.sectors.resize(group.sectors);
            width = group.width;
        }
        std::vector<LabelledSector*> waiting;
        for (LabelledSector& sector : sectors)
            if (!sector.isOver && std::ranges::find(turn.sectors, &sector) == turn.sectors.end()) waiting.push_back(&sector);
        for (const LabelledSector* sector : waiting) sector->report(proof, phase, "waits for sectors of its batch", sector->place());
        const auto often = [&] {
            for (LabelledSector* sector : waiting) sector->endIfStopped();
        };
        if (room->lanes == 0) {
            auto parts = StreamedLabels::make(proof, *parents, room->forParts, *turn.sectors.front(), phase);
            if (!parts) return endAll(parts.error());
            parts->run(turn.from, turn.until, often);
            continue;
        }
        auto lanes = LabelLanes::make(proof, *parents, width, turn.sectors, phase);
        if (!lanes) return endAll(lanes.error());
        lanes->run(turn.from, turn.until, often);
    }
}

} // namespace lsw::proofs
