// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_engine.h"

#include <algorithm>

#include <boost/json.hpp>

#include "proofs/native/native_labels.h"
#include "proofs/native/native_pieces.h"
#include "proofs/native/native_trees.h"
#include "proofs/native/native_unseal.h"
#include "proofs/native/native_update.h"
#include "proofs/native/replica_id.h"
#include "proofs/piece_commitment.h"
#include "proofs/sealing_checks.h"
#include "proofs/sector_folder.h"

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using sector::ProofInfo;

fs::path folderOf(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

/// Bytes of the files that a checkpoint has no use for: they are made (again).
template <typename Checkpoint>
std::uint64_t missing(const std::vector<sector::CacheFile>& files, const Checkpoint& checkpoint) {
    std::uint64_t sum = 0;
    for (const auto& file : files)
        if (!checkpoint.needs(file.name)) sum += file.size;
    return sum;
}

/// What PC1 gives: the layout of the stores and CommD, member for member as the official crate writes it.
std::string preCommit1Output(const ProofInfo& proof, const fs::path& cache, const Commitment& commD) {
    const auto store = [&](const std::string& id, std::uint64_t nodes) {
        return json::object{{"path", cache.string()}, {"id", id}, {"size", nodes}, {"rows_to_discard", 0}};
    };
    json::array layers, root;
    for (int layer = 1; layer <= proof.layers; ++layer) layers.push_back(store("layer-" + std::to_string(layer), proof.nodes()));
    for (const std::uint8_t byte : commD) root.push_back(byte);
    return json::serialize(json::object{
        {"registered_proof", proof.name},
        {"labels", json::object{{proof.sizeVariant, json::object{{"labels", std::move(layers)}, {"_h", nullptr}}}}},
        {"config", store("tree-d", 2 * proof.nodes() - 1)},
        {"comm_d", std::move(root)},
    });
}

/// A sector whose PC1 is done but for the labels that are missing.
struct PreparedLabels {
    const PreCommit1Order* order;
    const ProofInfo* proof;
    Commitment commD;
    Bytes32 id;
    LabelCheckpoint checkpoint;
    std::vector<fs::path> files;
};

Expected<PreparedLabels> prepareLabels(const PreCommit1Order& order, std::uint64_t nodesBetweenCheckpoints, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(checkPieces(info, order.pieces));
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(checkUnsealed(info, order.unsealed, context));
    const auto expected = sectorCommitment(info.sectorSize, order.pieces);
    if (!expected) return expected.error();

    std::error_code failed;
    fs::create_directories(order.cache, failed);
    if (failed) return errnoError(failed.value(), "cannot create the cache folder " + order.cache.string());
    const Bytes32 id = replicaId(order.proof, order.sector, order.ticket, *expected);
    auto checkpoint = LabelCheckpoint::resumed(info, order.cache, id, nodesBetweenCheckpoints, context);
    if (!checkpoint) return std::move(checkpoint).error();
    LSW_TRY(removeFiles(order.cache, [&](std::string_view name) { return isCacheFile(name) && !checkpoint->needs(name); }));
    const std::uint64_t room = missing(sector::layerFiles(info), *checkpoint) + sector::treeDFile(info).size;
    LSW_TRY(requireSpace({{order.cache, room}, {folderOf(order.sealed), info.sectorSize.value}}, "PC1"));
    // Tree D and the copy are made anew: to check those that are there would cost as much.
    const auto commD = buildTreeD(info, order.unsealed, order.cache / sector::treeDFileName(), order.sealed, "pc1", context);
    if (!commD) return commD.error();
    if (*commD != *expected)
        return Error(ErrorCode::VerificationFailed, "pieces and comm_d do not match: the unsealed sector " + order.unsealed.string() +
                                                        " does not hold the pieces that it is said to hold");
    std::vector<fs::path> files;
    for (const auto& layer : sector::layerFiles(info)) files.push_back(order.cache / layer.name);
    return PreparedLabels{&order, &info, *commD, id, std::move(*checkpoint), std::move(files)};
}

Expected<std::string> finished(const PreparedLabels& labels) {
    LSW_TRY(syncFile(labels.order->cache));
    LSW_TRY(labels.checkpoint.remove());
    return preCommit1Output(*labels.proof, labels.order->cache, labels.commD);
}

} // namespace

