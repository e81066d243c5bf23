// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/lotus_json.h"

#include "protocol/lotus_read.h"
#include "sector/commitment_cid.h"

#include <limits>
#include <utility>

namespace lsw::protocol {
namespace {

using Object = boost::json::object;

Json listOrNull(const std::vector<std::string>& list) {
    if (list.empty()) return nullptr;
    boost::json::array out;
    for (const std::string& text : list) out.emplace_back(text);
    return out;
}

Json cidToJson(const std::string& cid) {
    Object out;
    out.emplace("/", cid);
    return out;
}

template <typename T>
Json listToJson(const std::vector<T>& list) {
    if (list.empty()) return nullptr;
    boost::json::array out;
    for (const T& one : list) out.push_back(toJson(one));
    return out;
}

template <typename Decode>
void readCid(GoReader& r, const Json& json, Commitment& out, Decode decode) {
    r.object(json, "cid.Cid", [&](const Object& object) {
        std::string text;
        r.field(object, "/", text, "string");
        if (r.failed()) return;
        auto commitment = decode(text);
        if (commitment) out = *commitment;
        else r.fail("invalid cid: " + commitment.error().message());
    });
}

void readStrings(GoReader& r, const Json& json, std::vector<std::string>& out, std::string_view elementType = "string") {
    r.list(json, out, "[]" + std::string(elementType),
           [&](const Json& one, std::string& text) { r.read(one, text, elementType); });
}

/// A number Go keeps as an int; negative or too large for us is refused in Go's words.
template <typename Small>
void readSmall(GoReader& r, const Json& json, Small& out, std::string_view goType) {
    std::int64_t number = 0;
    r.read(json, number, goType);
    if (number < std::numeric_limits<Small>::min() || number > std::numeric_limits<Small>::max()) return r.mismatch(json, goType);
    out = static_cast<Small>(number);
}

void readValue(GoReader& r, const Json& json, CallError& out) {
    r.object(json, "storiface.CallError", [&](const Object& o) {
        r.member(o, "Code", [&](const Json& code) { readSmall(r, code, out.code, "storiface.ErrorCode"); });
        r.field(o, "Message", out.message, "string");
    });
}

void readValue(GoReader& r, const Json& json, FsStat& out) {
    r.object(json, "fsutil.FsStat", [&](const Object& o) {
        r.field(o, "Capacity", out.capacity, "int64");
        r.field(o, "Available", out.available, "int64");
        r.field(o, "FSAvailable", out.fsAvailable, "int64");
        r.field(o, "Reserved", out.reserved, "int64");
        r.field(o, "Max", out.max, "int64");
        r.field(o, "Used", out.used, "int64");
    });
}

void readValue(GoReader& r, const Json& json, HealthReport& out) {
    r.object(json, "storiface.HealthReport", [&](const Object& o) {
        r.member(o, "Stat", [&](const Json& stat) { readValue(r, stat, out.stat); });
        r.field(o, "Err", out.error, "string");
    });
}

void strings(GoReader& r, const Object& o, std::string_view name, std::vector<std::string>& out) {
    r.member(o, name, [&](const Json& list) { readStrings(r, list, out); });
}

void readValue(GoReader& r, const Json& json, StorageInfo& out) {
    r.object(json, "storiface.StorageInfo", [&](const Object& o) {
        r.field(o, "ID", out.id, "storiface.ID");
        strings(r, o, "URLs", out.urls);
        r.field(o, "Weight", out.weight, "uint64");
        r.field(o, "MaxStorage", out.maxStorage, "uint64");
        r.field(o, "CanSeal", out.canSeal, "bool");
        r.field(o, "CanStore", out.canStore, "bool");
        strings(r, o, "Groups", out.groups);
        strings(r, o, "AllowTo", out.allowTo);
        strings(r, o, "AllowTypes", out.allowTypes);
        strings(r, o, "DenyTypes", out.denyTypes);
        strings(r, o, "AllowMiners", out.allowMiners);
        strings(r, o, "DenyMiners", out.denyMiners);
    });
}

void readValue(GoReader& r, const Json& json, SectorStorageInfo& out) {
    r.object(json, "storiface.SectorStorageInfo", [&](const Object& o) {
        r.field(o, "ID", out.id, "storiface.ID");
        strings(r, o, "URLs", out.urls);
        strings(r, o, "BaseURLs", out.baseUrls);
        r.field(o, "Weight", out.weight, "uint64");
        r.field(o, "CanSeal", out.canSeal, "bool");
        r.field(o, "CanStore", out.canStore, "bool");
        r.field(o, "Primary", out.primary, "bool");
        strings(r, o, "AllowTypes", out.allowTypes);
        strings(r, o, "DenyTypes", out.denyTypes);
        strings(r, o, "AllowMiners", out.allowMiners);
        strings(r, o, "DenyMiners", out.denyMiners);
    });
}

void readValue(GoReader& r, const Json& json, SectorDeclaration& out) {
    r.object(json, "storiface.Decl", [&](const Object& o) {
        r.field(o, "Miner", out.sector.miner, "abi.ActorID");
        r.field(o, "Number", out.sector.number, "abi.SectorNumber");
        r.member(o, "SectorFileType", [&](const Json& types) { readValue(r, types, out.types); });
    });
}

void readValue(GoReader& r, const Json& json, StoragePath& out) {
    r.object(json, "storiface.StoragePath", [&](const Object& o) {
        r.field(o, "ID", out.id, "storiface.ID");
        r.field(o, "Weight", out.weight, "uint64");
        r.field(o, "LocalPath", out.localPath, "string");
        r.field(o, "CanSeal", out.canSeal, "bool");
        r.field(o, "CanStore", out.canStore, "bool");
    });
}

void readValue(GoReader& r, const Json& json, TaskResources& out) {
    r.object(json, "storiface.Resources", [&](const Object& o) {
        r.field(o, "MinMemory", out.minMemory, "uint64");
        r.field(o, "MaxMemory", out.maxMemory, "uint64");
        r.member(o, "GPUUtilization", [&](const Json& share) {
            if (share.is_number()) out.gpuUtilization = share.to_number<double>();
            else if (!share.is_null()) r.mismatch(share, "float64");
        });
        r.member(o, "MaxParallelism", [&](const Json& n) { readSmall(r, n, out.maxParallelism, "int"); });
        r.member(o, "MaxParallelismGPU", [&](const Json& n) { readSmall(r, n, out.maxParallelismGpu, "int"); });
        r.field(o, "BaseMinMemory", out.baseMinMemory, "uint64");
        r.member(o, "MaxConcurrent", [&](const Json& n) { readSmall(r, n, out.maxConcurrent, "int"); });
    });
}

std::string_view textOf(boost::json::string_view text) { return {text.data(), text.size()}; }

void readTable(GoReader& r, const Json& json, decltype(WorkerInfo::table)& out) {
    r.object(json, "map[sealtasks.TaskType]map[abi.RegisteredSealProof]storiface.Resources", [&](const Object& tasks) {
        for (const auto& task : tasks) {
            r.object(task.value(), "map[abi.RegisteredSealProof]storiface.Resources", [&](const Object& proofs) {
                auto& rows = out[std::string(textOf(task.key()))];
                for (const auto& row : proofs) {
                    const auto proof = sector::parseUnsigned(textOf(row.key()), "proof type");
                    if (!proof) return r.fail(proof.error().message());
                    if (!std::in_range<std::int64_t>(*proof)) return r.fail("there is no proof type " + std::to_string(*proof));
                    readValue(r, row.value(), rows[static_cast<std::int64_t>(*proof)]);
                }
            });
        }
    });
}

void readValue(GoReader& r, const Json& json, WorkerInfo& out) {
    r.object(json, "storiface.WorkerInfo", [&](const Object& o) {
        r.field(o, "Hostname", out.hostname, "string");
        r.field(o, "IgnoreResources", out.ignoreResources, "bool");
        r.member(o, "Resources", [&](const Json& resources) {
            r.object(resources, "storiface.WorkerResources", [&](const Object& inner) {
                r.field(inner, "MemPhysical", out.memPhysical, "uint64");
                r.field(inner, "MemUsed", out.memUsed, "uint64");
                r.field(inner, "MemSwap", out.memSwap, "uint64");
                r.field(inner, "MemSwapUsed", out.memSwapUsed, "uint64");
                r.field(inner, "CPUs", out.cpus, "uint64");
                strings(r, inner, "GPUs", out.gpus);
                r.member(inner, "Resources", [&](const Json& table) { readTable(r, table, out.table); });
            });
        });
    });
}

void readValue(GoReader& r, const Json& json, MinerVersion& out) {
    r.object(json, "api.APIVersion", [&](const Object& o) {
        r.field(o, "Version", out.version, "string");
        r.member(o, "APIVersion", [&](const Json& number) { readSmall(r, number, out.apiVersion, "api.Version"); });
    });
}

void readValue(GoReader& r, const Json& json, std::vector<std::string>& out) { readStrings(r, json, out); }
void readValue(GoReader& r, const Json& json, std::string& out) { r.read(json, out, "string"); }
void readValue(GoReader& r, const Json& json, std::uint64_t& out) { r.read(json, out, "uint64"); }
void readValue(GoReader& r, const Json& json, bool& out) { r.read(json, out, "bool"); }
void readValue(GoReader& r, const Json& json, Bytes& out) { r.read(json, out, "[]uint8"); }

template <typename T>
void readListOf(GoReader& r, const Json& json, std::vector<T>& out, std::string_view goType) {
    r.list(json, out, goType, [&](const Json& one, T& element) { readValue(r, one, element); });
}
void readValue(GoReader& r, const Json& json, std::vector<StorageInfo>& out) { readListOf(r, json, out, "[]storiface.StorageInfo"); }
void readValue(GoReader& r, const Json& json, std::vector<SectorStorageInfo>& out) { readListOf(r, json, out, "[]storiface.SectorStorageInfo"); }
void readValue(GoReader& r, const Json& json, std::vector<SectorDeclaration>& out) { readListOf(r, json, out, "[]storiface.Decl"); }
void readValue(GoReader& r, const Json& json, std::vector<StoragePath>& out) { readListOf(r, json, out, "[]storiface.StoragePath"); }

template <typename T, typename Read>
Expected<T> decodeBy(const Json& json, Read read) {
    GoReader reader;
    T out{};
    read(reader, json, out);
    if (reader.failed()) return Error(ErrorCode::Corrupt, reader.error());
    return out;
}
template <typename T>
Expected<T> decode(const Json& json) {
    return decodeBy<T>(json, [](GoReader& r, const Json& value, T& out) { readValue(r, value, out); });
}

} // namespace

void readUnsealedCid(GoReader& r, const Json& json, Commitment& out) { readCid(r, json, out, sector::commitmentFromUnsealedCid); }
void readSealedCid(GoReader& r, const Json& json, Commitment& out) { readCid(r, json, out, sector::commitmentFromSealedCid); }

void readValue(GoReader& r, const Json& json, SectorId& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.field(o, "Miner", out.miner, "abi.ActorID");
        r.field(o, "Number", out.number, "abi.SectorNumber");
    });
}

