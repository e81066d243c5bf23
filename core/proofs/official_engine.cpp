// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_engine.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "proofs/crate_reply.h"
#include "proofs/official_checks.h"
#include "proofs/parent_cache_file.h"
#include "proofs/progress_ticker.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

/// The sealing phases; pieces and unsealing are in official_pieces.cpp, updates in official_update.cpp, PoSt in official_post.cpp.
namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using sector::ProofInfo;

/// PC1 as it can be seen from outside: the copy grows, then tree D is there, then one layer after the other gets its name.
Progress lookAtPreCommit1(const ProofInfo& proof, const fs::path& sealed, const fs::path& cache) {
    std::error_code ignored;
    int layers = 0;
    while (layers < proof.layers && fs::exists(cache / sector::layerFileName(layers + 1), ignored)) ++layers;
    const auto all = static_cast<std::uint64_t>(proof.layers);
    if (fs::exists(cache / sector::treeDFileName(), ignored)) {
        const int current = std::min(layers + 1, proof.layers);
        return {"pc1", "layer " + std::to_string(current) + " of " + std::to_string(proof.layers), static_cast<std::uint64_t>(layers), all,
                "layers"};
    }
    return {"pc1", "copy", std::min(sizeOf(sealed), proof.sectorSize.value), proof.sectorSize.value, "bytes"};
}

/// PC2: its trees appear one by one, each counted when the next one has begun.
Progress lookAtPreCommit2(const ProofInfo& proof, const fs::path& cache) {
    std::error_code ignored;
    const auto count = [&](const std::vector<sector::CacheFile>& files) {
        return static_cast<std::uint64_t>(
            std::count_if(files.begin(), files.end(), [&](const auto& file) { return fs::exists(cache / file.name, ignored); }));
    };
    const std::uint64_t each = static_cast<std::uint64_t>(proof.baseTrees);
    const std::uint64_t treesC = count(sector::treeCFiles(proof)), treesR = count(sector::treeRLastFiles(proof));
    const std::uint64_t begun = treesC + treesR;
    return {"pc2", treesR > 0 ? "tree-r-last" : "tree-c", begun > 0 ? begun - 1 : 0, 2 * each, "trees"};
}

} // namespace

Expected<std::string> OfficialEngine::preCommit1(const PreCommit1Order& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(checkPieces(info, order.pieces));
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(checkUnsealed(info, order.unsealed, context));

    // Whatever has the right name and size would be taken for this sector's: nothing of it may be there.
    std::error_code error;
    fs::create_directories(order.cache, error);
    if (error) return errnoError(error.value(), "cannot create the cache folder " + order.cache.string());
    LSW_TRY(removeFiles(order.cache, isCacheFile));
    LSW_TRY(createEmpty(order.sealed));
    const fs::path sealedFolder = order.sealed.has_parent_path() ? order.sealed.parent_path() : fs::path(".");
    LSW_TRY(requireSpace(
        {{order.cache, totalSize(sector::layerFiles(info)) + sector::treeDFile(info).size}, {sealedFolder, info.sectorSize.value}}, "PC1"));
    LSW_TRY(ensureParentCache(
        info, "pc1",
        [&]() -> Expected<void> {
            const ProgressTicker ticker(context, secondsOf("pc1", "making the parent cache"));
            auto made = taken(lsw_make_parents(info.number()), "making the parent cache");
            if (!made) return std::move(made).error();
            return {};
        },
        context));
    LSW_TRY(notStopped(context, "PC1"));

    const LswSector sector = proofs::sector(order.proof, order.sector, order.ticket);
    const auto pieces = proofs::pieces(order.pieces);
    auto output = [&] {
        const ProgressTicker ticker(context, [&] { return lookAtPreCommit1(info, order.sealed, order.cache); });
        return taken(lsw_pre_commit_1(&sector, pieces.data(), pieces.size(), pathText(order.unsealed), pathText(order.sealed),
                                      pathText(order.cache)),
                     "PC1");
    }();
    if (!output) return std::move(output).error();
    context.report(lookAtPreCommit1(info, order.sealed, order.cache));
    LSW_TRY(notStopped(context, "PC1"));
    LSW_TRY(syncFolder(order.cache));
    return std::string(asText(*output));
}

