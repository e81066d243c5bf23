// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/tree_checkpoint.h"

#include "base/thread_team.h"
#include "proofs/native/checkpoint_file.h"
#include "proofs/sealing_checks.h"
#include "sector/sector_files.h"

#include <algorithm>
#include <atomic>
#include <sstream>

#include <openssl/evp.h>

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNode = 32;

Expected<Bytes32> lastNode(const fs::path& path) {
    const auto file = File::openToRead(path);
    if (!file) return file.error();
    const auto size = file->size();
    if (!size) return size.error();
    if (*size < kNode) return Error(ErrorCode::Corrupt, path.string() + " has only " + std::to_string(*size) + " bytes");
    Bytes32 out{};
    LSW_TRY(file->readAt(*size - kNode, out));
    return out;
}

bool takeHex(const std::string& text, Bytes32& out) {
    const auto bytes = fromHex(text);
    if (!bytes || bytes->size() != out.size()) return false;
    std::ranges::copy(*bytes, out.begin());
    return true;
}

bool takeSum(const std::string& text, FileSum& out) {
    const auto sum = FileSum::fromText(text);
    if (sum) out = *sum;
    return sum.hasValue();
}

} // namespace

TreeCheckpoint::TreeCheckpoint(const sector::ProofInfo& proof, fs::path sealed, fs::path cache)
    : m_proof(proof), m_sealed(std::move(sealed)), m_cache(std::move(cache)) {}

TreeCheckpoint TreeCheckpoint::none(const sector::ProofInfo& proof, fs::path sealed, fs::path cache) {
    return TreeCheckpoint(proof, std::move(sealed), std::move(cache));
}

Expected<void> TreeCheckpoint::takeOwner() {
    std::string text(m_proof.name);
    std::vector<fs::path> files{m_cache / sector::treeDFileName()};
    for (const auto& layer : sector::layerFiles(m_proof)) files.push_back(m_cache / layer.name);
    for (const fs::path& file : files) {
        const auto node = lastNode(file);
        if (!node) return node.error();
        text += asText(*node);
    }
    EVP_Digest(text.data(), text.size(), m_owner.data(), nullptr, EVP_sha256(), nullptr);
    return {};
}

Expected<bool> TreeCheckpoint::isThere(std::size_t index, const DoneTree& tree, const std::function<Expected<void>(std::uint64_t)>& taken) const {
    const std::uint64_t part = m_proof.sectorSize.value / static_cast<std::uint64_t>(m_proof.baseTrees);
    const auto treeC = sector::treeCFiles(m_proof)[index], treeR = sector::treeRLastFiles(m_proof)[index];
    struct Range {
        fs::path path;
        std::uint64_t fileSize, begin, size;
        FileSum sum;
    };
    for (const Range& one : {Range{m_cache / treeC.name, treeC.size, 0, treeC.size, tree.treeC}, Range{m_cache / treeR.name, treeR.size, 0, treeR.size, tree.treeR},
                             Range{m_sealed, m_proof.sectorSize.value, index * part, part, tree.replica}}) {
        const auto file = File::openToRead(one.path);
        if (!file || sizeOf(one.path) != one.fileSize) return false;
        file->willBeReadInOrder();
        const auto sum = sumOf(*file, one.begin, one.size, [&](std::uint64_t at, std::span<const std::uint8_t> bytes) {
            file->forget(at, bytes.size());
            return taken(bytes.size());
        });
        if (!sum && sum.error().code() == ErrorCode::Cancelled) return sum.error();
        if (!sum || *sum != one.sum) return false;
    }
    return true;
}

Expected<TreeCheckpoint> TreeCheckpoint::resumed(const sector::ProofInfo& proof, fs::path sealed, fs::path cache, const TaskContext& context) {
    TreeCheckpoint out(proof, std::move(sealed), std::move(cache));
    LSW_TRY(out.takeOwner());
    const auto file = CheckpointFile::read(out.m_cache / sector::kTreeCheckpointName, out.m_owner);
    if (!file) return out;
    for (const std::string& line : file->lines) {
        std::istringstream words(line);
        std::string key, rootC, rootR, treeC, treeR, replica;
        std::size_t number = 0;
        words >> key >> number >> rootC >> rootR >> treeC >> treeR >> replica;
        DoneTree tree;
        const bool isWhole = key == "tree" && number == out.m_trees.size() + 1 && number <= static_cast<std::size_t>(proof.baseTrees) && takeHex(rootC, tree.rootC) &&
                             takeHex(rootR, tree.rootR) && takeSum(treeC, tree.treeC) && takeSum(treeR, tree.treeR) && takeSum(replica, tree.replica);
        if (!isWhole) break;
        out.m_trees.push_back(tree);
    }
    const std::uint64_t perTree = proof.sectorSize.value / static_cast<std::uint64_t>(proof.baseTrees) + sector::treeCFiles(proof)[0].size +
                                  sector::treeRLastFiles(proof)[0].size;
    std::vector<char> isGood(out.m_trees.size(), 0);
    std::atomic<std::uint64_t> ready{0};
    const auto look = [&](std::uint64_t index, std::uint64_t) -> Expected<void> {
        const auto good = out.isThere(index, out.m_trees[index], [&](std::uint64_t bytes) -> Expected<void> {
            context.report({"pc2", "checking the trees that are here", ready += bytes, perTree * out.m_trees.size(), "bytes"});
            return notStopped(context, "PC2");
        });
        if (!good) return good.error();
        isGood[index] = *good ? 1 : 0;
        return {};
    };
    LSW_TRY(inParallel(usableProcessors(), out.m_trees.size(), 1, look, context.stop));
    const auto bad = std::ranges::find(isGood, 0);
    out.m_trees.resize(static_cast<std::size_t>(bad - isGood.begin()));
    return out;
}

bool TreeCheckpoint::needs(std::string_view fileName) const {
    if (m_trees.empty()) return false;
    if (fileName == sector::kTreeCheckpointName) return true;
    for (std::size_t i = 0; i < m_trees.size(); ++i)
        if (fileName == sector::treeCFiles(m_proof)[i].name || fileName == sector::treeRLastFiles(m_proof)[i].name) return true;
    return false;
}

Expected<void> TreeCheckpoint::note(const DoneTree& tree) {
    m_trees.push_back(tree);
    CheckpointFile file{m_owner, {}};
    for (std::size_t i = 0; i < m_trees.size(); ++i) {
        const DoneTree& one = m_trees[i];
        file.lines.push_back("tree " + std::to_string(i + 1) + ' ' + toHex(one.rootC) + ' ' + toHex(one.rootR) + ' ' + one.treeC.text() + ' ' + one.treeR.text() + ' ' +
                             one.replica.text());
    }
    return file.write(m_cache / sector::kTreeCheckpointName);
}

Expected<void> TreeCheckpoint::remove() const { return CheckpointFile::remove(m_cache / sector::kTreeCheckpointName); }

} // namespace lsw::proofs
