// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/remote_fetch.h"
#include "tasks/task_bodies.h"

namespace lsw::tasks {

Expected<TaskResult> run(const MoveStorageCall& call, const TaskWork& work) {
    LSW_TRY(work.store.moveToStorage(call.sector, call.types, work.context));
    for (const FileType one : sector::kFileTypes) {
        if (any(call.types & one)) LSW_TRY(work.store.removeCopies(call.sector.id, one, work.context.stop));
    }
    return TaskResult();
}

Expected<TaskResult> run(const FetchCall& call, const TaskWork& work) {
    auto lease = work.store.acquire(call.sector, call.types, FileType::None, call.pathType, call.mode, work.context);
    if (!lease) return std::move(lease).error();
    LSW_TRY(lease->release());
    return TaskResult();
}

Expected<TaskResult> run(const DownloadSectorCall& call, const TaskWork& work) {
    FileType types = FileType::None;
    for (const auto& [one, location] : call.files) types = types | one;
    auto lease = work.store.acquire(call.sector, FileType::None, types, call.finalized ? PathType::Storage : PathType::Sealing, std::nullopt,
                                    work.context);
    if (!lease) return std::move(lease).error().whileDoing("failed to acquire sector paths");
    for (const auto& [one, location] : call.files) {
        if (location.local)
            return Error(ErrorCode::InvalidArgument, "sector " + std::to_string(call.sector.id.number) + " is to be downloaded, but its " +
                                                         std::string(sector::fileTypeName(one)) + " is said to be here already");
        TaskContext named{work.context.stop, [&](const Progress& progress) {
                              Progress copy = progress;
                              copy.step = sector::fileTypeName(one);
                              work.context.report(copy);
                          }};
        auto fetched = storage::downloadFile({location.url, location.headers}, lease->path(one), named,
                                             sector::isDirectory(one) ? storage::FetchKind::Folder : storage::FetchKind::File);
        if (!fetched) return std::move(fetched).error().whileDoing("downloading sector data");
    }
    LSW_TRY(lease->release());
    return TaskResult();
}

} // namespace lsw::tasks
