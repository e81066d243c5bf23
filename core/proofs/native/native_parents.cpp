// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_parents.h"

#include "base/thread_team.h"
#include "proofs/native/drg_graph.h"
#include "proofs/parent_cache_file.h"

#include <atomic>
#include <bit>
#include <vector>

namespace lsw::proofs {
namespace {

static_assert(std::endian::native == std::endian::little, "the parent cache is mapped as it is");

constexpr std::uint64_t kNodesAtOnce = 1U << 14;

Expected<void> writeParents(const sector::ProofInfo& proof, const std::filesystem::path& path, std::string_view phase, const TaskContext& context) {
    const DrgGraph graph(proof);
    const std::filesystem::path partial = path.string() + ".partial";
    auto file = File::create(partial);
    if (!file) return std::move(file).error();
    constexpr std::uint64_t kEntry = DrgGraph::kDegree * sizeof(std::uint32_t);
    LSW_TRY(file->allocate(graph.nodes() * kEntry));
    std::atomic<std::uint64_t> ready{0};
    const auto portion = [&](std::uint64_t begin, std::uint64_t end) -> Expected<void> {
        std::vector<std::uint32_t> entries((end - begin) * DrgGraph::kDegree);
        for (std::uint64_t node = begin; node < end; ++node)
            graph.parents(node, std::span<std::uint32_t, DrgGraph::kDegree>(entries.data() + (node - begin) * DrgGraph::kDegree, DrgGraph::kDegree));
        LSW_TRY(file->writeAt(begin * kEntry, {reinterpret_cast<const std::uint8_t*>(entries.data()), entries.size() * sizeof(std::uint32_t)}));
        context.report({std::string(phase), "making the parent cache", ready += end - begin, graph.nodes(), "nodes"});
        return {};
    };
    LSW_TRY(inParallel(usableProcessors(), graph.nodes(), kNodesAtOnce, portion, context.stop));
    LSW_TRY(file->sync());
    std::error_code failed;
    std::filesystem::rename(partial, path, failed);
    if (failed) return errnoError(failed.value(), "cannot name the parent cache " + path.string());
    return {};
}

} // namespace

Expected<Mapping> mappedParents(const sector::ProofInfo& proof, std::string_view phase, const TaskContext& context) {
    const std::filesystem::path path = parentCachePath(proof);
    LSW_TRY(ensureParentCache(proof, phase, [&] { return writeParents(proof, path, phase, context); }, context));
    auto file = File::openToRead(path);
    if (!file) return std::move(file).error();
    return Mapping::ofFile(*file);
}

} // namespace lsw::proofs