void readValue(GoReader& r, const Json& json, SectorRef& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.member(o, "ID", [&](const Json& id) { readValue(r, id, out.id); });
        std::int64_t proof = 0;
        r.field(o, "ProofType", proof, "abi.RegisteredSealProof");
        out.proof = SealProof{proof};
    });
}

void readValue(GoReader& r, const Json& json, CallId& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.member(o, "Sector", [&](const Json& id) { readValue(r, id, out.sector); });
        r.member(o, "ID", [&](const Json& id) {
            std::string uuid;
            r.read(id, uuid, "uuid.UUID");
            if (r.failed()) return;
            if (id.is_null()) uuid = kZeroUuid;
            auto parsed = parseUuid(uuid);
            if (parsed) out.uuid = std::move(*parsed);
            else r.fail(parsed.error().message());
        });
    });
    if (json.is_null()) out.uuid = kZeroUuid;
}

void readValue(GoReader& r, const Json& json, PieceInfo& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.field(o, "Size", out.size.value, "abi.PaddedPieceSize");
        r.member(o, "PieceCID", [&](const Json& cid) { readUnsealedCid(r, cid, out.commitment); });
    });
}

void readValue(GoReader& r, const Json& json, std::vector<PieceInfo>& out, std::string_view goType) {
    r.list(json, out, goType, [&](const Json& one, PieceInfo& piece) { readValue(r, one, piece); });
}

