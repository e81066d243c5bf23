// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/stock_record.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace lsw::worker {

namespace {

/// How lotus-worker names the result that is awaited, with the method that started the call and its task type.
struct StockType {
    std::string_view returnType, method, taskType;
};
constexpr std::array<StockType, 17> kStockTypes{{
    {"DataCid", "DataCid", "seal/v0/datacid"},
    {"AddPiece", "AddPiece", "seal/v0/addpiece"},
    {"SealPreCommit1", "SealPreCommit1", "seal/v0/precommit/1"},
    {"SealPreCommit2", "SealPreCommit2", "seal/v0/precommit/2"},
    {"SealCommit1", "SealCommit1", "seal/v0/commit/1"},
    {"SealCommit2", "SealCommit2", "seal/v0/commit/2"},
    {"FinalizeSector", "FinalizeSector", "seal/v0/finalize"},
    {"FinalizeReplicaUpdate", "FinalizeReplicaUpdate", "seal/v0/finalize/replicaupdate"},
    {"ReplicaUpdate", "ReplicaUpdate", "seal/v0/replicaupdate"},
    {"ProveReplicaUpdate1", "ProveReplicaUpdate1", "seal/v0/provereplicaupdate/1"},
    {"ProveReplicaUpdate2", "ProveReplicaUpdate2", "seal/v0/provereplicaupdate/2"},
    {"GenerateSectorKey", "GenerateSectorKeyFromData", "seal/v0/regensectorkey"},
    {"ReleaseUnsealed", "ReleaseUnsealed", "seal/v0/finalizeunsealed"},
    {"MoveStorage", "MoveStorage", "seal/v0/fetch"},
    {"UnsealPiece", "UnsealPiece", "seal/v0/unseal"},
    {"DownloadSector", "DownloadSectorData", "seal/v0/download/sector"},
    {"Fetch", "Fetch", "seal/v0/fetch"},
}};

/// Reads the one form of CBOR that matters here; after a failure everything reads as nothing.
class CborReader {
public:
    explicit CborReader(std::string_view text) : m_rest(text) {}

    bool failed() const { return m_failed; }
    bool atEnd() const { return m_rest.empty(); }

    std::uint64_t unsignedNumber() { return ofType(0); }
    std::string_view byteString() { return take(ofType(2)); }
    std::string_view text() { return take(ofType(3)); }
    std::uint64_t arraySize() { return ofType(4); }
    std::uint64_t mapSize() { return ofType(5); }

    /// Steps over one value of any kind.
    void skip(int depth = 0) {
        if (depth > 8) return fail();
        const auto [type, number] = head();
        switch (type) {
        case 2:
        case 3: take(number); return;
        case 4:
        case 5:
            for (std::uint64_t i = 0; i < number && !m_failed; ++i) {
                skip(depth + 1);
                if (type == 5) skip(depth + 1);
            }
            return;
        default: return; // numbers, and null, true, false
        }
    }

private:
    struct Head {
        unsigned type;
        std::uint64_t number;
    };
    void fail() {
        m_failed = true;
        m_rest = {};
    }
    std::uint64_t ofType(unsigned wanted) {
        const auto [type, number] = head();
        if (type != wanted) fail();
        return m_failed ? 0 : number;
    }
    Head head() {
        if (m_rest.empty()) {
            fail();
            return {7, 0};
        }
        const unsigned first = static_cast<unsigned char>(m_rest.front());
        m_rest.remove_prefix(1);
        std::uint64_t number = first & 31;
        if (number >= 24) {
            const std::size_t size = number <= 27 ? std::size_t{1} << (number - 24) : 0;
            if (size == 0 || m_rest.size() < size) { // indefinite lengths do not occur
                fail();
                return {7, 0};
            }
            number = 0;
            for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<unsigned char>(m_rest[i]);
            m_rest.remove_prefix(size);
        }
        return {first >> 5, number};
    }
    std::string_view take(std::uint64_t size) {
        if (size > m_rest.size()) fail();
        if (m_failed) return {};
        const auto out = m_rest.substr(0, static_cast<std::size_t>(size));
        m_rest.remove_prefix(static_cast<std::size_t>(size));
        return out;
    }

    std::string_view m_rest;
    bool m_failed = false;
};

std::string uuidText(std::string_view bytes) {
    std::string hex = toHex(asBytes(bytes));
    for (const std::size_t at : {20, 16, 12, 8}) hex.insert(at, 1, '-');
    return hex;
}

/// {"ID": 16 bytes, "Sector": [miner, number]}
void readId(CborReader& in, protocol::CallId& id) {
    const auto members = in.mapSize();
    for (std::uint64_t i = 0; i < members && !in.failed(); ++i) {
        const auto name = in.text();
        if (name == "ID") {
            if (const auto bytes = in.byteString(); bytes.size() == 16) id.uuid = uuidText(bytes);
        } else if (name == "Sector") {
            if (in.arraySize() != 2) return;
            id.sector.miner = in.unsignedNumber();
            id.sector.number = in.unsignedNumber();
        } else {
            in.skip();
        }
    }
}

} // namespace

Expected<tasks::CallRecord> readStockCall(std::string_view key, std::string_view value) {
    const Error noCall(ErrorCode::Corrupt, '"' + std::string(key.substr(0, 200)) + "\" is no call of lotus-worker");
    tasks::CallRecord record;
    record.params = "[]"; // lotus-worker does not keep them
    std::string_view returnType;
    CborReader in(value);
    const auto members = in.mapSize();
    for (std::uint64_t i = 0; i < members && !in.failed(); ++i) {
        const auto name = in.text();
        if (name == "ID") readId(in, record.id);
        else if (name == "RetType") returnType = in.text();
        else in.skip(); // State and Result: even a call that failed there is asked for again
    }
    if (in.failed() || !in.atEnd() || record.id.uuid.empty()) return noCall;
    const std::string name = std::to_string(record.id.sector.miner) + '-' + std::to_string(record.id.sector.number) + '-' + record.id.uuid;
    if (key != std::string(kStockCallPrefix) + name) return noCall;
    const auto type = std::find_if(kStockTypes.begin(), kStockTypes.end(), [&](const StockType& row) { return row.returnType == returnType; });
    if (type == kStockTypes.end())
        return Error(ErrorCode::Corrupt, "call " + name + " is of a kind that this version does not know: \"" + std::string(returnType.substr(0, 100)) + '"');
    record.method = type->method;
    record.taskType = type->taskType;
    return record;
}

} // namespace lsw::worker
