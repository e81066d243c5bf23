// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/sector_files.h"

#include <algorithm>

namespace lsw::sector {
namespace {

constexpr std::uint64_t kNode = 32;

std::vector<CacheFile> baseTreeFiles(const ProofInfo& proof, std::string_view stem, std::uint64_t size) {
    std::vector<CacheFile> out;
    for (int i = 0; i < proof.baseTrees; ++i) {
        std::string name(stem);
        if (proof.baseTrees > 1) name += '-' + std::to_string(i);
        out.push_back({name + ".dat", size});
    }
    return out;
}

std::uint64_t leavesPerBaseTree(const ProofInfo& proof) {
    return proof.nodes() / static_cast<std::uint64_t>(proof.baseTrees);
}

} // namespace

std::string_view fileTypeName(FileType one) {
    switch (one) {
    case FileType::Unsealed: return "unsealed";
    case FileType::Sealed: return "sealed";
    case FileType::Cache: return "cache";
    case FileType::Update: return "update";
    case FileType::UpdateCache: return "update-cache";
    case FileType::Piece: return "piece";
    case FileType::None: break;
    }
    return "none";
}

Expected<FileType> fileTypeFromName(std::string_view name) {
    for (const FileType type : kFileTypes)
        if (fileTypeName(type) == name) return type;
    return Error(ErrorCode::NotFound, "unknown sector file type \"" + std::string(name) + '"');
}

std::string layerFileName(int layer) { return "sc-02-data-layer-" + std::to_string(layer) + ".dat"; }
std::string treeDFileName() { return "sc-02-data-tree-d.dat"; }

std::vector<CacheFile> layerFiles(const ProofInfo& proof) {
    std::vector<CacheFile> out;
    for (int layer = 1; layer <= proof.layers; ++layer) out.push_back({layerFileName(layer), proof.sectorSize.value});
    return out;
}

CacheFile treeDFile(const ProofInfo& proof) { return {treeDFileName(), (2 * proof.nodes() - 1) * kNode}; }

std::uint64_t baseTreeNodes(std::uint64_t leaves) {
    std::uint64_t sum = 0;
    for (std::uint64_t row = leaves; row >= 1; row /= 8) sum += row;
    return sum;
}

std::vector<CacheFile> treeCFiles(const ProofInfo& proof) {
    return baseTreeFiles(proof, "sc-02-data-tree-c", baseTreeNodes(leavesPerBaseTree(proof)) * kNode);
}

std::vector<CacheFile> treeRLastFiles(const ProofInfo& proof) {
    std::uint64_t nodes = baseTreeNodes(leavesPerBaseTree(proof));
    std::uint64_t row = leavesPerBaseTree(proof);
    // The leaf row is read back from the replica; the rows above it are cheap to recompute.
    for (int dropped = 0; dropped <= proof.rowsToDiscard; ++dropped, row /= 8) nodes -= row;
    return baseTreeFiles(proof, "sc-02-data-tree-r-last", nodes * kNode);
}

std::uint64_t syntheticProofFileSize(const ProofInfo& proof) {
    std::uint64_t log2 = 0;
    while ((1ULL << log2) < proof.nodes()) ++log2;
    std::uint64_t octRows = 0;
    for (std::uint64_t leaves = leavesPerBaseTree(proof); leaves > 1; leaves /= 8) ++octRows;
    std::uint64_t octSiblings = 7 * octRows;
    if (proof.baseTrees >= 8) octSiblings += 7;
    if (proof.baseTrees == 16) octSiblings += 1;
    const std::uint64_t octProof = (1 + octSiblings) * kNode;
    const std::uint64_t column = static_cast<std::uint64_t>(proof.layers) * kNode;
    const std::uint64_t record = 15 * 8 + (1 + log2) * kNode + column + octProof + 14 * (column + octProof) + octProof;
    return 3 * kNode + std::min<std::uint64_t>(proof.nodes(), 1ULL << 18) * record;
}

bool isCheckpointFile(std::string_view fileName) { return fileName.starts_with("lsw-checkpoint-"); }

bool isKeptAfterFinalize(std::string_view fileName) {
    return fileName == kPAuxName || fileName == kTAuxName || fileName.starts_with("sc-02-data-tree-r-last");
}

} // namespace lsw::sector
