// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "tasks/batch_rule.h"
#include "tasks/label_batch.h"
#include "tasks/resource_budget.h"
#include "tasks/task_type.h"

#include <QtCore/QObject>

#include <memory>

namespace lsw::tasks {

/// What came of one task, shaped on its pool thread so that nothing large is encoded elsewhere.
struct TaskOutcome {
    bool succeeded = false;
    bool cancelled = false;      ///< ended because it was asked to: there is no result to return
    bool aborted = false;        ///< cancelled for good by abort(), not by a stop: its caller is to be told
    std::string returnParams;    ///< JSON array for the Return method
    std::string error;           ///< message, when it failed
    std::uint64_t peakMemory = 0;
    std::string errorCode{};     ///< name of the ErrorCode, when it failed
};

/// One task to run. `body` is called once on a pool thread and hands over exactly one outcome.
struct Job {
    std::string uuid;
    const TaskType* type = nullptr;
    sector::SealProof proof{};
    std::function<TaskOutcome(const TaskContext&)> body;
    std::string sector{}; ///< name of the sector it works on; see keepSectorsApart()
    std::shared_ptr<BatchSeat> seat{}; ///< of one that may be computed together with others of its type and proof
};

/// Runs tasks on two lanes of pool threads, sealing and io, as the budget allows.
///
/// First come, first served; a task that does not fit waits and says why, and one of another type that fits may pass it.
/// Tasks of one type never pass each other.
/// Those with a seat are begun with others that wait, as the rule says: they share the core and the thread of the first one, and count for memory.
///
/// thread  the service thread; bodies run on pool threads "lsw-seal-N" and "lsw-io-N" and may block
class TaskRunner : public QObject {
    Q_OBJECT
public:
    /// How many bodies run at once on each lane.
    struct Lanes {
        int seal = 4, io = 4;
    };
    TaskRunner(ResourceBudget budget, Lanes lanes, QObject* parent = nullptr);
    /// Asks what still runs to stop and waits for it.
    ~TaskRunner() override;

    /// Starts the job now or later. `done` comes on this thread, once, unless the job is dropped by stopAll() before it began.
    void submit(Job job, std::function<void(TaskOutcome)> done);

    /// The tokens of all running bodies fire, waiting jobs are dropped, later ones refused.
    void stopAll();

    /// Ends one job for good: a running one's token fires, with the mark that its half-made files are to go; one that waits
    /// never begins. `done` comes with a cancelled, aborted outcome, unless the body was faster. False: no such job is here.
    bool abort(const std::string& uuid);

    /// How many with a seat are begun together; each alone, until it is set.
    void setBatchRule(BatchRule rule);

    /// While it holds, no job begins; running ones go on. Waiting ones give `reason` as their reason.
    void hold(std::optional<WaitReason> reason);

    /// Asked for each job before it begins: a reason holds all of its type back. lookAgain() when the answers have changed.
    void waitFor(std::function<std::optional<WaitReason>(const TaskType&)> guard);
    void lookAgain();

    /// From now on a job waits while one that is here now works on the same sector: its caller may not know of that one any more.
    void keepSectorsApart();

    /// Why a job of this kind that came now would have to wait; nothing when it would begin.
    std::optional<WaitReason> whyNot(const TaskType& type, sector::SealProof proof) const;

    int running() const;
    int waiting() const;
    bool isIdle() const { return running() == 0 && waiting() == 0; }
    /// Nothing for a job that runs or is unknown.
    std::optional<WaitReason> waitReason(const std::string& uuid) const;
    /// What the body reported last.
    Progress progress(const std::string& uuid) const;
    const ResourceBudget& budget() const;
    /// New figures of the machine; waiting jobs are looked at again.
    void setMachine(const MachineResources& machine);
    /// Other needs of the tasks; waiting jobs are looked at again.
    void setTable(ResourceTable table);

Q_SIGNALS:
    void started(const QString& uuid);
    /// A reason to wait came, changed or went.
    void waitReasonsChanged();
    /// Nothing runs and nothing waits any more.
    void idle();

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::tasks
