// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/prover_orders.h"

#include <type_traits>

/// The fields of each struct on the lines of order_lines.h: one list, walked by the writer and by the reader of order_json.cpp.
namespace lsw::proofs {

/// A text or a list of proofs that may be large.
template <typename Text>
struct Bulk {
    Text& value;
};
template <typename Text>
Bulk<Text> bulk(Text& value) {
    return {value};
}

/// The same where the text may lie in a file already; it is read as a text.
template <typename Text>
struct BulkOrFile {
    Text& value;
    const std::filesystem::path& file;
};
template <typename Text>
BulkOrFile<Text> bulkOrFile(Text& value, const std::filesystem::path& file) { return {value, file}; }

template <typename V, typename O>
void walk(V& v, O& o) {
    using T = std::remove_const_t<O>;
    if constexpr (std::is_same_v<T, SectorId>) {
        v("miner", o.miner);
        v("number", o.number);
    } else if constexpr (std::is_same_v<T, PieceInfo>) {
        v("size", o.size.value);
        v("commitment", o.commitment);
    } else if constexpr (std::is_same_v<T, AddPieceOrder>) {
        v("proof", o.proof);
        v("unsealed", o.unsealed);
        v("offset", o.offset.value);
        v("size", o.size.value);
        v("source", o.source);
    } else if constexpr (std::is_same_v<T, PieceCommitmentOrder>) {
        v("size", o.size.value);
        v("source", o.source);
    } else if constexpr (std::is_same_v<T, PreCommit1Order>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        v("pieces", o.pieces);
        v("unsealed", o.unsealed);
        v("sealed", o.sealed);
        v("cache", o.cache);
        v("memory", o.memory);
        v("processors", o.processors);
    } else if constexpr (std::is_same_v<T, PreCommit1BatchOrder>) {
        v("orders", o.orders);
    } else if constexpr (std::is_same_v<T, PreCommit2Order>) {
        v("phase1_output", bulk(o.phase1Output));
        v("sealed", o.sealed);
        v("cache", o.cache);
        v("keeps_checkpoint", o.keepsCheckpoint);
    } else if constexpr (std::is_same_v<T, PreCommit2Result>) {
        v("comm_r", o.commR);
        v("comm_d", o.commD);
    } else if constexpr (std::is_same_v<T, SyntheticProofsOrder> || std::is_same_v<T, Commit1Order>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        if constexpr (std::is_same_v<T, Commit1Order>) v("seed", o.seed);
        v("pieces", o.pieces);
        v("comm_r", o.commR);
        v("comm_d", o.commD);
        v("sealed", o.sealed);
        v("cache", o.cache);
    } else if constexpr (std::is_same_v<T, Commit2Order>) {
        v("commit1_output", bulkOrFile(o.commit1Output, o.commit1File));
        v("sector", o.sector);
    } else if constexpr (std::is_same_v<T, VerifySealOrder>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        v("seed", o.seed);
        v("comm_r", o.commR);
        v("comm_d", o.commD);
        v("proof_bytes", o.proofBytes);
    } else if constexpr (std::is_same_v<T, ClearCacheOrder>) {
        v("cache", o.cache);
        v("synthetic_only", o.syntheticOnly);
    } else if constexpr (std::is_same_v<T, UnsealOrder>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        v("comm_d", o.commD);
        v("sealed", o.sealed);
        v("cache", o.cache);
        v("scratch", o.scratch);
        v("output", o.output);
        v("padded", o.padded);
        v("offset", o.offset.value);
        v("size", o.size.value);
    } else if constexpr (std::is_same_v<T, ReplicaUpdateOrder>) {
        v("proof", o.proof);
        v("pieces", o.pieces);
        v("unsealed", o.unsealed);
        v("sealed", o.sealed);
        v("cache", o.cache);
        v("update", o.update);
        v("update_cache", o.updateCache);
    } else if constexpr (std::is_same_v<T, DecodeUpdateOrder>) {
        v("proof", o.proof);
        v("comm_d", o.commD);
        v("update", o.update);
        v("sealed", o.sealed);
        v("cache", o.cache);
        v("output", o.output);
    } else if constexpr (std::is_same_v<T, RegenerateKeyOrder>) {
        v("proof", o.proof);
        v("comm_d", o.commD);
        v("unsealed", o.unsealed);
        v("update", o.update);
        v("sealed", o.sealed);
        v("cache", o.cache);
        v("scratch", o.scratch);
    } else if constexpr (std::is_same_v<T, RegenerateReplicaOrder>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        v("sealed", o.sealed);
        v("scratch", o.scratch);
    } else if constexpr (std::is_same_v<T, ProveUpdate1Order> || std::is_same_v<T, ProveUpdate2Order> ||
                         std::is_same_v<T, VerifyUpdateOrder>) {
        v("proof", o.proof);
        v("sector_key", o.sectorKey);
        v("comm_r", o.commR);
        v("comm_d", o.commD);
        if constexpr (std::is_same_v<T, ProveUpdate1Order>) {
            v("sealed", o.sealed);
            v("cache", o.cache);
            v("update", o.update);
            v("update_cache", o.updateCache);
        }
        if constexpr (std::is_same_v<T, ProveUpdate2Order>) v("vanilla_proofs", bulk(o.vanillaProofs));
        if constexpr (std::is_same_v<T, VerifyUpdateOrder>) v("proof_bytes", o.proofBytes);
    } else if constexpr (std::is_same_v<T, VanillaPostOrder>) {
        v("proof", o.proof);
        v("sector_number", o.sectorNumber);
        v("challenges", o.challenges);
        v("comm_r", o.commR);
        v("sealed", o.sealed);
        v("cache", o.cache);
    } else if constexpr (std::is_same_v<T, WinningPostOrder> || std::is_same_v<T, WindowPostOrder> || std::is_same_v<T, VerifyPostOrder>) {
        v("proof", o.proof);
        v("miner", o.miner);
        v("randomness", o.randomness);
        if constexpr (std::is_same_v<T, VerifyPostOrder>) {
            v("sectors", o.sectors);
            v("proof_bytes", o.proofBytes);
        } else {
            v("vanilla_proofs", bulk(o.vanillaProofs));
        }
        if constexpr (std::is_same_v<T, WindowPostOrder>) v("partition", o.partition);
    } else if constexpr (std::is_same_v<T, PostSector>) {
        v("number", o.number);
        v("comm_r", o.commR);
    } else if constexpr (std::is_same_v<T, Progress>) {
        v("phase", o.phase);
        v("step", o.step);
        v("done", o.done);
        v("total", o.total);
        v("unit", o.unit);
    } else {
        static_assert(std::is_same_v<T, TestParametersOrder>, "a struct without its list of fields");
        v("sector_size", o.sectorSize.value);
        v("circuit", o.circuit);
    }
}

} // namespace lsw::proofs
