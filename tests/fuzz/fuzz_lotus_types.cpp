// SPDX-License-Identifier: MIT OR Apache-2.0
// Every type of the wire: what decodes is written, and what is written decodes to the same. The first byte picks the type.
#include "fuzz.h"

#include "protocol/lotus_json.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace lsw;
using namespace lsw::protocol;

namespace {

/// Reads, writes, reads and writes once more: both texts are the same.
template <typename T, typename Write>
void roundTrip(const Json& json, Write write) {
    const auto first = fromJson<T>(json);
    if (!first) return;
    const std::string text = toGoJson(write(*first));
    const auto parsed = parseGoJson(text);
    fuzz::require(parsed.hasValue(), "what we write is JSON");
    const auto second = fromJson<T>(*parsed);
    fuzz::require(second.hasValue(), "what we write decodes");
    fuzz::require(toGoJson(write(*second)) == text, "it decodes to the same");
}
template <typename T>
void both(const Json& json) {
    roundTrip<T>(json, [](const T& value) { return toJson(value); });
}
template <typename T>
void read(const Json& json) {
    (void)fromJson<T>(json).hasValue();
}
/// A share of a GPU with a hundred digits is read a last bit off, now this way and now that; nobody schedules by that bit.
void workerInfo(const Json& json) {
    roundTrip<WorkerInfo>(json, [](WorkerInfo info) {
        for (auto& [task, rows] : info.table)
            for (auto& [proof, one] : rows) one.gpuUtilization = std::round(std::clamp(one.gpuUtilization, -1e6, 1e6) * 1024) / 1024;
        return toJson(info);
    });
}
void commitments(const Json& json) {
    if (const auto cid = unsealedCidFromJson(json))
        fuzz::require(unsealedCidFromJson(unsealedCidToJson(*cid)).valueOr({}) == *cid, "a CID of data comes back");
    if (const auto cid = sealedCidFromJson(json)) fuzz::require(sealedCidFromJson(sealedCidToJson(*cid)).valueOr({}) == *cid, "a CID of a replica comes back");
}
void bytes(const Json& json) {
    roundTrip<Bytes>(json, [](const Bytes& value) { return bytesToJson(value); });
}

constexpr std::array kTypes{both<SectorId>, both<SectorRef>, both<CallId>, both<PieceInfo>, both<std::vector<PieceInfo>>, both<SectorCids>, both<FsStat>,
                            both<HealthReport>, both<StorageInfo>, both<SectorStorageInfo>, both<SectorDeclaration>, both<std::vector<StoragePath>>,
                            workerInfo, both<ReaderStream>, bytes, commitments, read<std::optional<CallError>>, read<std::vector<StorageInfo>>,
                            read<std::vector<SectorStorageInfo>>, read<MinerVersion>, read<std::vector<std::string>>, read<std::string>, read<std::uint64_t>,
                            read<bool>, read<std::vector<SectorDeclaration>>};

void calls(const CallMethod& method, const boost::json::array& params) {
    const auto call = decodeCall(method.name, params);
    if (!call) return;
    const std::string text = toGoJson(callParams(*call));
    const auto parsed = parseGoJson(text);
    fuzz::require(parsed && parsed->is_array(), "the parameters we write are a JSON array");
    const auto again = decodeCall(method.name, parsed->get_array());
    fuzz::require(again.hasValue(), "the parameters we write decode");
    fuzz::require(toGoJson(callParams(*again)) == text, "they decode to the same call");
    (void)callSector(*call);
    const CallError error{101, "worker restarted"};
    fuzz::require(!returnParams(returnMethod(*call), {callSector(*call).id, kZeroUuid}, {}, error).empty(), "a return has parameters");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::size_t pick = input.byte();
    const auto json = parseGoJson(input.rest());
    if (!json) return 0;
    const auto methods = callMethods();
    if (pick < 128) kTypes[pick % kTypes.size()](*json);
    else if (json->is_array()) calls(methods[pick % methods.size()], json->get_array());
    return 0;
}
