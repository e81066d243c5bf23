// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_runner.h"

#include <array>
#include <deque>
#include <mutex>
#include <set>
#include <vector>

#include <pthread.h>

#include <QtCore/QMetaObject>
#include <QtCore/QThreadPool>

#include "base/quiet_thread.h"

namespace lsw::tasks {

namespace {

/// Where a body leaves its progress. The mutex is held for the copy of one Progress (three short strings and two numbers) by
/// the body that reports and by the service thread that polls ten times a second: neither can wait for work of the other.
struct ProgressCell {
    std::mutex mutex;
    Progress latest;
};

struct Waiting {
    Job job;
    std::function<void(TaskOutcome)> done;
    std::optional<WaitReason> reason;
};

struct Running {
    const TaskType* type = nullptr;
    sector::SealProof proof{};
    int slot = 0;
    std::stop_source stop;
    std::shared_ptr<ProgressCell> progress;
    std::function<void(TaskOutcome)> done;
};

std::size_t laneIndex(Lane lane) { return lane == Lane::Seal ? 0 : 1; }

} // namespace

class TaskRunner::Private {
public:
    Private(ResourceBudget b, Lanes lanes) : budget(std::move(b)) {
        slots[0] = lanes.seal;
        slots[1] = lanes.io;
        pools[0].setMaxThreadCount(lanes.seal);
        pools[1].setMaxThreadCount(lanes.io);
    }

    int freeSlot(std::size_t lane) const {
        for (int slot = 1; slot <= slots[lane]; ++slot)
            if (!taken[lane].contains(slot)) return slot;
        return 0;
    }

    ResourceBudget budget;
    std::array<int, 2> slots{};
    std::array<std::set<int>, 2> taken;
    std::array<QThreadPool, 2> pools;
    std::deque<Waiting> waiting;
    std::map<std::string, Running> running;
    bool stopping = false;

    void look(TaskRunner* owner);
    void start(TaskRunner* owner, Waiting entry, std::size_t lane, int slot);
    void finished(TaskRunner* owner, const std::string& uuid, TaskOutcome outcome);
};

/// Goes through the queue once and starts what fits.
void TaskRunner::Private::look(TaskRunner* owner) {
    bool reasonsChanged = false;
    std::vector<std::string> begun;
    std::set<std::string_view> held; // types with an older task that has to wait
    for (auto it = waiting.begin(); it != waiting.end();) {
        const auto& job = it->job;
        const auto lane = laneIndex(job.type->lane);
        const int slot = freeSlot(lane);
        std::optional<WaitReason> reason;
        if (held.contains(job.type->name)) reason = WaitReason{"slot", "another " + std::string(job.type->shortName) + " is before it"};
        else if (slot == 0) reason = WaitReason{"slot", "all " + std::to_string(slots[lane]) + " threads of its lane are busy"};
        else reason = budget.whyNot(job.type->name, job.proof);
        if (reason) {
            held.insert(job.type->name);
            if (it->reason != reason) {
                it->reason = std::move(reason);
                reasonsChanged = true;
            }
            ++it;
            continue;
        }
        Waiting entry = std::move(*it);
        it = waiting.erase(it);
        begun.push_back(entry.job.uuid);
        start(owner, std::move(entry), lane, slot);
    }
    // Told at the end, because whoever hears it may submit more.
    for (const auto& uuid : begun) Q_EMIT owner->started(QString::fromStdString(uuid));
    if (reasonsChanged) Q_EMIT owner->waitReasonsChanged();
}

void TaskRunner::Private::start(TaskRunner* owner, Waiting entry, std::size_t lane, int slot) {
    budget.add(entry.job.type->name, entry.job.proof);
    taken[lane].insert(slot);
    Running state{entry.job.type, entry.job.proof, slot, {}, std::make_shared<ProgressCell>(), std::move(entry.done)};
    state.progress->latest.phase = entry.job.type->phase;
    TaskContext context{state.stop.get_token(), [cell = state.progress](const Progress& progress) {
                            const std::lock_guard lock(cell->mutex);
                            cell->latest = progress;
                        }};
    const std::string uuid = entry.job.uuid;
    running.emplace(uuid, std::move(state));
    const std::string threadName = (lane == 0 ? "lsw-seal-" : "lsw-io-") + std::to_string(slot);
    // The pool threads end before `owner` does, so it is there to be posted to.
    pools[lane].start([this, owner, uuid, threadName, context = std::move(context), body = std::move(entry.job.body)] {
        pthread_setname_np(pthread_self(), threadName.substr(0, 15).c_str());
        letOthersRunFirst();
        TaskOutcome outcome;
        try {
            outcome = body(context);
        } catch (const std::exception& exception) {
            outcome.error = std::string("the task ended unexpectedly: ") + exception.what();
        } catch (...) {
            outcome.error = "the task ended unexpectedly";
        }
        QMetaObject::invokeMethod(
            owner, [this, owner, uuid, outcome = std::move(outcome)]() mutable { finished(owner, uuid, std::move(outcome)); }, Qt::QueuedConnection);
    });
}

void TaskRunner::Private::finished(TaskRunner* owner, const std::string& uuid, TaskOutcome outcome) {
    const auto it = running.find(uuid);
    if (it == running.end()) return;
    Running state = std::move(it->second);
    running.erase(it);
    budget.remove(state.type->name, state.proof);
    taken[laneIndex(state.type->lane)].erase(state.slot);
    state.done(std::move(outcome));
    look(owner);
    if (running.empty() && waiting.empty()) Q_EMIT owner->idle();
}

TaskRunner::TaskRunner(ResourceBudget budget, Lanes lanes, QObject* parent)
    : QObject(parent), m_private(std::make_unique<Private>(std::move(budget), lanes)) {}

TaskRunner::~TaskRunner() {
    m_private->stopping = true;
    for (auto& [uuid, state] : m_private->running) state.stop.request_stop();
    for (auto& pool : m_private->pools) pool.waitForDone();
}

void TaskRunner::submit(Job job, std::function<void(TaskOutcome)> done) {
    if (m_private->stopping) return;
    m_private->waiting.push_back({std::move(job), std::move(done), std::nullopt});
    m_private->look(this);
}

void TaskRunner::stopAll() {
    m_private->stopping = true;
    m_private->waiting.clear();
    for (auto& [uuid, state] : m_private->running) state.stop.request_stop();
}

int TaskRunner::running() const { return static_cast<int>(m_private->running.size()); }
int TaskRunner::waiting() const { return static_cast<int>(m_private->waiting.size()); }

std::optional<WaitReason> TaskRunner::waitReason(const std::string& uuid) const {
    for (const auto& entry : m_private->waiting)
        if (entry.job.uuid == uuid) return entry.reason;
    return std::nullopt;
}

Progress TaskRunner::progress(const std::string& uuid) const {
    const auto it = m_private->running.find(uuid);
    if (it == m_private->running.end()) return {};
    const std::lock_guard lock(it->second.progress->mutex);
    return it->second.progress->latest;
}

const ResourceBudget& TaskRunner::budget() const { return m_private->budget; }

void TaskRunner::setMachine(const MachineResources& machine) {
    m_private->budget.setMachine(machine);
    m_private->look(this);
}

} // namespace lsw::tasks
