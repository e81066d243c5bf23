// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/task_context.h"

#include <QtCore/QMetaType>
#include <QtCore/QObject>
#include <QtCore/QString>

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::worker {

enum class ConnectionState { NotStarted, Connecting, Refused, Incompatible, Registering, Connected, Lost, Stopping, Stopped };
enum class TaskState { Waiting, Running, Undelivered, Done, Failed };

/// What the worker is told to do with tasks. Kept over restarts (worker/work_mode.h).
enum class WorkMode {
    Working,
    Paused,   ///< no task begins; running ones go on
    Draining, ///< takes no new tasks, does those it has, then stops
};

/// When a running task will be done, from its counts and from what earlier ones took here (history/finish_estimate.h).
struct TaskForecast {
    std::int64_t remainingMs = -1; ///< −1: nothing can be said yet
    std::int64_t finishMs = 0, earliestMs = 0, latestMs = 0; ///< UTC; the range holds three of five
    std::uint64_t runs = 0;        ///< on how many earlier tasks it rests; 0: on its own pace alone
    std::int64_t usualMs = 0;      ///< the median of what they took; 0: there are none
    std::string resumedAt;         ///< "layer 8 of 11": where it took up what an earlier attempt had left
    std::int64_t keptMs = 0;       ///< what was not done again thanks to that; 0: not known
    std::uint64_t bytesPerSecond = 0; ///< of a transfer
    bool operator==(const TaskForecast&) const = default;
};

/// One task as the window and `tasks` show it.
struct TaskView {
    std::string call;          ///< uuid; of a proof of storage, which is no call of the protocol, a name of our own: "post-7"
    std::string sector;        ///< "s-t01000-1"; of a proof of storage "t01000"
    std::uint64_t sectors = 0; ///< how many a proof of storage is over; 0: the task is of the one above
    std::string type;          ///< "seal/v0/precommit/1"
    std::string shortName;     ///< "PC1"
    std::uint64_t sectorSize = 0; ///< bytes; 0: not known
    TaskState state = TaskState::Waiting;
    std::string waitReason;    ///< key: "slot", "memory", "cpu", "gpu", "params", "sector", "paused", "journal"; empty when not waiting
    std::string waitDetail;    ///< English detail of it ("needs 64 GiB, 31 GiB free")
    Progress progress;
    std::int64_t begunMs = 0, startedMs = 0, finishedMs = 0; ///< UTC ms, 0: not yet
    std::int64_t activeMs = 0; ///< of a running one: since its start, without the time in which the machine slept
    TaskForecast forecast;     ///< of a running one
    std::string error;         ///< of a failed one
    std::uint64_t peakMemory = 0;
};

struct PathView {
    std::string id, path;
    bool canSeal = false, canStore = false;
    std::int64_t capacity = 0, available = 0, reserved = 0;
    std::uint64_t weight = 0;
    std::int64_t limit = 0, used = 0; ///< MaxStorage and what counts against it; 0: no limit
    std::vector<std::string> groups, allowTo, allowTypes, denyTypes, allowMiners, denyMiners; ///< as in sectorstore.json
    std::string error;              ///< why nothing is known of its space; empty when all is well
    std::vector<std::string> notes; ///< what lies there and was not declared, one sentence each
};

/// Everything an onlooker can know at one moment. A value: taken on the service thread, shown anywhere.
struct WorkerView {
    ConnectionState connection = ConnectionState::NotStarted;
    std::string connectionDetail;  ///< English: what the last attempt met; empty when connected
    std::string miner;             ///< "127.0.0.1:2345", never a token
    std::string minerVersion, minerActor;
    std::uint64_t sectorSize = 0;
    std::string name, session, listen, advertise, repo, version;
    std::int64_t connectedSinceMs = 0;
    bool enabled = true;            ///< as the miner's SetEnabled left it
    WorkMode mode = WorkMode::Working;
    bool finishing = false;         ///< stops once what runs has ended
    std::vector<std::string> taskTypes;
    std::vector<TaskView> tasks;     ///< waiting, running, undelivered; in order of arrival
    std::vector<TaskView> finished;  ///< newest first, at most 200
    std::vector<PathView> paths;
    std::uint64_t memPhysical = 0, memUsed = 0, memBudgetUsed = 0;
    int cpus = 0, cpusUsed = 0;
    std::vector<std::string> gpus;   ///< what the machine has; `engine` says whether they are used
    std::string engine;              ///< which engine and build computes
    std::string preCommit1Batch;     ///< how many PC1 that wait are computed together, and what that brings
    std::vector<std::string> notes;  ///< what was not understood as it was meant (misread variables), one sentence each
    std::uint64_t serviceBlocked = 0; ///< how often the service thread did not answer in time; a defect of this program or a starved machine
    std::string serviceBlockedBy;    ///< what it was doing the last time
};

/// What a reload of the configuration has changed, by the names of the settings.
struct ReloadResult {
    std::vector<std::string> applied; ///< in effect now
    std::vector<std::string> restart; ///< changed, and in effect when the worker is started again
};
/// {"schema":1,"applied":[…],"restart":[…]}
boost::json::value toJson(const ReloadResult&);
Expected<ReloadResult> reloadResultFromJson(const boost::json::value&);

/// "working", "paused", "draining"
std::string_view workModeName(WorkMode mode);
std::optional<WorkMode> workModeNamed(std::string_view name);

/// The JSON that `info --json`, `tasks --json` and LotusSealWorker.Snapshot give: "schema":1 and the members above in snake_case.
boost::json::value toJson(const WorkerView&);
Expected<WorkerView> workerViewFromJson(const boost::json::value&);

/// A running worker as others see it.
///
/// thread  the object lives on its worker's thread; commands are thread-safe and return at once; signals carry values
class WorkerApi : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// The latest view; thread-safe.
    virtual WorkerView view() const = 0;
    /// Refuse new calls, end children, flush, leave. `stopped` follows.
    virtual void requestStop() = 0;
    virtual void setEnabled(bool enabled) = 0;
    virtual void setMode(lsw::worker::WorkMode mode) = 0;
    /// Reads the configuration again and takes over what a running worker can; `reloaded` follows.
    virtual void reload() = 0;

Q_SIGNALS:
    /// At most 10 times a second while something changes, and at once for a change of state.
    void viewChanged(const lsw::worker::WorkerView& view);
    /// A failure that ends the worker: the exit code of `run` follows from it.
    void failed(int errorCode, const QString& message);
    /// A non-empty `error` says why nothing was changed.
    void reloaded(const lsw::worker::ReloadResult& result, const QString& error);
    void stopped();
};

} // namespace lsw::worker

Q_DECLARE_METATYPE(lsw::worker::WorkerView)
Q_DECLARE_METATYPE(lsw::worker::ReloadResult)
