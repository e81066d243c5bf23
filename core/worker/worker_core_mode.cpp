// SPDX-License-Identifier: MIT OR Apache-2.0
// Which tasks a worker takes and begins: enabled, paused, draining, finishing, and beside tasks that its miner has no account of.
#include "worker/worker_core.h"

#include <algorithm>

#include "worker/io_thread.h"
#include "worker/work_mode.h"

namespace lsw::worker {

namespace {

constexpr int kDetachMs = 10000; ///< how long the miner may take to forget our storage

} // namespace

void WorkerCore::setEnabled(bool enabled) {
    m_enabled = enabled;
    applyMode();
}

void WorkerCore::setMode(WorkMode mode, std::function<void(Expected<void>)> done) {
    if (!m_repo) return done(Error(ErrorCode::NotRunning, "this worker is still starting"));
    if (m_stopping) return done(Error(ErrorCode::Cancelled, "this worker is stopping"));
    m_mode = mode;
    m_finishing = false;
    applyMode();
    onIoThread(
        m_io, this, [repo = m_repo->folder(), mode] { return writeWorkMode(repo, mode); },
        [this, mode, done = std::move(done)](Expected<void> written) {
            if (!written) written = std::move(written).error().whileDoing("this holds until the worker is started again, because it cannot be written down");
            done(std::move(written));
            m_drainEnds = mode == WorkMode::Draining && m_mode == mode;
            leaveIfFinished();
        });
}

void WorkerCore::finishThenStop() {
    m_finishing = true;
    applyMode();
    leaveIfFinished();
}

void WorkerCore::applyMode() {
    std::optional<tasks::WaitReason> hold;
    if (m_mode == WorkMode::Paused) hold = tasks::WaitReason{"paused", "this worker is paused"};
    if (m_finishing) hold = tasks::WaitReason{"paused", "this worker stops when the running tasks have ended"};
    if (m_runner) m_runner->hold(std::move(hold));
    if (enabled() && m_minerSession) m_minerSession->registerSoon();
    changed(true);
}

/// A drain is done when every task is done and delivered; a stop that lets tasks finish, when every result is on disk.
void WorkerCore::leaveIfFinished() {
    if (m_finished || m_stopping || !m_calls || m_posts.isBusy()) return;
    const bool isDrained = m_mode == WorkMode::Draining && m_drainEnds && m_calls->isQuiet();
    if (!isDrained && !(m_finishing && !m_calls->isComputing())) return;
    m_finished = true;
    // As `stop` does it: the miner's index does not point here any more. A miner that is away cannot keep the worker, though.
    const auto leave = [this] {
        if (!m_stopping) stop(m_settings.shutdownLingerMs, true);
    };
    QTimer::singleShot(kDetachMs, this, leave);
    withStore([](storage::LocalStore& store, std::stop_token stop) { return store.detachAll(std::move(stop)); }, [leave](const Expected<void>&) { leave(); });
}

/// Calls back when this worker may register with the miner it has just found, its first or a restarted one.
void WorkerCore::registerWhen(std::function<void()> ready) {
    m_calls->whenCountable([this, ready = std::move(ready)] {
        m_calls->markOlder();
        ready();
    });
}

/// While it takes no tasks its session is refused, and registering would fail. A worker for proofs of storage registers when it can make them, as
/// lotus-worker does: until then the miner makes them itself, in time; a call that came here would have to wait past its deadline.
std::string WorkerCore::whyNotRegister() const {
    if (!enabled()) return "this worker takes no tasks, and registers when it does again";
    if (!m_parameters) return {};
    for (const auto& name : m_taskTypes)
        if (name.starts_with("post/"))
            if (const auto why = m_parameters->whyNot(name)) return why->detail + "; this worker registers when they are there";
    return {};
}

std::vector<std::string> WorkerCore::offeredTypes() const {
    const auto older = m_calls ? m_calls->older() : std::set<std::int64_t>();
    if (older.empty()) return m_taskTypes;
    // A miner asks for the types in each round of its planning: one that had to wait behind the tasks it does not count is not offered
    // until there is room. Moving files is always offered.
    std::vector<std::string> out;
    for (const auto& name : m_taskTypes) {
        const auto type = tasks::taskType(name);
        const bool mayRun = !type || (*type)->lane == tasks::Lane::Io || std::all_of(older.begin(), older.end(), [&](std::int64_t proof) {
            return !m_runner->whyNot(**type, sector::SealProof{proof});
        });
        if (mayRun) out.push_back(name);
    }
    return out;
}

} // namespace lsw::worker