Expected<PieceInfo> NativeEngine::addPiece(const AddPieceOrder& order, const TaskContext& context) { return addPieceNatively(order, context); }

Expected<PieceInfo> NativeEngine::pieceCommitment(const PieceCommitmentOrder& order, const TaskContext& context) {
    return pieceCommitmentNatively(order, context);
}

Expected<std::string> NativeEngine::preCommit1(const PreCommit1Order& order, const TaskContext& context) {
    Expected<std::string> result = Error(ErrorCode::Internal, "PC1 ended without a result");
    preCommit1Together({{order, context, [&](Expected<std::string> made) { result = std::move(made); }}});
    return result;
}

void NativeEngine::preCommit1Together(std::vector<PreCommit1Member> members) {
    std::vector<PreparedLabels> prepared;
    prepared.reserve(members.size()); // they are pointed to
    std::vector<LabelledSector> sectors;
    for (PreCommit1Member& member : members) {
        const bool isOther = member.order.proof != members.front().order.proof;
        const bool isTwice = std::ranges::any_of(prepared, [&](const PreparedLabels& other) { return other.order->cache == member.order.cache; });
        if (isOther || isTwice) {
            member.done(Error(ErrorCode::InvalidArgument, isTwice ? "two PC1 of one batch work on " + member.order.cache.string() : "a batch of PC1 is of one proof type"));
            continue;
        }
        auto one = prepareLabels(member.order, m_nodesBetweenCheckpoints, member.context);
        if (!one) {
            member.done(std::move(one).error());
            continue;
        }
        prepared.push_back(std::move(*one));
        sectors.push_back({prepared.back().id, prepared.back().files, &prepared.back().checkpoint, member.context,
                           [&member, labels = &prepared.back()](Expected<void> how) {
                               member.done(how ? finished(*labels) : Expected<std::string>(std::move(how).error()));
                           }});
    }
    if (sectors.empty()) return;
    LabelMeans means{0, prepared.front().order->processors};
    const bool isGranted = std::ranges::all_of(prepared, [](const PreparedLabels& labels) { return labels.order->memory > 0; });
    for (const PreparedLabels& labels : prepared) means.memory += isGranted ? labels.order->memory : 0;
    labelSectors(*prepared.front().proof, sectors, means, "pc1");
}

Expected<PreCommit2Result> NativeEngine::preCommit2(const PreCommit2Order& order, const TaskContext& context) {
    const auto phase1 = readPhaseOutput(order.phase1Output, "PC1");
    if (!phase1) return phase1.error();
    const ProofInfo& info = *phase1->proof;
    LSW_TRY(requirePreCommit1(info, order.cache, phase1->commD));
    auto checkpoint = order.keepsCheckpoint ? TreeCheckpoint::resumed(info, order.sealed, order.cache, context)
                                            : Expected<TreeCheckpoint>(TreeCheckpoint::none(info, order.sealed, order.cache));
    if (!checkpoint) return std::move(checkpoint).error();
    LSW_TRY(removeFiles(order.cache, [&](std::string_view name) {
        return (isPreCommit2File(name) || name == sector::kSyntheticName) && !checkpoint->needs(name);
    }));
    const bool isResumed = !checkpoint->trees().empty();
    if (!isResumed) LSW_TRY(createEmpty(order.sealed));
    LSW_TRY(requireSpace({{order.cache, missing(sector::treeCFiles(info), *checkpoint) + missing(sector::treeRLastFiles(info), *checkpoint)},
                          {folderOf(order.sealed), isResumed ? 0 : info.sectorSize.value}}, "PC2"));
    const auto trees = buildReplicaTrees(info, order.sealed, order.cache, context, order.keepsCheckpoint ? &*checkpoint : nullptr);
    if (!trees) return trees.error();
    LSW_TRY(syncFile(order.cache));
    LSW_TRY(checkpoint->remove());
    return PreCommit2Result{trees->commR, phase1->commD};
}

