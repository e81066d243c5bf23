// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_labels.h"

#include "base/memory.h"
#include "kernels/labels/label_widths.h"
#include "proofs/native/native_parents.h"

#include <algorithm>
#include <limits>

namespace lsw::proofs {
namespace {

/// How many sectors' layers there is memory for. More than there is would have the system kill us in the middle; swap is slow, but somebody's choice.
Expected<std::size_t> lanesThatFit(const sector::ProofInfo& proof) {
    const MemoryLeft left = memoryLeft();
    if (left.available == 0) return std::numeric_limits<std::size_t>::max();
    const std::uint64_t each = LabelLanes::memoryFor(proof, 1), all = left.available + left.swap;
    if (all < each)
        return Error(ErrorCode::Unsupported, "labelling keeps two layers in memory, " + std::to_string(each >> 20) + " MiB; this machine has " +
                                                 std::to_string(all >> 20) + " MiB free, swap included");
    return static_cast<std::size_t>(all / each);
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
    if (const auto fits = lanesThatFit(proof); !fits) return fits.error();
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

void labelSectors(const sector::ProofInfo& proof, std::span<LabelledSector> sectors, const std::string& phase) {
    const auto parents = parentsForAll(proof, sectors, phase);
    const auto endAll = [&](const Error& error) {
        for (LabelledSector& sector : sectors) sector.end(error);
    };
    if (!parents) return endAll(parents.error());
    for (;;) {
        for (LabelledSector& sector : sectors) {
            sector.endIfStopped();
            if (!sector.isOver && sector.place() == LabelPlace{proof.layers + 1, 0}) sector.end({});
        }
        Turn turn = nextTurn(proof, sectors);
        if (turn.sectors.empty()) return;
        std::size_t width = 1;
        const auto fits = lanesThatFit(proof);
        if (!fits) return endAll(fits.error());
        if (turn.sectors.size() > 1) {
            const kernels::LabelGroup group = kernels::labelGroups(turn.sectors.size(), *fits, kernels::labelWidths()).front();
            turn.sectors.resize(group.sectors);
            width = group.width;
        }
        std::vector<LabelledSector*> waiting;
        for (LabelledSector& sector : sectors)
            if (!sector.isOver && std::ranges::find(turn.sectors, &sector) == turn.sectors.end()) waiting.push_back(&sector);
        for (const LabelledSector* sector : waiting) sector->report(proof, phase, "waits for sectors of its batch", sector->place());
        auto lanes = LabelLanes::make(proof, *parents, width, turn.sectors, phase);
        if (!lanes) return endAll(lanes.error());
        lanes->run(turn.from, turn.until, [&] {
            for (LabelledSector* sector : waiting) sector->endIfStopped();
        });
    }
}

} // namespace lsw::proofs