void readValue(GoReader& r, const Json& json, SectorCids& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.member(o, "Unsealed", [&](const Json& cid) { readUnsealedCid(r, cid, out.unsealed); });
        r.member(o, "Sealed", [&](const Json& cid) { readSealedCid(r, cid, out.sealed); });
    });
}

void readValue(GoReader& r, const Json& json, ReplicaUpdateOut& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.member(o, "NewSealed", [&](const Json& cid) { readSealedCid(r, cid, out.newSealed); });
        r.member(o, "NewUnsealed", [&](const Json& cid) { readUnsealedCid(r, cid, out.newUnsealed); });
    });
}

void readValue(GoReader& r, const Json& json, std::vector<Bytes>& out, std::string_view goType) {
    r.list(json, out, goType, [&](const Json& one, Bytes& bytes) { r.read(one, bytes, "[]uint8"); });
}

void readValue(GoReader& r, const Json& json, LargeBytes& out, std::string_view goType) {
    const auto* spooled = json.is_string() ? SpooledStrings::find({json.get_string().data(), json.get_string().size()}) : nullptr;
    if (spooled && *spooled) {
        out = **spooled;
        return;
    }
    Bytes bytes;
    r.read(json, bytes, goType);
    out = std::move(bytes);
}

void readValue(GoReader& r, const Json& json, std::vector<LargeBytes>& out, std::string_view goType) {
    r.list(json, out, goType, [&](const Json& one, LargeBytes& bytes) { readValue(r, one, bytes, "[]uint8"); });
}

