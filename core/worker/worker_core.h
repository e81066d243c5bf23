// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"
#include "protocol/token_verifier.h"
#include "storage/local_store.h"
#include "storage/miner_sector_index.h"
#include "tasks/call_journal.h"
#include "tasks/post_tasks.h"
#include "tasks/return_queue.h"
#include "worker/call_life.h"
#include "base/host_info.h"
#include "protocol/listen_plan.h"
#include "worker/miner_session.h"
#include "worker/parameter_supply.h"
#include "worker/post_runs.h"
#include "worker/service_watchdog.h"
#include "worker/worker_repo.h"
#include "worker/worker_service.h"

#include <QtCore/QThreadPool>

#include <atomic>

namespace lsw::worker {

class MethodAnswers;

/// The parts of a running worker, in the order in which they come up and go down.
///
/// thread  the service thread, where nothing blocks: files, the database, name servers and the index are asked on io threads
class WorkerCore final : public QObject {
    Q_OBJECT
public:
    /// What the owner hears; called on the service thread.
    struct Outlet {
        std::function<void(const WorkerView&)> view;
        std::function<void(ErrorCode, const std::string&)> failed;
        std::function<void()> quit; ///< everything is down
    };
    WorkerCore(WorkerSettings settings, Outlet outlet);
    ~WorkerCore() override;

    void start();
    /// Refuses new calls, ends the tasks, waits for results on their way up to `lingerMs`, leaves. `untilSeen`: also until the
    /// miner has asked for the session once more and so knows that this worker is gone. A second call can only shorten the first.
    void stop(int lingerMs, bool untilSeen);
    /// Begins no task any more; stops once what runs has ended and is written down.
    void finishThenStop();
    bool isStopping() const { return m_stopping; }
    void setEnabled(bool enabled);
    /// Takes effect at once; `done` tells whether it is kept over a restart as well.
    void setMode(WorkMode mode, std::function<void(Expected<void>)> done);

    /// Reads the settings again and takes over what it can (worker_core_reload.cpp).
    void reload(std::function<void(Expected<ReloadResult>)> done);

    // What MethodAnswers works with; the service thread.
    const WorkerSettings& settings() const { return m_settings; }
    std::string session() const;          ///< the zero UUID while stopping
    std::string sessionForMiner();        ///< the same, as the miner's poll: once it has the zero one it knows that this worker is gone
    /// Whether it takes tasks. When not, its session is refused, which is how a miner knows: it takes back what it has planned for
    /// this worker and not begun, and gives it to others.
    bool enabled() const { return m_enabled && m_mode == WorkMode::Working && !m_finishing; }
    std::vector<std::string>& taskTypes() { return m_taskTypes; }
    /// Those of them that are offered now: as long as tasks run that the miner's accounts do not have, none that would have to wait.
    std::vector<std::string> offeredTypes() const;
    protocol::WorkerInfo info() const;
    CallLife* calls() { return m_calls.get(); }                 ///< null before the journal is open
    const std::vector<storage::LocalStore::OpenPath>& paths() const { return m_paths; }
    WorkerView currentView() const;
    void changed(bool atOnce);
    ServiceWatchdog& watchdog() { return *m_watchdog; }

    /// Runs `work` with the open store on an io thread, refreshes the list of paths, then gives the result to `done`.
    void withStore(std::function<Expected<void>(storage::LocalStore&, std::stop_token)> work, std::function<void(Expected<void>)> done);

    /// What lies in the storage paths and the spool and no call owns, after those of `toDelete` are gone (worker/leftover_answer.h).
    void leftovers(std::vector<std::string> toDelete, protocol::Reply<boost::json::value> reply);

