// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/history_keeper.h"
#include "tasks/call_journal.h"
#include "tasks/task_runner.h"
#include "worker/worker_api.h"

#include <map>

namespace lsw::worker {

/// Follows the tasks that run: when each will be done, and what is written down of it when it has ended.
///
/// thread  the service thread; a task reports to its clock from its own
class TaskWatch {
public:
    /// `engine` as tasks/engine_choice.h tells it: "native: pairs sha-ni, …". Without a keeper nothing is written down.
    TaskWatch(std::unique_ptr<history::HistoryKeeper> keeper, const std::string& engine);

    /// A task that will begin.
    std::shared_ptr<history::PhaseClock> expect(const tasks::CallRecord& record);
    /// On the task's thread, where it begins: the same context, which the clock hears as well.
    static TaskContext watched(const TaskContext& context, const std::shared_ptr<history::PhaseClock>& clock);
    /// `beside`: how many others of its type run.
    void began(const std::string& uuid, int beside);
    /// Forecast and time of a running one. The forecast is made once a second, so that people can read it.
    void addTo(TaskView& view);
    void ended(const tasks::CallRecord& record, const tasks::TaskOutcome& outcome);
    /// One that an earlier run of the worker had begun and not ended.
    void wasInterrupted(const tasks::CallRecord& record);
    /// A proof of storage, which is no call.
    void proofEnded(const TaskView& view, const history::Reading& reading);

    /// Bytes; 0 for a proof type that is none.
    static std::uint64_t sectorSizeOf(std::int64_t proof);

private:
    struct Task {
        std::shared_ptr<history::PhaseClock> clock;
        int beside = 0;
        TaskForecast forecast;
        std::int64_t forecastAt = 0; ///< as of PhaseClock::now(); 0: never
    };
    const std::string& engineOf(const std::string& type) const;
    history::TaskRecord recordOf(const tasks::CallRecord& record) const;

    std::unique_ptr<history::HistoryKeeper> m_keeper;
    std::string m_engine, m_kernels;
    std::map<std::string, Task> m_tasks;
};

} // namespace lsw::worker
