// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_update.h"

#include "base/file.h"
#include "base/temporary_folder.h"
#include "base/thread_team.h"
#include "kernels/field/fr_scale.h"
#include "proofs/fr32.h"
#include "proofs/native/aux_files.h"
#include "proofs/native/sector_trees.h"
#include "proofs/native/update_factors.h"
#include "proofs/piece_commitment.h"
#include "proofs/replica_commitment.h"
#include "proofs/sealing_checks.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

#include <algorithm>
#include <atomic>
#include <functional>

#include <unistd.h>

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
using sector::ProofInfo;

constexpr std::size_t kNode = 32;

fs::path folderOf(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

/// Nodes of a file, each a field element: `bad` is what it is when one is not.
Expected<void> readNodes(const File& file, std::uint64_t node, Bytes& nodes, ErrorCode bad) {
    LSW_TRY(file.readAt(node * kNode, nodes));
    file.forget(node * kNode, nodes.size());
    if (const auto at = firstNonFieldElement(nodes))
        return Error(bad, "the 32 bytes at offset " + std::to_string(node * kNode + *at) + " of " + file.path().string() + " are no field element" +
                              (bad == ErrorCode::Corrupt ? ": it is damaged" : ": this is not fr32-padded data"));
    return {};
}

Expected<File> openedInOrder(const fs::path& path) {
    auto file = File::openToRead(path);
    if (file) file->willBeReadInOrder();
    return file;
}

/// Fills nodes of a replica, from `node` of the sector on.
using MakeNodes = std::function<Expected<void>(std::uint64_t node, Bytes& nodes)>;

/// Writes a replica and tree R last over it, in blocks of octRows. Gives the root.
Expected<Commitment> writeReplica(const ProofInfo& proof, const fs::path& replica, const fs::path& treeFolder, const std::string& phase,
                                  const std::string& step, const MakeNodes& make, const TaskContext& context) {
    const auto out = File::openToWrite(replica);
    if (!out) return out.error();
    LSW_TRY(out->allocate(proof.sectorSize.value));
    const std::uint64_t perTree = proof.nodes() / static_cast<std::uint64_t>(proof.baseTrees);
    std::atomic<std::uint64_t> ready{0};
    std::vector<Commitment> roots;
    for (const auto& tree : sector::treeRLastFiles(proof)) {
        const auto file = File::create(treeFolder / tree.name);
        if (!file) return file.error();
        LSW_TRY(file->allocate(tree.size));
        TreeRows rows = octRows(*file, perTree, static_cast<std::size_t>(1 + proof.rowsToDiscard));
        const std::uint64_t first = roots.size() * perTree;
        const auto portion = [&](std::uint64_t begin, std::uint64_t end) -> Expected<void> {
            Bytes nodes(static_cast<std::size_t>(end - begin) * kNode);
            LSW_TRY(make(first + begin, nodes));
            LSW_TRY(out->writeAt((first + begin) * kNode, nodes));
            LSW_TRY(rows.add(begin, nodes));
            context.report({phase, step, ready += nodes.size(), proof.sectorSize.value, "bytes"});
            return {};
        };
        LSW_TRY(inParallel(usableProcessors(), perTree, rows.block(), portion, context.stop));
        const auto root = rows.finish();
        if (!root) return root.error();
        roots.push_back(asNode(*root));
        LSW_TRY(file->sync());
    }
    LSW_TRY(out->sync());
    return joinedRoots(roots);
}

/// out = a · factor + b, for nodes from `node` of the sector on.
void multiplyAdd(const UpdateFactors& factors, std::uint64_t node, const Bytes& a, const Bytes& b, Bytes& out) {
    factors.forEach(node, out.size() / kNode, [&](const kernels::Fr& factor, std::size_t first, std::size_t count) {
        kernels::frScale().chosen().function.multiplyAdd(a.data() + first * kNode, factor, b.data() + first * kNode, out.data() + first * kNode, count);
    });
}

} // namespace