void readValue(GoReader& r, const Json& json, Range& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.field(o, "Offset", out.offset, "abi.UnpaddedPieceSize");
        r.field(o, "Size", out.size, "abi.UnpaddedPieceSize");
    });
}

void readValue(GoReader& r, const Json& json, std::vector<Range>& out, std::string_view goType) {
    r.list(json, out, goType, [&](const Json& one, Range& range) { readValue(r, one, range); });
}

void readValue(GoReader& r, const Json& json, ReaderStream& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.field(o, "Type", out.type, "rpcenc.ReaderType");
        r.field(o, "Info", out.info, "string");
    });
}

void readValue(GoReader& r, const Json& json, FileType& out, std::string_view goType) {
    std::uint64_t mask = 0;
    r.read(json, mask, goType);
    if (mask > 63) return r.fail("unknown sector file types " + std::to_string(mask));
    out = static_cast<FileType>(mask);
}

void readValue(GoReader& r, const Json& json, PathType& out, std::string_view goType) {
    std::string text;
    r.read(json, text, goType);
    if (r.failed()) return;
    if (text == "storage") out = PathType::Storage;
    else if (text == "sealing") out = PathType::Sealing;
    else r.fail("unknown path type '" + text + "'");
}

void readValue(GoReader& r, const Json& json, AcquireMode& out, std::string_view goType) {
    std::string text;
    r.read(json, text, goType);
    if (r.failed()) return;
    if (text == "move") out = AcquireMode::Move;
    else if (text == "copy") out = AcquireMode::Copy;
    else r.fail("unknown acquire mode '" + text + "'");
}

void readValue(GoReader& r, const Json& json, std::vector<std::uint64_t>& out, std::string_view goType) {
    const std::string_view element = goType.starts_with("[]") ? goType.substr(2) : goType;
    r.list(json, out, goType, [&](const Json& one, std::uint64_t& number) { r.read(one, number, element); });
}

Expected<std::string> parseUuid(std::string_view text) {
    if (text.size() != 36) return Error(ErrorCode::Corrupt, "invalid UUID length: " + std::to_string(text.size()));
    std::string out(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        char& c = out[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !digit) return Error(ErrorCode::Corrupt, "invalid UUID format");
    }
    return out;
}

// Encoders, in the order of Go's struct members.

Json bytesToJson(const Bytes& bytes) { return bytes.empty() ? Json() : Json(toBase64(bytes)); }
Json bytesToJson(const LargeBytes& bytes) {
    if (const SpoolFile* file = bytes.file()) return Object{{"spool_file", file->name()}, {"size", file->size()}};
    return bytesToJson(bytes.inMemory());
}
Json unsealedCidToJson(const Commitment& c) { return c == Commitment{} ? Json() : cidToJson(sector::unsealedCid(c)); }
Json sealedCidToJson(const Commitment& c) { return c == Commitment{} ? Json() : cidToJson(sector::sealedCid(c)); }

