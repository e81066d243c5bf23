// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/phase_clock.h"
#include "protocol/lotus_post.h"
#include "tasks/task_type.h"
#include "worker/worker_api.h"

#include <deque>
#include <memory>
#include <mutex>

namespace lsw::worker {

/// The proofs of storage that are being made, and the last that were, for onlookers. A restart forgets them.
///
/// thread  that of the owner, but for Run::report
class PostRuns {
public:
    class Run {
    public:
        explicit Run(TaskView view) : m_view(std::move(view)) { m_clock.start(history::PhaseClock::now()); }
        /// Any thread.
        void report(const Progress& progress);
        history::Reading reading() const { return m_clock.reading(history::PhaseClock::now()); }

    private:
        friend PostRuns;
        TaskView m_view;
        history::PhaseClock m_clock;
        mutable std::mutex m_mutex; ///< guards m_progress, for the time of a copy
        Progress m_progress;
    };

    std::shared_ptr<Run> begin(const tasks::TaskType& type, const protocol::PostCall& call);
    /// `problem`: why there is no proof; empty when there is one. What is shown of it then.
    TaskView end(const std::shared_ptr<Run>& run, std::string problem);
    bool isBusy() const { return !m_running.empty(); }
    /// Those that run, behind the tasks; those that ended, among the finished ones.
    void addTo(WorkerView& view) const;
    /// Changes whenever one of them has moved.
    std::string progressText() const;

private:
    static TaskView shown(const Run& run);

    std::uint64_t m_begun = 0;
    std::vector<std::shared_ptr<Run>> m_running;
    std::deque<TaskView> m_ended; ///< newest first
};

} // namespace lsw::worker
