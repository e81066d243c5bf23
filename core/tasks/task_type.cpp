// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_type.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace lsw::tasks {
namespace {

enum Row : std::size_t { AddPiece, DataCid, PreCommit1, PreCommit2, Commit1, Commit2, Finalize, FinalizeUnsealed, Unseal, Fetch };

constexpr std::array<TaskType, 10> kTypes{{
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
};

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

Expected<std::vector<std::string>> offeredTypes(const TaskSwitches& switches) {
    static constexpr std::array<std::string_view, 6> flags{"addpiece", "precommit1", "unseal", "precommit2", "commit", "data-cid"};
    for (const std::string& flag : switches.explicitlySet)
        if (std::ranges::find(flags, flag) == flags.end())
            return Error(ErrorCode::InvalidArgument, "there is no task flag \"" + flag + "\"");
    const auto isSet = [&](std::string_view flag) {
        return std::ranges::find(switches.explicitlySet, flag) != switches.explicitlySet.end();
    };
    const auto offers = [&](bool value, std::string_view flag) { return value && (!switches.noDefault || isSet(flag)); };

    std::vector<std::string> out;
    const auto add = [&](Row row) { out.emplace_back(kTypes[row].name); };
    add(Fetch);
    add(Commit1);
    add(Finalize);
    add(FinalizeUnsealed);
    const bool addPiece = offers(switches.addPiece, "addpiece");
    if (addPiece) add(AddPiece);
    // A worker without defaults never gets DataCid, even when its flag is given: so does lotus-worker.
    if (!switches.noDefault && (isSet("data-cid") ? switches.dataCid : addPiece)) add(DataCid);
    if (offers(switches.preCommit1, "precommit1")) add(PreCommit1);
    if (offers(switches.unseal, "unseal")) add(Unseal);
    if (offers(switches.preCommit2, "precommit2")) add(PreCommit2);
    if (offers(switches.commit, "commit")) add(Commit2);
    return out;
}

} // namespace lsw::tasks
