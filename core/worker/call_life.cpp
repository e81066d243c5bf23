// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/call_life.h"

#include <algorithm>
#include <array>

#include <QtCore/QDateTime>
#include <QtCore/QTimer>
#include <QtCore/QUuid>

#include "protocol/go_json.h"
#include "protocol/lotus_json.h"
#include "tasks/seal_tasks.h"

namespace lsw::worker {

namespace {

constexpr std::size_t kHistory = 200;

/// Whether a miner writes the call down and matches its result after a restart; the others it asks for anew.
bool isKeptByMiner(std::string_view method) {
    static constexpr std::array<std::string_view, 9> kept{"SealPreCommit1",  "SealPreCommit2",       "SealCommit1",          "SealCommit2",
                                                          "ReplicaUpdate",   "ProveReplicaUpdate1",  "ProveReplicaUpdate2",
                                                          "GenerateSectorKeyFromData", "DownloadSectorData"};
    return std::find(kept.begin(), kept.end(), method) != kept.end();
}

std::int64_t nowMs() { return QDateTime::currentMSecsSinceEpoch(); }

TaskView viewOf(const tasks::CallRecord& record) {
    TaskView view;
    view.call = record.id.uuid;
    if (record.id.sector != sector::SectorId{}) view.sector = sector::sectorName(record.id.sector);
    view.type = record.taskType;
    if (const auto type = tasks::taskType(record.taskType)) view.shortName = (*type)->shortName;
    view.sectorSize = TaskWatch::sectorSizeOf(record.proof);
    view.begunMs = record.begunMs;
    view.startedMs = record.startedMs;
    view.finishedMs = record.finishedMs;
    view.error = record.error;
    view.peakMemory = record.peakMemory;
    return view;
}

} // namespace

std::string returnText(std::string_view method, const protocol::CallId& id, const protocol::TaskResult& result,
                       const std::optional<protocol::CallError>& error) {
    std::string text;
    protocol::appendGoJson(text, protocol::returnParams(method, id, result, error));
    return text;
}

CallLife::CallLife(tasks::CallJournal& journal, tasks::TaskRunner& runner, tasks::ReturnQueue& returns, Work work, std::string workerName,
                   TaskWatch& watch, int retryMs, QObject* parent)
    : QObject(parent), m_journal(journal), m_runner(runner), m_returns(returns), m_work(std::move(work)), m_workerName(std::move(workerName)), m_watch(watch),
      m_retryMs(retryMs) {
    connect(&m_runner, &tasks::TaskRunner::started, this, [this](const QString& uuid) {
        if (auto* view = find(uuid.toStdString())) {
            view->state = TaskState::Running;
            view->startedMs = nowMs();
            m_watch.began(view->call, static_cast<int>(std::ranges::count_if(m_calls, [&](const TaskView& other) {
                return other.state == TaskState::Running && other.type == view->type && other.call != view->call;
            })));
            Q_EMIT changed();
        }
    });
    connect(&m_runner, &tasks::TaskRunner::waitReasonsChanged, this, &CallLife::changed);
    connect(&m_returns, &tasks::ReturnQueue::delivered, this, [this](const QString& uuid) {
        drop(uuid.toStdString());
        Q_EMIT delivered();
    });
    connect(&m_returns, &tasks::ReturnQueue::retrying, this, [this](const QString& uuid, const QString& reason) {
        if (auto* view = find(uuid.toStdString())) {
            view->waitDetail = reason.toStdString();
            m_offered.insert(uuid.toStdString());
            Q_EMIT changed();
            tellIfQuiet();
        }
    });
}

TaskView* CallLife::find(const std::string& uuid) {
    const auto it = std::find_if(m_calls.begin(), m_calls.end(), [&](const TaskView& view) { return view.call == uuid; });
    return it == m_calls.end() ? nullptr : &*it;
}

void CallLife::begin(protocol::TaskCall call, std::string params, std::shared_ptr<protocol::PieceData> data, protocol::Reply<protocol::CallId> reply) {
    if (m_refusing) return reply(Error(ErrorCode::Cancelled, "this worker is shutting down"));
    const auto sector = protocol::callSector(call);
    tasks::CallRecord record;
    record.id = {sector.id, QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString()};
    record.method = protocol::callMethod(call);
    record.params = std::move(params);
    record.taskType = tasks::typeOf(call).name;
    record.proof = static_cast<std::int64_t>(sector.proof);
    record.begunMs = nowMs();

    auto view = viewOf(record);
    view.waitReason = "journal";
    view.waitDetail = "is being written down";
    m_calls.push_back(std::move(view));
    if (!isKeptByMiner(record.method)) m_unkept.insert(record.id.uuid);
    m_proofs[record.id.uuid] = record.proof;
    Q_EMIT changed();

    auto kept = record;
    kept.params.clear(); // the journal has them; they can be tens of megabytes
    m_journal.begin(std::move(record), [this, kept = std::move(kept), call = std::move(call), data = std::move(data),
                                        reply = std::move(reply)](Expected<void> written) mutable {
        QMetaObject::invokeMethod(
            this,
            [this, kept = std::move(kept), call = std::move(call), data = std::move(data), reply = std::move(reply),
             written = std::move(written)]() mutable {
                if (!written) {
                    forget(kept.id.uuid);
                    answerAbort(kept.id.uuid, {});
                    Q_EMIT changed();
                    tellIfQuiet();
                    return reply(std::move(written).error().whileDoing("writing the call down"));
                }
                reply(kept.id);
                if (m_aborting.contains(kept.id.uuid)) {
                    endAborted(kept, protocol::returnMethod(call));
                    return answerAbort(kept.id.uuid, {});
                }
                run(std::move(call), std::move(kept), std::move(data));
            },
            Qt::QueuedConnection);
    });
}

void CallLife::run(protocol::TaskCall call, tasks::CallRecord record, std::shared_ptr<protocol::PieceData> data) {
    if (auto* view = find(record.id.uuid)) {
        view->waitReason.clear();
        view->waitDetail.clear();
    }
    tasks::Job job;
    job.uuid = record.id.uuid;
    job.type = &tasks::typeOf(call);
    job.proof = sector::SealProof{record.proof};
    if (record.id.sector != sector::SectorId{}) job.sector = sector::sectorName(record.id.sector);
    const std::string returnMethod(protocol::returnMethod(call));
    if (std::holds_alternative<protocol::SealPreCommit1Call>(call)) job.seat = std::make_shared<tasks::BatchSeat>();
    job.body = [this, work = m_work, seat = job.seat, id = record.id, call = std::make_shared<protocol::TaskCall>(std::move(call)),
                data = std::move(data), clock = m_watch.expect(record)](const TaskContext& context) {
        m_journal.started(id, nowMs());
        return work(*call, id, data, seat.get(), TaskWatch::watched(context, clock));
    };
    m_runner.submit(std::move(job), [this, returnMethod, record = std::move(record)](tasks::TaskOutcome outcome) mutable {
        const std::string uuid = record.id.uuid;
        if (const auto* view = find(uuid)) {
            record.startedMs = view->startedMs;
            m_watch.ended(record, outcome);
        }
        if (outcome.aborted) {
            endAborted(record, returnMethod);
            return answerAbort(uuid, {});
        }
        answerAbort(uuid, outcome.cancelled ? Error(ErrorCode::Cancelled, "the worker is stopping, which ends this task as well")
                                            : Error(ErrorCode::AlreadyExists, "the task had ended before it could be aborted; its result is delivered"));
        // A task that was ended because the worker stops has no result: its call stays begun, and the next start returns code 101.
        if (outcome.cancelled) {
            if (auto* view = find(record.id.uuid)) {
                view->state = TaskState::Waiting;
                view->waitDetail = "ended because the worker stops";
            }
            Q_EMIT changed();
            return;
        }
        commitResult(std::move(record), std::move(outcome));
    });
}

/// The call is over without a result: the miner gets it back as failed, in the form of every failure.
void CallLife::endAborted(const tasks::CallRecord& record, std::string_view returnMethod) {
    const Error why(ErrorCode::Cancelled, "task aborted by the operator of the worker");
    tasks::TaskOutcome outcome;
    outcome.error = why.message();
    outcome.returnParams = returnText(returnMethod, record.id, {}, tasks::callErrorFor(why, m_workerName));
    commitResult(record, std::move(outcome));
}

void CallLife::answerAbort(const std::string& uuid, const Expected<void>& result) {
    const auto [first, last] = m_aborting.equal_range(uuid);
    std::vector<protocol::Reply<protocol::Nothing>> replies;
    for (auto it = first; it != last; ++it) replies.push_back(it->second);
    m_aborting.erase(first, last);
    for (const auto& reply : replies) {
        if (result) reply(protocol::Nothing{});
        else reply(result.error());
    }
}

void CallLife::abort(const std::string& uuid, protocol::Reply<protocol::Nothing> reply) {
    auto* view = find(uuid);
    if (!view) return reply(Error(ErrorCode::NotFound, "no task " + uuid + " waits or runs here; `tasks` lists those that do"));
    if (view->state == TaskState::Undelivered)
        return reply(Error(ErrorCode::AlreadyExists, "the task has ended already; its result is being delivered"));
    const bool isBeingNoted = view->state == TaskState::Waiting && view->waitReason == "journal";
    view->waitDetail = "is being aborted";
    m_aborting.emplace(uuid, std::move(reply));
    Q_EMIT changed();
    // One that is still being written down ends as soon as it is.
    if (!isBeingNoted && !m_runner.abort(uuid)) answerAbort(uuid, Error(ErrorCode::Cancelled, "the worker is stopping, which ends this task as well"));
}

void CallLife::commitResult(tasks::CallRecord record, tasks::TaskOutcome outcome) {
    record.state = tasks::CallState::Finished;
    record.returnParams = std::move(outcome.returnParams);
    record.succeeded = outcome.succeeded;
    record.error = std::move(outcome.error);
    record.peakMemory = outcome.peakMemory;
    record.finishedMs = nowMs();
    if (auto* view = find(record.id.uuid)) {
        view->state = TaskState::Undelivered;
        view->waitReason = "journal";
        view->waitDetail = "the result is being written down";
        view->error = record.error;
        view->peakMemory = record.peakMemory;
        view->finishedMs = record.finishedMs;
    }
    Q_EMIT changed();

    auto shared = std::make_shared<tasks::CallRecord>(std::move(record));
    m_journal.finish(shared->id, shared->returnParams, shared->succeeded, shared->error, shared->peakMemory, [this, shared](Expected<void> written) {
        QMetaObject::invokeMethod(
            this,
            [this, shared, written = std::move(written)] {
                auto* view = find(shared->id.uuid);
                // There already: an attempt that was said to have failed was on disk all the same.
                const bool onDisk = written || written.error().code() == ErrorCode::AlreadyExists;
                if (!onDisk) {
                    // Hours of work hang on this: it is tried until the disk takes it.
                    if (view) view->waitDetail = "the result cannot be written down yet: " + written.error().message();
                    Q_EMIT changed();
                    QTimer::singleShot(m_retryMs, this, [this, shared] {
                        tasks::TaskOutcome again{shared->succeeded, false, false, shared->returnParams, shared->error, shared->peakMemory};
                        commitResult(*shared, std::move(again));
                    });
                    return;
                }
                if (view) {
                    view->waitReason.clear();
                    view->waitDetail.clear();
                }
                handOver(std::move(*shared));
                Q_EMIT changed();
            },
            Qt::QueuedConnection);
    });
}

void CallLife::handOver(tasks::CallRecord record) {
    if (!protocol::spoolMarks(record.returnParams).empty()) m_withFiles[record.id.uuid] = record.returnParams;
    if (m_mayReturn) m_returns.deliver(std::move(record));
    else m_heldBack.push_back(std::move(record));
}

void CallLife::allowReturns() {
    m_mayReturn = true;
    m_offered.clear(); // this may be another miner process than the one that refused
    for (auto& record : std::exchange(m_heldBack, {})) m_returns.deliver(std::move(record));
}

void CallLife::takeOver(std::vector<tasks::CallRecord> unfinished) {
    for (auto& record : unfinished) {
        auto view = viewOf(record);
        view.state = TaskState::Undelivered;
        m_calls.push_back(std::move(view));
        record.params.clear();
        if (record.state == tasks::CallState::Finished) {
            handOver(std::move(record));
            continue;
        }
        m_watch.wasInterrupted(record);
        const protocol::CallError restarted{static_cast<int>(protocol::CallErrorCode::TempWorkerRestart), "worker [name: " + m_workerName + "] restarted"};
        tasks::TaskOutcome outcome;
        outcome.error = restarted.message;
        outcome.returnParams = returnText(protocol::returnMethodOf(record.method), record.id, {}, restarted);
        commitResult(std::move(record), std::move(outcome));
    }
    Q_EMIT changed();
}

void CallLife::showHistory(std::vector<tasks::CallRecord> returned) {
    for (const auto& record : returned) {
        if (m_finished.size() >= kHistory) break;
        auto view = viewOf(record);
        view.state = record.succeeded ? TaskState::Done : TaskState::Failed;
        m_finished.push_back(std::move(view));
    }
    Q_EMIT changed();
}

void CallLife::drop(const std::string& uuid) {
    const auto* open = find(uuid);
    if (!open) return;
    TaskView view = *open;
    forget(uuid);
    view.state = view.error.empty() ? TaskState::Done : TaskState::Failed;
    view.waitReason.clear();
    view.waitDetail.clear();
    m_finished.push_front(std::move(view));
    if (m_finished.size() > kHistory) m_finished.pop_back();
    Q_EMIT changed();
    tellIfQuiet();
}

void CallLife::forget(const std::string& uuid) {
    if (auto files = m_withFiles.extract(uuid); !files.empty() && m_removeFiles) m_removeFiles(std::move(files.mapped()));
    std::erase_if(m_calls, [&](const TaskView& view) { return view.call == uuid; });
    m_unkept.erase(uuid);
    m_offered.erase(uuid);
    m_older.erase(uuid);
    m_proofs.erase(uuid);
}

void CallLife::whenQuiet(std::function<void()> done) {
    m_waitingForQuiet.push_back(std::move(done));
    tellIfQuiet();
}

void CallLife::whenCountable(std::function<void()> done) {
    m_waitingForCountable.push_back(std::move(done));
    tellIfQuiet();
}

bool CallLife::isCountable() const {
    return std::all_of(m_calls.begin(), m_calls.end(), [&](const TaskView& view) {
        return view.state == TaskState::Undelivered ? m_offered.contains(view.call) : !m_unkept.contains(view.call);
    });
}

void CallLife::tellIfQuiet() {
    if (isQuiet())
        for (const auto& done : std::exchange(m_waitingForQuiet, {})) done();
    if (isCountable())
        for (const auto& done : std::exchange(m_waitingForCountable, {})) done();
}

void CallLife::markOlder() {
    for (const auto& view : m_calls)
        if (view.state != TaskState::Undelivered) m_older[view.call] = m_proofs[view.call];
    m_runner.keepSectorsApart();
}

std::set<std::int64_t> CallLife::older() const {
    std::set<std::int64_t> out;
    for (const auto& [uuid, proof] : m_older) {
        const auto it = std::find_if(m_calls.begin(), m_calls.end(), [&, &call = uuid](const TaskView& view) { return view.call == call; });
        if (it != m_calls.end() && it->state != TaskState::Undelivered) out.insert(proof);
    }
    return out;
}

bool CallLife::isComputing() const {
    return std::any_of(m_calls.begin(), m_calls.end(), [](const TaskView& view) {
        return view.state == TaskState::Running || (view.state == TaskState::Undelivered && view.waitReason == "journal");
    });
}

int CallLife::undelivered() const {
    return static_cast<int>(std::count_if(m_calls.begin(), m_calls.end(), [](const TaskView& view) { return view.state == TaskState::Undelivered; }));
}

std::vector<TaskView> CallLife::current() const {
    auto out = m_calls;
    for (auto& view : out) {
        if (view.state == TaskState::Running) {
            view.progress = m_runner.progress(view.call);
            m_watch.addTo(view);
        }
        if (view.state != TaskState::Waiting) continue;
        if (auto reason = m_runner.waitReason(view.call)) {
            view.waitReason = std::move(reason->key);
            view.waitDetail = std::move(reason->detail);
        }
    }
    return out;
}

} // namespace lsw::worker
