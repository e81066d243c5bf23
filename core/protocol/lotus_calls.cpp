// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/lotus_json.h"

#include "protocol/lotus_read.h"

#include <algorithm>
#include <array>

namespace lsw::protocol {
namespace {

using Array = boost::json::array;
using Object = boost::json::object;

constexpr std::array<CallMethod, 17> kMethods{{
    {"AddPiece", 4, "ReturnAddPiece"},
    {"DataCid", 2, "ReturnDataCid"},
    {"SealPreCommit1", 3, "ReturnSealPreCommit1"},
    {"SealPreCommit2", 2, "ReturnSealPreCommit2"},
    {"SealCommit1", 5, "ReturnSealCommit1"},
    {"SealCommit2", 2, "ReturnSealCommit2"},
    {"FinalizeSector", 1, "ReturnFinalizeSector"},
    {"ReleaseUnsealed", 2, "ReturnReleaseUnsealed"},
    {"MoveStorage", 2, "ReturnMoveStorage"},
    {"UnsealPiece", 5, "ReturnUnsealPiece"},
    {"Fetch", 4, "ReturnFetch"},
    {"FinalizeReplicaUpdate", 1, "ReturnFinalizeReplicaUpdate"},
    {"ReplicaUpdate", 2, "ReturnReplicaUpdate"},
    {"ProveReplicaUpdate1", 4, "ReturnProveReplicaUpdate1"},
    {"ProveReplicaUpdate2", 5, "ReturnProveReplicaUpdate2"},
    {"GenerateSectorKeyFromData", 2, "ReturnGenerateSectorKeyFromData"},
    {"DownloadSectorData", 3, "ReturnDownloadSector"},
}};
static_assert(kMethods.size() == std::variant_size_v<TaskCall>, "one row for each alternative of TaskCall, in its order");

const CallMethod& methodOf(const TaskCall& call) { return kMethods[call.index()]; }

/// Which value a return method carries between call id and error.
enum class ResultKind { None, Piece, Bytes, Cids, Update, VanillaProofs };

ResultKind resultKind(std::string_view returnMethod) {
    using namespace std::string_view_literals;
    if (returnMethod == "ReturnAddPiece"sv || returnMethod == "ReturnDataCid"sv) return ResultKind::Piece;
    if (returnMethod == "ReturnSealPreCommit2"sv) return ResultKind::Cids;
    if (returnMethod == "ReturnReplicaUpdate"sv) return ResultKind::Update;
    if (returnMethod == "ReturnProveReplicaUpdate1"sv) return ResultKind::VanillaProofs;
    for (const auto one : {"ReturnSealPreCommit1"sv, "ReturnSealCommit1"sv, "ReturnSealCommit2"sv, "ReturnProveReplicaUpdate2"sv})
        if (returnMethod == one) return ResultKind::Bytes;
    return ResultKind::None;
}

template <typename T>
T valueOr(const TaskResult& result, bool zero) {
    const T* value = zero ? nullptr : std::get_if<T>(&result);
    return value ? *value : T{};
}

/// Reads the parameters of one call in their order; keeps the first error, with the words of the server of lotus around it.
class Params {
public:
    Params(std::string_view method, const Array& params) : m_method(method), m_params(params) {}

    template <typename T>
    T next(const char* goType) {
        return take<T>(goType, [goType](GoReader& r, const Json& json, T& out) {
            if constexpr (std::is_same_v<T, std::uint64_t> || std::is_same_v<T, Bytes> || std::is_same_v<T, bool>) r.read(json, out, goType);
            else readValue(r, json, out, goType);
        });
    }
    Commitment nextUnsealedCid() { return take<Commitment>("cid.Cid", readUnsealedCid); }
    Commitment nextSealedCid() { return take<Commitment>("cid.Cid", readSealedCid); }

    ReaderStream nextStream() {
        GoReader reader;
        ReaderStream out;
        readValue(reader, m_params.at(m_next), out);
        if (reader.failed() && m_error.empty()) {
            m_error = "decoding params for 'Filecoin." + std::string(m_method) + "' (param: " + std::to_string(m_next) +
                      "; custom decoder): unmarshaling reader id: " + reader.error();
        }
        ++m_next;
        return out;
    }

