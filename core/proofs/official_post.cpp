// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_engine.h"

#include <algorithm>

#include "proofs/crate_reply.h"
#include "proofs/official_checks.h"
#include "proofs/progress_ticker.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

/// Proofs of spacetime.
namespace lsw::proofs {
namespace {

using sector::PostProofInfo;

std::int32_t circuitOf(const PostProofInfo& info) {
    return info.isWindow ? LSW_WINDOW_POST : LSW_WINNING_POST;
}

/// As the crate wants it: a field element.
Bytes32 fieldElement(Bytes32 randomness) {
    randomness.back() &= 0x3f;
    return randomness;
}

Expected<const PostProofInfo*> checked(PostProof proof, bool isWindow, const std::vector<Bytes>& vanillaProofs) {
    const auto info = sector::postProofInfo(proof);
    if (!info) return info;
    if ((*info)->isWindow != isWindow)
        return Error(ErrorCode::InvalidArgument,
                     std::string((*info)->name) + " is no proof of a " + (isWindow ? "window" : "winning") + " PoSt");
    const auto room = static_cast<std::size_t>((*info)->sectorsPerPartition);
    if (vanillaProofs.empty() || vanillaProofs.size() > room)
        return Error(ErrorCode::InvalidArgument, std::to_string(vanillaProofs.size()) + " vanilla proofs were given: " +
                                                     std::string((*info)->name) + " takes 1 to " + std::to_string(room));
    return info;
}

} // namespace

Expected<Bytes> OfficialEngine::vanillaPost(const VanillaPostOrder& order, const TaskContext& context) {
    const auto post = sector::postProofInfo(order.proof);
    if (!post) return post.error();
    const auto seal = sector::proofForSize((*post)->sectorSize);
    if (!seal) return seal.error();
    if (order.challenges.empty()) return Error(ErrorCode::InvalidArgument, "no challenges given");
    for (const std::uint64_t challenge : order.challenges)
        if (challenge >= (*seal)->nodes())
            return Error(ErrorCode::InvalidArgument, "the challenge " + std::to_string(challenge) + " is not below the " +
                                                         std::to_string((*seal)->nodes()) + " nodes of the sector");
    LSW_TRY(requirePlainPath(order.cache));
    LSW_TRY(requireFile(order.sealed, (*post)->sectorSize.value, "the replica"));
    LSW_TRY(requireTreesR(**seal, order.cache));
    // The crate takes CommR as it is told, and a proof for another would be worth nothing.
    const auto commR = commRIn(order.cache);
    if (!commR) return commR.error();
    if (*commR != order.commR)
        return Error(ErrorCode::VerificationFailed, "p_aux in " + order.cache.string() + " has CommR " + toHex(*commR) +
                                                        ", but the sector has " + toHex(order.commR) +
                                                        ": these are another sector's files");
    LSW_TRY(notStopped(context, "reading the challenged leaves"));
    return taken(lsw_vanilla_post((*post)->number(), order.sectorNumber, order.challenges.data(), order.challenges.size(),
                                  order.commR.data(), pathText(order.sealed), pathText(order.cache)),
                 "reading the challenged leaves");
}

Expected<Bytes> OfficialEngine::winningPost(const WinningPostOrder& order, const TaskContext& context) {
    const auto info = checked(order.proof, false, order.vanillaProofs);
    if (!info) return info.error();
    LSW_TRY(requireParameters(LSW_WINNING_POST, (*info)->number(), (*info)->sectorSize));
    LSW_TRY(notStopped(context, "the winning PoSt"));
    const Bytes32 randomness = fieldElement(order.randomness), prover = sector::proverId(order.miner);
    const auto vanilla = texts(order.vanillaProofs);
    const ProgressTicker ticker(context, secondsOf("winning", ""));
    return taken(lsw_winning_post((*info)->number(), randomness.data(), prover.data(), vanilla.data(), vanilla.size()), "the winning PoSt");
}

Expected<Bytes> OfficialEngine::windowPost(const WindowPostOrder& order, const TaskContext& context) {
    const auto info = checked(order.proof, true, order.vanillaProofs);
    if (!info) return info.error();
    LSW_TRY(requireParameters(LSW_WINDOW_POST, (*info)->number(), (*info)->sectorSize));
    LSW_TRY(notStopped(context, "the window PoSt"));
    const Bytes32 randomness = fieldElement(order.randomness), prover = sector::proverId(order.miner);
    const auto vanilla = texts(order.vanillaProofs);
    const ProgressTicker ticker(context, secondsOf("window", ""));
    return taken(lsw_window_post((*info)->number(), randomness.data(), prover.data(), vanilla.data(), vanilla.size(), order.partition),
                 "the window PoSt");
}

Expected<bool> OfficialEngine::verifyPost(const VerifyPostOrder& order, const TaskContext& context) {
    const auto info = sector::postProofInfo(order.proof);
    if (!info) return info.error();
    if (order.sectors.empty()) return Error(ErrorCode::InvalidArgument, "no sectors given");
    LSW_TRY(requireVerifyingKey(circuitOf(**info), (*info)->number(), (*info)->sectorSize));
    LSW_TRY(notStopped(context, "verifying"));
    const Bytes32 randomness = fieldElement(order.randomness), prover = sector::proverId(order.miner);
    std::vector<LswPostSector> sectors(order.sectors.size());
    for (std::size_t i = 0; i < sectors.size(); ++i) {
        sectors[i].number = order.sectors[i].number;
        std::copy(order.sectors[i].commR.begin(), order.sectors[i].commR.end(), sectors[i].comm_r);
    }
    return verdict(lsw_verify_post((*info)->number(), randomness.data(), prover.data(), sectors.data(), sectors.size(),
                                   order.proofBytes.data(), order.proofBytes.size()));
}

} // namespace lsw::proofs
