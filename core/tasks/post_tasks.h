// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/proof_engine.h"
#include "protocol/lotus_post.h"
#include "storage/local_store.h"

#include <chrono>

/// Proofs of storage over time: the miner waits for them on an open connection, so they are no journalled calls.
///
/// thread  a pool thread; they block on the index, disks, other workers and the prover
namespace lsw::tasks {

struct PostTools {
    proofs::ProofEngine& engine;
    storage::LocalStore& store;
    int parallelReads = 32;                    ///< of a window proof; 0: as many as there are sectors
    std::chrono::milliseconds readTimeout{0};  ///< of each sector; 0: none
};

/// One proof over all sectors. One that cannot be read is an error that names it.
Expected<std::vector<protocol::PostProofBytes>> winningPost(const protocol::PostCall& call, const PostTools& tools, const TaskContext& context);
/// The proof of one partition. Sectors that cannot be read are `skipped`: then there is no proof, and the miner asks again without them.
Expected<protocol::WindowPostResult> windowPost(const protocol::PostCall& call, const PostTools& tools, const TaskContext& context);

/// What we give to others: both look at the files that lie here and ask no one. NotFound "fsstat: path not found".
Expected<Bytes> vanillaProofHere(const protocol::SingleVanillaRequest& request, const PostTools& tools, const TaskContext& context);
Expected<std::string> porepVanillaHere(const protocol::PorepVanillaRequest& request, const PostTools& tools, const TaskContext& context);

} // namespace lsw::tasks
