// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_engine.h"

#include <algorithm>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "proofs/crate_reply.h"
#include "proofs/official_checks.h"
#include "proofs/parent_cache_file.h"
#include "proofs/piece_commitment.h"
#include "proofs/progress_ticker.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

/// Updates of sealed sectors (SnapDeals), and the sector key back.
namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
using sector::ProofInfo;

fs::path folderOf(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// Its trees appear one by one: tree D of the new data, then those of the new replica, each counted when the next one has begun.
Progress lookAtUpdate(const ProofInfo& info, const fs::path& updateCache) {
    std::error_code ignored;
    std::uint64_t begun = fs::exists(updateCache / sector::treeDFileName(), ignored) ? 1 : 0;
    for (const auto& tree : sector::treeRLastFiles(info)) begun += fs::exists(updateCache / tree.name, ignored) ? 1U : 0U;
    return {"update", begun > 1 ? "tree-r-last" : "tree-d", begun > 0 ? begun - 1 : 0, 1 + static_cast<std::uint64_t>(info.baseTrees),
            "trees"};
}

/// The crate copies a replica into a nameless file of the temporary folder to build its trees.
SpaceNeed nameless(const ProofInfo& info) {
    std::error_code error;
    fs::path folder = fs::temp_directory_path(error);
    return {error ? fs::path("/tmp") : folder, info.sectorSize.value};
}

Expected<std::vector<Bytes>> unframed(const Bytes& framed) {
    std::vector<Bytes> out;
    for (std::size_t at = 0; at < framed.size();) {
        std::uint64_t size = 0;
        if (framed.size() - at < sizeof size) return Error(ErrorCode::Internal, "the vanilla proofs end in the middle");
        for (unsigned i = 0; i < sizeof size; ++i) size |= std::uint64_t{framed[at + i]} << (8 * i);
        at += sizeof size;
        if (size > framed.size() - at) return Error(ErrorCode::Internal, "the vanilla proofs end in the middle");
        out.emplace_back(framed.begin() + static_cast<std::ptrdiff_t>(at), framed.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += static_cast<std::size_t>(size);
    }
    return out;
}

} // namespace

Expected<ReplicaUpdateResult> OfficialEngine::replicaUpdate(const ReplicaUpdateOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(checkPieces(info, order.pieces));
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(requirePlainPath(order.updateCache));
    LSW_TRY(requireFile(order.sealed, info.sectorSize.value, "the replica"));
    LSW_TRY(auxRootsIn(order.cache));
    LSW_TRY(checkUnsealed(info, order.unsealed, context));

    // A tree left behind would be believed: its root would become CommD of data that it does not belong to.
    std::error_code error;
    fs::create_directories(order.updateCache, error);
    if (error) return errnoError(error.value(), "cannot create the folder " + order.updateCache.string());
    LSW_TRY(removeFiles(order.updateCache, isCacheFile));
    LSW_TRY(createEmpty(order.update));
    const std::uint64_t size = info.sectorSize.value;
    LSW_TRY(requireSpace({{order.updateCache, sector::treeDFile(info).size + 2 * totalSize(sector::treeRLastFiles(info))},
                          {folderOf(order.update), size},
                          nameless(info)},
                         "the update"));
    LSW_TRY(allocateRoom(order.update, size));
    LSW_TRY(notStopped(context, "the update"));

    const auto pieces = proofs::pieces(order.pieces);
    auto output = [&] {
        const ProgressTicker ticker(context, [&] { return lookAtUpdate(info, order.updateCache); });
        return taken(lsw_replica_update(info.number(), pieces.data(), pieces.size(), pathText(order.unsealed), pathText(order.sealed),
                                        pathText(order.cache), pathText(order.update), pathText(order.updateCache)),
                     "the update");
    }();
    if (!output) return std::move(output).error();
    LSW_TRY(notStopped(context, "the update"));
    LSW_TRY(syncFolder(order.updateCache));
    LSW_TRY(syncFile(order.update));
    ReplicaUpdateResult result;
    if (output->size() != result.commR.size() + result.commD.size())
        return Error(ErrorCode::Internal, "the update answered with another number of bytes");
    std::memcpy(result.commR.data(), output->data(), result.commR.size());
    std::memcpy(result.commD.data(), output->data() + result.commR.size(), result.commD.size());
    const auto trees = 1 + static_cast<std::uint64_t>(info.baseTrees);
    context.report({"update", "tree-r-last", trees, trees, "trees"});
    return result;
}

Expected<void> OfficialEngine::decodeUpdate(const DecodeUpdateOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    const std::uint64_t size = info.sectorSize.value;
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(requireFile(order.update, size, "the updated replica"));
    LSW_TRY(requireFile(order.sealed, size, "the sector key"));
    LSW_TRY(auxRootsIn(order.cache));
    LSW_TRY(requireFile(order.output, 0, "the unsealed sector", true));
    LSW_TRY(allocateRoom(order.output, size));
    LSW_TRY(notStopped(context, "decoding the update"));
    const auto done = [&] {
        const ProgressTicker ticker(context, secondsOf("unseal", "decoding the update"));
        return taken(lsw_decode_update(info.number(), order.commD.data(), pathText(order.update), pathText(order.sealed),
                                       pathText(order.cache), pathText(order.output)),
                     "decoding the update");
    }();
    if (!done) return done.error();
    LSW_TRY(notStopped(context, "decoding the update"));

    // Decoding with another key gives other bytes and no error.
    const ProgressTicker ticker(context, secondsOf("unseal", "checking what was decoded"));
    const auto output = File::openToRead(order.output);
    if (!output) return output.error();
    const auto back = paddedCommitmentOf(output->descriptor(), 0, info.sectorSize, context.stop);
    if (!back) return back.error();
    if (*back != order.commD)
        return Error(
            ErrorCode::VerificationFailed,
            "what was decoded is not what the update was made from: the updated replica, the sector key or its p_aux is another's");
    return syncFile(order.output);
}

Expected<void> OfficialEngine::regenerateKey(const RegenerateKeyOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    const std::uint64_t size = info.sectorSize.value;
    LSW_TRY(requirePlainPath(order.scratch));
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(requireFile(order.update, size, "the updated replica"));
    LSW_TRY(auxRootsIn(order.cache));
    LSW_TRY(checkUnsealed(info, order.unsealed, context));
    // The crate writes p_aux and trees where it reads them: the only trace of what the key must be. So it gets a folder of its own.
    const auto trees = TemporaryFolder::make(order.scratch, "labels-");
    if (!trees) return trees.error();
    LSW_TRY(createEmpty(order.sealed));
    LSW_TRY(requireSpace({{folderOf(order.sealed), size}, {order.scratch, 2 * totalSize(sector::treeRLastFiles(info))}, nameless(info)},
                         "the sector key"));
    LSW_TRY(allocateRoom(order.sealed, size));
    LSW_TRY(notStopped(context, "making the sector key"));
    const auto done = [&] {
        const ProgressTicker ticker(context, secondsOf("regenerate", ""));
        return taken(lsw_regenerate_key(info.number(), order.commD.data(), pathText(order.unsealed), pathText(order.update),
                                        pathText(order.cache), pathText(order.sealed), pathText(trees->path())),
                     "making the sector key");
    }();
    if (!done) return done.error();
    LSW_TRY(notStopped(context, "making the sector key"));

    const auto wanted = commRIn(order.cache), have = commRIn(trees->path());
    if (!wanted) return wanted.error();
    if (!have) return have.error();
    if (*wanted != *have) {
        ::unlink(order.sealed.c_str()); // nobody shall take it for the key
        return Error(ErrorCode::VerificationFailed, "what was made is not the sector key of " + order.cache.string() +
                                                        ": the data, the updated replica or p_aux is another's");
    }
    for (const auto& tree : sector::treeRLastFiles(info)) {
        if (sizeOf(order.cache / tree.name) == tree.size) continue;
        LSW_TRY(moveFile(trees->path() / tree.name, order.cache / tree.name, context.stop));
    }
    LSW_TRY(syncFolder(order.cache));
    return syncFile(order.sealed);
}

Expected<void> OfficialEngine::regenerateReplica(const RegenerateReplicaOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(requirePlainPath(order.scratch));
    const auto layers = static_cast<std::uint64_t>(info.layers);
    LSW_TRY(
        requireSpace({{order.scratch, info.sectorSize.value * layers}, {folderOf(order.sealed), info.sectorSize.value}}, "the sector key"));
    LSW_TRY(ensureParentCache(
        info, "regenerate",
        [&]() -> Expected<void> {
            const ProgressTicker ticker(context, secondsOf("regenerate", "making the parent cache"));
            auto made = taken(lsw_make_parents(info.number()), "making the parent cache");
            if (!made) return std::move(made).error();
            return {};
        },
        context));
    LSW_TRY(notStopped(context, "making the sector key"));
    const auto scratch = TemporaryFolder::make(order.scratch, "labels-");
    if (!scratch) return scratch.error();

    const LswSector sector = proofs::sector(order.proof, order.sector, order.ticket);
    const Commitment zeros = zeroCommitment(info.sectorSize);
    const auto done = [&] {
        const ProgressTicker ticker(context, [&] {
            std::error_code ignored;
            std::uint64_t there = 0;
            while (there < layers && fs::exists(scratch->path() / sector::layerFileName(static_cast<int>(there) + 1), ignored)) ++there;
            return Progress{"regenerate", "labels", there, layers, "layers"};
        });
        return taken(lsw_labels(&sector, zeros.data(), pathText(scratch->path())), "making the sector key");
    }();
    if (!done) return done.error();
    LSW_TRY(notStopped(context, "making the sector key"));
    // The replica of zeros is the key itself: what encodes each node is its last label.
    const fs::path last = scratch->path() / sector::layerFileName(info.layers);
    LSW_TRY(requireFile(last, info.sectorSize.value, "the last layer"));
    LSW_TRY(createEmpty(order.sealed));
    LSW_TRY(moveFile(last, order.sealed, context.stop));
    LSW_TRY(syncFile(order.sealed));
    context.report({"regenerate", "labels", layers, layers, "layers"});
    return {};
}

Expected<std::vector<Bytes>> OfficialEngine::proveUpdate1(const ProveUpdate1Order& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(requirePlainPath(order.updateCache));
    LSW_TRY(requireFile(order.sealed, info.sectorSize.value, "the sector key"));
    LSW_TRY(requireFile(order.update, info.sectorSize.value, "the updated replica"));
    LSW_TRY(auxRootsIn(order.cache));
    LSW_TRY(requireTreesR(info, order.cache));
    LSW_TRY(requireFolder(order.updateCache, "the cache of the update"));
    LSW_TRY(requireFile(order.updateCache / sector::treeDFileName(), sector::treeDFile(info).size, "tree D of the update"));
    LSW_TRY(requireTreesR(info, order.updateCache));
    LSW_TRY(notStopped(context, "PR1"));
    const auto framed = [&] {
        const ProgressTicker ticker(context, secondsOf("pr1", ""));
        return taken(lsw_prove_update_1(info.number(), order.sectorKey.data(), order.commR.data(), order.commD.data(),
                                        pathText(order.sealed), pathText(order.cache), pathText(order.update), pathText(order.updateCache)),
                     "PR1");
    }();
    if (!framed) return framed.error();
    LSW_TRY(notStopped(context, "PR1"));
    return unframed(*framed);
}

Expected<Bytes> OfficialEngine::proveUpdate2(const ProveUpdate2Order& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(requireParameters(LSW_UPDATE, info.number(), info.sectorSize));
    LSW_TRY(notStopped(context, "PR2"));
    const auto vanilla = texts(order.vanillaProofs);
    auto made = [&] {
        const ProgressTicker ticker(context, secondsOf("pr2", ""));
        return taken(lsw_prove_update_2(info.number(), order.sectorKey.data(), order.commR.data(), order.commD.data(), vanilla.data(),
                                        vanilla.size()),
                     "PR2");
    }();
    if (!made) return std::move(made).error();
    LSW_TRY(notStopped(context, "PR2"));
    return made;
}

Expected<bool> OfficialEngine::verifyUpdate(const VerifyUpdateOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    LSW_TRY(notStopped(context, "verifying"));
    LSW_TRY(requireVerifyingKey(LSW_UPDATE, (*proof)->number(), (*proof)->sectorSize));
    return verdict(lsw_verify_update((*proof)->number(), order.sectorKey.data(), order.commR.data(), order.commD.data(),
                                     order.proofBytes.data(), order.proofBytes.size()));
}

} // namespace lsw::proofs
