// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/spool_folder.h"
#include "protocol/worker_methods.h"
#include "tasks/call_journal.h"
#include "tasks/return_queue.h"
#include "tasks/task_runner.h"
#include "worker/task_watch.h"
#include "worker/worker_api.h"

#include <QtCore/QObject>

#include <deque>
#include <map>
#include <set>

namespace lsw::worker {

/// The life of every call: journalled, answered, run, its result journalled, delivered.
///
/// The two orders that nothing may break: a call is on disk before the miner gets its id, and a result is on disk before it
/// is first returned. So whatever ends this process, the miner hears of every call that it knows.
///
/// thread  the service thread; `work` runs on pool threads
class CallLife : public QObject {
    Q_OBJECT
public:
    /// Does the task and shapes its result.
    using Work = std::function<tasks::TaskOutcome(const protocol::TaskCall&, const protocol::CallId&,
                                                  const std::shared_ptr<protocol::PieceData>&, tasks::BatchSeat*, const TaskContext&)>;

    CallLife(tasks::CallJournal& journal, tasks::TaskRunner& runner, tasks::ReturnQueue& returns, Work work, std::string workerName,
             TaskWatch& watch, int retryMs, QObject* parent = nullptr);

    /// `params` is the call's JSON as it is journalled. Replies with the id once it is on disk.
    void begin(protocol::TaskCall call, std::string params, std::shared_ptr<protocol::PieceData> data, protocol::Reply<protocol::CallId> reply);

    /// What an earlier run left: finished calls are delivered, begun ones returned with code 101 (nothing of theirs can be resumed).
    void takeOver(std::vector<tasks::CallRecord> unfinished);
    /// Called with the text of a return that was delivered and names files of the spool.
    void removeFilesBy(std::function<void(std::string text)> remove) { m_removeFiles = std::move(remove); }
    void showHistory(std::vector<tasks::CallRecord> returned);

    /// Results are held back until the miner knows our storage.
    void allowReturns();
    void refuseNew() { m_refusing = true; }

    /// Ends one call for good, waiting or running, and returns it to the miner as failed; its half-made files are removed. Replies once
    /// the computation has ended. NotFound; AlreadyExists when it had ended by itself.
    void abort(const std::string& uuid, protocol::Reply<protocol::Nothing> reply);

    /// No call waits, runs or has an undelivered result.
    bool isQuiet() const { return m_calls.empty(); }
    void whenQuiet(std::function<void()> done);
    /// A task runs, or its result is on the way to the disk.
    bool isComputing() const;

    /// Calls back once a miner that was restarted may count this worker as free but for what stays open, which is told by older().
    ///
    /// A restarted miner begins with empty accounts. It matches the results of the long computations, which it has written down,
    /// but asks anew for what it has not: so those have to be over, and every result was offered to it at least once.
    /// source  lotus v1.36 storage/sealer/manager.go, manager_calltracker.go
    void whenCountable(std::function<void()> done);
    /// The calls open now are such that the miner's accounts do not have.
    void markOlder();
    /// The proof types of those that are still open; empty when the miner's accounts are whole.
    std::set<std::int64_t> older() const;

    /// Results on disk, or on the way there, that the miner has not accepted.
    int undelivered() const;
    bool mayReturn() const { return m_mayReturn; }

    /// In order of arrival, with fresh progress and reasons.
    std::vector<TaskView> current() const;
    const std::deque<TaskView>& finished() const { return m_finished; }

Q_SIGNALS:
    /// A call came, or changed its state.
    void changed();
    void delivered();

private:
    TaskView* find(const std::string& uuid);
    void run(protocol::TaskCall call, tasks::CallRecord record, std::shared_ptr<protocol::PieceData> data);
    void commitResult(tasks::CallRecord record, tasks::TaskOutcome outcome);
    void handOver(tasks::CallRecord record);
    void drop(const std::string& uuid);
    void forget(const std::string& uuid);
    void tellIfQuiet();
    bool isCountable() const;
    void endAborted(const tasks::CallRecord& record, std::string_view returnMethod);
    void answerAbort(const std::string& uuid, const Expected<void>& result);

    tasks::CallJournal& m_journal;
    tasks::TaskRunner& m_runner;
    tasks::ReturnQueue& m_returns;
    Work m_work;
    std::string m_workerName;
    TaskWatch& m_watch;
    int m_retryMs;
    bool m_refusing = false, m_mayReturn = false;
    std::function<void(std::string)> m_removeFiles;
    std::map<std::string, std::string> m_withFiles; ///< call → its return, where that names files
    std::vector<TaskView> m_calls;
    std::deque<TaskView> m_finished;
    std::vector<tasks::CallRecord> m_heldBack; ///< finished, waiting for allowReturns()
    std::vector<std::function<void()>> m_waitingForQuiet, m_waitingForCountable;
    std::multimap<std::string, protocol::Reply<protocol::Nothing>> m_aborting; ///< uuid → who asked for it
    std::set<std::string> m_unkept;                  ///< open calls that a restarted miner does not know any more
    std::set<std::string> m_offered;                 ///< undelivered ones that this miner was offered and refused
    std::map<std::string, std::int64_t> m_proofs;    ///< of the calls that came in this run: uuid → proof type
    std::map<std::string, std::int64_t> m_older;     ///< those of them that the miner's accounts do not have
};

/// The parameters of a return as they go over the wire: written out once, where the result is made, then stored and sent as they are.
std::string returnText(std::string_view method, const protocol::CallId& id, const protocol::TaskResult& result,
                       const std::optional<protocol::CallError>& error);

/// The same for a result: what of it is over 1 MiB goes into files of the spool, which the text names. Blocks.
std::string resultText(std::string_view method, const protocol::CallId& id, const protocol::TaskResult& result, protocol::SpoolFolder& spool);

/// What a start does with the files of an earlier run: those that no unfinished call names are removed, and a result whose file is gone
/// becomes the answer that makes a miner ask again. Blocks.
void sortOutSpool(std::vector<tasks::CallRecord>& unfinished, protocol::SpoolFolder& spool, const std::string& workerName);

} // namespace lsw::worker