    /// Evaluated after the parameters were read into the call.
    Expected<TaskCall> finish(TaskCall call) {
        if (!m_error.empty()) return Error(ErrorCode::Corrupt, m_error);
        return call;
    }

private:
    template <typename T, typename Read>
    T take(const char* goType, Read read) {
        GoReader reader;
        T out{};
        read(reader, m_params.at(m_next++), out);
        if (reader.failed() && m_error.empty())
            m_error = "unmarshaling params for 'Filecoin." + std::string(m_method) + "' (param: *" + goType + "): " + reader.error();
        return out;
    }

    std::string_view m_method;
    const Array& m_params;
    std::size_t m_next = 0;
    std::string m_error;
};

constexpr const char* kSector = "storiface.SectorRef";
constexpr const char* kUnpadded = "abi.UnpaddedPieceSize";
constexpr const char* kTicket = "abi.SealRandomness";
constexpr const char* kPieces = "[]abi.PieceInfo";

/// Braced initialisation evaluates from left to right, so each line reads the parameters in the order of the wire.
TaskCall readCall(std::size_t method, Params& p) {
    switch (method) {
    case 0:
        return AddPieceCall{p.next<SectorRef>(kSector), p.next<std::vector<std::uint64_t>>("[]abi.UnpaddedPieceSize"), p.next<std::uint64_t>(kUnpadded), p.nextStream()};
    case 1: return DataCidCall{p.next<std::uint64_t>(kUnpadded), p.nextStream()};
    case 2: return SealPreCommit1Call{p.next<SectorRef>(kSector), p.next<Bytes>(kTicket), p.next<std::vector<PieceInfo>>(kPieces)};
    case 3: return SealPreCommit2Call{p.next<SectorRef>(kSector), p.next<LargeBytes>("storiface.PreCommit1Out")};
    case 4:
        return SealCommit1Call{p.next<SectorRef>(kSector), p.next<Bytes>(kTicket), p.next<Bytes>("abi.InteractiveSealRandomness"),
                               p.next<std::vector<PieceInfo>>(kPieces), p.next<SectorCids>("storiface.SectorCids")};
    case 5: return SealCommit2Call{p.next<SectorRef>(kSector), p.next<LargeBytes>("storiface.Commit1Out")};
    case 6: return FinalizeSectorCall{p.next<SectorRef>(kSector)};
    case 7: return ReleaseUnsealedCall{p.next<SectorRef>(kSector), p.next<std::vector<Range>>("[]storiface.Range")};
    case 8: return MoveStorageCall{p.next<SectorRef>(kSector), p.next<FileType>("storiface.SectorFileType")};
    case 9:
        return UnsealPieceCall{p.next<SectorRef>(kSector), p.next<std::uint64_t>("storiface.UnpaddedByteIndex"), p.next<std::uint64_t>(kUnpadded), p.next<Bytes>(kTicket),
                               p.nextUnsealedCid()};
    case 10:
        return FetchCall{p.next<SectorRef>(kSector), p.next<FileType>("storiface.SectorFileType"), p.next<PathType>("storiface.PathType"),
                         p.next<AcquireMode>("storiface.AcquireMode")};
    case 11: return FinalizeReplicaUpdateCall{p.next<SectorRef>(kSector)};
    case 12: return ReplicaUpdateCall{p.next<SectorRef>(kSector), p.next<std::vector<PieceInfo>>(kPieces)};
    case 13: return ProveReplicaUpdate1Call{p.next<SectorRef>(kSector), p.nextSealedCid(), p.nextSealedCid(), p.nextUnsealedCid()};
    case 14:
        return ProveReplicaUpdate2Call{p.next<SectorRef>(kSector), p.nextSealedCid(), p.nextSealedCid(), p.nextUnsealedCid(),
                                       p.next<std::vector<LargeBytes>>("storiface.ReplicaVanillaProofs")};
    case 15: return GenerateSectorKeyCall{p.next<SectorRef>(kSector), p.nextUnsealedCid()};
    default:
        return DownloadSectorCall{p.next<SectorRef>(kSector), p.next<bool>("bool"),
                                  p.next<std::map<FileType, SectorLocation>>("map[storiface.SectorFileType]storiface.SectorLocation")};
    }
}

Json numbersToJson(const std::vector<std::uint64_t>& numbers) {
    if (numbers.empty()) return nullptr;
    Array out;
    for (const std::uint64_t number : numbers) out.emplace_back(number);
    return out;
}

Json rangesToJson(const std::vector<Range>& ranges) {
    if (ranges.empty()) return nullptr;
    Array out;
    for (const Range& range : ranges) out.emplace_back(boost::json::object{{"Offset", range.offset}, {"Size", range.size}});
    return out;
}

template <typename Proof>
Json proofsToJson(const std::vector<Proof>& proofs) {
    if (proofs.empty()) return nullptr;
    Array out;
    for (const Proof& proof : proofs) out.push_back(bytesToJson(proof));
    return out;
}

/// Go sorts the keys of a map as text.
Json filesToJson(const std::map<FileType, SectorLocation>& files) {
    if (files.empty()) return nullptr;
    std::map<std::string, const SectorLocation*> byText;
    for (const auto& [type, location] : files) byText[std::to_string(static_cast<std::uint32_t>(type))] = &location;
    boost::json::object out;
    for (const auto& [key, location] : byText) {
        Array headers;
        for (const auto& [name, value] : location->headers) headers.emplace_back(Object{{"Key", name}, {"Value", value}});
        out.emplace(key, Object{
                             {"Local", location->local}, {"URL", location->url}, {"Headers", headers.empty() ? Json() : Json(std::move(headers))}});
    }
    return out;
}

Array only(Json one) {
    Array out;
    out.push_back(std::move(one));
    return out;
}

Json maskToJson(FileType types) { return static_cast<std::uint32_t>(types); }

struct ParamsOf {
    Array operator()(const AddPieceCall& c) const { return {toJson(c.sector), numbersToJson(c.existing), c.size, toJson(c.data)}; }
    Array operator()(const DataCidCall& c) const { return {c.size, toJson(c.data)}; }
    Array operator()(const SealPreCommit1Call& c) const { return {toJson(c.sector), bytesToJson(c.ticket), toJson(c.pieces)}; }
    Array operator()(const SealPreCommit2Call& c) const { return {toJson(c.sector), bytesToJson(c.phase1Output)}; }
    Array operator()(const SealCommit1Call& c) const {
        return {toJson(c.sector), bytesToJson(c.ticket), bytesToJson(c.seed), toJson(c.pieces), toJson(c.cids)};
    }
    Array operator()(const SealCommit2Call& c) const { return {toJson(c.sector), bytesToJson(c.commit1Output)}; }
    Array operator()(const FinalizeSectorCall& c) const { return only(toJson(c.sector)); }
    Array operator()(const ReleaseUnsealedCall& c) const { return {toJson(c.sector), rangesToJson(c.keep)}; }
    Array operator()(const MoveStorageCall& c) const { return {toJson(c.sector), maskToJson(c.types)}; }
    Array operator()(const UnsealPieceCall& c) const {
        return {toJson(c.sector), c.offset, c.size, bytesToJson(c.ticket), unsealedCidToJson(c.commD)};
    }
    Array operator()(const FetchCall& c) const {
        return {toJson(c.sector), maskToJson(c.types), c.pathType == PathType::Storage ? "storage" : "sealing", c.mode == AcquireMode::Move ? "move" : "copy"};
    }
    Array operator()(const FinalizeReplicaUpdateCall& c) const { return only(toJson(c.sector)); }
    Array operator()(const ReplicaUpdateCall& c) const { return {toJson(c.sector), toJson(c.pieces)}; }
    Array operator()(const ProveReplicaUpdate1Call& c) const {
        return {toJson(c.sector), sealedCidToJson(c.sectorKey), sealedCidToJson(c.newSealed), unsealedCidToJson(c.newUnsealed)};
    }
    Array operator()(const ProveReplicaUpdate2Call& c) const {
        return {toJson(c.sector), sealedCidToJson(c.sectorKey), sealedCidToJson(c.newSealed), unsealedCidToJson(c.newUnsealed), proofsToJson(c.vanillaProofs)};
    }
    Array operator()(const GenerateSectorKeyCall& c) const { return {toJson(c.sector), unsealedCidToJson(c.commD)}; }
    Array operator()(const DownloadSectorCall& c) const { return {toJson(c.sector), c.finalized, filesToJson(c.files)}; }
};

} // namespace

void readValue(GoReader& r, const Json& json, SectorLocation& out, std::string_view goType) {
    r.object(json, goType, [&](const Object& o) {
        r.field(o, "Local", out.local, "bool");
        r.field(o, "URL", out.url, "string");
        r.member(o, "Headers", [&](const Json& headers) {
            r.list(headers, out.headers, "[]storiface.SecDataHttpHeader", [&](const Json& one, std::pair<std::string, std::string>& header) {
                r.object(one, "storiface.SecDataHttpHeader", [&](const Object& pair) {
                    r.field(pair, "Key", header.first, "string");
                    r.field(pair, "Value", header.second, "string");
                });
            });
        });
    });
}

void readValue(GoReader& r, const Json& json, std::map<FileType, SectorLocation>& out, std::string_view goType) {
    if (json.is_null()) return;
    if (!json.is_object()) return r.mismatch(json, goType);
    for (const auto& member : json.get_object()) {
        const std::string key(member.key());
        const auto number = sector::parseUnsigned(key, "file type");
        if (!number) return r.fail("json: cannot unmarshal number " + key + " into Go value of type storiface.SectorFileType");
        // lotus takes any mask as a key and fails when it looks for its path: here one file is what one place can give.
        if (*number > 63 || !sector::isSingle(static_cast<FileType>(*number))) return r.fail("unknown sector file type " + std::to_string(*number));
        readValue(r, member.value(), out[static_cast<FileType>(*number)]);
    }
}

std::span<const CallMethod> callMethods() { return kMethods; }

std::string_view callMethod(const TaskCall& call) { return methodOf(call).name; }

boost::json::array callParams(const TaskCall& call) { return std::visit(ParamsOf{}, call); }

Expected<TaskCall> decodeCall(std::string_view method, const boost::json::array& params) {
    const auto row = std::find_if(kMethods.begin(), kMethods.end(), [&](const CallMethod& one) { return one.name == method; });
    if (row == kMethods.end()) return Error(ErrorCode::NotFound, "method 'Filecoin." + std::string(method) + "' not found");
    if (params.size() != row->paramCount) {
        return Error(ErrorCode::InvalidArgument, "wrong param count (method 'Filecoin." + std::string(method) + "'): " + std::to_string(params.size()) +
                                                     " != " + std::to_string(row->paramCount));
    }
    Params reader(row->name, params);
    TaskCall call = readCall(static_cast<std::size_t>(row - kMethods.begin()), reader);
    return reader.finish(std::move(call));
}

SectorRef callSector(const TaskCall& call) {
    return std::visit(
        [](const auto& one) -> SectorRef {
            if constexpr (requires { one.sector; }) return one.sector;
            else return {};
        },
        call);
}

std::string_view returnMethod(const TaskCall& call) { return methodOf(call).returnName; }

std::string_view returnMethodOf(std::string_view method) {
    const auto row = std::find_if(kMethods.begin(), kMethods.end(), [&](const CallMethod& one) { return one.name == method; });
    return row == kMethods.end() ? std::string_view() : row->returnName;
}

boost::json::array returnParams(std::string_view returnMethod, const CallId& call, const TaskResult& result, const std::optional<CallError>& error) {
    Array out;
    out.push_back(toJson(call));
    const bool zero = error.has_value();
    switch (resultKind(returnMethod)) {
    case ResultKind::None: break;
    case ResultKind::Piece: out.push_back(toJson(valueOr<PieceInfo>(result, zero))); break;
    case ResultKind::Bytes: out.push_back(bytesToJson(valueOr<Bytes>(result, zero))); break;
    case ResultKind::Cids: out.push_back(toJson(valueOr<SectorCids>(result, zero))); break;
    case ResultKind::Update: out.push_back(toJson(valueOr<ReplicaUpdateOut>(result, zero))); break;
    case ResultKind::VanillaProofs: out.push_back(proofsToJson(valueOr<ReplicaVanillaProofs>(result, zero))); break;
    }
    out.push_back(error ? toJson(*error) : Json());
    return out;
}

} // namespace lsw::protocol
