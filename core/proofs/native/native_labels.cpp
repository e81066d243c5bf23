// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_labels.h"

#include "base/memory.h"
#include "kernels/labels/labels.h"
#include "proofs/native/native_parents.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace lsw::proofs {
namespace {

constexpr std::uint64_t kNodesAtOnce = 1U << 14; ///< about 10 ms: how long a stop waits

} // namespace

Expected<Mapping> labelSector(const sector::ProofInfo& proof, const Bytes32& replicaId, const std::vector<std::filesystem::path>& layerFiles,
                              const std::string& phase, const TaskContext& context) {
    const std::uint64_t nodes = proof.nodes(), bytes = proof.sectorSize.value;
    // More than there is would have the system kill us in the middle; swap is slow, but somebody's choice.
    if (const MemoryLeft left = memoryLeft(); left.available > 0 && left.available + left.swap < 2 * bytes)
        return Error(ErrorCode::Unsupported, "labelling keeps two layers in memory, " + std::to_string(2 * bytes >> 20) + " MiB; this machine has " +
                                                 std::to_string((left.available + left.swap) >> 20) + " MiB free, swap included");
    const auto parents = mappedParents(proof, phase, context);
    if (!parents) return parents.error();
    auto previous = Mapping::ofMemory(bytes), current = Mapping::ofMemory(bytes);
    if (!previous) return std::move(previous).error();
    if (!current) return std::move(current).error();
    const kernels::LabelFunction label = kernels::labels().chosen().function.x1;

    for (int layer = 1; layer <= proof.layers; ++layer) {
        if (layer > 1) std::swap(*previous, *current);
        std::optional<File> file;
        if (!layerFiles.empty()) {
            auto made = File::create(layerFiles[static_cast<std::size_t>(layer - 1)]);
            if (!made) return std::move(made).error();
            file = std::move(*made);
            LSW_TRY(file->allocate(bytes));
        }
        const std::string step = "layer " + std::to_string(layer) + " of " + std::to_string(proof.layers);
        for (std::uint64_t begin = 0; begin < nodes; begin += kNodesAtOnce) {
            if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while labelling");
            const std::uint64_t count = std::min(kNodesAtOnce, nodes - begin);
            label({static_cast<std::uint32_t>(layer), begin, count,
                   reinterpret_cast<const std::uint32_t*>(parents->data()) + begin * kernels::kParents, replicaId.data(),
                   layer == 1 ? nullptr : previous->data(), current->data()});
            if (file) LSW_TRY(file->writeAt(begin * kernels::kLabelBytes, {current->data() + begin * kernels::kLabelBytes, count * kernels::kLabelBytes}));
            context.report({phase, step, static_cast<std::uint64_t>(layer - 1) * nodes + begin + count, static_cast<std::uint64_t>(proof.layers) * nodes, "nodes"});
        }
        if (file) LSW_TRY(file->sync());
    }
    return std::move(*current);
}

} // namespace lsw::proofs
