// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/go_json.h"
#include "protocol/lotus_types.h"

#include <boost/json.hpp>

#include <span>

/// JSON of the wire types, exactly as Go's encoding/json writes them: key order, null for absent lists, CIDs as {"/":…},
/// byte slices as padded base64, unsigned 64-bit numbers exact. Decoders give Corrupt with the path of what is wrong and
/// accept null wherever Go does. An empty list or byte slice becomes null, a commitment of zeros a null CID (Go's undefined CID).
/// To bytes with toGoJson() of go_json.h.
namespace lsw::protocol {

Json toJson(const SectorId&);
Json toJson(const SectorRef&);
Json toJson(const CallId&);
Json toJson(const PieceInfo&);
Json toJson(const std::vector<PieceInfo>&);
Json toJson(const SectorCids&);
Json toJson(const ReplicaUpdateOut&);
Json toJson(const CallError&);
Json toJson(const FsStat&);
Json toJson(const HealthReport&);
Json toJson(const StorageInfo&);
Json toJson(const SectorStorageInfo&);
Json toJson(const SectorDeclaration&);
Json toJson(const std::vector<StoragePath>&);
Json toJson(const WorkerInfo&);
Json toJson(const ReaderStream&);
Json bytesToJson(const Bytes&);
/// What is in a file is only named: such a text is for our journal, not for the wire.
Json bytesToJson(const LargeBytes&);
Json unsealedCidToJson(const Commitment&);
Json sealedCidToJson(const Commitment&);

template <typename T>
Expected<T> fromJson(const Json&);
template <> Expected<SectorId> fromJson(const Json&);
template <> Expected<SectorRef> fromJson(const Json&);
template <> Expected<CallId> fromJson(const Json&);
template <> Expected<PieceInfo> fromJson(const Json&);
template <> Expected<std::vector<PieceInfo>> fromJson(const Json&);
template <> Expected<SectorCids> fromJson(const Json&);
template <> Expected<ReplicaUpdateOut> fromJson(const Json&);
template <> Expected<ReplicaVanillaProofs> fromJson(const Json&);
template <> Expected<std::optional<CallError>> fromJson(const Json&);
template <> Expected<FsStat> fromJson(const Json&);
template <> Expected<HealthReport> fromJson(const Json&);
template <> Expected<StorageInfo> fromJson(const Json&);
template <> Expected<std::vector<StorageInfo>> fromJson(const Json&);
template <> Expected<SectorStorageInfo> fromJson(const Json&);
template <> Expected<std::vector<SectorStorageInfo>> fromJson(const Json&);
template <> Expected<WorkerInfo> fromJson(const Json&);
template <> Expected<MinerVersion> fromJson(const Json&);
template <> Expected<ReaderStream> fromJson(const Json&);
template <> Expected<std::vector<std::string>> fromJson(const Json&);
template <> Expected<std::string> fromJson(const Json&);
template <> Expected<std::uint64_t> fromJson(const Json&);
template <> Expected<bool> fromJson(const Json&);
template <> Expected<Bytes> fromJson(const Json&); ///< base64 string or null
template <> Expected<SectorDeclaration> fromJson(const Json&);
template <> Expected<std::vector<SectorDeclaration>> fromJson(const Json&);
template <> Expected<std::vector<StoragePath>> fromJson(const Json&);
Expected<Commitment> unsealedCidFromJson(const Json&); ///< null gives zeros
Expected<Commitment> sealedCidFromJson(const Json&);

/// A UUID in lower case; Corrupt "invalid UUID length: 4" or "invalid UUID format".
Expected<std::string> parseUuid(std::string_view text);

/// The asynchronous methods: name, number of parameters, the miner's method that takes the result.
struct CallMethod {
    std::string_view name;
    std::size_t paramCount = 0;
    std::string_view returnName;
};
std::span<const CallMethod> callMethods();

/// The name of the method that starts a call ("SealPreCommit1") and its parameters.
std::string_view callMethod(const TaskCall&);
boost::json::array callParams(const TaskCall&);
/// Decodes the parameters of an asynchronous method ("SealPreCommit1"); NotFound for a method that is none, InvalidArgument for a wrong
/// number of parameters, else Corrupt: "unmarshaling params for 'Filecoin.…' (param: *storiface.SectorRef): json: cannot unmarshal …".
Expected<TaskCall> decodeCall(std::string_view method, const boost::json::array& params);
/// The sector of a call; {0,0} for DataCid.
SectorRef callSector(const TaskCall&);

/// The miner's method for the result ("ReturnSealPreCommit1") and its parameters: callId, [value,] error.
std::string_view returnMethod(const TaskCall&);
/// The same by the name of the method that started the call; empty for one that is none.
std::string_view returnMethodOf(std::string_view method);
/// With an error, or a result of another type, the value is the zero value of its type and still takes its slot.
boost::json::array returnParams(std::string_view returnMethod, const CallId&, const TaskResult&, const std::optional<CallError>&);

} // namespace lsw::protocol
