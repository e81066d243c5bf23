// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/seal_tasks.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <random>

#include <boost/json.hpp>

#include "proofs/native/label_checkpoint.h"
#include "proofs/native/replica_id.h"
#include "proofs/piece_commitment.h"
#include "tasks/external_pc2.h"
#include "tasks/owned_fd.h"
#include "tasks/task_bodies.h"

namespace lsw::tasks {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using sector::ProofFeature;

/// The key under which a miner finds the ticket again in what PC1 gave.
constexpr std::string_view kTicketKey = "_lotus_SealRandomness";
/// How often PC2 proves to itself that what it made can be proven.
constexpr int kChecksAfterPreCommit2 = 3;

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

/// The storage path where an attempt of this very order (sector, proof, ticket, pieces) was interrupted while it labelled: none or one.
/// The index is asked only when there is something here, so that otherwise it hears what it hears of lotus-worker.
std::vector<std::string> pathsWithCheckpoint(const SealPreCommit1Call& call, const Bytes32& ticket, const sector::ProofInfo& info, const TaskWork& work) {
    const auto cache = work.store.localPath(call.sector.id, FileType::Cache);
    const auto commD = proofs::sectorCommitment(info.sectorSize, call.pieces);
    if (!cache || !commD || !proofs::LabelCheckpoint::isIn(*cache, proofs::replicaId(call.sector.proof, call.sector.id, ticket, *commD))) return {};
    const auto here = work.store.acquireHere(call.sector, FileType::Cache, work.context.stop);
    if (!here || here->path(FileType::Cache) != *cache) return {};
    return {here->storageId(FileType::Cache)};
}

Expected<Bytes32> ticketFrom(const json::value& noted) {
    const json::string* text = noted.if_string();
    if (!text) return Error(ErrorCode::Corrupt, "the ticket in the output of PC1 is no text");
    const auto bytes = fromBase64(*text);
    if (!bytes) return Error(bytes.error()).whileDoing("reading the ticket in the output of PC1");
    return toBytes32(*bytes, "ticket in the output of PC1");
}

} // namespace

Expected<Bytes32> toBytes32(const Bytes& bytes, std::string_view what) {
    Bytes32 out{};
    if (bytes.size() != out.size())
        return Error(ErrorCode::InvalidArgument,
                     "the " + std::string(what) + " must have 32 bytes, but it has " + std::to_string(bytes.size()));
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

Expected<void> clearCacheFolder(const sector::ProofInfo& info, const fs::path& cache, const TaskWork& work) {
    if (info.feature == ProofFeature::SyntheticPoRep) {
        // Not being able to is no reason to keep the layers as well.
        auto cleared = work.engine.clearCache({cache, true}, work.context);
        if (!cleared && cleared.error().code() == ErrorCode::Cancelled) return std::move(cleared).error();
    }
    return work.engine.clearCache({cache, false}, work.context);
}

Expected<TaskResult> run(const SealPreCommit1Call& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    const auto ticket = toBytes32(call.ticket, "ticket");
    if (!ticket) return ticket.error();
    // What an earlier attempt left may be another ticket's; what it left of this very order goes on where it was.
    const std::vector<std::string> begun = pathsWithCheckpoint(call, *ticket, **info, work);
    for (const FileType one : {FileType::Sealed, FileType::Cache}) {
        if (auto removed = work.store.remove(call.sector.id, one, true, work.context.stop, one == FileType::Cache ? begun : std::vector<std::string>()); !removed)
            return std::move(removed).error().whileDoing("cleaning up before PC1");
    }
    auto lease = work.store.acquire(call.sector, FileType::Unsealed, FileType::Sealed | FileType::Cache, PathType::Sealing, std::nullopt,
                                 work.context);
    if (!lease) return std::move(lease).error();
    // A path that may not seal any more is no place to go on.
    if (const std::string chosen = lease->storageId(FileType::Cache); !begun.empty() && chosen != begun.front())
        if (auto removed = work.store.remove(call.sector.id, FileType::Cache, true, work.context.stop, {chosen}); !removed)
            return std::move(removed).error().whileDoing("cleaning up before PC1");
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
    const proofs::PreCommit1Order order{call.sector.proof, call.sector.id, *ticket, call.pieces, unsealed, sealed, cache, work.labelMemory};
    auto text = work.seat ? work.seat->preCommit1(order, work.engine, work.context) : work.engine.preCommit1(order, work.context);
    if (!text)
        return std::move(text).error().whileDoing("presealing sector " + std::to_string(call.sector.id.number) + " (" +
                                                  unsealed.string() + ")");
    auto output = parsePhase1(*text);
    if (!output) return std::move(output).error();
    (*output)[kTicketKey] = toBase64(*ticket);
    LSW_TRY(lease->release());
    return TaskResult(textBytes(json::serialize(sorted(*output))));
}

Expected<TaskResult> run(const SealPreCommit2Call& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    const auto given = call.phase1Output.text();
    if (!given) return Error(given.error()).whileDoing("reading the output of PC1");
    const std::string& phase1 = *given;
    auto lease =
        work.store.acquire(call.sector, FileType::Sealed | FileType::Cache, FileType::None, PathType::Sealing, std::nullopt, work.context);
    if (!lease) return std::move(lease).error();
    const fs::path sealed = lease->path(FileType::Sealed), cache = lease->path(FileType::Cache);
    const bool isExternal = !work.externalPc2.empty();
    auto made = isExternal ? externalPreCommit2(work.externalPc2, call.sector, {phase1, sealed, cache}, work.context)
                           : work.engine.preCommit2({phase1, sealed, cache}, work.context);
    if (!made)
        return std::move(made).error().whileDoing(std::string("presealing sector ") + (isExternal ? "(extern-pc2) " : "") +
                                                  std::to_string(call.sector.id.number) + " ()");
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
        auto proven = work.engine.syntheticProofs(
            {call.sector.proof, call.sector.id, *ticket, whole, cids.sealed, cids.unsealed, sealed, cache}, work.context);
        if (!proven)
            return std::move(proven).error().whileDoing("making the synthetic proofs of sector " +
                                                        std::to_string(call.sector.id.number));
        if (auto cleared = work.engine.clearCache({cache, false}, work.context); !cleared) {
            if (cleared.error().code() == ErrorCode::Cancelled) return std::move(cleared).error();
            return TaskResult(cids); // the room can be won at finalization, the work is done
        }
    }
    for (int round = 1; round <= kChecksAfterPreCommit2; ++round) {
        TaskContext check = work.context;
        check.report = [&, round](const Progress& progress) {
            Progress shown = progress;
            shown.phase = "pc2";
            shown.step = "check " + std::to_string(round) + " of " + std::to_string(kChecksAfterPreCommit2);
            work.context.report(shown);
        };
        auto proof = work.engine.commit1(
            {call.sector.proof, call.sector.id, *ticket, randomSeed(), whole, cids.sealed, cids.unsealed, sealed, cache}, check);
        if (!proof) return std::move(proof).error().whileDoing("checking PreCommit failed");
    }
    LSW_TRY(lease->release());
    return TaskResult(cids);
}

