// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/io_thread.h"
#include "worker/worker_core.h"

// Proofs of storage: the miner waits for the answer, nothing is journalled.
namespace lsw::worker {

namespace {

template <typename Result>
void answer(QThreadPool& pool, QObject* home, Expected<Result> (*make)(const protocol::PostCall&, const tasks::PostTools&, const TaskContext&),
            protocol::PostCall call, const tasks::PostTools& tools, std::stop_token stop, protocol::Reply<Result> reply) {
    onIoThread(
        pool, home, [make, call = std::move(call), tools, stop = std::move(stop)] { return make(call, tools, TaskContext{stop, [](const Progress&) {}}); },
        [reply = std::move(reply)](Expected<Result> result) { reply(std::move(result)); });
}

Error starting() { return Error(ErrorCode::NotRunning, "this worker is still starting"); }

} // namespace

tasks::PostTools WorkerCore::postTools() const {
    return {*m_engine, *m_store, m_settings.postParallelReads, std::chrono::milliseconds(m_settings.postReadTimeoutMs)};
}

void WorkerCore::winningPost(protocol::PostCall call, protocol::Reply<std::vector<protocol::PostProofBytes>> reply) {
    if (!m_store) return reply(starting());
    answer(m_post, this, &tasks::winningPost, std::move(call), postTools(), m_stopIo.get_token(), std::move(reply));
}

void WorkerCore::windowPost(protocol::PostCall call, protocol::Reply<protocol::WindowPostResult> reply) {
    if (!m_store) return reply(starting());
    answer(m_post, this, &tasks::windowPost, std::move(call), postTools(), m_stopIo.get_token(), std::move(reply));
}

} // namespace lsw::worker
