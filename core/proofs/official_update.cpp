// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_engine.h"

namespace lsw::proofs {

Expected<ReplicaUpdateResult> OfficialEngine::replicaUpdate(const ReplicaUpdateOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "replicaUpdate is not there yet"); }
Expected<void> OfficialEngine::decodeUpdate(const DecodeUpdateOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "decodeUpdate is not there yet"); }
Expected<void> OfficialEngine::regenerateKey(const RegenerateKeyOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "regenerateKey is not there yet"); }
Expected<void> OfficialEngine::regenerateReplica(const RegenerateReplicaOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "regenerateReplica is not there yet"); }
Expected<std::vector<Bytes>> OfficialEngine::proveUpdate1(const ProveUpdate1Order&, const TaskContext&) { return Error(ErrorCode::Unsupported, "proveUpdate1 is not there yet"); }
Expected<Bytes> OfficialEngine::proveUpdate2(const ProveUpdate2Order&, const TaskContext&) { return Error(ErrorCode::Unsupported, "proveUpdate2 is not there yet"); }
Expected<bool> OfficialEngine::verifyUpdate(const VerifyUpdateOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "verifyUpdate is not there yet"); }

} // namespace lsw::proofs
