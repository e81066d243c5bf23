// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/post_runs.h"

#include <QtCore/QDateTime>

#include <algorithm>

namespace lsw::worker {

namespace {

constexpr std::size_t kMostEnded = 20;
constexpr std::size_t kMostFinished = 200; ///< of a view

} // namespace

void PostRuns::Run::report(const Progress& progress) {
    m_clock.note(progress, history::PhaseClock::now());
    const std::lock_guard lock(m_mutex);
    m_progress = progress;
}

std::shared_ptr<PostRuns::Run> PostRuns::begin(const tasks::TaskType& type, const protocol::PostCall& call) {
    TaskView view;
    view.call = "post-" + std::to_string(++m_begun);
    view.sector = "t0" + std::to_string(call.miner);
    view.sectors = call.sectors.size();
    view.type = type.name;
    view.shortName = type.shortName;
    view.state = TaskState::Running;
    view.begunMs = view.startedMs = QDateTime::currentMSecsSinceEpoch();
    auto run = std::make_shared<Run>(std::move(view));
    run->m_progress.phase = type.phase;
    m_running.push_back(run);
    return run;
}

TaskView PostRuns::end(const std::shared_ptr<Run>& run, std::string problem) {
    std::erase(m_running, run);
    TaskView view = shown(*run);
    view.state = problem.empty() ? TaskState::Done : TaskState::Failed;
    view.error = std::move(problem);
    view.finishedMs = QDateTime::currentMSecsSinceEpoch();
    m_ended.push_front(view);
    if (m_ended.size() > kMostEnded) m_ended.pop_back();
    return view;
}

void PostRuns::addTo(WorkerView& view) const {
    for (const auto& run : m_running) view.tasks.push_back(shown(*run));
    for (const TaskView& one : m_ended) {
        const auto older = std::find_if(view.finished.begin(), view.finished.end(), [&](const TaskView& other) { return other.finishedMs < one.finishedMs; });
        view.finished.insert(older, one);
    }
    if (view.finished.size() > kMostFinished) view.finished.resize(kMostFinished);
}

std::string PostRuns::progressText() const {
    std::string out;
    for (const auto& run : m_running) {
        const TaskView view = shown(*run);
        out += view.call + view.progress.step + std::to_string(view.progress.done) + '\n';
    }
    return out;
}

TaskView PostRuns::shown(const Run& run) {
    TaskView view = run.m_view;
    const std::lock_guard lock(run.m_mutex);
    view.progress = run.m_progress;
    return view;
}

} // namespace lsw::worker
