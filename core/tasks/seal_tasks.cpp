// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/seal_tasks.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <random>

#include <boost/json.hpp>

#include "sector/partial_file.h"
#include "tasks/owned_fd.h"
#include "tasks/scratch_folder.h"

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace protocol;
using proofs::PieceSource;
using sector::PaddedBytes;
using sector::PartialFile;
using sector::ProofFeature;
using sector::ProofInfo;
using sector::UnpaddedBytes;

/// The key under which a miner finds the ticket again in what PC1 gave.
constexpr std::string_view kTicketKey = "_lotus_SealRandomness";
/// How often PC2 proves to itself that what it made can be proven.
constexpr int kChecksAfterPreCommit2 = 3;
constexpr std::string_view kUnsealPrefix = "lsw-unseal-";

Expected<Bytes32> toBytes32(const Bytes& bytes, std::string_view what) {
    Bytes32 out{};
    if (bytes.size() != out.size())
        return Error(ErrorCode::InvalidArgument,
                     "the " + std::string(what) + " must have 32 bytes, but it has " + std::to_string(bytes.size()));
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

Expected<UnpaddedBytes> checkedPieceSize(std::uint64_t size) {
    if (UnpaddedBytes{size}.isPieceSize()) return UnpaddedBytes{size};
    return Error(ErrorCode::InvalidArgument, std::to_string(size) + " bytes are no piece size: a piece has 127 times a power of two");
}

/// As Go's encoding/json writes a map: keys sorted at every depth.
json::value sorted(const json::value& value) {
    if (const json::array* list = value.if_array()) {
        json::array out;
        out.reserve(list->size());
        for (const json::value& item : *list) out.push_back(sorted(item));
        return out;
    }
    const json::object* object = value.if_object();
    if (!object) return value;
    std::map<std::string_view, const json::value*> members;
    for (const auto& member : *object) members.emplace(std::string_view(member.key()), &member.value());
    json::object out;
    for (const auto& [key, member] : members) out[key] = sorted(*member);
    return out;
}

Expected<json::object> parsePhase1(std::string_view text) {
    json::parse_options options;
    options.allow_invalid_utf8 = true; // it has paths in it, which are bytes
    json::error_code failed;
    json::value value = json::parse(text, failed, {}, options);
    if (failed || !value.is_object()) return Error(ErrorCode::Corrupt, "the output of PC1 is no JSON object");
    return std::move(value.get_object());
}

Bytes32 randomSeed() {
    std::random_device random;
    Bytes32 out;
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
    return out;
}

Bytes textBytes(std::string_view text) { return Bytes(text.begin(), text.end()); }

/// The bodies of the tasks, one overload for each.
class Body {
public:
    Body(const std::shared_ptr<PieceData>& data, TaskTools tools, const TaskContext& context)
        : m_data(data), m_engine(tools.engine), m_store(tools.store), m_context(context) {}

    using Result = Expected<TaskResult>;

    Result operator()(const AddPieceCall& call) {
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
        auto lease = m_store.acquire(call.sector, isFirst ? FileType::None : FileType::Unsealed,
                                     isFirst ? FileType::Unsealed : FileType::None, PathType::Sealing, std::nullopt, m_context);
        if (!lease) return std::move(lease).error();
        auto piece = writePiece(call, lease->path(FileType::Unsealed), **info, offset, *size);
        auto released = lease->release();
        if (!piece) {
            // A file that holds no piece is of no use; the next attempt starts with a new one.
            if (isFirst) removeUnsealed(call.sector.id, lease->path(FileType::Unsealed));
            return std::move(piece).error().whileDoing("adding a piece to sector " + std::to_string(call.sector.id.number));
        }
        if (!released) return std::move(released).error();
        return TaskResult(*piece);
    }

    Result operator()(const DataCidCall& call) {
        const auto size = checkedPieceSize(call.size);
        if (!size) return size.error();
        auto piece = withSource([&](PieceSource source) { return m_engine.pieceCommitment({*size, source}, m_context); });
        if (!piece) return std::move(piece).error().whileDoing("computing the commitment of a piece");
        return TaskResult(*piece);
    }

    Result operator()(const SealPreCommit1Call& call) {
        const auto info = sector::proofInfo(call.sector.proof);
        if (!info) return info.error();
        const auto ticket = toBytes32(call.ticket, "ticket");
        if (!ticket) return ticket.error();
        // What an earlier attempt left may be another ticket's.
        for (const FileType one : {FileType::Sealed, FileType::Cache}) {
            if (auto removed = m_store.remove(call.sector.id, one, true, m_context.stop); !removed)
                return std::move(removed).error().whileDoing("cleaning up before PC1");
        }
        auto lease = m_store.acquire(call.sector, FileType::Unsealed, FileType::Sealed | FileType::Cache, PathType::Sealing, std::nullopt,
                                     m_context);
        if (!lease) return std::move(lease).error();
        // Made before anything can fail: the lease will declare them, and what is declared must be there.
        const fs::path sealed = lease->path(FileType::Sealed), cache = lease->path(FileType::Cache);
        if (const OwnedFd made(::open(sealed.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)); !made)
            return errnoError(errno, "creating " + sealed.string());
        std::error_code failed;
        if (fs::create_directories(cache, failed); failed) return errnoError(failed.value(), "creating " + cache.string());
        std::uint64_t sum = 0;
        for (const PieceInfo& piece : call.pieces) sum += piece.size.unpadded().value;
        const std::uint64_t room = (*info)->sectorSize.unpadded().value;
        if (sum != room)
            return Error(ErrorCode::InvalidArgument, "aggregated piece sizes don't match sector size: " + std::to_string(sum) +
                                                         " != " + std::to_string(room) + " (" +
                                                         std::to_string(static_cast<std::int64_t>(room - sum)) + ')');
        const fs::path unsealed = lease->path(FileType::Unsealed);
        auto text = m_engine.preCommit1({call.sector.proof, call.sector.id, *ticket, call.pieces, unsealed, sealed, cache}, m_context);
        if (!text)
            return std::move(text).error().whileDoing("presealing sector " + std::to_string(call.sector.id.number) + " (" +
                                                      unsealed.string() + ")");
        auto output = parsePhase1(*text);
        if (!output) return std::move(output).error();
        (*output)[kTicketKey] = toBase64(*ticket);
        LSW_TRY(lease->release());
        return TaskResult(textBytes(json::serialize(sorted(*output))));
    }

    Result operator()(const SealPreCommit2Call& call) {
        const auto info = sector::proofInfo(call.sector.proof);
        if (!info) return info.error();
        const std::string phase1(asText(call.phase1Output));
        auto lease =
            m_store.acquire(call.sector, FileType::Sealed | FileType::Cache, FileType::None, PathType::Sealing, std::nullopt, m_context);
        if (!lease) return std::move(lease).error();
        const fs::path sealed = lease->path(FileType::Sealed), cache = lease->path(FileType::Cache);
        auto made = m_engine.preCommit2({phase1, sealed, cache}, m_context);
        if (!made) return std::move(made).error().whileDoing("presealing sector " + std::to_string(call.sector.id.number));
        const SectorCids cids{made->commD, made->commR};

        const auto output = parsePhase1(phase1);
        if (!output) return output.error();
        const bool isSynthetic = (*info)->feature == ProofFeature::SyntheticPoRep;
        const json::value* noted = output->if_contains(kTicketKey);
        if (!noted) { // what was not made by a task has no ticket with it, and cannot be checked
            if (isSynthetic) return Error(ErrorCode::Corrupt, "synthetic mode: ticket not found");
            return TaskResult(cids);
        }
        auto ticket = ticketFrom(*noted);
        if (!ticket) return std::move(ticket).error();
        const std::vector<PieceInfo> whole{{(*info)->sectorSize, cids.unsealed}};
        if (isSynthetic) {
            auto proven = m_engine.syntheticProofs(
                {call.sector.proof, call.sector.id, *ticket, whole, cids.sealed, cids.unsealed, sealed, cache}, m_context);
            if (!proven)
                return std::move(proven).error().whileDoing("making the synthetic proofs of sector " +
                                                            std::to_string(call.sector.id.number));
            if (auto cleared = m_engine.clearCache({cache, false}, m_context); !cleared) {
                if (cleared.error().code() == ErrorCode::Cancelled) return std::move(cleared).error();
                return TaskResult(cids); // the room can be won at finalization, the work is done
            }
        }
        for (int round = 1; round <= kChecksAfterPreCommit2; ++round) {
            TaskContext check = m_context;
            check.report = [&, round](const Progress& progress) {
                Progress shown = progress;
                shown.phase = "pc2";
                shown.step = "check " + std::to_string(round) + " of " + std::to_string(kChecksAfterPreCommit2);
                m_context.report(shown);
            };
            auto proof = m_engine.commit1(
                {call.sector.proof, call.sector.id, *ticket, randomSeed(), whole, cids.sealed, cids.unsealed, sealed, cache}, check);
            if (!proof) return std::move(proof).error().whileDoing("checking PreCommit failed");
        }
        LSW_TRY(lease->release());
        return TaskResult(cids);
    }

    Result operator()(const SealCommit1Call& call) {
        const auto ticket = toBytes32(call.ticket, "ticket");
        if (!ticket) return ticket.error();
        // A miner may leave the seed out; that is the zero seed.
        const auto seed = toBytes32(call.seed.empty() ? Bytes(32) : call.seed, "seed");
        if (!seed) return seed.error();
        auto lease =
            m_store.acquire(call.sector, FileType::Sealed | FileType::Cache, FileType::None, PathType::Sealing, std::nullopt, m_context);
        if (!lease) return std::move(lease).error();
        auto text = m_engine.commit1({call.sector.proof, call.sector.id, *ticket, *seed, call.pieces, call.cids.sealed, call.cids.unsealed,
                                      lease->path(FileType::Sealed), lease->path(FileType::Cache)},
                                     m_context);
        if (!text) return std::move(text).error();
        LSW_TRY(lease->release());
        return TaskResult(textBytes(*text));
    }

    Result operator()(const SealCommit2Call& call) {
        auto proof = m_engine.commit2({std::string(asText(call.commit1Output)), call.sector.id}, m_context);
        if (!proof) return std::move(proof).error();
        return TaskResult(std::move(*proof));
    }

    Result operator()(const FinalizeSectorCall& call) {
        const auto info = sector::proofInfo(call.sector.proof);
        if (!info) return info.error();
        auto lease = m_store.acquire(call.sector, FileType::Cache, FileType::None, PathType::Storage, std::nullopt, m_context);
        if (!lease) return std::move(lease).error();
        const fs::path cache = lease->path(FileType::Cache);
        if ((*info)->feature == ProofFeature::SyntheticPoRep) {
            // Not being able to is no reason to keep the layers as well.
            auto cleared = m_engine.clearCache({cache, true}, m_context);
            if (!cleared && cleared.error().code() == ErrorCode::Cancelled) return std::move(cleared).error();
        }
        LSW_TRY(m_engine.clearCache({cache, false}, m_context));
        LSW_TRY(lease->release());
        return TaskResult();
    }

    Result operator()(const ReleaseUnsealedCall& call) {
        if (call.keep.empty()) {
            LSW_TRY(m_store.remove(call.sector.id, FileType::Unsealed, true, m_context.stop));
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
        auto lease = m_store.acquire(call.sector, FileType::Unsealed, FileType::None, PathType::Storage, std::nullopt, m_context);
        if (!lease && lease.error().code() == ErrorCode::NotFound) return TaskResult(); // nothing to release
        if (!lease) return std::move(lease).error();
        auto file = PartialFile::open(lease->path(FileType::Unsealed), (*info)->sectorSize);
        if (!file && file.error().code() == ErrorCode::NotFound) return TaskResult();
        if (!file) return std::move(file).error();
        for (const sector::Run& run : drop.runs()) LSW_TRY(file->release({run.begin}, {run.end - run.begin}));
        LSW_TRY(lease->release());
        return TaskResult();
    }

    Result operator()(const MoveStorageCall& call) {
        LSW_TRY(m_store.moveToStorage(call.sector, call.types, m_context));
        for (const FileType one : sector::kFileTypes) {
            if (any(call.types & one)) LSW_TRY(m_store.removeCopies(call.sector.id, one, m_context.stop));
        }
        return TaskResult();
    }

    Result operator()(const UnsealPieceCall& call) {
        const auto info = sector::proofInfo(call.sector.proof);
        if (!info) return info.error();
        const auto ticket = toBytes32(call.ticket, "ticket");
        if (!ticket) return ticket.error();
        const std::uint64_t room = (*info)->sectorSize.unpadded().value;
        if (call.size == 0 || call.offset % 127 != 0 || call.size % 127 != 0 || call.offset > room || call.size > room - call.offset)
            return Error(ErrorCode::InvalidArgument, std::to_string(call.size) + " bytes at " + std::to_string(call.offset) +
                                                         " are no piece of a sector of " + std::to_string(room) + " bytes");
        bool isNew = false;
        auto lease = m_store.acquire(call.sector, FileType::Unsealed, FileType::None, PathType::Sealing, std::nullopt, m_context);
        if (!lease && lease.error().code() == ErrorCode::NotFound) {
            isNew = true;
            lease = m_store.acquire(call.sector, FileType::None, FileType::Unsealed, PathType::Sealing, std::nullopt, m_context);
        }
        if (!lease) return std::move(lease).error();
        const fs::path unsealed = lease->path(FileType::Unsealed);
        auto done = unsealInto(call, **info, *ticket, unsealed, lease->root(FileType::Unsealed), isNew);
        auto released = lease->release();
        if (!done) {
            if (isNew) removeUnsealed(call.sector.id, unsealed);
            return std::move(done).error().whileDoing("unsealing sector " + std::to_string(call.sector.id.number));
        }
        if (!released) return std::move(released).error();
        if (*done == Unsealed::AlreadyThere) return TaskResult();
        for (const FileType one : {FileType::Sealed, FileType::Cache, FileType::Update, FileType::UpdateCache}) {
            if (auto removed = m_store.removeCopies(call.sector.id, one, m_context.stop); !removed)
                return std::move(removed).error().whileDoing("removing the copies that were fetched for unsealing");
        }
        return TaskResult();
    }

    Result operator()(const FetchCall& call) {
        auto lease = m_store.acquire(call.sector, call.types, FileType::None, call.pathType, call.mode, m_context);
        if (!lease) return std::move(lease).error();
        LSW_TRY(lease->release());
        return TaskResult();
    }

private:
    /// Opens the data of the call for an engine; a transfer that broke off is the reason of the failure that follows from it.
    template <typename Work>
    Expected<PieceInfo> withSource(Work work) {
        if (!m_data) return Error(ErrorCode::InvalidArgument, "the call came without data");
        if (m_data->isZeros()) return work(PieceSource{});
        auto opened = m_data->open(m_context.stop);
        if (!opened) return std::move(opened).error().whileDoing("pr read error");
        OwnedFd source(*opened);
        auto piece = work(PieceSource{source.get(), false});
        source.reset(); // so that a sender of more than the piece does not wait for a reader
        if (piece) return piece;
        switch (piece.error().code()) {
        case ErrorCode::Cancelled:
        case ErrorCode::ChildDied:
        case ErrorCode::NoSpace:
        case ErrorCode::NotInstalled: return piece;
        default: break;
        }
        if (auto transferred = m_data->finish(); !transferred) return std::move(transferred).error().whileDoing("pr read error");
        return piece;
    }

    Expected<PieceInfo> writePiece(const AddPieceCall& call, const fs::path& path, const ProofInfo& info, PaddedBytes offset,
                                   UnpaddedBytes size) {
        auto file = call.existing.empty() ? PartialFile::create(path, info.sectorSize) : PartialFile::open(path, info.sectorSize);
        if (!file) return std::move(file).error();
        if (offset.value > 0 && !file->isAllocated({0}, offset))
            return Error(ErrorCode::Corrupt,
                         path.string() + " does not hold the " + std::to_string(offset.unpadded().value) + " bytes of the existing pieces");
        auto piece = withSource([&](PieceSource source) {
            return m_engine.addPiece({call.sector.proof, path, offset, size, source}, m_context);
        });
        if (!piece) return piece;
        if (piece->size != size.padded())
            return Error(ErrorCode::Internal,
                         "a piece of " + std::to_string(size.padded().value) + " bytes became one of " + std::to_string(piece->size.value));
        LSW_TRY(file->markAllocated(offset, piece->size));
        return piece;
    }

    /// For a file that was begun here and holds nothing.
    void removeUnsealed(SectorId id, const fs::path& path) {
        std::error_code ignored;
        fs::remove(path, ignored);
        // When we are stopping, the miner is not waited for: it learns it when the paths are declared again.
        if (!m_context.stop.stop_requested()) (void)m_store.removeLocal(id, FileType::Unsealed, {}, m_context.stop);
    }

    static Expected<Bytes32> ticketFrom(const json::value& noted) {
        const json::string* text = noted.if_string();
        if (!text) return Error(ErrorCode::Corrupt, "the ticket in the output of PC1 is no text");
        const auto bytes = fromBase64(*text);
        if (!bytes) return Error(bytes.error()).whileDoing("reading the ticket in the output of PC1");
        return toBytes32(*bytes, "ticket in the output of PC1");
    }

    enum class Unsealed { AlreadyThere, Now };

    Expected<Unsealed> unsealInto(const UnsealPieceCall& call, const ProofInfo& info, const Bytes32& ticket, const fs::path& path,
                                  const fs::path& root, bool isNew) {
        auto file = isNew ? PartialFile::create(path, info.sectorSize) : PartialFile::open(path, info.sectorSize);
        if (!file) return std::move(file).error();
        // Each call of the engine labels the whole sector anew, so all that is missing is done in one, from the first byte to the last.
        sector::RunSet missing;
        missing.add({UnpaddedBytes{call.offset}.padded().value, UnpaddedBytes{call.offset + call.size}.padded().value});
        for (const sector::Run& run : file->allocated().runs()) missing.remove(run);
        if (missing.empty()) return Unsealed::AlreadyThere;
        const PaddedBytes begin{missing.runs().front().begin}, end{missing.runs().back().end};

        const auto updated =
            m_store.acquire(call.sector, FileType::Update, FileType::None, PathType::Sealing, AcquireMode::Copy, m_context);
        if (updated)
            return Error(ErrorCode::Unsupported, "the sector was updated with other data, and unsealing updated sectors is not built in");
        if (updated.error().code() != ErrorCode::NotFound) return updated.error();
        auto sources = m_store.acquire(call.sector, FileType::Sealed | FileType::Cache, FileType::None, PathType::Sealing,
                                       AcquireMode::Copy, m_context);
        if (!sources) return std::move(sources).error();
        ScratchFolder::removeStale(root, kUnsealPrefix);
        auto scratch = ScratchFolder::make(root, kUnsealPrefix);
        if (!scratch) return std::move(scratch).error();
        LSW_TRY(m_engine.unseal({call.sector.proof, call.sector.id, ticket, call.commD, sources->path(FileType::Sealed),
                                 sources->path(FileType::Cache), scratch->path(), path, true, begin.unpadded(),
                                 PaddedBytes{end.value - begin.value}.unpadded()},
                                m_context));
        LSW_TRY(file->markAllocated(begin, {end.value - begin.value}));
        LSW_TRY(sources->release());
        return Unsealed::Now;
    }

    const std::shared_ptr<PieceData>& m_data;
    proofs::ProofEngine& m_engine;
    storage::LocalStore& m_store;
    const TaskContext& m_context;
};

} // namespace

Expected<TaskResult> runTask(const TaskCall& call, const std::shared_ptr<PieceData>& data, TaskTools tools, const TaskContext& context) {
    try {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped before it began");
        return std::visit(Body(data, tools, context), call);
    } catch (const std::bad_alloc&) {
        return Error(ErrorCode::Internal, "the task ran out of memory");
    } catch (const std::exception& e) {
        return Error(ErrorCode::Internal, std::string("the task failed: ") + e.what());
    }
}

CallError callErrorFor(const Error& error, const std::string& workerName) {
    const std::string message = error.message();
    // Without what was being done: an error with a code of its own goes out as it was born, as lotus sends it.
    if (error.code() == ErrorCode::NoSpace) return {static_cast<int>(CallErrorCode::TempAllocateSpace), error.detail()};
    return {static_cast<int>(CallErrorCode::Unknown), message + " [name: " + workerName + "]: " + message};
}

} // namespace lsw::tasks
