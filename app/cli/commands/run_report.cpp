// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/commands/run_report.h"

#include "cli/commands/task_text.h"
#include "cli/output.h"

namespace lsw::cli {

using worker::ConnectionState;
using worker::TaskState;

std::string connectionSentence(const worker::WorkerView& view) {
    const std::string why = view.connectionDetail.empty() ? std::string() : " (" + view.connectionDetail + ')';
    switch (view.connection) {
    case ConnectionState::NotStarted: return "Not started.";
    case ConnectionState::Connecting: return "Connecting to the miner at " + view.miner + why + '.';
    case ConnectionState::Refused: return "The miner at " + view.miner + " refused the token" + why + '.';
    case ConnectionState::Incompatible: return "The miner at " + view.miner + " speaks another version" + why + '.';
    case ConnectionState::Registering: return "Registering with the miner at " + view.miner + why + '.';
    case ConnectionState::Connected:
        return "Connected to miner " + view.minerActor + " at " + view.miner + " (" + view.minerVersion + "); listening on " + view.listen + '.';
    case ConnectionState::Lost: return "The connection to the miner at " + view.miner + " is lost" + why + "; running tasks go on.";
    case ConnectionState::Stopping: return "Stopping.";
    case ConnectionState::Stopped: return "Stopped.";
    }
    return {};
}

namespace {

LogLine::Level connectionLevel(ConnectionState state) {
    switch (state) {
    case ConnectionState::Refused:
    case ConnectionState::Incompatible: return LogLine::Level::Error;
    case ConnectionState::Lost: return LogLine::Level::Warning;
    default: return LogLine::Level::Info;
    }
}

} // namespace

std::string taskName(const worker::TaskView& task) { return task.shortName + " of " + subjectText(task); }

std::vector<LogLine> RunReport::changes(const worker::WorkerView& view) {
    using Level = LogLine::Level;
    std::vector<LogLine> lines;
    const auto add = [&](Level level, const std::string& text) { lines.push_back({level, text, {}, {}, {}}); };
    const auto tell = [&](const worker::TaskView& task, Level level, const std::string& text) { lines.push_back({level, text, task.sector, task.shortName, task.call}); };
    const auto note = [&](const std::string& text) {
        if (!text.empty() && m_notes.insert(text).second) add(Level::Warning, "Note: " + text);
    };
    for (const std::string& text : view.notes) note(text);
    for (const worker::PathView& path : view.paths) {
        note(path.error);
        for (const std::string& text : path.notes) note(text);
    }
    if (view.connection != m_connection || view.connectionDetail != m_detail || view.session != m_session) {
        if (view.connection != m_connection || view.connectionDetail != m_detail) add(connectionLevel(view.connection), connectionSentence(view));
        m_connection = view.connection;
        m_detail = view.connectionDetail;
        m_session = view.session;
    }
    if (const std::string mode = modeText(view); mode != m_mode) {
        const bool isNews = !m_mode.empty() || mode != "yes";
        // What is left of a drain changes with every task, which is told anyway.
        const bool isSameDrain = view.mode == worker::WorkMode::Draining && m_mode.starts_with("no: draining");
        if (isNews && !isSameDrain) add(Level::Notice, mode == "yes" ? "New tasks are taken again." : "New tasks are not taken (" + mode.substr(4) + ").");
        m_mode = mode;
    }
    std::map<std::string, Seen> now;
    for (const auto* list : {&view.tasks, &view.finished}) {
        for (const worker::TaskView& task : *list) {
            const bool isNew = !m_tasks.contains(task.call);
            const Seen before = isNew ? Seen{} : m_tasks.at(task.call);
            // Why the miner does not take a result: told when it changes. What waits for memory has another figure every second.
            const std::string refusal = task.state == TaskState::Undelivered && task.waitReason.empty() ? task.waitDetail : std::string();
            now[task.call] = {task.state, task.waitReason, refusal};
            if (!refusal.empty() && refusal != before.refusal) {
                tell(task, Level::Warning, "The result of " + taskName(task) + " was not taken (" + refusal + "); it is offered again until it is.");
                continue;
            }
            if (!isNew && before.state == task.state && before.waitReason == task.waitReason) continue;
            switch (task.state) {
            case TaskState::Waiting:
                tell(task, Level::Info, taskName(task) + " waits" + (task.waitDetail.empty() ? std::string() : ": " + task.waitDetail) + '.');
                break;
            case TaskState::Running: tell(task, Level::Info, taskName(task) + " runs."); break;
            case TaskState::Undelivered: tell(task, Level::Info, taskName(task) + " is finished; its result waits to be delivered."); break;
            case TaskState::Done:
                tell(task, Level::Info, taskName(task) + " done in " +
                    durationText(static_cast<double>(task.finishedMs - (task.startedMs ? task.startedMs : task.begunMs)) / 1000) + '.');
                break;
            case TaskState::Failed: tell(task, Level::Error, taskName(task) + " failed: " + task.error); break;
            }
        }
    }
    m_tasks = std::move(now);
    return lines;
}

} // namespace lsw::cli
