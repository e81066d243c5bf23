// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_json.h"
#include "sector/post_proof.h"

/// Proofs of storage over time (PoSt): the synchronous calls of a miner, and what workers ask each other for them.
/// source  lotus v1.36 storage/sealer/storiface/worker.go, storage/paths/interface.go
namespace lsw::protocol {

using sector::PostProof;

/// One sector of a proof, and the leaves of it that must be read.
struct PostSectorChallenge {
    SealProof sealProof{};
    std::uint64_t sectorNumber = 0;
    Commitment sealedCid{};
    std::vector<std::uint64_t> challenges;
    bool update = false; ///< the sector's update holds its data
};

/// Parameters of GenerateWinningPoSt and GenerateWindowPoSt.
struct PostCall {
    PostProof proof{};
    std::uint64_t miner = 0;
    std::vector<PostSectorChallenge> sectors;
    std::int64_t partition = 0; ///< window only
    Bytes randomness;
};

struct PostProofBytes {
    PostProof proof{};
    Bytes bytes;
};
/// A window proof, or which sectors could not be read: then there is no proof, and that is no error.
struct WindowPostResult {
    PostProofBytes proof;
    std::vector<SectorId> skipped;
};

/// Body of POST /remote/vanilla/single: the proof that the challenged leaves of one replica can be read.
struct SingleVanillaRequest {
    std::uint64_t miner = 0;
    PostSectorChallenge sector;
    PostProof proof{};
};
/// Body of POST /remote/vanilla/porep: the vanilla proofs of C1.
struct PorepVanillaRequest {
    SectorRef sector;
    Commitment sealed{}, unsealed{};
    Bytes ticket, seed;
};

/// "GenerateWinningPoSt" (4 parameters) or "GenerateWindowPoSt" (5); errors as those of decodeCall().
Expected<PostCall> decodePostCall(std::string_view method, const boost::json::array& params);
boost::json::array winningPostParams(const PostCall&);
boost::json::array windowPostParams(const PostCall&);

Json toJson(const PostSectorChallenge&);
Json toJson(const std::vector<PostProofBytes>&);
Json toJson(const WindowPostResult&);
Json toJson(const SingleVanillaRequest&);
Json toJson(const PorepVanillaRequest&);
template <> Expected<std::vector<PostProofBytes>> fromJson(const Json&);
template <> Expected<WindowPostResult> fromJson(const Json&);
template <> Expected<SingleVanillaRequest> fromJson(const Json&);
template <> Expected<PorepVanillaRequest> fromJson(const Json&);

} // namespace lsw::protocol
