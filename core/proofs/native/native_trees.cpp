// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_trees.h"

#include "base/file.h"
#include "base/thread_team.h"
#include "kernels/field/fr.h"
#include "kernels/poseidon/poseidon.h"
#include "proofs/native/aux_files.h"
#include "proofs/native/sector_trees.h"
#include "sector/sector_files.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
using sector::ProofInfo;

constexpr std::size_t kNode = 32;
constexpr std::size_t kPairBlock = 1U << 17;   ///< leaves of tree D at once: 4 MiB

/// The files of PC2 while they are read and written.
class TreesPass {
public:
    static Expected<TreesPass> open(const ProofInfo& proof, const fs::path& sealed, const fs::path& cache, std::size_t treesDone) {
        TreesPass pass(proof);
        for (const auto& layer : sector::layerFiles(proof)) LSW_TRY(keep(pass.m_layers, File::openToRead(cache / layer.name)));
        LSW_TRY(keep(pass.m_data, File::openToRead(cache / sector::treeDFileName())));
        LSW_TRY(keep(pass.m_replica, treesDone > 0 ? File::openToWrite(sealed) : File::create(sealed)));
        LSW_TRY(pass.m_replica.front().allocate(proof.sectorSize.value));
        for (const auto& [files, names] : {std::pair{&pass.m_treesC, sector::treeCFiles(proof)}, std::pair{&pass.m_treesR, sector::treeRLastFiles(proof)}})
            for (std::size_t i = 0; i < names.size(); ++i) {
                LSW_TRY(keep(*files, i < treesDone ? File::openToWrite(cache / names[i].name) : File::create(cache / names[i].name)));
                LSW_TRY(files->back().allocate(names[i].size));
            }
        for (const File& file : pass.m_layers) file.willBeReadInOrder();
        return pass;
    }

    Expected<ReplicaTrees> run(TreeCheckpoint* checkpoint, const TaskContext& context) {
        const auto trees = static_cast<std::uint64_t>(m_proof.baseTrees), perTree = m_proof.nodes() / trees;
        std::vector<DoneTree> done;
        if (checkpoint) done = checkpoint->trees();
        std::atomic<std::uint64_t> ready{done.size() * perTree};
        for (std::uint64_t tree = done.size(); tree < trees; ++tree) {
            const auto place = static_cast<std::size_t>(tree);
            SharedSum sumC, sumR, sumReplica;
            TreeRows treeC = octRows(m_treesC[place], perTree, 0, &sumC);
            TreeRows treeR = octRows(m_treesR[place], perTree, static_cast<std::size_t>(1 + m_proof.rowsToDiscard), &sumR);
            const std::string step = trees == 1 ? "trees" : "trees " + std::to_string(tree + 1) + " of " + std::to_string(trees);
            context.report({"pc2", step, ready, m_proof.nodes(), "nodes"});
            const auto portion = [&](std::uint64_t begin, std::uint64_t end) -> Expected<void> {
                LSW_TRY(block(tree * perTree + begin, begin, end - begin, treeC, treeR, sumReplica));
                context.report({"pc2", step, ready += end - begin, m_proof.nodes(), "nodes"});
                return {};
            };
            LSW_TRY(inParallel(usableProcessors(), perTree, treeC.block(), portion, context.stop));
            auto rootC = treeC.finish(), rootR = treeR.finish();
            if (!rootC) return std::move(rootC).error();
            if (!rootR) return std::move(rootR).error();
            done.push_back({asNode(*rootC), asNode(*rootR), sumC.value(), sumR.value(), sumReplica.value()});
            for (const File* file : {&m_treesC[place], &m_treesR[place], &m_replica.front()}) LSW_TRY(file->sync());
            if (checkpoint) LSW_TRY(checkpoint->note(done.back()));
        }
        std::vector<Commitment> rootsC, rootsR;
        for (const DoneTree& tree : done) {
            rootsC.push_back(tree.rootC);
            rootsR.push_back(tree.rootR);
        }
        ReplicaTrees out{joinedRoots(rootsC), joinedRoots(rootsR), {}};
        out.commR = joinedRoots({out.commC, out.commRLast});
        return out;
    }

private:
    explicit TreesPass(const ProofInfo& proof) : m_proof(proof) {}