Expected<ReplicaUpdateResult> updateReplicaNatively(const ReplicaUpdateOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    const std::uint64_t size = info.sectorSize.value;
    LSW_TRY(checkPieces(info, order.pieces));
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(requirePlainPath(order.updateCache));
    LSW_TRY(requireFile(order.sealed, size, "the replica"));
    LSW_TRY(requireFile(order.unsealed, size, "the unsealed sector", true));
    const auto key = auxRootsIn(order.cache);
    if (!key) return key.error();
    const auto keyCommR = replicaCommitment(key->commC, key->commRLast);
    if (!keyCommR) return keyCommR.error();
    const auto temporary = carriedAux(info, order.cache);
    if (!temporary) return temporary.error();
    const auto commD = sectorCommitment(info.sectorSize, order.pieces);
    if (!commD) return commD.error();

    std::error_code failed;
    fs::create_directories(order.updateCache, failed);
    if (failed) return errnoError(failed.value(), "cannot create the folder " + order.updateCache.string());
    LSW_TRY(removeFiles(order.updateCache, isCacheFile));
    LSW_TRY(createEmpty(order.update));
    const std::uint64_t treeDSize = sector::treeDFile(info).size;
    LSW_TRY(requireSpace({{order.updateCache, treeDSize + totalSize(sector::treeRLastFiles(info))}, {folderOf(order.update), size}}, "the update"));
    const auto data = openedInOrder(order.unsealed), sealed = openedInOrder(order.sealed);
    if (!data) return data.error();
    if (!sealed) return sealed.error();
    const auto treeD = File::create(order.updateCache / sector::treeDFileName());
    if (!treeD) return treeD.error();
    LSW_TRY(treeD->allocate(treeDSize));

    // The pieces say what CommD must be, so the data are read once, for the tree that proves it and for the replica that depends on it.
    const UpdateFactors factors(info, *commD, *keyCommR);
    TreeRows pairs = pairRows(*treeD, info.nodes(), static_cast<std::size_t>(std::min(info.nodes() / static_cast<std::uint64_t>(info.baseTrees), kOctBlock)));
    const auto encode = [&](std::uint64_t node, Bytes& nodes) -> Expected<void> {
        Bytes user(nodes.size());
        LSW_TRY(readNodes(*data, node, user, ErrorCode::InvalidArgument));
        LSW_TRY(pairs.add(node, user));
        LSW_TRY(readNodes(*sealed, node, nodes, ErrorCode::Corrupt));
        multiplyAdd(factors, node, user, nodes, nodes);
        return {};
    };
    const auto commRLast = writeReplica(info, order.update, order.updateCache, "update", "encoding", encode, context);
    if (!commRLast) return commRLast.error();
    const auto root = pairs.finish();
    if (!root) return root.error();
    if (asNode(*root) != *commD)
        return Error(ErrorCode::VerificationFailed, "pieces and comm_d do not match: the unsealed sector " + order.unsealed.string() +
                                                        " does not hold the pieces that it is said to hold");
    LSW_TRY(treeD->sync());
    LSW_TRY(writeAux(order.updateCache, key->commC, *commRLast, *temporary));
    LSW_TRY(syncFile(order.updateCache));
    const auto commR = replicaCommitment(key->commC, *commRLast);
    if (!commR) return commR.error();
    return ReplicaUpdateResult{*commR, *commD};
}

