// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/task_text.h"

#include "cli/output.h"

#include <QtCore/QDateTime>

namespace lsw::cli {

using worker::TaskState;
using worker::TaskView;
using worker::WorkMode;

std::string stateText(const TaskView& task) {
    switch (task.state) {
    case TaskState::Waiting: return "waiting" + (task.waitDetail.empty() ? std::string() : " (" + task.waitDetail + ')');
    case TaskState::Running: {
        const Progress& progress = task.progress;
        std::string text = "running";
        if (!progress.step.empty()) text += ", " + progress.step;
        if (progress.total > 0) text += ", " + std::to_string(progress.done * 100 / progress.total) + " %";
        return text;
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
