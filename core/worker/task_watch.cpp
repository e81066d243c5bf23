// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/task_watch.h"

#include <algorithm>

#include <QtCore/QDateTime>

#include "sector/proof_type.h"
#include "tasks/task_type.h"

namespace lsw::worker {
namespace {

constexpr std::int64_t kForecastMs = 1000;

std::int64_t nowMs() { return QDateTime::currentMSecsSinceEpoch(); }

} // namespace

TaskWatch::TaskWatch(std::unique_ptr<history::HistoryKeeper> keeper, const std::string& engine) : m_keeper(std::move(keeper)) {
    const auto colon = engine.find(": ");
    m_engine = engine.substr(0, colon);
    if (colon != std::string::npos) m_kernels = engine.substr(colon + 2);
}

std::uint64_t TaskWatch::sectorSizeOf(std::int64_t proof) {
    const auto info = sector::proofInfo(sector::SealProof{proof});
    return info ? (*info)->sectorSize.value : 0;
}

/// Moving files is no engine's work.
const std::string& TaskWatch::engineOf(const std::string& type) const {
    static const std::string none;
    const auto row = tasks::taskType(type);
    return row && (*row)->lane == tasks::Lane::Seal ? m_engine : none;
}

std::shared_ptr<history::PhaseClock> TaskWatch::expect(const tasks::CallRecord& record) {
    auto clock = std::make_shared<history::PhaseClock>();
    m_tasks[record.id.uuid].clock = clock;
    return clock;
}

TaskContext TaskWatch::watched(const TaskContext& context, const std::shared_ptr<history::PhaseClock>& clock) {
    clock->start(history::PhaseClock::now());
    TaskContext out = context;
    out.report = [report = context.report, clock](const Progress& progress) {
        clock->note(progress, history::PhaseClock::now());
        report(progress);
    };
    return out;
}

void TaskWatch::began(const std::string& uuid, int beside) {
    if (const auto it = m_tasks.find(uuid); it != m_tasks.end()) it->second.beside = beside;
}

void TaskWatch::addTo(TaskView& view) {
    const auto it = m_tasks.find(view.call);
    if (it == m_tasks.end()) return;
    Task& task = it->second;
    const std::int64_t now = history::PhaseClock::now();
    const history::Reading reading = task.clock->reading(now);
    view.activeMs = reading.activeMs;
    if (task.forecastAt == 0 || now - task.forecastAt >= kForecastMs) {
        task.forecastAt = now;
        std::vector<history::PastRun> past;
        if (m_keeper) past = m_keeper->pastRuns()->like(view.type, view.sectorSize, engineOf(view.type), task.beside);
        const history::Forecast forecast = history::forecast(reading, past);
        TaskForecast& out = task.forecast;
        out = {};
        out.remainingMs = forecast.remainingMs;
        if (forecast.remainingMs >= 0) {
            const std::int64_t today = nowMs();
            out.finishMs = today + forecast.remainingMs;
            out.earliestMs = today + forecast.leastMs;
            out.latestMs = today + forecast.mostMs;
        }
        out.runs = forecast.runs;
        out.usualMs = forecast.usualMs;
        out.resumedAt = reading.resumedAt;
        out.keptMs = forecast.keptMs;
        out.bytesPerSecond = reading.bytesPerSecond;
    }
    view.forecast = task.forecast;
    if (view.forecast.remainingMs >= 0) view.forecast.remainingMs = std::max<std::int64_t>(0, view.forecast.remainingMs - (now - task.forecastAt));
}

history::TaskRecord TaskWatch::recordOf(const tasks::CallRecord& record) const {
    history::TaskRecord out;
    out.call = record.id.uuid;
    if (record.id.sector != sector::SectorId{}) out.sector = sector::sectorName(record.id.sector);
    out.type = record.taskType;
    if (const auto type = tasks::taskType(record.taskType)) out.shortName = (*type)->shortName;
    out.proof = record.proof;
    out.sectorSize = sectorSizeOf(record.proof);
    out.engine = engineOf(record.taskType);
    if (!out.engine.empty()) out.kernels = m_kernels;
    out.queuedMs = record.begunMs;
    out.begunMs = record.startedMs;
    return out;
}

void TaskWatch::ended(const tasks::CallRecord& record, const tasks::TaskOutcome& outcome) {
    const auto task = m_tasks.extract(record.id.uuid);
    if (!m_keeper) return;
    history::TaskRecord out = recordOf(record);
    out.endedMs = nowMs();
    out.outcome = outcome.succeeded ? history::Outcome::Done : outcome.aborted ? history::Outcome::Aborted : outcome.cancelled ? history::Outcome::Interrupted : history::Outcome::Failed;
    if (out.outcome == history::Outcome::Failed) {
        out.errorCode = outcome.errorCode;
        out.error = outcome.error;
    }
    out.peakMemory = outcome.peakMemory;
    if (!task.empty()) {
        const auto& [clock, beside, forecast, at] = task.mapped();
        const std::int64_t now = history::PhaseClock::now();
        history::Reading reading = clock->reading(now);
        out.activeMs = reading.activeMs;
        out.bytesMoved = reading.bytesMoved;
        out.resumedAt = reading.resumedAt;
        if (!reading.resumedAt.empty()) out.keptMs = history::forecast(reading, m_keeper->pastRuns()->like(out.type, out.sectorSize, out.engine, beside)).keptMs;
        out.phases = std::move(reading.phases);
        out.beside = beside;
    }
    m_keeper->add(std::move(out));
}

void TaskWatch::wasInterrupted(const tasks::CallRecord& record) {
    if (!m_keeper) return;
    history::TaskRecord out = recordOf(record);
    out.outcome = history::Outcome::Interrupted;
    m_keeper->add(std::move(out)); // one that a stop ended is there already, and stays
}

void TaskWatch::proofEnded(const TaskView& view, const history::Reading& reading) {
    if (!m_keeper) return;
    history::TaskRecord out;
    out.call = view.call + '-' + std::to_string(view.begunMs); // its number begins anew with each start
    out.sector = view.sector;
    out.type = view.type;
    out.shortName = view.shortName;
    out.engine = m_engine;
    out.kernels = m_kernels;
    out.queuedMs = view.begunMs;
    out.begunMs = view.startedMs;
    out.endedMs = view.finishedMs;
    out.activeMs = reading.activeMs;
    out.phases = reading.phases;
    out.bytesMoved = reading.bytesMoved;
    out.outcome = view.error.empty() ? history::Outcome::Done : history::Outcome::Failed;
    out.error = view.error;
    m_keeper->add(std::move(out));
}

} // namespace lsw::worker
