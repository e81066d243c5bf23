// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/label_checkpoint.h"

#include "base/thread_team.h"
#include "proofs/native/checkpoint_file.h"
#include "proofs/sealing_checks.h"
#include "sector/sector_files.h"

#include <algorithm>
#include <atomic>
#include <sstream>

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLabelBytes = 32;

} // namespace

LabelCheckpoint::LabelCheckpoint(const sector::ProofInfo& proof, fs::path cache, const Bytes32& replicaId, std::uint64_t nodesBetween)
    : m_proof(proof), m_cache(std::move(cache)), m_replicaId(replicaId), m_nodesBetween(nodesBetween) {}

fs::path LabelCheckpoint::layerFile(std::size_t index) const { return m_cache / sector::layerFileName(static_cast<int>(index) + 1); }

bool LabelCheckpoint::isIn(const fs::path& cache, const Bytes32& replicaId) {
    return CheckpointFile::read(cache / sector::kLabelCheckpointName, replicaId).has_value();
}

Expected<LabelCheckpoint> LabelCheckpoint::resumed(const sector::ProofInfo& proof, fs::path cache, const Bytes32& replicaId, std::uint64_t nodesBetween,
                                                   const TaskContext& context) {
    LabelCheckpoint out(proof, std::move(cache), replicaId, nodesBetween);
    const auto file = CheckpointFile::read(out.m_cache / sector::kLabelCheckpointName, replicaId);
    if (!file) return out;
    std::uint64_t bytes = 0;
    for (const std::string& line : file->lines) {
        std::istringstream words(line);
        std::string key, text;
        std::size_t number = 0;
        Layer layer;
        words >> key >> number >> layer.nodes >> text;
        const auto sum = FileSum::fromText(text);
        // Only the last one may be in work.
        const bool follows = out.m_layers.empty() || out.m_layers.back().nodes == proof.nodes();
        if (!sum || key != "layer" || number != out.m_layers.size() + 1 || !follows || layer.nodes > proof.nodes() || number > static_cast<std::size_t>(proof.layers)) break;
        if (sizeOf(out.layerFile(number - 1)) != proof.sectorSize.value) break;
        layer.sum = *sum;
        bytes += layer.nodes * kLabelBytes;
        out.m_layers.push_back(layer);
    }
    std::vector<char> isGood(out.m_layers.size(), 0);
    std::atomic<std::uint64_t> ready{0};
    const auto look = [&](std::uint64_t index, std::uint64_t) -> Expected<void> {
        const Layer& layer = out.m_layers[index];
        const auto opened = File::openToRead(out.layerFile(index));
        if (!opened) return {};
        opened->willBeReadInOrder();
        const auto sum = lsw::sumOf(*opened, 0, layer.nodes * kLabelBytes, [&](std::uint64_t at, std::span<const std::uint8_t> part) -> Expected<void> {
            opened->forget(at, part.size());
            context.report({"pc1", "checking the layers that are here", ready += part.size(), bytes, "bytes"});
            return notStopped(context, "PC1");
        });
        LSW_TRY(notStopped(context, "PC1"));
        isGood[index] = sum && *sum == layer.sum ? 1 : 0; // what cannot be read is made anew, like what was altered
        return {};
    };
    LSW_TRY(inParallel(usableProcessors(), out.m_layers.size(), 1, look, context.stop));
    const auto bad = std::ranges::find(isGood, 0);
    out.m_layers.resize(static_cast<std::size_t>(bad - isGood.begin()));
    return out;
}

int LabelCheckpoint::wholeLayers() const {
    const auto all = static_cast<int>(m_layers.size());
    return all > 0 && m_layers.back().nodes < m_proof.nodes() ? all - 1 : all;
}

std::uint64_t LabelCheckpoint::nodesOfNext() const { return m_layers.empty() || m_layers.back().nodes == m_proof.nodes() ? 0 : m_layers.back().nodes; }

bool LabelCheckpoint::needs(std::string_view fileName) const {
    if (m_layers.empty()) return false;
    if (fileName == sector::kLabelCheckpointName) return true;
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        if (fileName == sector::layerFileName(static_cast<int>(i) + 1)) return true;
    return false;
}

Expected<void> LabelCheckpoint::note(int layer, std::uint64_t nodes, const FileSum& sum) {
    m_layers.resize(static_cast<std::size_t>(layer));
    m_layers.back() = {nodes, sum};
    CheckpointFile file{m_replicaId, {}};
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        file.lines.push_back("layer " + std::to_string(i + 1) + ' ' + std::to_string(m_layers[i].nodes) + ' ' + m_layers[i].sum.text());
    return file.write(m_cache / sector::kLabelCheckpointName);
}

Expected<void> LabelCheckpoint::remove() const { return CheckpointFile::remove(m_cache / sector::kLabelCheckpointName); }

} // namespace lsw::proofs
