// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/task_asker.h"

#include <QtCore/QPointer>

#include "protocol/lotus_json.h"

namespace lsw::practice {
namespace {

constexpr int kRetryMs = 300, kProgressMs = 400, kMaxRefusals = 10;

const boost::json::value* member(const boost::json::value& json, const char* name) {
    const auto* object = json.if_object();
    return object ? object->if_contains(name) : nullptr;
}

std::string textOf(const boost::json::value& json, const char* name) {
    const auto* found = member(json, name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

double numberOf(const boost::json::value& json, const char* name) {
    const auto* found = member(json, name);
    return found && found->is_number() ? found->to_number<double>() : 0;
}

} // namespace

TaskAsker::TaskAsker(PracticeMiner& miner, int retries, QObject* parent) : QObject(parent), m_miner(miner), m_retries(retries) {
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &TaskAsker::tryAsk);
    connect(&m_progress, &QTimer::timeout, this, &TaskAsker::pollProgress);
    connect(&miner, &PracticeMiner::returned, this, &TaskAsker::onReturned);
}

void TaskAsker::ask(std::string phase, MakeCall make, Done done) {
    m_phase = std::move(phase);
    m_make = std::move(make);
    m_done = std::move(done);
    m_uuid.clear();
    m_refusals = m_retriedHere = 0;
    m_progress.start(kProgressMs);
    tryAsk();
}

void TaskAsker::workerReady(const std::string& session) {
    m_session = session;
    if (m_done && m_uuid.empty()) tryAsk();
}

void TaskAsker::workerGone() { m_session.clear(); }

void TaskAsker::cancel() {
    m_done = nullptr;
    m_make = nullptr;
    m_retry.stop();
    m_progress.stop();
}

void TaskAsker::tryAsk() {
    m_retry.stop();
    if (!m_done || m_session.empty()) return;
    const int attempt = ++m_attempt;
    m_miner.callWorker(m_session, m_make(m_session), [this, attempt, alive = QPointer<TaskAsker>(this)](Expected<protocol::CallId> id) {
        if (!alive || attempt != m_attempt || !m_done) return;
        if (!id) {
            // A worker that is there and refuses may still be mending itself; one that goes on refusing will not. Anything else is a worker
            // that died or is not back yet.
            const ErrorCode code = id.error().code();
            if ((code == ErrorCode::Remote || code == ErrorCode::PermissionDenied) && ++m_refusals >= kMaxRefusals + m_retries)
                return finish(std::move(id).error().whileDoing("asking the worker for " + m_phase));
            m_retry.start(kRetryMs);
            return;
        }
        m_uuid = id->uuid;
        if (const auto early = m_early.find(m_uuid); early != m_early.end()) onReturned(early->second);
    });
}

void TaskAsker::onReturned(const ArrivedReturn& result) {
    if (!m_done || result.id.uuid != m_uuid) {
        m_early.insert_or_assign(result.id.uuid, result);
        return;
    }
    if (!result.error) return finish(result.value);
    if (result.error->code == static_cast<int>(protocol::CallErrorCode::TempWorkerRestart)) {
        ++m_askedAgain;
        m_uuid.clear();
        m_retry.start(0);
        return;
    }
    if (m_retriedHere < m_retries) {
        ++m_retriedHere;
        ++m_retried;
        m_uuid.clear();
        m_retry.start(kRetryMs);
        return;
    }
    const bool noSpace = result.error->code == static_cast<int>(protocol::CallErrorCode::TempAllocateSpace);
    finish(Error(noSpace ? ErrorCode::NoSpace : ErrorCode::Remote, result.error->message).whileDoing("the worker failed at " + m_phase));
}

void TaskAsker::finish(Expected<protocol::TaskResult> result) {
    m_progress.stop();
    m_retry.stop();
    ++m_attempt;
    m_uuid.clear();
    m_make = nullptr;
    const Done done = std::exchange(m_done, nullptr);
    done(std::move(result));
}

void TaskAsker::pollProgress() {
    if (m_session.empty() || m_uuid.empty()) return;
    m_miner.callWorkerMethod(m_session, "LotusSealWorker.Snapshot", {},
                             [this, uuid = m_uuid, alive = QPointer<TaskAsker>(this)](Expected<boost::json::value> snapshot) {
                                 if (alive && snapshot && m_done && uuid == m_uuid) showProgress(*snapshot);
                             });
}

void TaskAsker::showProgress(const boost::json::value& snapshot) {
    const auto* tasks = member(snapshot, "tasks");
    if (!tasks || !tasks->is_array()) return;
    for (const boost::json::value& task : tasks->get_array()) {
        if (textOf(task, "call") != m_uuid) continue;
        if (const std::string reason = textOf(task, "wait_detail"); !reason.empty()) {
            Q_EMIT progress(QString::fromStdString(m_phase), -1, QString::fromStdString("waiting: " + reason));
            return;
        }
        const auto* now = member(task, "progress");
        if (!now) return;
        const double total = numberOf(*now, "total");
        Q_EMIT progress(QString::fromStdString(m_phase), total > 0 ? numberOf(*now, "done") / total : -1,
                        QString::fromStdString(textOf(*now, "step")));
        return;
    }
}

} // namespace lsw::practice
