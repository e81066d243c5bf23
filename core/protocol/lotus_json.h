// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_types.h"

#include <boost/json.hpp>

/// JSON of the wire types, exactly as Go's encoding/json writes them: key order, null for absent lists, CIDs as {"/":…},
/// byte slices as padded base64, unsigned 64-bit numbers exact. Decoders give Corrupt with the path of what is wrong and
/// accept null for lists and byte slices.
namespace lsw::protocol {

using Json = boost::json::value;

Json toJson(const SectorId&);
Json toJson(const SectorRef&);
Json toJson(const CallId&);
Json toJson(const PieceInfo&);
Json toJson(const std::vector<PieceInfo>&);
Json toJson(const SectorCids&);
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

/// The name of the method that starts a call ("SealPreCommit1") and its parameters.
std::string_view callMethod(const TaskCall&);
boost::json::array callParams(const TaskCall&);
/// Decodes the parameters of an asynchronous method; NotFound for a method that is none.
Expected<TaskCall> decodeCall(std::string_view method, const boost::json::array& params);
/// The sector of a call; {0,0} for DataCid.
SectorRef callSector(const TaskCall&);

/// The miner's method for the result ("ReturnSealPreCommit1") and its parameters: callId, [value,] error.
std::string_view returnMethod(const TaskCall&);
/// With an error the value is the zero value of its type and still takes its slot.
boost::json::array returnParams(std::string_view returnMethod, const CallId&, const TaskResult&, const std::optional<CallError>&);

} // namespace lsw::protocol
