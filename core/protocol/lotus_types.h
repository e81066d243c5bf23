// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "protocol/large_bytes.h"
#include "sector/piece_info.h"
#include "sector/proof_type.h"
#include "sector/sector_files.h"
#include "sector/sector_id.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// The types of the wire as values. Their JSON is in lotus_json.h.
/// source  lotus v1.36 api/, storage/sealer/storiface/; field names as there
namespace lsw::protocol {

using sector::Commitment;
using sector::FileType;
using sector::PieceInfo;
using sector::SealProof;
using sector::SectorId;

inline constexpr std::uint32_t kWorkerApiVersion = 67328; ///< 1.7.0
inline constexpr std::uint32_t kMinerApiVersion = 66816;  ///< 1.5.0
inline constexpr const char* kZeroUuid = "00000000-0000-0000-0000-000000000000";

struct SectorRef {
    SectorId id;
    SealProof proof{};
    bool operator==(const SectorRef&) const = default;
};

struct CallId {
    SectorId sector;
    std::string uuid;
    auto operator<=>(const CallId&) const = default;
};

/// Codes a miner acts on; 0 is any failure.
enum class CallErrorCode { Unknown = 0, TempUnknown = 100, TempWorkerRestart = 101, TempAllocateSpace = 102 };
struct CallError {
    int code = 0;
    std::string message;
};

struct SectorCids {
    Commitment unsealed{}, sealed{};
};
/// What an update made of a sector.
struct ReplicaUpdateOut {
    Commitment newSealed{}, newUnsealed{};
};
/// Of an update, one for each partition.
using ReplicaVanillaProofs = std::vector<Bytes>;

enum class PathType { Storage, Sealing };
enum class AcquireMode { Move, Copy };

/// [offset, offset + size) in unpadded bytes.
struct Range {
    std::uint64_t offset = 0, size = 0;
};

/// A reader parameter as it stands in the JSON.
struct ReaderStream {
    std::string type; ///< "null", "push", "http"
    std::string info; ///< byte count, uuid, url
};

/// Where one file of a sector can be downloaded.
struct SectorLocation {
    bool local = false;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers; ///< to ask with
};

struct FsStat {
    std::int64_t capacity = 0, available = 0, fsAvailable = 0, reserved = 0, max = 0, used = 0;
};
struct HealthReport {
    FsStat stat;
    std::string error;
};

/// What is known of one storage path. Lists that are absent are `null` on the wire.
struct StorageInfo {
    std::string id;
    std::vector<std::string> urls;
    std::uint64_t weight = 0, maxStorage = 0;
    bool canSeal = false, canStore = false;
    std::vector<std::string> groups, allowTo, allowTypes, denyTypes, allowMiners, denyMiners;
};
struct SectorStorageInfo {
    std::string id;
    std::vector<std::string> urls, baseUrls;
    std::uint64_t weight = 0;
    bool canSeal = false, canStore = false, primary = false;
    std::vector<std::string> allowTypes, denyTypes, allowMiners, denyMiners;
};
struct SectorDeclaration {
    SectorId sector;
    FileType types = FileType::None;
};
struct StoragePath {
    std::string id;
    std::uint64_t weight = 0;
    std::string localPath;
    bool canSeal = false, canStore = false;
};

/// One row of the resource table. Memory in bytes.
struct TaskResources {
    std::uint64_t minMemory = 0, maxMemory = 0;
    double gpuUtilization = 0;
    int maxParallelism = 0, maxParallelismGpu = 0;
    std::uint64_t baseMinMemory = 0;
    int maxConcurrent = 0;
};
struct WorkerInfo {
    std::string hostname;
    bool ignoreResources = false;
    std::uint64_t memPhysical = 0, memUsed = 0, memSwap = 0, memSwapUsed = 0, cpus = 0;
    std::vector<std::string> gpus;
    std::map<std::string, std::map<std::int64_t, TaskResources>> table; ///< task type → proof number
};

struct MinerVersion {
    std::string version;
    std::uint32_t apiVersion = 0;
};

/// One asynchronous task as it was called. One struct for each method, parameters in the order of the wire.
struct AddPieceCall { SectorRef sector; std::vector<std::uint64_t> existing; std::uint64_t size = 0; ReaderStream data; };
struct DataCidCall { std::uint64_t size = 0; ReaderStream data; };
struct SealPreCommit1Call { SectorRef sector; Bytes ticket; std::vector<PieceInfo> pieces; };
struct SealPreCommit2Call { SectorRef sector; LargeBytes phase1Output; };
struct SealCommit1Call { SectorRef sector; Bytes ticket, seed; std::vector<PieceInfo> pieces; SectorCids cids; };
struct SealCommit2Call { SectorRef sector; LargeBytes commit1Output; };
struct FinalizeSectorCall { SectorRef sector; };
struct ReleaseUnsealedCall { SectorRef sector; std::vector<Range> keep; };
struct MoveStorageCall { SectorRef sector; FileType types{}; };
struct UnsealPieceCall { SectorRef sector; std::uint64_t offset = 0, size = 0; Bytes ticket; Commitment commD{}; };
struct FetchCall { SectorRef sector; FileType types{}; PathType pathType{}; AcquireMode mode{}; };
struct FinalizeReplicaUpdateCall { SectorRef sector; };
struct ReplicaUpdateCall { SectorRef sector; std::vector<PieceInfo> pieces; };
struct ProveReplicaUpdate1Call { SectorRef sector; Commitment sectorKey{}, newSealed{}, newUnsealed{}; };
struct ProveReplicaUpdate2Call { SectorRef sector; Commitment sectorKey{}, newSealed{}, newUnsealed{}; std::vector<LargeBytes> vanillaProofs; };
struct GenerateSectorKeyCall { SectorRef sector; Commitment commD{}; };
struct DownloadSectorCall { SectorRef sector; bool finalized = false; std::map<FileType, SectorLocation> files; };
using TaskCall = std::variant<AddPieceCall, DataCidCall, SealPreCommit1Call, SealPreCommit2Call, SealCommit1Call,
                              SealCommit2Call, FinalizeSectorCall, ReleaseUnsealedCall, MoveStorageCall, UnsealPieceCall,
                              FetchCall, FinalizeReplicaUpdateCall, ReplicaUpdateCall, ProveReplicaUpdate1Call,
                              ProveReplicaUpdate2Call, GenerateSectorKeyCall, DownloadSectorCall>;

/// The value a task returns; monostate for those that return none.
using TaskResult = std::variant<std::monostate, PieceInfo, Bytes, SectorCids, ReplicaUpdateOut, ReplicaVanillaProofs>;

} // namespace lsw::protocol
