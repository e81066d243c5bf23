// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_runner.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <set>
#include <vector>

#include <pthread.h>

#include <QtCore/QMetaObject>
#include <QtCore/QThreadPool>
#include <QtCore/QTimer>

#include "base/quiet_thread.h"

namespace lsw::tasks {

namespace {

/// Where a body leaves its progress. The mutex is held for the copy of one Progress (three short strings and two numbers) by
/// the body that reports and by the service thread that polls ten times a second: neither can wait for work of the other.
struct ProgressCell {
    std::mutex mutex;
    Progress latest;
};

using Clock = std::chrono::steady_clock;

struct Waiting {
    Job job;
    std::function<void(TaskOutcome)> done;
    std::optional<WaitReason> reason;
    Clock::time_point since = Clock::now();
};

struct Running {
    const TaskType* type = nullptr;
    sector::SealProof proof{};
    int slot = 0; ///< 0: it shares that of another one of its batch
    Cores cores{};
    std::shared_ptr<LabelBatch> batch;
    std::string sector;
    std::stop_source stop;
    std::shared_ptr<std::atomic<bool>> aborted;
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
        companions.setMaxThreadCount(1000); // they wait for the one thread that computes for them
    }

    int freeSlot(std::size_t lane) const {
        for (int slot = 1; slot <= slots[lane]; ++slot)
            if (!taken[lane].contains(slot)) return slot;
        return 0;
    }

    std::function<std::optional<WaitReason>(const TaskType&)> guard;
    ResourceBudget budget;
    std::array<int, 2> slots{};
    std::array<std::set<int>, 2> taken;
    std::array<QThreadPool, 2> pools;
    QThreadPool companions;
    BatchRule rule;
    bool isLookPlanned = false;
    std::deque<Waiting> waiting;
    std::map<std::string, Running> running;
    std::optional<WaitReason> held;
    std::map<std::string, std::string> apart; ///< of the jobs that others of their sector wait for: uuid → sector
    bool stopping = false;

    /// What keeps a job of this kind from beginning, its place in the queue aside.
    std::optional<WaitReason> whyNot(const TaskType& type, sector::SealProof proof, Cores cores = Cores::ByTable) const {
        const auto lane = laneIndex(type.lane);
        if (held) return held;
        if (guard)
            if (auto reason = guard(type)) return reason;
        if (freeSlot(lane) == 0) return WaitReason{"slot", "all " + std::to_string(slots[lane]) + " threads of its lane are busy"};
        return budget.whyNot(type.name, proof, cores);
    }
    std::optional<WaitReason> whyNot(const Job& job) const {
        if (!apart.contains(job.uuid)) // those do not wait for each other
            for (const auto& [uuid, sector] : apart)
                if (sector == job.sector) return WaitReason{"sector", "an earlier task of " + sector + " is not done yet"};
        return whyNot(*job.type, job.proof, coresOf(job));
    }
    Cores coresOf(const Job& job) const { return job.seat && !rule.isOff() ? Cores::AtLeastOne : Cores::ByTable; }