Expected<PreCommit2Result> OfficialEngine::preCommit2(const PreCommit2Order& order, const TaskContext& context) {
    const auto phase1 = readPhaseOutput(order.phase1Output, "PC1");
    if (!phase1) return phase1.error();
    const ProofInfo& info = *phase1->proof;
    LSW_TRY(requirePreCommit1(info, order.cache, phase1->commD));
    const fs::path treeD = order.cache / sector::treeDFileName();

    // Trees left behind would be believed, and a replica left behind would be encoded twice.
    LSW_TRY(removeFiles(order.cache, [](std::string_view name) { return isPreCommit2File(name) || name == sector::kSyntheticName; }));
    LSW_TRY(createEmpty(order.sealed));
    const fs::path sealedFolder = order.sealed.has_parent_path() ? order.sealed.parent_path() : fs::path(".");
    // Tree R last is written whole before it is cut.
    LSW_TRY(requireSpace({{order.cache, totalSize(sector::treeCFiles(info)) * 2}, {sealedFolder, info.sectorSize.value}}, "PC2"));
    LSW_TRY(copyHead(treeD, order.sealed, info.sectorSize.value, context.stop, [&](std::uint64_t done) {
        context.report({"pc2", "copy", done, info.sectorSize.value, "bytes"});
    }));

    auto output = [&] {
        const ProgressTicker ticker(context, [&] { return lookAtPreCommit2(info, order.cache); });
        return taken(lsw_pre_commit_2(text(order.phase1Output), pathText(order.sealed), pathText(order.cache)), "PC2");
    }();
    if (!output) return std::move(output).error();
    LSW_TRY(notStopped(context, "PC2"));
    LSW_TRY(syncFolder(order.cache));
    LSW_TRY(syncFile(order.sealed));
    PreCommit2Result result;
    if (output->size() != result.commR.size() + result.commD.size())
        return Error(ErrorCode::Internal, "PC2 answered with another number of bytes");
    std::memcpy(result.commR.data(), output->data(), result.commR.size());
    std::memcpy(result.commD.data(), output->data() + result.commR.size(), result.commD.size());
    const auto trees = 2 * static_cast<std::uint64_t>(info.baseTrees);
    context.report({"pc2", "tree-r-last", trees, trees, "trees"});
    return result;
}

Expected<void> OfficialEngine::syntheticProofs(const SyntheticProofsOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    if (info.feature != sector::ProofFeature::SyntheticPoRep)
        return Error(ErrorCode::InvalidArgument, std::string(info.name) + " has no synthetic proofs");
    LSW_TRY(checkPieces(info, order.pieces));
    LSW_TRY(requireFolder(order.cache, "the cache"));
    LSW_TRY(requireNoCheckpoint(order.cache, sector::kTreeCheckpointName));
    LSW_TRY(requireFile(order.sealed, info.sectorSize.value, "the replica"));
    const fs::path file = order.cache / sector::kSyntheticName;
    LSW_TRY(removeFiles(order.cache, [](std::string_view name) { return name == sector::kSyntheticName; }));
    const std::uint64_t size = sector::syntheticProofFileSize(info);
    LSW_TRY(requireSpace({{order.cache, size}}, "the synthetic proofs"));

    const LswSector sector = proofs::sector(order.proof, order.sector, order.ticket);
    const auto pieces = proofs::pieces(order.pieces);
    auto output = [&] {
        const ProgressTicker ticker(context, [&] { return Progress{"synthetic", "", std::min(sizeOf(file), size), size, "bytes"}; });
        return taken(lsw_synthetic_proofs(&sector, pieces.data(), pieces.size(), order.commR.data(), order.commD.data(),
                                          pathText(order.sealed), pathText(order.cache)),
                     "the synthetic proofs");
    }();
    if (!output) return std::move(output).error();
    LSW_TRY(requireFile(file, size, "the file of synthetic proofs"));
    LSW_TRY(syncFile(file));
    return notStopped(context, "the synthetic proofs");
}

