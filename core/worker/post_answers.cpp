// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/io_thread.h"
#include "worker/worker_core.h"

#include <algorithm>

// Proofs of storage: the miner waits for the answer, nothing is journalled.
namespace lsw::worker {

namespace {

constexpr std::size_t kMostNamed = 10;

std::string problemOf(const std::vector<protocol::PostProofBytes>&) { return {}; }

std::string problemOf(const protocol::WindowPostResult& result) {
    if (result.skipped.empty()) return {};
    std::string out = "no proof: " + std::to_string(result.skipped.size()) + " of its sectors could not be read (";
    for (std::size_t i = 0; i < std::min(result.skipped.size(), kMostNamed); ++i) out += (i ? ", " : "") + std::to_string(result.skipped[i].number);
    return out + (result.skipped.size() > kMostNamed ? ", …)" : ")");
}

} // namespace

tasks::PostTools WorkerCore::postTools() const {
    return {*m_engine, *m_store, m_settings.postParallelReads, std::chrono::milliseconds(m_settings.postReadTimeoutMs)};
}

template <typename Result>
void WorkerCore::makePost(std::string_view type, PostMaker<Result> make, protocol::PostCall call, protocol::Reply<Result> reply) {
    if (!m_store) return reply(Error(ErrorCode::NotRunning, "this worker is still starting"));
    const tasks::TaskType& row = **tasks::taskType(type);
    auto run = m_posts.begin(row, call);
    if (const auto why = m_parameters ? m_parameters->whyNot(row.name) : std::nullopt) {
        // The miner waits on an open connection and has a deadline: told at once, it can make the proof itself.
        const Error notYet(ErrorCode::NotInstalled, "this worker cannot make the proof yet: " + why->detail);
        m_posts.end(run, notYet.message());
        changed(true);
        return reply(notYet);
    }
    watchProgress();
    changed(true);
    TaskContext context{m_stopIo.get_token(), [run](const Progress& progress) { run->report(progress); }};
    onIoThread(
        m_post, this, [make, call = std::move(call), tools = postTools(), context = std::move(context)] { return make(call, tools, context); },
        [this, run = std::move(run), reply = std::move(reply)](Expected<Result> result) {
            m_watch->proofEnded(m_posts.end(run, result ? problemOf(*result) : result.error().message()), run->reading());
            watchProgress();
            changed(true);
            reply(std::move(result));
            leaveIfFinished();
        });
}

void WorkerCore::winningPost(protocol::PostCall call, protocol::Reply<std::vector<protocol::PostProofBytes>> reply) {
    makePost<std::vector<protocol::PostProofBytes>>("WNP", &tasks::winningPost, std::move(call), std::move(reply));
}

void WorkerCore::windowPost(protocol::PostCall call, protocol::Reply<protocol::WindowPostResult> reply) {
    makePost<protocol::WindowPostResult>("WDP", &tasks::windowPost, std::move(call), std::move(reply));
}

} // namespace lsw::worker
