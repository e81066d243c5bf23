// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/miner_returns.h"

#include "protocol/lotus_json.h"

namespace lsw::practice {
namespace {

enum class Value { None, Piece, Bytes, Cids, Update, VanillaProofs };

struct ReturnMethod {
    const char* name;
    Value value;
    bool isWork; ///< the miner keeps these calls over its restart, and says it differently when one comes twice
};
constexpr ReturnMethod kMethods[] = {{"ReturnDataCid", Value::Piece, false},
                                     {"ReturnAddPiece", Value::Piece, false},
                                     {"ReturnSealPreCommit1", Value::Bytes, true},
                                     {"ReturnSealPreCommit2", Value::Cids, true},
                                     {"ReturnSealCommit1", Value::Bytes, true},
                                     {"ReturnSealCommit2", Value::Bytes, true},
                                     {"ReturnReplicaUpdate", Value::Update, true},
                                     {"ReturnProveReplicaUpdate1", Value::VanillaProofs, true},
                                     {"ReturnProveReplicaUpdate2", Value::Bytes, true},
                                     {"ReturnFinalizeSector", Value::None, false},
                                     {"ReturnGenerateSectorKeyFromData", Value::None, true},
                                     {"ReturnFinalizeReplicaUpdate", Value::None, false},
                                     {"ReturnReleaseUnsealed", Value::None, false},
                                     {"ReturnMoveStorage", Value::None, false},
                                     {"ReturnUnsealPiece", Value::None, false},
                                     {"ReturnDownloadSector", Value::None, true},
                                     {"ReturnFetch", Value::None, false}};

template <typename T>
Expected<protocol::TaskResult> decoded(const boost::json::value& json) {
    auto value = protocol::fromJson<T>(json);
    if (!value) return std::move(value).error();
    return protocol::TaskResult(*std::move(value));
}

Expected<protocol::TaskResult> valueFrom(Value kind, const boost::json::value& json) {
    switch (kind) {
    case Value::Piece: return decoded<protocol::PieceInfo>(json);
    case Value::Bytes: return decoded<Bytes>(json);
    case Value::Cids: return decoded<protocol::SectorCids>(json);
    case Value::Update: return decoded<protocol::ReplicaUpdateOut>(json);
    case Value::VanillaProofs: return decoded<protocol::ReplicaVanillaProofs>(json);
    case Value::None: break;
    }
    return protocol::TaskResult();
}

const ReturnMethod* methodNamed(const std::string& name) {
    for (const ReturnMethod& row : kMethods)
        if (name == row.name) return &row;
    return nullptr;
}

} // namespace

bool MinerReturns::isKept(std::string_view returnMethod) {
    const ReturnMethod* row = methodNamed(std::string(returnMethod));
    return row && row->isWork;
}

void MinerReturns::addMethods(protocol::MethodTable& table) {
    for (const ReturnMethod& row : kMethods)
        table.add(std::string("Filecoin.") + row.name, row.value == Value::None ? 2 : 3, "admin",
                  [this, name = std::string(row.name)](boost::json::array params, protocol::RpcRespond respond) {
                      if (auto taken = take(name, params); !taken) respond(std::move(taken).error());
                      else respond(boost::json::value(nullptr));
                  });
}

Expected<void> MinerReturns::take(const std::string& method, const boost::json::array& params) {
    const ReturnMethod& row = *methodNamed(method);
    auto id = protocol::fromJson<protocol::CallId>(params[0]);
    if (!id) return std::move(id).error();
    auto error = protocol::fromJson<std::optional<protocol::CallError>>(params[params.size() - 1]);
    if (!error) return std::move(error).error();
    ArrivedReturn result{method, *id, {}, *error};
    if (row.value != Value::None && !result.error) {
        auto value = valueFrom(row.value, params[1]);
        if (!value) return std::move(value).error();
        result.value = *std::move(value);
    }
    if (!m_seen.insert(*id).second) {
        if (!row.isWork) return Error(ErrorCode::AlreadyExists, "callRes channel already has a response");
        return Error(ErrorCode::AlreadyExists, "result for call " + std::to_string(id->sector.miner) + '-' +
                                                   std::to_string(id->sector.number) + '-' + id->uuid + " already reported");
    }
    m_arrived(result);
    return {};
}

} // namespace lsw::practice
