// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/go_json.h"
#include "protocol/lotus_types.h"

/// Reading of the wire types by GoReader, shared by the decoders of values and of parameters. `goType` is what a mismatch names.
namespace lsw::protocol {

void readValue(GoReader& r, const Json& json, SectorId& out, std::string_view goType = "abi.SectorID");
void readValue(GoReader& r, const Json& json, SectorRef& out, std::string_view goType = "storiface.SectorRef");
void readValue(GoReader& r, const Json& json, CallId& out, std::string_view goType = "storiface.CallID");
void readValue(GoReader& r, const Json& json, PieceInfo& out, std::string_view goType = "abi.PieceInfo");
void readValue(GoReader& r, const Json& json, std::vector<PieceInfo>& out, std::string_view goType = "[]abi.PieceInfo");
void readValue(GoReader& r, const Json& json, SectorCids& out, std::string_view goType = "storiface.SectorCids");
void readValue(GoReader& r, const Json& json, Range& out, std::string_view goType = "storiface.Range");
void readValue(GoReader& r, const Json& json, std::vector<Range>& out, std::string_view goType = "[]storiface.Range");
void readValue(GoReader& r, const Json& json, ReaderStream& out, std::string_view goType = "rpcenc.ReaderStream");
void readValue(GoReader& r, const Json& json, FileType& out, std::string_view goType = "storiface.SectorFileType");
void readValue(GoReader& r, const Json& json, PathType& out, std::string_view goType = "storiface.PathType");
void readValue(GoReader& r, const Json& json, AcquireMode& out, std::string_view goType = "storiface.AcquireMode");
void readValue(GoReader& r, const Json& json, std::vector<std::uint64_t>& out, std::string_view goType);
void readValue(GoReader& r, const Json& json, ReplicaUpdateOut& out, std::string_view goType = "storiface.ReplicaUpdateOut");
void readValue(GoReader& r, const Json& json, std::vector<Bytes>& out, std::string_view goType = "storiface.ReplicaVanillaProofs");
void readValue(GoReader& r, const Json& json, SectorLocation& out, std::string_view goType = "storiface.SectorLocation");
void readValue(GoReader& r, const Json& json, std::map<FileType, SectorLocation>& out, std::string_view goType);
/// A string of the current SpooledStrings::Scope stays in its file.
void readValue(GoReader& r, const Json& json, LargeBytes& out, std::string_view goType);
void readValue(GoReader& r, const Json& json, std::vector<LargeBytes>& out, std::string_view goType);
void readUnsealedCid(GoReader& r, const Json& json, Commitment& out);
void readSealedCid(GoReader& r, const Json& json, Commitment& out);

} // namespace lsw::protocol
