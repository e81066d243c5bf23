// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/partial_file.h"
#include "tasks/scratch_folder.h"
#include "tasks/task_bodies.h"
#include "tasks/unsealed_file.h"

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;
using sector::PaddedBytes;
using sector::PartialFile;
using sector::ProofInfo;
using sector::UnpaddedBytes;


enum class Unsealed { AlreadyThere, Now };

/// The data of an updated sector: decoding gives all of them. A sector key that was released is labelled anew; an updated sector was
/// sealed from zeros, so the ticket is all that takes.
Expected<void> decodeInto(const UnsealPieceCall& call, const Bytes32& ticket, const fs::path& update, PartialFile& file, const fs::path& path,
                          const fs::path& root, const TaskWork& work) {
    const auto take = [&](FileType types) {
        return work.store.acquire(call.sector, types, FileType::None, PathType::Sealing, AcquireMode::Copy, work.context);
    };
    auto key = take(FileType::Sealed | FileType::Cache);
    std::optional<ScratchFolder> scratch;
    fs::path sealed;
    if (key) {
        sealed = key->path(FileType::Sealed);
    } else {
        if (key.error().code() != ErrorCode::NotFound) return std::move(key).error().whileDoing("reading the sector key");
        key = take(FileType::Cache);
        if (!key) return std::move(key).error().whileDoing("the sector key is gone, and without its cache it cannot be made again");
        ScratchFolder::removeStale(root, ScratchFolder::kUnsealPrefix);
        auto made = ScratchFolder::make(root, ScratchFolder::kUnsealPrefix);
        if (!made) return std::move(made).error();
        scratch.emplace(std::move(*made));
        sealed = scratch->path() / "sector-key";
        const fs::path labels = scratch->path() / "labels";
        std::error_code failed;
        if (fs::create_directory(labels, failed); failed) return errnoError(failed.value(), "creating " + labels.string());
        if (auto again = work.engine.regenerateReplica({call.sector.proof, call.sector.id, ticket, sealed, labels}, work.context); !again)
            return std::move(again).error().whileDoing("recomputing the sector key");
    }
    LSW_TRY(work.engine.decodeUpdate({call.sector.proof, call.commD, update, sealed, key->path(FileType::Cache), path}, work.context));
    LSW_TRY(file.markAllocated({0}, file.sectorSize()));
    return key->release();
}

Expected<Unsealed> unsealInto(const UnsealPieceCall& call, const ProofInfo& info, const Bytes32& ticket, const fs::path& path,
                              const fs::path& root, bool isNew, const TaskWork& work) {
    auto file = isNew ? PartialFile::create(path, info.sectorSize) : PartialFile::open(path, info.sectorSize);
    if (!file) return std::move(file).error();
    // Each call of the engine labels the whole sector anew, so all that is missing is done in one, from the first byte to the last.
    sector::RunSet missing;
    missing.add({UnpaddedBytes{call.offset}.padded().value, UnpaddedBytes{call.offset + call.size}.padded().value});
    for (const sector::Run& run : file->allocated().runs()) missing.remove(run);
    if (missing.empty()) return Unsealed::AlreadyThere;
    const PaddedBytes begin{missing.runs().front().begin}, end{missing.runs().back().end};

    auto updated =
        work.store.acquire(call.sector, FileType::Update, FileType::None, PathType::Sealing, AcquireMode::Copy, work.context);
    if (updated) {
        LSW_TRY(decodeInto(call, ticket, updated->path(FileType::Update), *file, path, root, work));
        LSW_TRY(updated->release());
        return Unsealed::Now;
    }
    if (updated.error().code() != ErrorCode::NotFound) return std::move(updated).error();
    auto sources = work.store.acquire(call.sector, FileType::Sealed | FileType::Cache, FileType::None, PathType::Sealing,
                                   AcquireMode::Copy, work.context);
    if (!sources) return std::move(sources).error();
    ScratchFolder::removeStale(root, ScratchFolder::kUnsealPrefix);
    auto scratch = ScratchFolder::make(root, ScratchFolder::kUnsealPrefix);
    if (!scratch) return std::move(scratch).error();
    LSW_TRY(work.engine.unseal({call.sector.proof, call.sector.id, ticket, call.commD, sources->path(FileType::Sealed),
                             sources->path(FileType::Cache), scratch->path(), path, true, begin.unpadded(),
                             PaddedBytes{end.value - begin.value}.unpadded()},
                            work.context));
    LSW_TRY(file->markAllocated(begin, {end.value - begin.value}));
    LSW_TRY(sources->release());
    return Unsealed::Now;
}

} // namespace

