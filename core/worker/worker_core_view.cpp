// SPDX-License-Identifier: MIT OR Apache-2.0
// What a running worker shows: to the miner by Info, to people by its view.
#include "worker/leftover_answer.h"
#include "worker/worker_core.h"

#include <algorithm>

namespace lsw::worker {

protocol::WorkerInfo WorkerCore::info() const {
    protocol::WorkerInfo out;
    out.hostname = m_name;
    out.memPhysical = m_host.memPhysical;
    out.memUsed = m_host.memUsed;
    // What the miner keeps from the moment of registration it takes for the use of others: without what our tasks hold, which ends.
    const bool isRegistering = m_minerSession && m_minerSession->isRegistering() && m_runner && m_runner->running() > 0;
    if (isRegistering) out.memUsed = std::min(m_host.memUsed, m_idleMemUsed);
    out.memSwap = m_host.memSwap;
    out.memSwapUsed = isRegistering ? std::min(m_host.memSwapUsed, m_idleSwapUsed) : m_host.memSwapUsed;
    out.cpus = static_cast<std::uint64_t>(m_host.cpus);
    // Cards that the engine does not use are not offered: with them the miner would plan six cores for a C2 that takes all.
    out.table = m_table;
    return out;
}

WorkerView WorkerCore::currentView() const {
    WorkerView view;
    if (m_minerSession) {
        const auto& status = m_minerSession->status();
        view.connection = status.state == ConnectionState::NotStarted ? ConnectionState::Connecting : status.state;
        view.connectionDetail = status.detail;
        view.minerVersion = status.minerVersion;
        view.minerActor = status.minerActor;
        view.sectorSize = status.sectorSize;
        view.connectedSinceMs = status.connectedSinceMs;
    } else {
        view.connection = ConnectionState::Connecting;
        view.connectionDetail = m_detail;
    }
    if (m_stopping) {
        view.connection = m_leaving ? ConnectionState::Stopped : ConnectionState::Stopping;
        view.connectionDetail.clear();
    }
    view.miner = protocol::hostPort(m_settings.miner.endpoint.host, m_settings.miner.endpoint.port);
    view.name = m_name;
    view.session = m_session;
    view.listen = m_listen;
    view.advertise = m_listen.empty() ? "" : protocol::hostPort(m_plan.advertised.host, m_plan.advertised.port);
    view.repo = m_repo ? m_repo->folder().string() : m_settings.repo.string();
    view.version = LSW_VERSION;
    view.enabled = m_enabled;
    view.mode = m_mode;
    view.finishing = m_finishing;
    view.taskTypes = m_taskTypes;
    if (m_calls) {
        view.tasks = m_calls->current();
        view.finished.assign(m_calls->finished().begin(), m_calls->finished().end());
    }
    m_posts.addTo(view);
    for (const auto& path : m_paths)
        view.paths.push_back({path.id, path.path.string(), path.metadata.canSeal, path.metadata.canStore, path.stat.capacity, path.stat.available,
                              path.stat.reserved, path.metadata.weight, path.stat.max, path.stat.used, path.metadata.groups, path.metadata.allowTo,
                              path.metadata.allowTypes, path.metadata.denyTypes, path.metadata.allowMiners, path.metadata.denyMiners, path.error,
                              path.notes});
    view.memPhysical = m_host.memPhysical;
    view.memUsed = m_host.memUsed;
    view.cpus = m_host.cpus;
    if (m_runner) {
        view.memBudgetUsed = m_runner->budget().memoryGranted();
        view.cpusUsed = m_runner->budget().cpusGranted();
    }
    view.gpus = m_host.gpus;
    view.engine = m_engineText;
    view.preCommit1Batch = m_batchText;
    view.notes = m_notes;
    view.serviceBlocked = static_cast<std::uint64_t>(m_watchdog->blockedCount());
    view.serviceBlockedBy = m_blockedBy;
    return view;
}

void WorkerCore::leftovers(std::vector<std::string> toDelete, protocol::Reply<boost::json::value> reply) {
    if (!m_calls) return reply(Error(ErrorCode::NotRunning, "this worker is still starting"));
    m_journal->unfinished([this, toDelete = std::move(toDelete), reply = std::move(reply)](Expected<std::vector<tasks::CallRecord>> records) {
        QMetaObject::invokeMethod(this, [this, toDelete, reply, records = std::move(records)] {
            if (!records) return reply(records.error());
            if (!m_calls) return reply(Error(ErrorCode::NotRunning, "this worker is stopping"));
            std::set<protocol::SectorId> owned;
            for (const TaskView& task : m_calls->current())
                if (const auto sector = sector::parseSectorName(task.sector)) owned.insert(*sector);
            auto answer = std::make_shared<boost::json::value>();
            withStore(
                [=, spool = m_spool](storage::LocalStore& store, const std::stop_token& stop) -> Expected<void> {
                    auto found = store.leftovers(owned, stop);
                    if (!found) return std::move(found).error();
                    auto spooled = spoolLeftovers(*spool, *records);
                    std::move(spooled.begin(), spooled.end(), std::back_inserter(*found));
                    *answer = leftoverAnswer(*std::move(found), toDelete, [&](const storage::Leftover& one) { return store.removeLeftover(one, stop); });
                    return {};
                },
                [reply, answer](Expected<void> done) {
                    if (done) reply(std::move(*answer));
                    else reply(std::move(done).error());
                });
        }, Qt::QueuedConnection);
    });
}

} // namespace lsw::worker
