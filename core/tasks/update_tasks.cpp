// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/scratch_folder.h"
#include "tasks/task_bodies.h"

// SnapDeals: a sector that was sealed from zeros takes data later, without being sealed again.
namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;


std::string numberOf(const SectorRef& sector) { return std::to_string(sector.id.number); }

} // namespace

Expected<TaskResult> run(const ReplicaUpdateCall& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    auto lease = work.store.acquire(call.sector, FileType::Unsealed | FileType::Sealed | FileType::Cache,
                                    FileType::Update | FileType::UpdateCache, PathType::Sealing, std::nullopt, work.context);
    if (!lease) return std::move(lease).error();
    auto made = work.engine.replicaUpdate({call.sector.proof, call.pieces, lease->path(FileType::Unsealed), lease->path(FileType::Sealed),
                                           lease->path(FileType::Cache), lease->path(FileType::Update), lease->path(FileType::UpdateCache)},
                                          work.context);
    if (!made) return std::move(made).error().whileDoing("failed to update replica " + numberOf(call.sector) + " with new deal data");
    LSW_TRY(lease->release());
    return TaskResult(ReplicaUpdateOut{made->commR, made->commD});
}

Expected<TaskResult> run(const ProveReplicaUpdate1Call& call, const TaskWork& work) {
    auto lease = work.store.acquire(call.sector, FileType::Sealed | FileType::Cache | FileType::Update | FileType::UpdateCache, FileType::None,
                                    PathType::Sealing, std::nullopt, work.context);
    if (!lease) return std::move(lease).error();
    auto proofs = work.engine.proveUpdate1({call.sector.proof, call.sectorKey, call.newSealed, call.newUnsealed, lease->path(FileType::Sealed),
                                            lease->path(FileType::Cache), lease->path(FileType::Update), lease->path(FileType::UpdateCache)},
                                           work.context);
    if (!proofs)
        return std::move(proofs).error().whileDoing("failed to generate proof of replica update for sector " + numberOf(call.sector));
    LSW_TRY(lease->release());
    return TaskResult(std::move(*proofs));
}

Expected<TaskResult> run(const ProveReplicaUpdate2Call& call, const TaskWork& work) {
    proofs::ProveUpdate2Order order{call.sector.proof, call.sectorKey, call.newSealed, call.newUnsealed, {}};
    for (const LargeBytes& one : call.vanillaProofs) {
        auto loaded = one.load();
        if (!loaded) return std::move(loaded).error().whileDoing("reading the vanilla proofs");
        order.vanillaProofs.push_back(std::move(*loaded));
    }
    auto proof = work.engine.proveUpdate2(order, work.context);
    if (!proof)
        return std::move(proof).error().whileDoing("failed to generate proof of replica update for sector " + numberOf(call.sector));
    return TaskResult(std::move(*proof));
}

Expected<TaskResult> run(const FinalizeReplicaUpdateCall& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    auto sector = work.store.acquire(call.sector, FileType::Cache, FileType::None, PathType::Storage, std::nullopt, work.context);
    if (!sector) return std::move(sector).error().whileDoing("acquiring sector cache path");
    LSW_TRY(clearCacheFolder(**info, sector->path(FileType::Cache), work));
    auto update = work.store.acquire(call.sector, FileType::UpdateCache, FileType::None, PathType::Storage, std::nullopt, work.context);
    if (!update) return std::move(update).error().whileDoing("acquiring sector cache path");
    LSW_TRY(work.engine.clearCache({update->path(FileType::UpdateCache), false}, work.context));
    LSW_TRY(update->release());
    LSW_TRY(sector->release());
    return TaskResult();
}

Expected<TaskResult> run(const GenerateSectorKeyCall& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    auto lease =
        work.store.acquire(call.sector, FileType::Unsealed | FileType::Cache | FileType::Update | FileType::UpdateCache, FileType::Sealed,
                           PathType::Sealing, std::nullopt, work.context);
    if (!lease) return std::move(lease).error();
    const fs::path root = lease->root(FileType::Sealed);
    ScratchFolder::removeStale(root, ScratchFolder::kKeyPrefix);
    auto scratch = ScratchFolder::make(root, ScratchFolder::kKeyPrefix);
    if (!scratch) return std::move(scratch).error();
    if (auto made = work.engine.regenerateKey({call.sector.proof, call.commD, lease->path(FileType::Unsealed), lease->path(FileType::Update),
                                               lease->path(FileType::Sealed), lease->path(FileType::Cache), scratch->path()},
                                              work.context);
        !made)
        return std::move(made).error().whileDoing("generating the sector key of sector " + numberOf(call.sector) + " from its data");
    LSW_TRY(lease->release());
    return TaskResult();
}

} // namespace lsw::tasks
