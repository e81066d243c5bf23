// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_type.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace lsw::tasks {
namespace {

enum Row : std::size_t {
    AddPiece, DataCid, PreCommit1, PreCommit2, Commit1, Commit2, Finalize, FinalizeUnsealed, Unseal, Fetch,
    ReplicaUpdate, ProveUpdate1, ProveUpdate2, RegenerateKey, FinalizeUpdate, Download, WindowPost, WinningPost
};

constexpr std::array<TaskType, 18> kTypes{{
    {"seal/v0/addpiece", "AP", "addpiece", Lane::Seal},
    {"seal/v0/datacid", "DC", "datacid", Lane::Seal},
    {"seal/v0/precommit/1", "PC1", "pc1", Lane::Seal},
    {"seal/v0/precommit/2", "PC2", "pc2", Lane::Seal},
    {"seal/v0/commit/1", "C1", "c1", Lane::Seal},
    {"seal/v0/commit/2", "C2", "c2", Lane::Seal},
    {"seal/v0/finalize", "FIN", "finalize", Lane::Io},
    {"seal/v0/finalizeunsealed", "FUS", "finalizeunsealed", Lane::Io},
    {"seal/v0/unseal", "UNS", "unseal", Lane::Seal},
    {"seal/v0/fetch", "GET", "fetch", Lane::Io},
    {"seal/v0/replicaupdate", "RU", "replicaupdate", Lane::Seal},
    {"seal/v0/provereplicaupdate/1", "PR1", "pr1", Lane::Seal},
    {"seal/v0/provereplicaupdate/2", "PR2", "pr2", Lane::Seal},
    {"seal/v0/regensectorkey", "GSK", "regensectorkey", Lane::Seal},
    {"seal/v0/finalize/replicaupdate", "FRU", "finalizeupdate", Lane::Io},
    {"seal/v0/download/sector", "DL", "download", Lane::Io},
    {"post/v0/windowproof", "WDP", "windowpost", Lane::Seal},
    {"post/v0/winningproof", "WNP", "winningpost", Lane::Seal},
}};

/// Which row each kind of call is accounted under. Moving and fetching share one, as at the miner.
struct RowOf {
    Row operator()(const protocol::AddPieceCall&) const { return AddPiece; }
    Row operator()(const protocol::DataCidCall&) const { return DataCid; }
    Row operator()(const protocol::SealPreCommit1Call&) const { return PreCommit1; }
    Row operator()(const protocol::SealPreCommit2Call&) const { return PreCommit2; }
    Row operator()(const protocol::SealCommit1Call&) const { return Commit1; }
    Row operator()(const protocol::SealCommit2Call&) const { return Commit2; }
    Row operator()(const protocol::FinalizeSectorCall&) const { return Finalize; }
    Row operator()(const protocol::ReleaseUnsealedCall&) const { return FinalizeUnsealed; }
    Row operator()(const protocol::MoveStorageCall&) const { return Fetch; }
    Row operator()(const protocol::UnsealPieceCall&) const { return Unseal; }
    Row operator()(const protocol::FetchCall&) const { return Fetch; }
    Row operator()(const protocol::FinalizeReplicaUpdateCall&) const { return FinalizeUpdate; }
    Row operator()(const protocol::ReplicaUpdateCall&) const { return ReplicaUpdate; }
    Row operator()(const protocol::ProveReplicaUpdate1Call&) const { return ProveUpdate1; }
    Row operator()(const protocol::ProveReplicaUpdate2Call&) const { return ProveUpdate2; }
    Row operator()(const protocol::GenerateSectorKeyCall&) const { return RegenerateKey; }
    Row operator()(const protocol::DownloadSectorCall&) const { return Download; }
};

constexpr std::array<TaskFlag, 12> kFlags{{
    {"addpiece", "LOTUS_WORKER_ADDPIECE", &TaskSwitches::addPiece},
    {"precommit1", "LOTUS_WORKER_PRECOMMIT1", &TaskSwitches::preCommit1},
    {"unseal", "LOTUS_WORKER_UNSEAL", &TaskSwitches::unseal},
    {"precommit2", "LOTUS_WORKER_PRECOMMIT2", &TaskSwitches::preCommit2},
    {"commit", "LOTUS_WORKER_COMMIT", &TaskSwitches::commit},
    {"replica-update", "LOTUS_WORKER_REPLICA_UPDATE", &TaskSwitches::replicaUpdate},
    {"prove-replica-update2", "LOTUS_WORKER_PROVE_REPLICA_UPDATE2", &TaskSwitches::proveReplicaUpdate2},
    {"regen-sector-key", "LOTUS_WORKER_REGEN_SECTOR_KEY", &TaskSwitches::regenSectorKey},
    {"sector-download", "LOTUS_WORKER_SECTOR_DOWNLOAD", &TaskSwitches::sectorDownload},
    {"windowpost", "LOTUS_WORKER_WINDOWPOST", &TaskSwitches::windowPost},
    {"winningpost", "LOTUS_WORKER_WINNINGPOST", &TaskSwitches::winningPost},
    {"data-cid", "", &TaskSwitches::dataCid},
}};

/// Kinds of worker, as the miner names them.
constexpr std::string_view kSealingWorker = "Sealing", kWinningWorker = "WinPost", kWindowWorker = "WdPoSt";

std::string_view workerKind(std::string_view type) {
    if (type == kTypes[WinningPost].name) return kWinningWorker;
    return type == kTypes[WindowPost].name ? kWindowWorker : kSealingWorker;
}

bool sameIgnoringCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

} // namespace

