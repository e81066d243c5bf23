// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_labels.h"

#include "base/memory.h"
#include "kernels/labels/labels.h"
#include "proofs/native/native_parents.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace lsw::proofs {
namespace {

using kernels::kLabelBytes;

constexpr std::uint64_t kNodesAtOnce = 1U << 14; ///< about 10 ms: how long a stop waits

/// The first `nodes` labels of a layer file into memory.
Expected<void> readBack(const File& file, std::uint64_t nodes, Mapping& layer, const FileSum& expected, const TaskContext& context) {
    file.willBeReadInOrder();
    const auto sum = sumOf(file, 0, nodes * kLabelBytes, [&](std::uint64_t at, std::span<const std::uint8_t> part) -> Expected<void> {
        std::memcpy(layer.data() + at, part.data(), part.size());
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while labelling");
        return {};
    });
    if (!sum) return sum.error();
    if (*sum != expected) return Error(ErrorCode::Corrupt, file.path().string() + " was altered while PC1 went on from it");
    return {};
}

} // namespace

Expected<Mapping> labelSector(const sector::ProofInfo& proof, const Bytes32& replicaId, const std::vector<std::filesystem::path>& layerFiles,
                              const std::string& phase, const TaskContext& context, LabelCheckpoint* checkpoint) {
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
    const std::uint64_t atOnce = checkpoint ? std::min(kNodesAtOnce, checkpoint->nodesBetween()) : kNodesAtOnce;

    const int done = checkpoint ? checkpoint->wholeLayers() : 0;
    if (done > 0) {
        const auto file = File::openToRead(layerFiles[static_cast<std::size_t>(done - 1)]);
        if (!file) return file.error();
        LSW_TRY(readBack(*file, nodes, *current, checkpoint->sumOf(done), context));
    }
    for (int layer = done + 1; layer <= proof.layers; ++layer) {
        if (layer > 1) std::swap(*previous, *current);
        std::optional<File> file;
        std::uint64_t begin = 0;
        FileSum sum;
        if (!layerFiles.empty()) {
            const auto& path = layerFiles[static_cast<std::size_t>(layer - 1)];
            if (checkpoint && layer == done + 1) begin = checkpoint->nodesOfNext();
            auto made = begin > 0 ? File::openToWrite(path) : File::create(path);
            if (!made) return std::move(made).error();
            file = std::move(*made);
            LSW_TRY(file->allocate(bytes));
        }
        if (begin > 0) {
            sum = checkpoint->sumOf(layer);
            LSW_TRY(readBack(*file, begin, *current, sum, context));
        }
        const std::string step = "layer " + std::to_string(layer) + " of " + std::to_string(proof.layers);
        const auto report = [&](std::uint64_t ready) {
            context.report({phase, step, static_cast<std::uint64_t>(layer - 1) * nodes + ready, static_cast<std::uint64_t>(proof.layers) * nodes, "nodes"});
        };
        report(begin);
        while (begin < nodes) {
            if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while labelling");
            const std::uint64_t count = std::min(atOnce, nodes - begin);
            label({static_cast<std::uint32_t>(layer), begin, count,
                   reinterpret_cast<const std::uint32_t*>(parents->data()) + begin * kernels::kParents, replicaId.data(),
                   layer == 1 ? nullptr : previous->data(), current->data()});
            if (file) {
                const std::span<const std::uint8_t> labels(current->data() + begin * kLabelBytes, count * kLabelBytes);
                LSW_TRY(file->writeAt(begin * kLabelBytes, labels));
                file->beginSync(begin * kLabelBytes, labels.size());
                if (checkpoint) sum.add(begin * kLabelBytes, labels);
            }
            begin += count;
            if (checkpoint && checkpoint->isDue(begin)) {
                LSW_TRY(file->sync());
                LSW_TRY(checkpoint->note(layer, begin, sum));
            }
            report(begin);
        }
        if (file && !checkpoint) LSW_TRY(file->sync());
    }
    return std::move(*current);
}

} // namespace lsw::proofs
