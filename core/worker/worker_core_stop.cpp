// SPDX-License-Identifier: MIT OR Apache-2.0
// How a worker goes down.
#include "worker/worker_core.h"

#include <QtCore/QLoggingCategory>

#include "worker/io_thread.h"

namespace lsw::worker {

Q_DECLARE_LOGGING_CATEGORY(lcWorker)

void WorkerCore::fail(const Error& error) {
    if (m_stopping) return;
    qCDebug(lcWorker, "%s", error.forLog().c_str()); // whoever hears `failed` tells it; this adds where it came from
    m_outlet.failed(error.code(), error.message());
    stop(0, false);
}

void WorkerCore::stop(int lingerMs, bool untilSeen) {
    if (m_stopping) {
        if (m_lingerTimer.isActive() && lingerMs < m_lingerTimer.remainingTime()) m_lingerTimer.start(lingerMs);
        m_settings.shutdownLingerMs = std::min(m_settings.shutdownLingerMs, lingerMs);
        return;
    }
    m_stopping = true;
    m_waitForSeen = untilSeen && m_minerSession && m_minerSession->status().state == ConnectionState::Connected;
    m_settings.shutdownLingerMs = lingerMs;
    for (auto* timer : {&m_healthTimer, &m_refreshTimer, &m_addressTimer}) timer->stop();
    if (m_calls) m_calls->refuseNew();
    if (m_minerSession) m_minerSession->stop();
    m_stopIo.request_stop();
    changed(true);
    if (m_runner) m_runner->stopAll();
    if (!m_runner || m_runner->isIdle()) afterTasks();
}

void WorkerCore::afterTasks() {
    if (m_leaving || m_lingerTimer.isActive()) return;
    m_lingerTimer.start(m_settings.shutdownLingerMs);
    leaveIfDelivered();
}

void WorkerCore::leaveIfDelivered() {
    if (!m_stopping || m_leaving || !m_lingerTimer.isActive() || m_waitForSeen) return;
    if (m_calls && m_calls->undelivered() > 0 && m_calls->mayReturn()) return;
    leave();
}

/// Nothing runs any more; what is undelivered stays in the journal for the next start.
void WorkerCore::leave() {
    if (m_leaving) return;
    if (m_serverStarting) return m_lingerTimer.start(20); // it is started and stopped one after the other
    m_leaving = true;
    m_lingerTimer.stop();
    if (m_returns) m_returns->stop();
    if (m_client) m_client->cancelAll();
    publish();
    onIoThread(
        m_io, this,
        [server = m_server.get(), journal = m_journal.get()] {
            if (server) server->stop();
            if (journal) journal->flush();
            return true;
        },
        [this](bool) { m_outlet.quit(); });
}

} // namespace lsw::worker