std::span<const TaskType> taskTypes() { return kTypes; }

Expected<const TaskType*> taskType(std::string_view name) {
    for (const TaskType& type : kTypes)
        if (type.name == name || sameIgnoringCase(type.shortName, name)) return &type;
    std::string known;
    for (const TaskType& type : kTypes) {
        if (!known.empty()) known += ", ";
        known += type.shortName;
        known += " (";
        known += type.name;
        known += ')';
    }
    return Error(ErrorCode::NotFound, "there is no task type \"" + std::string(name) + "\"; known are " + known);
}

const TaskType& typeOf(const protocol::TaskCall& call) { return kTypes[std::visit(RowOf{}, call)]; }

std::span<const TaskFlag> taskFlags() { return kFlags; }

Expected<std::vector<std::string>> offeredTypes(const TaskSwitches& switches) {
    for (const std::string& flag : switches.explicitlySet)
        if (std::ranges::none_of(kFlags, [&](const TaskFlag& row) { return row.flag == flag; }))
            return Error(ErrorCode::InvalidArgument, "there is no task flag \"" + flag + "\"");
    const auto isSet = [&](std::string_view flag) {
        return std::ranges::find(switches.explicitlySet, flag) != switches.explicitlySet.end();
    };
    std::vector<std::string> out;
    const auto add = [&](Row row) { out.emplace_back(kTypes[row].name); };
    // Which kind of worker the types make it: each type is for one kind, and a worker is of one.
    std::string_view kind;
    if (switches.windowPost) {
        kind = kWindowWorker;
        add(WindowPost);
    }
    if (switches.winningPost) {
        kind = kWinningWorker;
        add(WinningPost);
    }
    if (kind.empty()) {
        for (const Row row : {Fetch, Commit1, ProveUpdate1, Finalize, FinalizeUnsealed, FinalizeUpdate}) add(row);
        if (!switches.noDefault) kind = kSealingWorker;
    }
    const bool withDefaults = kind == kSealingWorker;
    const auto offers = [&](bool value, std::string_view flag) { return value && (withDefaults || isSet(flag)); };
    const bool addPiece = offers(switches.addPiece, "addpiece");
    if (addPiece) add(AddPiece);
    // A worker without defaults never gets DataCid, even when its flag is given: so does lotus-worker.
    if (withDefaults && (isSet("data-cid") ? switches.dataCid : addPiece)) add(DataCid);
    if (offers(switches.sectorDownload, "sector-download")) add(Download);
    if (offers(switches.preCommit1, "precommit1")) add(PreCommit1);
    if (offers(switches.unseal, "unseal")) add(Unseal);
    if (offers(switches.preCommit2, "precommit2")) add(PreCommit2);
    if (offers(switches.commit, "commit")) add(Commit2);
    if (offers(switches.replicaUpdate, "replica-update")) add(ReplicaUpdate);
    if (offers(switches.proveReplicaUpdate2, "prove-replica-update2")) add(ProveUpdate2);
    if (offers(switches.regenSectorKey, "regen-sector-key")) add(RegenerateKey);
    if (switches.noDefault && kind.empty()) kind = kSealingWorker;
    for (const std::string& type : out)
        if (const auto wanted = workerKind(type); wanted != kind)
            return Error(ErrorCode::InvalidArgument, "expected all task types to be for " + std::string(kind) + " worker, but task " + type +
                                                         " is for " + std::string(wanted) + " worker");
    return out;
}

} // namespace lsw::tasks
