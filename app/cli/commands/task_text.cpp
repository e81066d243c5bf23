// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/task_text.h"

#include "cli/output.h"

#include <QtCore/QDateTime>

namespace lsw::cli {

using worker::TaskState;
using worker::TaskView;
using worker::WorkMode;

namespace {

/// "14:20", with the date when it is another day.
std::string clockText(std::int64_t ms) {
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(ms);
    return when.toString(when.date() == QDate::currentDate() ? QStringLiteral("HH:mm") : QStringLiteral("yyyy-MM-dd HH:mm")).toStdString();
}

/// ", resumed at layer 8 of 11 (2 h 09 m kept), done about 14:20 (13:50 to 15:10)"
std::string forecastText(const TaskView& task) {
    const worker::TaskForecast& forecast = task.forecast;
    std::string out;
    if (forecast.bytesPerSecond > 0) out += ", " + byteText(forecast.bytesPerSecond) + "/s";
    if (!forecast.resumedAt.empty())
        out += ", resumed at " + forecast.resumedAt + (forecast.keptMs > 0 ? " (" + durationText(static_cast<double>(forecast.keptMs) / 1000) + " kept)" : "");
    if (forecast.remainingMs < 0 || forecast.finishMs <= 0) return out;
    if (forecast.remainingMs < 60000) return out + ", done in about " + std::to_string((forecast.remainingMs + 999) / 1000) + " s";
    out += ", done about " + clockText(forecast.finishMs);
    if (forecast.earliestMs > 0 && forecast.latestMs >= forecast.earliestMs) out += " (" + clockText(forecast.earliestMs) + " to " + clockText(forecast.latestMs) + ')';
    return out;
}

} // namespace

std::string stateText(const TaskView& task) {
    switch (task.state) {
    case TaskState::Waiting: return "waiting" + (task.waitDetail.empty() ? std::string() : " (" + task.waitDetail + ')');
    case TaskState::Running: {
        const Progress& progress = task.progress;
        std::string text = "running";
        if (!progress.step.empty()) text += ", " + progress.step;
        if (progress.total > 0) text += ", " + std::to_string(progress.done >= progress.total ? 100 : progress.done * 100 / progress.total) + " %";
        return text + forecastText(task);
    }
    case TaskState::Undelivered: return "finished; result not delivered yet";
    case TaskState::Done: return "done";
    case TaskState::Failed: return "failed: " + task.error;
    }
    return {};
}

std::string subjectText(const TaskView& task) {
    if (task.sectors == 0) return task.sector;
    return std::to_string(task.sectors) + (task.sectors == 1 ? " sector of " : " sectors of ") + task.sector;
}

std::string taskLine(const TaskView& task) {
    const std::int64_t from = task.startedMs ? task.startedMs : task.begunMs;
    const std::int64_t to = task.finishedMs ? task.finishedMs : QDateTime::currentMSecsSinceEpoch();
    return "  " + subjectText(task) + "  " + task.shortName + "  " + durationText(static_cast<double>(to - from) / 1000) + "  " + stateText(task) + '\n';
}

std::string modeText(const worker::WorkerView& view) {
    if (view.finishing) return "no: stops when the running tasks have ended";
    if (view.mode == WorkMode::Paused) return "no: paused (lotus-seal-worker resume)";
    if (view.mode == WorkMode::Draining) return "no: draining, " + std::to_string(view.tasks.size()) + " tasks left (lotus-seal-worker resume)";
    return view.enabled ? "yes" : "no: switched off over the miner's API (lotus-seal-worker set --enabled=true)";
}

} // namespace lsw::cli
