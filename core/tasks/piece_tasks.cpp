// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_bodies.h"

#include <algorithm>

#include "sector/partial_file.h"
#include "tasks/owned_fd.h"
#include "tasks/unsealed_file.h"

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;
using proofs::PieceSource;
using sector::PaddedBytes;
using sector::PartialFile;
using sector::ProofInfo;
using sector::UnpaddedBytes;

Expected<UnpaddedBytes> checkedPieceSize(std::uint64_t size) {
    if (UnpaddedBytes{size}.isPieceSize()) return UnpaddedBytes{size};
    return Error(ErrorCode::InvalidArgument, std::to_string(size) + " bytes are no piece size: a piece has 127 times a power of two");
}

/// Opens the data of the call for an engine. A transfer that broke off before all of `size` had come is the reason of the failure that
/// follows from it, and fails what goes on with zeros in the place of what did not come.
template <typename Use>
Expected<PieceInfo> withSource(UnpaddedBytes size, const TaskWork& work, Use use) {
    if (!work.data) return Error(ErrorCode::InvalidArgument, "the call came without data");
    if (work.data->isZeros()) return use(PieceSource{});
    auto opened = work.data->open(work.context.stop);
    if (!opened) return std::move(opened).error().whileDoing("pr read error");
    OwnedFd source(*opened);
    auto piece = use(PieceSource{source.get(), false});
    source.reset(); // so that a sender of more than the piece does not wait for a reader
    if (work.data->passed() >= size.value) return piece;
    if (!piece) {
        switch (piece.error().code()) {
        case ErrorCode::Cancelled:
        case ErrorCode::ChildDied:
        case ErrorCode::NoSpace:
        case ErrorCode::NotInstalled: return piece;
        default: break;
        }
    }
    if (auto transferred = work.data->finish(); !transferred) return std::move(transferred).error().whileDoing("pr read error");
    return piece;
}

Expected<PieceInfo> writePiece(const AddPieceCall& call, const fs::path& path, const ProofInfo& info, PaddedBytes offset,
                               UnpaddedBytes size, const TaskWork& work) {
    auto file = call.existing.empty() ? PartialFile::create(path, info.sectorSize) : PartialFile::open(path, info.sectorSize);
    if (!file) return std::move(file).error();
    if (offset.value > 0 && !file->isAllocated({0}, offset))
        return Error(ErrorCode::Corrupt,
                     path.string() + " does not hold the " + std::to_string(offset.unpadded().value) + " bytes of the existing pieces");
    auto piece = withSource(size, work, [&](PieceSource source) {
        return work.engine.addPiece({call.sector.proof, path, offset, size, source}, work.context);
    });
    if (!piece) return piece;
    if (piece->size != size.padded())
        return Error(ErrorCode::Internal,
                     "a piece of " + std::to_string(size.padded().value) + " bytes became one of " + std::to_string(piece->size.value));
    LSW_TRY(file->markAllocated(offset, piece->size));
    return piece;
}

} // namespace

Expected<TaskResult> run(const AddPieceCall& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    const auto size = checkedPieceSize(call.size);
    if (!size) return size.error();
    const std::uint64_t sectorSize = (*info)->sectorSize.value;
    std::uint64_t existing = 0;
    for (const std::uint64_t piece : call.existing) {
        if (piece > sectorSize || piece % 127 != 0)
            return Error(ErrorCode::InvalidArgument,
                         "an existing piece of " + std::to_string(piece) + " bytes cannot be in the sector");
        existing = std::min(existing + piece, sectorSize);
    }
    const PaddedBytes offset = UnpaddedBytes{existing}.padded(), padded = size->padded();
    if (padded.value > sectorSize || offset.value > sectorSize - padded.value)
        return Error(ErrorCode::InvalidArgument, "can't add " + std::to_string(call.size) + " byte piece to sector {{" +
                                                     std::to_string(call.sector.id.miner) + ' ' +
                                                     std::to_string(call.sector.id.number) + "} " +
                                                     std::to_string(static_cast<std::int64_t>(call.sector.proof)) + "} with " +
                                                     std::to_string(existing) + " bytes of existing pieces");

    const bool isFirst = call.existing.empty();
    auto lease = work.store.acquire(call.sector, isFirst ? FileType::None : FileType::Unsealed,
                                 isFirst ? FileType::Unsealed : FileType::None, PathType::Sealing, std::nullopt, work.context);
    if (!lease) return std::move(lease).error();
    auto piece = writePiece(call, lease->path(FileType::Unsealed), **info, offset, *size, work);
    auto released = lease->release();
    if (!piece) {
        // A file that holds no piece is of no use; the next attempt starts with a new one.
        if (isFirst) removeUnsealed(call.sector.id, lease->path(FileType::Unsealed), work);
        return std::move(piece).error().whileDoing("adding a piece to sector " + std::to_string(call.sector.id.number));
    }
    if (!released) return std::move(released).error();
    return TaskResult(*piece);
}

Expected<TaskResult> run(const DataCidCall& call, const TaskWork& work) {
    const auto size = checkedPieceSize(call.size);
    if (!size) return size.error();
    auto piece = withSource(*size, work, [&](PieceSource source) { return work.engine.pieceCommitment({*size, source}, work.context); });
    if (!piece) return piece.error(); // as lotus says it, without more around it
    return TaskResult(*piece);
}

} // namespace lsw::tasks
