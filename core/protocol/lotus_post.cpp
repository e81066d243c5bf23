// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/lotus_post.h"

#include "protocol/lotus_read.h"

namespace lsw::protocol {
namespace {

using Array = boost::json::array;
using Object = boost::json::object;

/// A number that has a type of its own in our code, or is signed.
template <typename T>
void readNumber(GoReader& r, const Object& o, std::string_view name, T& out, std::string_view goType) {
    std::int64_t number = 0;
    r.field(o, name, number, goType);
    out = T{number};
}

void readValue(GoReader& r, const Json& json, PostSectorChallenge& out) {
    r.object(json, "storiface.PostSectorChallenge", [&](const Object& o) {
        readNumber(r, o, "SealProof", out.sealProof, "abi.RegisteredSealProof");
        r.field(o, "SectorNumber", out.sectorNumber, "abi.SectorNumber");
        r.member(o, "SealedCID", [&](const Json& cid) { readSealedCid(r, cid, out.sealedCid); });
        r.member(o, "Challenge", [&](const Json& list) {
            r.list(list, out.challenges, "[]uint64", [&](const Json& one, std::uint64_t& challenge) { r.read(one, challenge, "uint64"); });
        });
        r.field(o, "Update", out.update, "bool");
    });
}

void readValue(GoReader& r, const Json& json, PostProofBytes& out) {
    r.object(json, "proof.PoStProof", [&](const Object& o) {
        readNumber(r, o, "PoStProof", out.proof, "abi.RegisteredPoStProof");
        r.field(o, "ProofBytes", out.bytes, "[]uint8");
    });
}

void readValue(GoReader& r, const Json& json, WindowPostResult& out) {
    r.object(json, "storiface.WindowPoStResult", [&](const Object& o) {
        r.member(o, "PoStProofs", [&](const Json& proof) { readValue(r, proof, out.proof); });
        r.member(o, "Skipped", [&](const Json& list) {
            r.list(list, out.skipped, "[]abi.SectorID", [&](const Json& one, SectorId& id) { protocol::readValue(r, one, id); });
        });
    });
}

void readValue(GoReader& r, const Json& json, SingleVanillaRequest& out) {
    r.object(json, "paths.SingleVanillaParams", [&](const Object& o) {
        r.field(o, "Miner", out.miner, "abi.ActorID");
        r.member(o, "Sector", [&](const Json& sector) { readValue(r, sector, out.sector); });
        readNumber(r, o, "ProofType", out.proof, "abi.RegisteredPoStProof");
    });
}

void readValue(GoReader& r, const Json& json, PorepVanillaRequest& out) {
    r.object(json, "paths.PoRepVanillaParams", [&](const Object& o) {
        r.member(o, "Sector", [&](const Json& sector) { protocol::readValue(r, sector, out.sector); });
        r.member(o, "Sealed", [&](const Json& cid) { readSealedCid(r, cid, out.sealed); });
        r.member(o, "Unsealed", [&](const Json& cid) { readUnsealedCid(r, cid, out.unsealed); });
        r.field(o, "Ticket", out.ticket, "abi.SealRandomness");
        r.field(o, "Seed", out.seed, "abi.InteractiveSealRandomness");
    });
}

template <typename T>
Expected<T> decodeOne(const Json& json) {
    GoReader reader;
    T out;
    readValue(reader, json, out);
    if (reader.failed()) return Error(ErrorCode::Corrupt, reader.error());
    return out;
}

Json toJson(const PostProofBytes& proof) {
    return Object{{"PoStProof", static_cast<std::int64_t>(proof.proof)}, {"ProofBytes", bytesToJson(proof.bytes)}};
}

template <typename T>
Json listOrNull(const std::vector<T>& list) {
    if (list.empty()) return nullptr;
    Array out;
    for (const T& one : list) {
        if constexpr (std::is_same_v<T, std::uint64_t>) out.emplace_back(one);
        else out.push_back(toJson(one));
    }
    return out;
}

} // namespace

Json toJson(const PostSectorChallenge& c) {
    return Object{{"SealProof", static_cast<std::int64_t>(c.sealProof)},
                  {"SectorNumber", c.sectorNumber},
                  {"SealedCID", sealedCidToJson(c.sealedCid)},
                  {"Challenge", listOrNull(c.challenges)},
                  {"Update", c.update}};
}
Json toJson(const std::vector<PostProofBytes>& proofs) { return listOrNull(proofs); }
Json toJson(const WindowPostResult& result) {
    Json skipped;
    if (!result.skipped.empty()) {
        Array list;
        for (const SectorId& id : result.skipped) list.push_back(protocol::toJson(id));
        skipped = std::move(list);
    }
    return Object{{"PoStProofs", toJson(result.proof)}, {"Skipped", std::move(skipped)}};
}
Json toJson(const SingleVanillaRequest& request) {
    return Object{{"Miner", request.miner}, {"Sector", toJson(request.sector)}, {"ProofType", static_cast<std::int64_t>(request.proof)}};
}
Json toJson(const PorepVanillaRequest& request) {
    return Object{{"Sector", protocol::toJson(request.sector)},
                  {"Sealed", sealedCidToJson(request.sealed)},
                  {"Unsealed", unsealedCidToJson(request.unsealed)},
                  {"Ticket", bytesToJson(request.ticket)},
                  {"Seed", bytesToJson(request.seed)}};
}

template <> Expected<std::vector<PostProofBytes>> fromJson(const Json& json) {
    GoReader reader;
    std::vector<PostProofBytes> out;
    reader.list(json, out, "[]proof.PoStProof", [&](const Json& one, PostProofBytes& proof) { readValue(reader, one, proof); });
    if (reader.failed()) return Error(ErrorCode::Corrupt, reader.error());
    return out;
}
template <> Expected<WindowPostResult> fromJson(const Json& json) { return decodeOne<WindowPostResult>(json); }
template <> Expected<SingleVanillaRequest> fromJson(const Json& json) { return decodeOne<SingleVanillaRequest>(json); }
template <> Expected<PorepVanillaRequest> fromJson(const Json& json) { return decodeOne<PorepVanillaRequest>(json); }

Expected<PostCall> decodePostCall(std::string_view method, const boost::json::array& params) {
    const bool isWindow = method == "GenerateWindowPoSt";
    const std::size_t wanted = isWindow ? 5 : 4;
    const std::string full = "Filecoin." + std::string(method);
    if (params.size() != wanted)
        return Error(ErrorCode::InvalidArgument,
                     "wrong param count (method '" + full + "'): " + std::to_string(params.size()) + " != " + std::to_string(wanted));
    PostCall call;
    std::string first;
    std::size_t next = 0;
    const auto take = [&](const char* goType, auto read) {
        GoReader reader;
        read(reader, params[next++], goType);
        if (reader.failed() && first.empty()) first = "unmarshaling params for '" + full + "' (param: *" + goType + "): " + reader.error();
    };
    take("abi.RegisteredPoStProof", [&](GoReader& r, const Json& json, const char* goType) {
        std::int64_t number = 0;
        r.read(json, number, goType);
        call.proof = PostProof{number};
    });
    take("abi.ActorID", [&](GoReader& r, const Json& json, const char* goType) { r.read(json, call.miner, goType); });
    take("[]storiface.PostSectorChallenge", [&](GoReader& r, const Json& json, const char* goType) {
        r.list(json, call.sectors, goType, [&](const Json& one, PostSectorChallenge& sector) { readValue(r, one, sector); });
    });
    if (isWindow) take("int", [&](GoReader& r, const Json& json, const char* goType) { r.read(json, call.partition, goType); });
    take("abi.PoStRandomness", [&](GoReader& r, const Json& json, const char* goType) { r.read(json, call.randomness, goType); });
    if (!first.empty()) return Error(ErrorCode::Corrupt, first);
    return call;
}

boost::json::array winningPostParams(const PostCall& call) {
    return {static_cast<std::int64_t>(call.proof), call.miner, listOrNull(call.sectors), bytesToJson(call.randomness)};
}
boost::json::array windowPostParams(const PostCall& call) {
    return {static_cast<std::int64_t>(call.proof), call.miner, listOrNull(call.sectors), call.partition, bytesToJson(call.randomness)};
}

} // namespace lsw::protocol