    /// Makes a proof of storage on a thread of its own pool.
    void winningPost(protocol::PostCall call, protocol::Reply<std::vector<protocol::PostProofBytes>> reply);
    void windowPost(protocol::PostCall call, protocol::Reply<protocol::WindowPostResult> reply);

private:
    template <typename Result>
    using PostMaker = Expected<Result> (*)(const protocol::PostCall&, const tasks::PostTools&, const TaskContext&);
    template <typename Result>
    void makePost(std::string_view type, PostMaker<Result> make, protocol::PostCall call, protocol::Reply<Result> reply);
    tasks::PostTools postTools() const;
    struct Opened;
    static Expected<std::shared_ptr<Opened>> open(const WorkerSettings& settings);
    void opened(std::shared_ptr<Opened> parts);
    std::unique_ptr<history::HistoryKeeper> makeHistory();
    void findAddress();
    void serve(protocol::ListenPlan plan);
    void listening(protocol::ListenPlan plan, std::uint16_t port);
    void register_();
    std::vector<protocol::HttpRoute> routes();
    protocol::HttpServer::Authorizer authorizer();
    tasks::TaskOutcome doTask(const protocol::TaskCall& call, const protocol::CallId& id, const std::shared_ptr<protocol::PieceData>& data, tasks::BatchSeat* seat,
                              const TaskContext& context);
    Expected<protocol::TaskResult> attempt(const protocol::TaskCall& call, const protocol::CallId& id,
                                           const std::shared_ptr<protocol::PieceData>& data, tasks::BatchSeat* seat, const TaskContext& context);
    ReloadResult takeOver(WorkerSettings next);
    void readResourceTable();
    void supplyParameters();
    void setHost(HostInfo host);
    void refreshHost();
    void refreshPaths(std::function<void()> then);
    void reportHealth();
    void watchProgress();
    void lookAtProgress();
    void publish();
    void registerWhen(std::function<void()> ready);
    std::string whyNotRegister() const;
    void applyMode();
    void leaveIfFinished();
    void fail(const Error& error);
    void afterTasks();
    void leaveIfDelivered();
    void leave();

    WorkerSettings m_settings;
    Outlet m_outlet;
    std::string m_session;
    std::string m_name;
    WorkMode m_mode = WorkMode::Working;
    bool m_finishing = false;       ///< stops once nothing is computed any more
    bool m_drainEnds = false;       ///< a drain that has had something to do ends the worker
    bool m_finished = false;        ///< the stop that follows from either has begun
    std::uint64_t m_idleMemUsed = 0, m_idleSwapUsed = 0; ///< of the machine when no task ran
    bool m_enabled = true, m_stopping = false, m_leaving = false, m_waitForSeen = false, m_serverStarting = false;
    std::stop_source m_stopIo;
    std::vector<std::string> m_taskTypes;
    tasks::ResourceTable m_table;
    std::vector<std::string> m_notes; ///< what of the settings is not as its owner thinks
    HostInfo m_host;
    protocol::ListenPlan m_plan;
    std::string m_listen, m_engineText, m_batchText;
    std::string m_detail;           ///< what start-up waits for, before there is a session
    std::vector<storage::LocalStore::OpenPath> m_paths;
    bool m_hostPending = false, m_pathsPending = false, m_healthPending = false;
    std::string m_blockedBy, m_progressShown;

    std::unique_ptr<ServiceWatchdog> m_watchdog;
    std::unique_ptr<tasks::IsolatedEngine> m_engine;
    std::unique_ptr<protocol::RpcClient> m_client;
    std::unique_ptr<storage::MinerSectorIndex> m_index;
    std::unique_ptr<protocol::TokenVerifier> m_verifier;
    std::unique_ptr<protocol::PushStreams> m_streams;
    protocol::MethodTable m_methods;
    std::unique_ptr<MethodAnswers> m_answers;
    std::unique_ptr<WorkerRepo> m_repo;
    std::shared_ptr<protocol::SpoolFolder> m_spool; ///< set before the server runs
    std::unique_ptr<tasks::CallJournal> m_journal;
    std::unique_ptr<storage::LocalStore> m_store;
    std::atomic<storage::LocalStore*> m_storeForServer{nullptr}; ///< read by the server's io threads; set once, before anyone knows our files
    std::unique_ptr<tasks::ReturnQueue> m_returns;
    std::unique_ptr<tasks::TaskRunner> m_runner;
    std::unique_ptr<TaskWatch> m_watch;
    std::unique_ptr<CallLife> m_calls;
    std::unique_ptr<ParameterSupply> m_parameters; ///< null: nobody wants them fetched
    PostRuns m_posts;
    std::unique_ptr<MinerSession> m_minerSession;
    std::unique_ptr<protocol::HttpServer> m_server;
    QTimer m_publishTimer, m_progressTimer, m_refreshTimer, m_healthTimer, m_lingerTimer, m_addressTimer;
    QThreadPool m_io;    ///< start-up, store, figures of the machine
    QThreadPool m_post;  ///< proofs of storage: never behind anything else
    QThreadPool m_parse; ///< requests too large to be read on the service thread
};

} // namespace lsw::worker