Json toJson(const SectorId& id) { return Object{{"Miner", id.miner}, {"Number", id.number}}; }
Json toJson(const SectorRef& ref) { return Object{{"ID", toJson(ref.id)}, {"ProofType", static_cast<std::int64_t>(ref.proof)}}; }
Json toJson(const CallId& call) { return Object{{"Sector", toJson(call.sector)}, {"ID", call.uuid}}; }
Json toJson(const PieceInfo& piece) { return Object{{"Size", piece.size.value}, {"PieceCID", unsealedCidToJson(piece.commitment)}}; }
Json toJson(const std::vector<PieceInfo>& pieces) { return listToJson(pieces); }
Json toJson(const SectorCids& cids) {
    return Object{{"Unsealed", unsealedCidToJson(cids.unsealed)}, {"Sealed", sealedCidToJson(cids.sealed)}};
}
Json toJson(const ReplicaUpdateOut& out) {
    return Object{{"NewSealed", sealedCidToJson(out.newSealed)}, {"NewUnsealed", unsealedCidToJson(out.newUnsealed)}};
}
Json toJson(const CallError& error) { return Object{{"Code", error.code}, {"Message", error.message}}; }
Json toJson(const ReaderStream& stream) { return Object{{"Type", stream.type}, {"Info", stream.info}}; }

Json toJson(const FsStat& stat) {
    return Object{{"Capacity", stat.capacity}, {"Available", stat.available}, {"FSAvailable", stat.fsAvailable},
                  {"Reserved", stat.reserved}, {"Max", stat.max},             {"Used", stat.used}};
}
Json toJson(const HealthReport& report) { return Object{{"Stat", toJson(report.stat)}, {"Err", report.error}}; }

Json toJson(const StorageInfo& info) {
    return Object{{"ID", info.id},
                  {"URLs", listOrNull(info.urls)},
                  {"Weight", info.weight},
                  {"MaxStorage", info.maxStorage},
                  {"CanSeal", info.canSeal},
                  {"CanStore", info.canStore},
                  {"Groups", listOrNull(info.groups)},
                  {"AllowTo", listOrNull(info.allowTo)},
                  {"AllowTypes", listOrNull(info.allowTypes)},
                  {"DenyTypes", listOrNull(info.denyTypes)},
                  {"AllowMiners", listOrNull(info.allowMiners)},
                  {"DenyMiners", listOrNull(info.denyMiners)}};
}

Json toJson(const SectorStorageInfo& info) {
    return Object{{"ID", info.id},
                  {"URLs", listOrNull(info.urls)},
                  {"BaseURLs", listOrNull(info.baseUrls)},
                  {"Weight", info.weight},
                  {"CanSeal", info.canSeal},
                  {"CanStore", info.canStore},
                  {"Primary", info.primary},
                  {"AllowTypes", listOrNull(info.allowTypes)},
                  {"DenyTypes", listOrNull(info.denyTypes)},
                  {"AllowMiners", listOrNull(info.allowMiners)},
                  {"DenyMiners", listOrNull(info.denyMiners)}};
}

Json toJson(const SectorDeclaration& decl) {
    return Object{{"Miner", decl.sector.miner}, {"Number", decl.sector.number}, {"SectorFileType", static_cast<std::uint32_t>(decl.types)}};
}

static Json toJson(const StoragePath& path) {
    return Object{{"ID", path.id}, {"Weight", path.weight}, {"LocalPath", path.localPath}, {"CanSeal", path.canSeal}, {"CanStore", path.canStore}};
}
Json toJson(const std::vector<StoragePath>& paths) { return listToJson(paths); }

static Json toJson(const TaskResources& row) {
    return Object{{"MinMemory", row.minMemory},
                  {"MaxMemory", row.maxMemory},
                  {"GPUUtilization", row.gpuUtilization},
                  {"MaxParallelism", row.maxParallelism},
                  {"MaxParallelismGPU", row.maxParallelismGpu},
                  {"BaseMinMemory", row.baseMinMemory},
                  {"MaxConcurrent", row.maxConcurrent}};
}