Expected<void> decodeUpdateNatively(const DecodeUpdateOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    const std::uint64_t size = info.sectorSize.value;
    LSW_TRY(requireFile(order.update, size, "the updated replica"));
    LSW_TRY(requireFile(order.sealed, size, "the sector key"));
    const auto keyCommR = commRIn(order.cache);
    if (!keyCommR) return keyCommR.error();
    LSW_TRY(requireFile(order.output, 0, "the unsealed sector", true));
    LSW_TRY(allocateRoom(order.output, size));
    const auto update = openedInOrder(order.update), sealed = openedInOrder(order.sealed), output = File::openToWrite(order.output);
    for (const auto* file : {&update, &sealed, &output})
        if (!*file) return file->error();

    const UpdateFactors factors = UpdateFactors(info, order.commD, *keyCommR).inverted();
    SectorFold fold(info.nodes());
    std::atomic<std::uint64_t> ready{0};
    const auto portion = [&](std::uint64_t begin, std::uint64_t end) -> Expected<void> {
        Bytes nodes(static_cast<std::size_t>(end - begin) * kNode), key(nodes.size());
        LSW_TRY(readNodes(*update, begin, nodes, ErrorCode::Corrupt));
        LSW_TRY(readNodes(*sealed, begin, key, ErrorCode::Corrupt));
        factors.forEach(begin, nodes.size() / kNode, [&](const kernels::Fr& factor, std::size_t first, std::size_t count) {
            std::uint8_t* at = nodes.data() + first * kNode;
            kernels::frScale().chosen().function.subtractMultiply(at, key.data() + first * kNode, factor, at, count);
        });
        LSW_TRY(output->writeAt(begin * kNode, nodes));
        context.report({"unseal", "decoding the update", ready += nodes.size(), size, "bytes"});
        fold.add(begin, nodes); // uses them up
        return {};
    };
    LSW_TRY(inParallel(usableProcessors(), info.nodes(), SectorFold::kBlock, portion, context.stop));
    // Decoding with another key gives other bytes and no error.
    if (fold.root() != order.commD)
        return Error(ErrorCode::VerificationFailed,
                     "what was decoded is not what the update was made from: the updated replica, the sector key or its p_aux is another's");
    return output->sync();
}

namespace {

Expected<void> takeDataOut(const RegenerateKeyOrder& order, const ProofInfo& info, const fs::path& trees, const TaskContext& context) {
    const auto wanted = auxRootsIn(order.cache);
    if (!wanted) return wanted.error();
    const auto keyCommR = replicaCommitment(wanted->commC, wanted->commRLast);
    if (!keyCommR) return keyCommR.error();
    const auto data = openedInOrder(order.unsealed), update = openedInOrder(order.update);
    if (!data) return data.error();
    if (!update) return update.error();
    const UpdateFactors factors = UpdateFactors(info, order.commD, *keyCommR).negated();
    const auto decode = [&](std::uint64_t node, Bytes& nodes) -> Expected<void> {
        Bytes user(nodes.size());
        LSW_TRY(readNodes(*data, node, user, ErrorCode::InvalidArgument));
        LSW_TRY(readNodes(*update, node, nodes, ErrorCode::Corrupt));
        multiplyAdd(factors, node, user, nodes, nodes);
        return {};
    };
    const auto commRLast = writeReplica(info, order.sealed, trees, "regenerate", "taking the data out", decode, context);
    if (!commRLast) return commRLast.error();
    if (*commRLast == wanted->commRLast) return {};
    return Error(ErrorCode::VerificationFailed, "what was made is not the sector key of " + order.cache.string() +
                                                    ": the data, the updated replica or p_aux is another's");
}

} // namespace

Expected<void> regenerateKeyNatively(const RegenerateKeyOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    const std::uint64_t size = info.sectorSize.value;
    LSW_TRY(requireFile(order.update, size, "the updated replica"));
    LSW_TRY(requireFile(order.unsealed, size, "the unsealed sector", true));
    LSW_TRY(carriedAux(info, order.cache));
    // Beside the cache, whose p_aux alone says what the key must be: its trees are not touched before that is known.
    const auto trees = TemporaryFolder::make(order.scratch, "labels-");
    if (!trees) return trees.error();
    LSW_TRY(requireSpace({{folderOf(order.sealed), size}, {order.scratch, totalSize(sector::treeRLastFiles(info))}}, "the sector key"));
    LSW_TRY(createEmpty(order.sealed));
    if (auto made = takeDataOut(order, info, trees->path(), context); !made) {
        ::unlink(order.sealed.c_str()); // nobody shall take it for the key
        return std::move(made).error();
    }
    for (const auto& tree : sector::treeRLastFiles(info)) {
        if (sizeOf(order.cache / tree.name) == tree.size) continue;
        LSW_TRY(moveFile(trees->path() / tree.name, order.cache / tree.name, context.stop));
    }
    return syncFolder(order.cache);
}

} // namespace lsw::proofs