Expected<std::string> OfficialEngine::commit1(const Commit1Order& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(checkPieces(info, order.pieces));
    LSW_TRY(requireFolder(order.cache, "the cache"));
    LSW_TRY(requireNoCheckpoint(order.cache, sector::kTreeCheckpointName));
    LSW_TRY(requireFile(order.sealed, info.sectorSize.value, "the replica"));
    if (info.feature == sector::ProofFeature::SyntheticPoRep)
        LSW_TRY(requireFile(order.cache / sector::kSyntheticName, sector::syntheticProofFileSize(info), "the file of synthetic proofs"));
    LSW_TRY(notStopped(context, "C1"));

    const LswSector sector = proofs::sector(order.proof, order.sector, order.ticket);
    const auto pieces = proofs::pieces(order.pieces);
    auto output = [&] {
        const ProgressTicker ticker(context, secondsOf("c1", ""));
        return taken(lsw_commit_1(&sector, order.seed.data(), pieces.data(), pieces.size(), order.commR.data(), order.commD.data(),
                                  pathText(order.sealed), pathText(order.cache)),
                     "C1");
    }();
    if (!output) return std::move(output).error();
    LSW_TRY(notStopped(context, "C1"));
    return std::string(asText(*output));
}

Expected<Bytes> OfficialEngine::commit2(const Commit2Order& order, const TaskContext& context) {
    const auto commit1 = readPhaseOutput(order.commit1Output, "C1");
    if (!commit1) return commit1.error();
    LSW_TRY(requireParameters(LSW_SEAL, commit1->proof->number(), commit1->proof->sectorSize));
    LSW_TRY(notStopped(context, "C2"));
    const Bytes32 prover = sector::proverId(order.sector.miner);
    auto proof = [&] {
        const ProgressTicker ticker(context, secondsOf("c2", ""));
        return taken(lsw_commit_2(text(order.commit1Output), prover.data(), order.sector.number), "C2");
    }();
    if (!proof) return std::move(proof).error();
    LSW_TRY(notStopped(context, "C2"));
    return proof;
}

Expected<bool> OfficialEngine::verifySeal(const VerifySealOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    LSW_TRY(notStopped(context, "verifying"));
    LSW_TRY(requireVerifyingKey(LSW_SEAL, (*proof)->number(), (*proof)->sectorSize));
    const LswSector sector = proofs::sector(order.proof, order.sector, order.ticket);
    const LswReply reply = lsw_verify_seal(&sector, order.seed.data(), order.commR.data(), order.commD.data(), order.proofBytes.data(),
                                           order.proofBytes.size());
    return verdict(reply);
}

Expected<void> OfficialEngine::clearCache(const ClearCacheOrder& order, const TaskContext&) {
    // By ourselves: the crate finds files by a pattern made of the folder's name, so that a bracket in it hides them.
    LSW_TRY(requireFolder(order.cache, "the cache"));
    if (order.syntheticOnly) LSW_TRY(removeFiles(order.cache, [](std::string_view name) { return name == sector::kSyntheticName; }));
    else LSW_TRY(removeFiles(order.cache, isClearedFile));
    return syncFile(order.cache); // or a power cut brings ten times the sector's size back, which nobody would clear again
}

Expected<void> OfficialEngine::testParameters(const TestParametersOrder& order, const TaskContext& context) {
    LSW_TRY(notStopped(context, "making parameters"));
    const ProgressTicker ticker(context, secondsOf("parameters", ""));
    auto made = taken(lsw_make_test_parameters(order.sectorSize.value, static_cast<std::int32_t>(order.circuit)), "making parameters");
    if (!made) return std::move(made).error();
    return {};
}

} // namespace lsw::proofs
