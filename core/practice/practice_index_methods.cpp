// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_index.h"

#include "protocol/lotus_json.h"

namespace lsw::practice {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using protocol::fromJson;
using protocol::RpcRespond;

void nullsToEmpty(value& json) {
    for (const char* name : {"AllowTypes", "DenyTypes"}) {
        value& member = json.as_object().at(name);
        if (member.is_null()) member = array();
    }
}

Expected<FileType> typesFrom(const value& json) {
    auto number = fromJson<std::uint64_t>(json);
    if (!number) return std::move(number).error();
    return static_cast<FileType>(static_cast<std::uint32_t>(*number));
}

Expected<PathType> pathTypeFrom(const value& json) {
    auto text = fromJson<std::string>(json);
    if (!text) return std::move(text).error();
    if (*text == "sealing") return PathType::Sealing;
    if (*text == "storage") return PathType::Storage;
    return Error(ErrorCode::InvalidArgument, "unknown path type: " + *text);
}

Expected<value> done(Expected<void> result) {
    if (!result) return std::move(result).error();
    return value(nullptr);
}

Expected<value> attach(PracticeIndex& index, const array& params) {
    auto info = fromJson<StorageInfo>(params[0]);
    if (!info) return std::move(info).error();
    auto stat = fromJson<FsStat>(params[1]);
    if (!stat) return std::move(stat).error();
    return done(index.attach(*std::move(info), *stat));
}

Expected<value> detach(PracticeIndex& index, const array& params) {
    auto id = fromJson<std::string>(params[0]);
    if (!id) return std::move(id).error();
    auto url = fromJson<std::string>(params[1]);
    if (!url) return std::move(url).error();
    return done(index.detach(*id, *url));
}

Expected<value> info(PracticeIndex& index, const array& params) {
    auto id = fromJson<std::string>(params[0]);
    if (!id) return std::move(id).error();
    auto found = index.info(*id);
    if (!found) return std::move(found).error();
    return answerJson(*found);
}

Expected<value> reportHealth(PracticeIndex& index, const array& params) {
    auto id = fromJson<std::string>(params[0]);
    if (!id) return std::move(id).error();
    auto report = fromJson<HealthReport>(params[1]);
    if (!report) return std::move(report).error();
    return done(index.reportHealth(*id, *report));
}

/// declare (with `primary`) and drop (without).
Expected<value> change(PracticeIndex& index, const array& params, bool declares) {
    auto id = fromJson<std::string>(params[0]);
    if (!id) return std::move(id).error();
    auto sector = fromJson<SectorId>(params[1]);
    if (!sector) return std::move(sector).error();
    auto types = typesFrom(params[2]);
    if (!types) return std::move(types).error();
    if (!declares) {
        index.drop(*id, *sector, *types);
        return value(nullptr);
    }
    auto primary = fromJson<bool>(params[3]);
    if (!primary) return std::move(primary).error();
    index.declare(*id, *sector, *types, *primary);
    return value(nullptr);
}

Expected<value> find(PracticeIndex& index, const array& params) {
    auto sector = fromJson<SectorId>(params[0]);
    if (!sector) return std::move(sector).error();
    auto types = typesFrom(params[1]);
    if (!types) return std::move(types).error();
    auto size = fromJson<std::uint64_t>(params[2]);
    if (!size) return std::move(size).error();
    auto allowFetch = fromJson<bool>(params[3]);
    if (!allowFetch) return std::move(allowFetch).error();
    const auto found = index.find(*sector, *types, *size, *allowFetch);
    if (!found) return found.error();
    array out;
    for (const SectorStorageInfo& entry : *found) out.push_back(answerJson(entry));
    return value(std::move(out));
}

Expected<value> bestAlloc(PracticeIndex& index, const array& params) {
    auto types = typesFrom(params[0]);
    if (!types) return std::move(types).error();
    auto size = fromJson<std::uint64_t>(params[1]);
    if (!size) return std::move(size).error();
    auto kind = pathTypeFrom(params[2]);
    if (!kind) return std::move(kind).error();
    auto miner = fromJson<std::uint64_t>(params[3]);
    if (!miner) return std::move(miner).error();
    auto paths = index.bestAlloc(*types, *size, *kind, *miner);
    if (!paths) return std::move(paths).error();
    array out;
    for (const StorageInfo& path : *paths) out.push_back(answerJson(path));
    return value(std::move(out));
}

Expected<value> list(PracticeIndex& index, const array&) {
    object out;
    for (const auto& [id, declarations] : index.list()) {
        array sectors;
        for (const SectorDeclaration& one : declarations) sectors.push_back(protocol::toJson(one));
        out[id] = std::move(sectors);
    }
    return value(std::move(out));
}

/// What a lock call asks for.
struct Wanted {
    SectorId sector;
    FileType read{}, write{};
};

Expected<Wanted> wantedFrom(const array& params) {
    auto sector = fromJson<SectorId>(params[0]);
    if (!sector) return std::move(sector).error();
    auto read = typesFrom(params[1]);
    if (!read) return std::move(read).error();
    auto write = typesFrom(params[2]);
    if (!write) return std::move(write).error();
    return Wanted{*sector, *read, *write};
}

template <std::size_t Size>
array counters(const std::array<std::uint64_t, Size>& counts) {
    return array(counts.begin(), counts.end());
}

/// A lock lives as long as the request that took it: over HTTP it is let go once the answer is on its way, so these only tell whether, or wait
/// until, nobody is in the way.
void addLockMethods(protocol::MethodTable& table, SectorLocks& locks) {
    table.add("Filecoin.StorageLock", 3, "admin", [&locks](const array& params, const RpcRespond& respond) {
        const auto wanted = wantedFrom(params);
        if (!wanted) return respond(wanted.error());
        auto waiting = locks.lock(wanted->sector, wanted->read, wanted->write, [&locks, wanted = *wanted, respond] {
            locks.unlock(wanted.sector, wanted.read, wanted.write);
            respond(value(nullptr));
        });
        if (!waiting) respond(std::move(waiting).error());
    });
    table.add("Filecoin.StorageTryLock", 3, "admin", [&locks](const array& params, const RpcRespond& respond) {
        const auto wanted = wantedFrom(params);
        if (!wanted) return respond(wanted.error());
        const auto taken = locks.tryLock(wanted->sector, wanted->read, wanted->write);
        if (!taken) return respond(taken.error());
        if (*taken) locks.unlock(wanted->sector, wanted->read, wanted->write);
        respond(value(*taken));
    });
    table.add("Filecoin.StorageGetLocks", 0, "admin", [&locks](const array&, const RpcRespond& respond) {
        array out;
        for (const SectorLocks::Lock& lock : locks.held())
            out.push_back(object{{"Sector", protocol::toJson(lock.sector)}, {"Write", counters(lock.write)}, {"Read", counters(lock.read)}});
        respond(value(object{{"Locks", std::move(out)}}));
    });
}

} // namespace

value answerJson(const StorageInfo& info) {
    value out = protocol::toJson(info);
    nullsToEmpty(out);
    return out;
}

value answerJson(const SectorStorageInfo& info) {
    value out = protocol::toJson(info);
    nullsToEmpty(out);
    return out;
}

void addIndexMethods(protocol::MethodTable& table, PracticeIndex& index) {
    const auto add = [&](const char* name, std::size_t count, std::function<Expected<value>(PracticeIndex&, const array&)> body) {
        table.add(std::string("Filecoin.") + name, count, "admin",
                  [&index, body = std::move(body)](array params, RpcRespond respond) { respond(body(index, params)); });
    };
    add("StorageAttach", 2, attach);
    add("StorageDetach", 2, detach);
    add("StorageInfo", 1, info);
    add("StorageReportHealth", 2, reportHealth);
    add("StorageDeclareSector", 4, [](PracticeIndex& on, const array& params) { return change(on, params, true); });
    add("StorageDropSector", 3, [](PracticeIndex& on, const array& params) { return change(on, params, false); });
    add("StorageFindSector", 4, find);
    add("StorageBestAlloc", 4, bestAlloc);
    add("StorageList", 0, list);
    addLockMethods(table, index.locks());
}

} // namespace lsw::practice