    std::vector<std::size_t> companionsOf(std::size_t first) const;
    std::optional<WaitReason> whyGather(TaskRunner* owner, const Waiting& first, std::size_t count);
    void look(TaskRunner* owner);
    void start(TaskRunner* owner, Waiting entry, std::size_t lane, int slot, Cores cores, std::shared_ptr<LabelBatch> batch);
    void finished(TaskRunner* owner, const std::string& uuid, TaskOutcome outcome);
};

/// Places in the queue of those that could be computed together with this one.
std::vector<std::size_t> TaskRunner::Private::companionsOf(std::size_t first) const {
    std::vector<std::size_t> out;
    const Job& job = waiting[first].job;
    if (!job.seat || rule.isOff()) return out;
    std::set<std::string_view> sectors{job.sector};
    for (std::size_t i = first + 1; i < waiting.size(); ++i) {
        const Job& other = waiting[i].job;
        const bool waitsForSector = std::ranges::any_of(apart, [&](const auto& one) { return one.second == other.sector && !apart.contains(other.uuid); });
        if (other.seat && other.type == job.type && other.proof == job.proof && !waitsForSector && sectors.insert(other.sector).second) out.push_back(i);
    }
    return out;
}

/// Whether it waits a moment because others are probably on their way.
std::optional<WaitReason> TaskRunner::Private::whyGather(TaskRunner* owner, const Waiting& first, std::size_t count) {
    const Job& job = first.job;
    if (!job.seat || rule.isOff()) return std::nullopt;
    const std::size_t most = rule.isAuto() ? rule.take(1000, 1) : rule.most;
    if (count >= most || (rule.isAuto() && !budget.isFreeOfCores(job.type->name, job.proof))) return std::nullopt;
    const auto patience = BatchRule::patience(job.proof);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(first.since + patience - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    if (!isLookPlanned) {
        isLookPlanned = true;
        QTimer::singleShot(left, owner, [this, owner] {
            isLookPlanned = false;
            look(owner);
        });
    }
    return WaitReason{"batch", "waits up to " + std::to_string((patience.count() + 999) / 1000) + " s for others to be computed together with"};
}

/// Goes through the queue once and starts what fits.
void TaskRunner::Private::look(TaskRunner* owner) {
    if (stopping) return;
    bool reasonsChanged = false;
    std::vector<std::string> begun;
    std::set<std::string_view> passed; // types with an older task that has to wait
    for (std::size_t at = 0; at < waiting.size();) {
        const auto& job = waiting[at].job;
        const auto lane = laneIndex(job.type->lane);
        std::optional<WaitReason> reason;
        if (passed.contains(job.type->name)) reason = WaitReason{"slot", "another " + std::string(job.type->shortName) + " is before it"};
        else reason = whyNot(job);
        std::vector<std::size_t> others;
        if (!reason) {
            others = companionsOf(at);
            reason = whyGather(owner, waiting[at], others.size() + 1);
        }
        if (reason) {
            if (reason->key != "sector") passed.insert(job.type->name); // what waits for its sector holds nobody else up
            if (waiting[at].reason != reason) {
                waiting[at].reason = std::move(reason);
                reasonsChanged = true;
            }
            ++at;
            continue;
        }
        const Cores cores = coresOf(job);
        const int slot = freeSlot(lane);
        const int freeCores = std::min(slots[lane] - static_cast<int>(taken[lane].size()), budget.machine().cpus - budget.cpusGranted());
        const std::size_t wanted = others.empty() ? 1 : rule.take(others.size() + 1, static_cast<std::size_t>(std::max(1, freeCores)));
        budget.add(job.type->name, job.proof, cores);
        std::vector<std::size_t> group{at};
        for (std::size_t i = 0; i < others.size() && group.size() < wanted && !budget.whyNot(job.type->name, job.proof, Cores::None); ++i) {
            budget.add(job.type->name, job.proof, Cores::None);
            group.push_back(others[i]);
        }
        const auto batch = group.size() > 1 ? std::make_shared<LabelBatch>(group.size()) : nullptr;
        std::vector<Waiting> entries;
        for (const std::size_t i : group) entries.push_back(std::move(waiting[i]));
        for (auto i = group.rbegin(); i != group.rend(); ++i) waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(*i));
        for (std::size_t i = 0; i < entries.size(); ++i) {
            begun.push_back(entries[i].job.uuid);
            start(owner, std::move(entries[i]), lane, i == 0 ? slot : 0, i == 0 ? cores : Cores::None, batch);
        }
    }
    // Told at the end, because whoever hears it may submit more.
    for (const auto& uuid : begun) Q_EMIT owner->started(QString::fromStdString(uuid));
    if (reasonsChanged) Q_EMIT owner->waitReasonsChanged();
}

/// What the budget grants was counted already.
void TaskRunner::Private::start(TaskRunner* owner, Waiting entry, std::size_t lane, int slot, Cores cores, std::shared_ptr<LabelBatch> batch) {
    if (slot > 0) taken[lane].insert(slot);
    const auto seat = entry.job.seat;
    if (batch) seat->sit(batch);
    Running state{entry.job.type, entry.job.proof, slot, cores, std::move(batch), entry.job.sector, {}, std::make_shared<std::atomic<bool>>(false),
                  std::make_shared<ProgressCell>(), std::move(entry.done)};
    state.progress->latest.phase = entry.job.type->phase;
    TaskContext context{state.stop.get_token(),
                        [cell = state.progress](const Progress& progress) {
                            const std::lock_guard lock(cell->mutex);
                            cell->latest = progress;
                        },
                        state.aborted};
    const std::string uuid = entry.job.uuid;
    running.emplace(uuid, std::move(state));
    const std::string threadName = slot == 0 ? "lsw-batch" : (lane == 0 ? "lsw-seal-" : "lsw-io-") + std::to_string(slot);
    // The pool threads end before `owner` does, so it is there to be posted to.
    (slot == 0 ? companions : pools[lane]).start([this, owner, uuid, threadName, seat, context = std::move(context), body = std::move(entry.job.body)] {
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
        if (seat) seat->leave();
        QMetaObject::invokeMethod(
            owner, [this, owner, uuid, outcome = std::move(outcome)]() mutable { finished(owner, uuid, std::move(outcome)); }, Qt::QueuedConnection);
    });
}

void TaskRunner::Private::finished(TaskRunner* owner, const std::string& uuid, TaskOutcome outcome) {
    const auto it = running.find(uuid);
    if (it == running.end()) return;
    Running state = std::move(it->second);
    running.erase(it);
    // One core computes for the batch as long as one of it is there.
    const auto heir = state.batch && state.slot > 0 ? std::ranges::find_if(running, [&](const auto& one) { return one.second.batch == state.batch; }) : running.end();
    if (heir != running.end()) {
        std::swap(heir->second.slot, state.slot);
        std::swap(heir->second.cores, state.cores);
    }
    budget.remove(state.type->name, state.proof, state.cores);
    taken[laneIndex(state.type->lane)].erase(state.slot);
    apart.erase(uuid);
    outcome.aborted = outcome.cancelled && *state.aborted;
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
    m_private->companions.waitForDone();
}

void TaskRunner::submit(Job job, std::function<void(TaskOutcome)> done) {
    if (m_private->stopping) return;
    m_private->waiting.push_back({std::move(job), std::move(done), std::nullopt, Clock::now()});
    m_private->look(this);
}

void TaskRunner::stopAll() {
    m_private->stopping = true;
    m_private->waiting.clear();
    for (auto& [uuid, state] : m_private->running) state.stop.request_stop();
}

bool TaskRunner::abort(const std::string& uuid) {
    if (const auto it = m_private->running.find(uuid); it != m_private->running.end()) {
        *it->second.aborted = true; // before the token, so that whoever sees that one sees this one
        it->second.stop.request_stop();
        return true;
    }
    const auto it = std::find_if(m_private->waiting.begin(), m_private->waiting.end(), [&](const Waiting& entry) { return entry.job.uuid == uuid; });
    if (it == m_private->waiting.end()) return false;
    const auto done = std::move(it->done);
    m_private->waiting.erase(it);
    m_private->apart.erase(uuid);
    TaskOutcome outcome;
    outcome.cancelled = outcome.aborted = true;
    done(std::move(outcome));
    m_private->look(this);
    if (isIdle()) Q_EMIT idle();
    return true;
}

void TaskRunner::setBatchRule(BatchRule rule) {
    m_private->rule = std::move(rule);
    m_private->look(this);
}

void TaskRunner::hold(std::optional<WaitReason> reason) {
    m_private->held = std::move(reason);
    m_private->look(this);
}

void TaskRunner::waitFor(std::function<std::optional<WaitReason>(const TaskType&)> guard) { m_private->guard = std::move(guard); }

void TaskRunner::lookAgain() { m_private->look(this); }

void TaskRunner::keepSectorsApart() {
    for (const auto& [uuid, state] : m_private->running)
        if (!state.sector.empty()) m_private->apart[uuid] = state.sector;
    for (const auto& entry : m_private->waiting)
        if (!entry.job.sector.empty()) m_private->apart[entry.job.uuid] = entry.job.sector;
}

std::optional<WaitReason> TaskRunner::whyNot(const TaskType& type, sector::SealProof proof) const { return m_private->whyNot(type, proof); }

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

void TaskRunner::setTable(ResourceTable table) {
    m_private->budget.setTable(std::move(table));
    m_private->look(this);
}

} // namespace lsw::tasks