Expected<TaskResult> run(const ReleaseUnsealedCall& call, const TaskWork& work) {
    if (call.keep.empty()) {
        LSW_TRY(work.store.remove(call.sector.id, FileType::Unsealed, true, work.context.stop));
        return TaskResult();
    }
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    const std::uint64_t sectorSize = (*info)->sectorSize.value, room = (*info)->sectorSize.unpadded().value;
    sector::RunSet drop;
    drop.add({0, sectorSize});
    for (const Range& keep : call.keep) {
        if (keep.offset > room || keep.size > room - keep.offset)
            return Error(ErrorCode::InvalidArgument, "the range to keep, " + std::to_string(keep.size) + " bytes at " +
                                                         std::to_string(keep.offset) + ", ends beyond the sector");
        if (keep.size > 0) drop.remove({keep.offset / 127 * 128, (keep.offset + keep.size + 126) / 127 * 128});
    }
    auto lease = work.store.acquire(call.sector, FileType::Unsealed, FileType::None, PathType::Storage, std::nullopt, work.context);
    if (!lease && lease.error().code() == ErrorCode::NotFound) return TaskResult(); // nothing to release
    if (!lease) return std::move(lease).error();
    auto file = PartialFile::open(lease->path(FileType::Unsealed), (*info)->sectorSize);
    if (!file && file.error().code() == ErrorCode::NotFound) return TaskResult();
    if (!file) return std::move(file).error();
    for (const sector::Run& run : drop.runs()) LSW_TRY(file->release({run.begin}, {run.end - run.begin}));
    LSW_TRY(lease->release());
    return TaskResult();
}

Expected<TaskResult> run(const UnsealPieceCall& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    const auto ticket = toBytes32(call.ticket, "ticket");
    if (!ticket) return ticket.error();
    const std::uint64_t room = (*info)->sectorSize.unpadded().value;
    if (call.size == 0 || call.offset % 127 != 0 || call.size % 127 != 0 || call.offset > room || call.size > room - call.offset)
        return Error(ErrorCode::InvalidArgument, std::to_string(call.size) + " bytes at " + std::to_string(call.offset) +
                                                     " are no piece of a sector of " + std::to_string(room) + " bytes");
    bool isNew = false;
    auto lease = work.store.acquire(call.sector, FileType::Unsealed, FileType::None, PathType::Sealing, std::nullopt, work.context);
    if (!lease && lease.error().code() == ErrorCode::NotFound) {
        isNew = true;
        lease = work.store.acquire(call.sector, FileType::None, FileType::Unsealed, PathType::Sealing, std::nullopt, work.context);
    }
    if (!lease) return std::move(lease).error();
    const fs::path unsealed = lease->path(FileType::Unsealed);
    auto done = unsealInto(call, **info, *ticket, unsealed, lease->root(FileType::Unsealed), isNew, work);
    auto released = lease->release();
    if (!done) {
        if (isNew) removeUnsealed(call.sector.id, unsealed, work);
        return std::move(done).error().whileDoing("unsealing sector " + std::to_string(call.sector.id.number));
    }
    if (!released) return std::move(released).error();
    if (*done == Unsealed::AlreadyThere) return TaskResult();
    for (const FileType one : {FileType::Sealed, FileType::Cache, FileType::Update, FileType::UpdateCache}) {
        if (auto removed = work.store.removeCopies(call.sector.id, one, work.context.stop); !removed)
            return std::move(removed).error().whileDoing("removing the copies that were fetched for unsealing");
    }
    return TaskResult();
}

} // namespace lsw::tasks