Json toJson(const WorkerInfo& info) {
    Object table;
    for (const auto& [task, rows] : info.table) {
        std::map<std::string, const TaskResources*> byText; // Go sorts the keys of a map as text: 0, 1, 10, 2
        for (const auto& [proof, row] : rows) byText[std::to_string(proof)] = &row;
        Object proofs;
        for (const auto& [proof, row] : byText) proofs.emplace(proof, toJson(*row));
        table.emplace(task, std::move(proofs));
    }
    boost::json::array gpus; // never null: the official device list is empty, not absent
    for (const std::string& gpu : info.gpus) gpus.emplace_back(gpu);
    Object resources{{"MemPhysical", info.memPhysical}, {"MemUsed", info.memUsed}, {"MemSwap", info.memSwap},
                     {"MemSwapUsed", info.memSwapUsed}, {"CPUs", info.cpus},       {"GPUs", std::move(gpus)}};
    resources.emplace("Resources", info.table.empty() ? Json() : Json(std::move(table)));
    return Object{{"Hostname", info.hostname}, {"IgnoreResources", info.ignoreResources}, {"Resources", std::move(resources)}};
}

// Decoders.

template <> Expected<SectorId> fromJson(const Json& json) { return decode<SectorId>(json); }
template <> Expected<SectorRef> fromJson(const Json& json) { return decode<SectorRef>(json); }
template <> Expected<CallId> fromJson(const Json& json) { return decode<CallId>(json); }
template <> Expected<PieceInfo> fromJson(const Json& json) { return decode<PieceInfo>(json); }
template <> Expected<std::vector<PieceInfo>> fromJson(const Json& json) { return decode<std::vector<PieceInfo>>(json); }
template <> Expected<SectorCids> fromJson(const Json& json) { return decode<SectorCids>(json); }
template <> Expected<ReplicaUpdateOut> fromJson(const Json& json) { return decode<ReplicaUpdateOut>(json); }
template <> Expected<ReplicaVanillaProofs> fromJson(const Json& json) { return decode<ReplicaVanillaProofs>(json); }
template <> Expected<std::optional<CallError>> fromJson(const Json& json) {
    if (json.is_null()) return std::optional<CallError>();
    auto error = decode<CallError>(json);
    if (!error) return std::move(error).error();
    return std::optional<CallError>(std::move(*error));
}
template <> Expected<FsStat> fromJson(const Json& json) { return decode<FsStat>(json); }
template <> Expected<HealthReport> fromJson(const Json& json) { return decode<HealthReport>(json); }
template <> Expected<StorageInfo> fromJson(const Json& json) { return decode<StorageInfo>(json); }
template <> Expected<std::vector<StorageInfo>> fromJson(const Json& json) { return decode<std::vector<StorageInfo>>(json); }
template <> Expected<SectorStorageInfo> fromJson(const Json& json) { return decode<SectorStorageInfo>(json); }
template <> Expected<std::vector<SectorStorageInfo>> fromJson(const Json& json) { return decode<std::vector<SectorStorageInfo>>(json); }
template <> Expected<SectorDeclaration> fromJson(const Json& json) { return decode<SectorDeclaration>(json); }
template <> Expected<std::vector<SectorDeclaration>> fromJson(const Json& json) { return decode<std::vector<SectorDeclaration>>(json); }
template <> Expected<std::vector<StoragePath>> fromJson(const Json& json) { return decode<std::vector<StoragePath>>(json); }
template <> Expected<WorkerInfo> fromJson(const Json& json) { return decode<WorkerInfo>(json); }
template <> Expected<MinerVersion> fromJson(const Json& json) { return decode<MinerVersion>(json); }
template <> Expected<ReaderStream> fromJson(const Json& json) { return decode<ReaderStream>(json); }
template <> Expected<std::vector<std::string>> fromJson(const Json& json) { return decode<std::vector<std::string>>(json); }
template <> Expected<std::string> fromJson(const Json& json) { return decode<std::string>(json); }
template <> Expected<std::uint64_t> fromJson(const Json& json) { return decode<std::uint64_t>(json); }
template <> Expected<bool> fromJson(const Json& json) { return decode<bool>(json); }
template <> Expected<Bytes> fromJson(const Json& json) { return decode<Bytes>(json); }
Expected<Commitment> unsealedCidFromJson(const Json& json) { return decodeBy<Commitment>(json, readUnsealedCid); }
Expected<Commitment> sealedCidFromJson(const Json& json) { return decodeBy<Commitment>(json, readSealedCid); }

} // namespace lsw::protocol