    static Expected<void> keep(std::vector<File>& files, Expected<File> file) {
        if (!file) return std::move(file).error();
        files.push_back(std::move(*file));
        return {};
    }

    /// Nodes [node, node + count) of the sector, [inTree, …) of their tree.
    Expected<void> block(std::uint64_t node, std::uint64_t inTree, std::uint64_t count, TreeRows& treeC, TreeRows& treeR, SharedSum& replica) {
        const std::size_t bytes = static_cast<std::size_t>(count) * kNode, layers = m_layers.size();
        std::vector<Bytes> labels(layers, Bytes(bytes));
        std::array<const std::uint8_t*, 11> at{};
        for (std::size_t layer = 0; layer < layers; ++layer) {
            LSW_TRY(m_layers[layer].readAt(node * kNode, labels[layer]));
            m_layers[layer].forget(node * kNode, bytes);
            at[layer] = labels[layer].data();
        }
        Bytes nodes(bytes);
        kernels::poseidonBatch().chosen().function.of(layers)(at.data(), kNode, nodes.data(), static_cast<std::size_t>(count));
        LSW_TRY(treeC.add(inTree, nodes));
        LSW_TRY(m_data.front().readAt(node * kNode, nodes));
        kernels::frAddNodes(nodes.data(), labels.back().data(), nodes.data(), static_cast<std::size_t>(count));
        LSW_TRY(m_replica.front().writeAt(node * kNode, nodes));
        m_replica.front().beginSync(node * kNode, bytes);
        replica.add(node * kNode, nodes);
        return treeR.add(inTree, nodes);
    }

    const ProofInfo& m_proof;
    std::vector<File> m_layers, m_treesC, m_treesR, m_data, m_replica; ///< of the last two, one each
};

} // namespace

Expected<Commitment> buildTreeD(const ProofInfo& proof, const fs::path& unsealed, const fs::path& treeD, const fs::path& copy,
                                const std::string& phase, const TaskContext& context) {
    auto in = File::openToRead(unsealed);
    if (!in) return std::move(in).error();
    in->willBeReadInOrder();
    auto out = File::create(treeD);
    if (!out) return std::move(out).error();
    LSW_TRY(out->allocate(sector::treeDFile(proof).size));
    std::optional<File> sealed;
    if (!copy.empty()) {
        auto made = File::create(copy);
        if (!made) return std::move(made).error();
        sealed = std::move(*made);
        LSW_TRY(sealed->allocate(proof.sectorSize.value));
    }
    TreeRows rows = pairRows(*out, proof.nodes(), kPairBlock);
    std::atomic<std::uint64_t> ready{0};
    const auto portion = [&](std::uint64_t begin, std::uint64_t end) -> Expected<void> {
        Bytes leaves(static_cast<std::size_t>(end - begin) * kNode);
        LSW_TRY(in->readAt(begin * kNode, leaves));
        if (sealed) LSW_TRY(sealed->writeAt(begin * kNode, leaves));
        LSW_TRY(rows.add(begin, leaves));
        context.report({phase, "tree-d", ready += leaves.size(), proof.sectorSize.value, "bytes"});
        return {};
    };
    LSW_TRY(inParallel(usableProcessors(), proof.nodes(), rows.block(), portion, context.stop));
    const auto root = rows.finish();
    if (!root) return root.error();
    LSW_TRY(out->sync());
    if (sealed) LSW_TRY(sealed->sync());
    return asNode(*root);
}

Expected<ReplicaTrees> buildReplicaTrees(const ProofInfo& proof, const fs::path& sealed, const fs::path& cache, const TaskContext& context,
                                         TreeCheckpoint* checkpoint) {
    auto pass = TreesPass::open(proof, sealed, cache, checkpoint ? checkpoint->trees().size() : 0);
    if (!pass) return std::move(pass).error();
    auto trees = pass->run(checkpoint, context);
    if (!trees) return std::move(trees).error();
    LSW_TRY(writeAux(cache, trees->commC, trees->commRLast, temporaryAux(proof, cache)));
    return trees;
}

} // namespace lsw::proofs