Expected<TaskResult> run(const SealCommit1Call& call, const TaskWork& work) {
    const auto ticket = toBytes32(call.ticket, "ticket");
    if (!ticket) return ticket.error();
    // A miner may leave the seed out; that is the zero seed.
    const auto seed = toBytes32(call.seed.empty() ? Bytes(32) : call.seed, "seed");
    if (!seed) return seed.error();
    auto lease =
        work.store.acquire(call.sector, FileType::Sealed | FileType::Cache, FileType::None, PathType::Sealing, std::nullopt, work.context);
    if (!lease) return std::move(lease).error();
    auto text = work.engine.commit1({call.sector.proof, call.sector.id, *ticket, *seed, call.pieces, call.cids.sealed, call.cids.unsealed,
                                  lease->path(FileType::Sealed), lease->path(FileType::Cache)},
                                 work.context);
    if (!text) return std::move(text).error();
    LSW_TRY(lease->release());
    return TaskResult(textBytes(*text));
}

Expected<TaskResult> run(const SealCommit2Call& call, const TaskWork& work) {
    proofs::Commit2Order order;
    order.sector = call.sector.id;
    // Tens of megabytes, for hours: what lies in a file is handed on as one.
    if (const auto* file = call.commit1Output.file()) order.commit1File = file->path();
    else order.commit1Output = std::string(asText(call.commit1Output.inMemory()));
    auto proof = work.engine.commit2(order, work.context);
    if (!proof) return std::move(proof).error();
    return TaskResult(std::move(*proof));
}

Expected<TaskResult> run(const FinalizeSectorCall& call, const TaskWork& work) {
    const auto info = sector::proofInfo(call.sector.proof);
    if (!info) return info.error();
    auto lease = work.store.acquire(call.sector, FileType::Cache, FileType::None, PathType::Storage, std::nullopt, work.context);
    if (!lease) return std::move(lease).error();
    LSW_TRY(clearCacheFolder(**info, lease->path(FileType::Cache), work));
    LSW_TRY(lease->release());
    return TaskResult();
}

Expected<TaskResult> runTask(const TaskCall& call, const std::shared_ptr<PieceData>& data, const TaskTools& tools, const TaskContext& context) {
    try {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped before it began");
        const TaskWork work{data, tools.engine, tools.store, tools.externalPc2, tools.seat, tools.labelMemory, context};
        return std::visit([&](const auto& one) { return run(one, work); }, call);
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