template <typename Order, typename Result>
Result NativeEngine::officially(Result (ProofEngine::*phase)(const Order&, const TaskContext&), const Order& order, const TaskContext& context) {
    if (!m_official)
        return Error(ErrorCode::NotInstalled, "this prover was built without the official proofs crate, which does this phase: build it with LSW_OFFICIAL_PROOFS=ON");
    return (m_official.get()->*phase)(order, context);
}

Expected<void> NativeEngine::syntheticProofs(const SyntheticProofsOrder& order, const TaskContext& context) { return officially(&ProofEngine::syntheticProofs, order, context); }
Expected<std::string> NativeEngine::commit1(const Commit1Order& order, const TaskContext& context) { return officially(&ProofEngine::commit1, order, context); }
Expected<Bytes> NativeEngine::commit2(const Commit2Order& order, const TaskContext& context) { return officially(&ProofEngine::commit2, order, context); }
Expected<bool> NativeEngine::verifySeal(const VerifySealOrder& order, const TaskContext& context) { return officially(&ProofEngine::verifySeal, order, context); }
Expected<void> NativeEngine::clearCache(const ClearCacheOrder& order, const TaskContext& context) { return officially(&ProofEngine::clearCache, order, context); }
Expected<void> NativeEngine::unseal(const UnsealOrder& order, const TaskContext& context) { return unsealNatively(order, context); }
Expected<ReplicaUpdateResult> NativeEngine::replicaUpdate(const ReplicaUpdateOrder& order, const TaskContext& context) { return updateReplicaNatively(order, context); }
Expected<void> NativeEngine::decodeUpdate(const DecodeUpdateOrder& order, const TaskContext& context) { return decodeUpdateNatively(order, context); }
Expected<void> NativeEngine::regenerateKey(const RegenerateKeyOrder& order, const TaskContext& context) { return regenerateKeyNatively(order, context); }
Expected<void> NativeEngine::regenerateReplica(const RegenerateReplicaOrder& order, const TaskContext& context) { return regenerateReplicaNatively(order, context); }
Expected<std::vector<Bytes>> NativeEngine::proveUpdate1(const ProveUpdate1Order& order, const TaskContext& context) { return officially(&ProofEngine::proveUpdate1, order, context); }
Expected<Bytes> NativeEngine::proveUpdate2(const ProveUpdate2Order& order, const TaskContext& context) { return officially(&ProofEngine::proveUpdate2, order, context); }
Expected<bool> NativeEngine::verifyUpdate(const VerifyUpdateOrder& order, const TaskContext& context) { return officially(&ProofEngine::verifyUpdate, order, context); }
Expected<Bytes> NativeEngine::vanillaPost(const VanillaPostOrder& order, const TaskContext& context) { return officially(&ProofEngine::vanillaPost, order, context); }
Expected<Bytes> NativeEngine::winningPost(const WinningPostOrder& order, const TaskContext& context) { return officially(&ProofEngine::winningPost, order, context); }
Expected<Bytes> NativeEngine::windowPost(const WindowPostOrder& order, const TaskContext& context) { return officially(&ProofEngine::windowPost, order, context); }
Expected<bool> NativeEngine::verifyPost(const VerifyPostOrder& order, const TaskContext& context) { return officially(&ProofEngine::verifyPost, order, context); }
Expected<void> NativeEngine::testParameters(const TestParametersOrder& order, const TaskContext& context) { return officially(&ProofEngine::testParameters, order, context); }

} // namespace lsw::proofs
