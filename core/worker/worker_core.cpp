// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/worker_core.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include <QtCore/QLoggingCategory>
#include <QtCore/QUuid>

#include "protocol/lotus_json.h"
#include "tasks/engine_choice.h"
#include "tasks/prover_program.h"
#include "tasks/resource_variables.h"
#include "tasks/retry_rule.h"
#include "tasks/scratch_folder.h"
#include "tasks/seal_tasks.h"
#include "worker/io_thread.h"
#include "worker/method_answers.h"
#include "worker/stock_calls.h"
#include "worker/work_mode.h"

namespace lsw::worker {

Q_LOGGING_CATEGORY(lcWorker, "lsw.worker", QtInfoMsg)

namespace {

constexpr int kPublishMs = 100;
constexpr int kRefreshMs = 5000;

tasks::MachineResources machineOf(const HostInfo& host) {
    // No GPUs: the engines of this build compute on the processor, so a card neither limits nor helps.
    return {host.memPhysical, host.memUsed, host.memSwap, host.memSwapUsed, host.cpus, 0};
}

/// Opens what is not open yet: an attempt that the miner cut off half-way is taken up again.
Expected<void> openStorage(storage::LocalStore& store, const std::filesystem::path& repo, const std::stop_token& stop) {
    const auto open = store.openPaths();
    if (open.empty()) {
        // The tasks of a worker that was killed could not: when the miner gives the sector to another one, nobody else would.
        const auto configured = storage::readStorageConfig(repo);
        for (const auto& path : configured ? *configured : std::vector<std::string>()) tasks::ScratchFolder::removeLeft(storage::expandHome(path));
        return store.openAll(stop);
    }
    LSW_TRY(store.redeclare(std::nullopt, false, stop));
    const auto configured = storage::readStorageConfig(repo);
    if (!configured) return configured.error();
    for (const auto& text : *configured) {
        const auto path = storage::expandHome(text);
        const bool there = std::any_of(open.begin(), open.end(), [&](const auto& one) { return one.path == path; });
        if (!there) LSW_TRY(store.openPath(path, false, stop));
    }
    return {};
}

Expected<void> declareStorage(storage::LocalStore& store, bool again, const std::filesystem::path& repo, const std::stop_token& stop) {
    auto declared = again ? store.redeclare(std::nullopt, false, stop) : openStorage(store, repo, stop);
    if (declared || declared.error().code() != ErrorCode::NotFound) return declared;
    // A path that is not there is no wrong argument: a disk may be mounted late.
    return Error(ErrorCode::StorageUnavailable,
                 declared.error().message() + "; mount its disk, or take the path out of " + (repo / "storage.json").string());
}

} // namespace

/// What start-up opens on an io thread.
struct WorkerCore::Opened {
    std::unique_ptr<WorkerRepo> repo;
    std::shared_ptr<protocol::SpoolFolder> spool;
    std::unique_ptr<tasks::IsolatedEngine> engine;
    std::unique_ptr<tasks::CallJournal> journal;
    HostInfo host;
    std::string engineText, engineName;
    tasks::BatchRule batchRule;
    std::vector<std::string> notes;
    WorkMode mode = WorkMode::Working;
};

WorkerCore::WorkerCore(WorkerSettings settings, Outlet outlet) : m_settings(std::move(settings)), m_outlet(std::move(outlet)) {
    m_session = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    m_io.setMaxThreadCount(4);
    m_parse.setMaxThreadCount(2);
    m_post.setMaxThreadCount(16);
    m_watchdog = std::make_unique<ServiceWatchdog>([this](const std::string& operation) {
        qCWarning(lcWorker, "the service thread does not answer: %s takes too long", operation.c_str());
        QMetaObject::invokeMethod(this, [this, operation] {
            m_blockedBy = operation;
            changed(false);
        }, Qt::QueuedConnection);
    });
    m_publishTimer.setSingleShot(true);
    m_lingerTimer.setSingleShot(true);
    m_addressTimer.setSingleShot(true);
    connect(&m_publishTimer, &QTimer::timeout, this, &WorkerCore::publish);
    connect(&m_lingerTimer, &QTimer::timeout, this, &WorkerCore::leave);
    connect(&m_addressTimer, &QTimer::timeout, this, &WorkerCore::findAddress);
    connect(&m_progressTimer, &QTimer::timeout, this, &WorkerCore::lookAtProgress);
    connect(&m_refreshTimer, &QTimer::timeout, this, [this] {
        refreshHost();
        refreshPaths({});
    });
    connect(&m_healthTimer, &QTimer::timeout, this, &WorkerCore::reportHealth);
}

WorkerCore::~WorkerCore() {
    m_stopIo.request_stop();
    if (m_server) m_server->stop(std::chrono::milliseconds(0));
    // Dependants first; the pools before what their work uses.
    m_minerSession.reset();
    m_parameters.reset();
    m_runner.reset();
    m_io.waitForDone();
    m_post.waitForDone();
    m_parse.waitForDone();
    if (m_returns) m_returns->stop();
    m_returns.reset();
    m_calls.reset();
    m_watch.reset();
    m_server.reset();
    m_store.reset();
    m_journal.reset();
    m_repo.reset();
    m_watchdog.reset();
}

// ---- coming up -------------------------------------------------------------------------------------------------------

void WorkerCore::start() {
    changed(true);
    auto types = tasks::offeredTypes(m_settings.switches);
    if (!types) return fail(types.error());
    m_taskTypes = std::move(*types);
    readResourceTable();
    for (auto& note : tasks::misspeltResources(tasks::environmentNames())) m_notes.push_back(std::move(note));
    m_client = std::make_unique<protocol::RpcClient>(m_settings.miner);
    m_index = std::make_unique<storage::MinerSectorIndex>(*m_client);
    m_verifier = std::make_unique<protocol::TokenVerifier>(*m_client);
    m_streams = std::make_unique<protocol::PushStreams>();
    m_answers = std::make_unique<MethodAnswers>(*this);
    protocol::addWorkerMethods(m_methods, *m_answers, *m_streams);
    onIoThread(
        m_io, this, [settings = m_settings] { return open(settings); },
        [this](Expected<std::shared_ptr<Opened>> result) {
            if (!result) return fail(result.error());
            opened(std::move(*result));
        });
}

Expected<std::shared_ptr<WorkerCore::Opened>> WorkerCore::open(const WorkerSettings& settings) {
    auto parts = std::make_shared<Opened>();
    parts->host = readHostInfo(settings.noSwap);
    auto program = tasks::findProver(settings.prover.folder);
    if (!program) return std::move(program).error();
    parts->engineName = tasks::engineText(settings.prover.engine);
    parts->engineText = parts->engineName + " (" + program->string() + ')';
    auto rule = tasks::batchRule(settings.preCommit1Batch, settings.prover.engine);
    if (!rule) return std::move(rule).error();
    parts->batchRule = std::move(*rule);
    auto repo = WorkerRepo::open(settings.repo, settings.noLocalStorage);
    if (!repo) return std::move(repo).error();
    parts->repo = std::move(*repo);
    parts->spool = std::make_shared<protocol::SpoolFolder>(parts->repo->spoolFolder());
    LSW_TRY(parts->spool->prepare());
    tasks::ProverSettings prover = settings.prover;
    if (prover.scratch.empty()) {
        // Results may be larger than a temp folder in memory holds.
        prover.scratch = parts->repo->scratchFolder();
        prover.scratchIsOurs = true; // while we hold the repo
    }
    parts->engine = std::make_unique<tasks::IsolatedEngine>(std::move(prover));
    const auto mode = readWorkMode(parts->repo->folder());
    if (!mode) return mode.error();
    parts->mode = *mode;
    auto journal = tasks::CallJournal::open(parts->repo->journalFile());
    if (!journal) return std::move(journal).error();
    parts->journal = std::move(*journal);
    const auto taken = takeOverStockCalls(parts->repo->folder(), *parts->journal);
    if (!taken) return taken.error();
    if (*taken > 0)
        parts->notes.push_back(std::to_string(*taken) + (*taken == 1 ? " call" : " calls") +
                               " that lotus-worker had begun in this folder will not be finished; the miner is told so and asks again.");
    return parts;
}

void WorkerCore::opened(std::shared_ptr<Opened> parts) {
    m_repo = std::move(parts->repo);
    m_spool = std::move(parts->spool);
    m_client->setSpool(m_spool);
    m_engine = std::move(parts->engine);
    m_journal = std::move(parts->journal);
    if (m_stopping) return;
    setHost(std::move(parts->host));
    m_engineText = std::move(parts->engineText);
    m_batchText = tasks::batchText(parts->batchRule);
    m_idleMemUsed = m_host.memUsed;
    m_idleSwapUsed = m_host.memSwapUsed;
    m_mode = parts->mode;
    for (auto& note : parts->notes) m_notes.push_back(std::move(note));
    m_name = m_settings.name.empty() ? m_host.hostname : m_settings.name;

    m_returns = std::make_unique<tasks::ReturnQueue>(*m_client, *m_journal, m_settings.returnRetryMs);
    const tasks::TaskRunner::Lanes lanes{std::max(4, m_host.cpus), std::max(4, m_settings.parallelFetchLimit + 3)};
    m_runner = std::make_unique<tasks::TaskRunner>(tasks::ResourceBudget(m_table, machineOf(m_host)), lanes);
    m_runner->setBatchRule(std::move(parts->batchRule));
    m_watch = std::make_unique<TaskWatch>(makeHistory(), parts->engineName);
    m_calls = std::make_unique<CallLife>(
        *m_journal, *m_runner, *m_returns,
        [this](const auto& call, const auto& id, const auto& data, auto* seat, const auto& context) { return doTask(call, id, data, seat, context); }, m_name, *m_watch,
        m_settings.returnRetryMs);
    connect(m_calls.get(), &CallLife::changed, this, [this] {
        watchProgress();
        changed(true);
        leaveIfFinished();
    });
    connect(m_calls.get(), &CallLife::delivered, this, &WorkerCore::leaveIfDelivered);
    m_calls->removeFilesBy([this](std::string text) { m_io.start([spool = m_spool, text = std::move(text)] { spool->removeFilesOf(text); }); });
    connect(m_runner.get(), &tasks::TaskRunner::idle, this, [this] {
        watchProgress();
        if (m_stopping) afterTasks();
    });
    applyMode();
    findAddress();
}

std::unique_ptr<history::HistoryKeeper> WorkerCore::makeHistory() {
    history::HistoryKeeper::Settings settings;
    settings.file = m_repo->historyFile();
    settings.keep = static_cast<std::size_t>(m_settings.historyRows);
    settings.tell = [this](const std::string& sentence) {
        qCWarning(lcWorker, "%s", sentence.c_str());
        QMetaObject::invokeMethod(this, [this, sentence] {
            m_notes.push_back(sentence);
            changed(false);
        }, Qt::QueuedConnection);
    };
    return std::make_unique<history::HistoryKeeper>(std::move(settings));
}

void WorkerCore::findAddress() {
    onIoThread(
        m_io, this, [listen = m_settings.listen, advertise = m_settings.advertise, miner = m_settings.miner.endpoint] { return protocol::planListening(listen, advertise, miner); },
        [this](Expected<protocol::ListenPlan> plan) {
            if (m_stopping) return;
            if (plan) return serve(std::move(*plan));
            if (plan.error().code() != ErrorCode::MinerUnreachable) return fail(plan.error());
            // The network may come up later than this program does.
            m_detail = plan.error().message();
            changed(true);
            m_addressTimer.start(std::min(1000, m_settings.heartbeatMs));
        });
}

void WorkerCore::serve(protocol::ListenPlan plan) {
    m_detail.clear();
    protocol::HttpServer::Options options;
    options.host = plan.bindHost;
    options.port = plan.bindPort;
    options.headTimeout = std::chrono::milliseconds(m_settings.httpHeadTimeoutMs);
    m_server = std::make_unique<protocol::HttpServer>(options, authorizer(), routes());
    m_serverStarting = true;
    onIoThread(
        m_io, this, [server = m_server.get()] { return server->start(); },
        [this, plan = std::move(plan)](Expected<std::uint16_t> port) mutable {
            m_serverStarting = false;
            if (m_stopping) return leaveIfDelivered();
            if (!port) return fail(port.error());
            listening(std::move(plan), *port);
        });
}

void WorkerCore::listening(protocol::ListenPlan plan, std::uint16_t port) {
    m_plan = std::move(plan);
    if (m_plan.advertised.port == 0) m_plan.advertised.port = port;
    m_listen = protocol::hostPort(m_plan.bindHost, port);
    m_store = std::make_unique<storage::LocalStore>(
        storage::LocalStore::Settings{m_repo->folder(), m_plan.advertised.url("/remote"), m_settings.miner.token, m_settings.parallelFetchLimit}, *m_index);
    m_storeForServer.store(m_store.get());

    // Programs on this machine reach a server that is bound to all addresses through loopback.
    protocol::Endpoint own;
    own.host = m_plan.bindHost == "0.0.0.0" ? "127.0.0.1" : m_plan.bindHost == "::" ? "::1" : m_plan.bindHost;
    own.port = port;
    onIoThread(
        m_io, this, [repo = m_repo.get(), own, token = m_settings.miner.token] { return repo->announce(own, token); },
        [this](const Expected<void>& written) {
            if (m_stopping) return;
            if (!written) return fail(written.error());
            register_();
        });
}

void WorkerCore::register_() {
    m_journal->history(200, [this](Expected<std::vector<tasks::CallRecord>> records) {
        QMetaObject::invokeMethod(this, [this, records = std::move(records)]() mutable {
            if (m_calls && records) m_calls->showHistory(std::move(*records));
        }, Qt::QueuedConnection);
    });
    m_minerSession = std::make_unique<MinerSession>(
        *m_client, m_plan.advertised.url("/rpc/v0"), m_settings.heartbeatMs,
        MinerSession::Hooks{[this](bool again, std::function<void(Expected<void>)> done) {
                                withStore(
                                    [again, repo = m_repo->folder()](storage::LocalStore& store, const std::stop_token& stop) {
                                        return declareStorage(store, again, repo, stop);
                                    },
                                    std::move(done));
                            },
                            [this](std::function<void()> ready) { registerWhen(std::move(ready)); }, [this] { return whyNotRegister(); }});
    connect(m_minerSession.get(), &MinerSession::statusChanged, this, [this] { changed(true); });
    connect(m_minerSession.get(), &MinerSession::attached, this, [this] {
        m_verifier->forgetAll(); // a restarted miner may have another secret
        m_calls->allowReturns();
        supplyParameters();
        if (!m_healthTimer.isActive()) m_healthTimer.start(m_settings.heartbeatMs);
    });
    connect(m_minerSession.get(), &MinerSession::failed, this,
            [this](int code, const QString& message) { fail(Error(static_cast<ErrorCode>(code), message.toStdString())); });
    m_refreshTimer.start(kRefreshMs);
    // New calls come only after WorkerConnect; what an earlier run left is known before.
    m_journal->unfinished([this, spool = m_spool, worker = m_name](Expected<std::vector<tasks::CallRecord>> records) {
        if (records) sortOutSpool(*records, *spool, worker);
        QMetaObject::invokeMethod(this, [this, records = std::move(records)]() mutable {
            if (m_stopping) return;
            if (!records) return fail(std::move(records).error().whileDoing("reading the unfinished calls"));
            if (m_mode == WorkMode::Draining && !records->empty()) m_drainEnds = true;
            m_calls->takeOver(std::move(*records));
            m_minerSession->start();
        }, Qt::QueuedConnection);
    });
}

// ---- one task ---------------------------------------------------------------------------------------------------------

/// The task, again where that may mend it.
Expected<protocol::TaskResult> WorkerCore::attempt(const protocol::TaskCall& call, const protocol::CallId& id,
                                                   const std::shared_ptr<protocol::PieceData>& data, tasks::BatchSeat* seat, const TaskContext& context) {
    for (int number = 1;; ++number) {
        auto result = tasks::runTask(call, data, {*m_engine, *m_store, m_settings.externalPc2, seat, m_settings.preCommit1Memory}, context);
        if (result || context.stop.stop_requested()) return result;
        const auto most = tasks::attemptsInAll(result.error(), call, number);
        if (!most) return result;
        const auto delay = tasks::delayBefore(number + 1, std::chrono::milliseconds(m_settings.taskRetryMs));
        const auto& type = tasks::typeOf(call);
        const auto which = std::to_string(number + 1) + " of " + std::to_string(*most);
        qCWarning(lcWorker, "%s of %s is tried again here (attempt %s): %s", std::string(type.shortName).c_str(),
                  sector::sectorName(id.sector).c_str(), which.c_str(), result.error().message().c_str());
        context.report({std::string(type.phase), "attempt " + which + " follows: " + result.error().message(), 0, 0, {}});
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        never.wait_for(lock, context.stop, delay, [] { return false; });
        if (context.stop.stop_requested()) return result;
    }
}

/// On a pool thread: the task itself, and its result as the miner gets it.
tasks::TaskOutcome WorkerCore::doTask(const protocol::TaskCall& call, const protocol::CallId& id, const std::shared_ptr<protocol::PieceData>& data,
                                      tasks::BatchSeat* seat, const TaskContext& context) {
    tasks::TaskOutcome outcome;
    const auto method = protocol::returnMethod(call);
    (void)tasks::IsolatedEngine::takePeakMemory(); // of whatever this pool thread did before
    auto result = attempt(call, id, data, seat, context);
    outcome.peakMemory = tasks::IsolatedEngine::takePeakMemory();
    if (result) {
        outcome.succeeded = true;
        outcome.returnParams = resultText(method, id, *result, *m_spool);
        return outcome;
    }
    outcome.cancelled = context.stop.stop_requested();
    outcome.error = result.error().message();
    outcome.errorCode = errorCodeName(result.error().code());
    if (!outcome.cancelled)
        qCWarning(lcWorker, "%s of %s failed: %s", std::string(tasks::typeOf(call).shortName).c_str(), sector::sectorName(id.sector).c_str(),
                  result.error().forLog().c_str());
    outcome.returnParams = returnText(method, id, {}, tasks::callErrorFor(result.error(), m_name));
    return outcome;
}

// ---- while it runs ---------------------------------------------------------------------------------------------------

void WorkerCore::withStore(std::function<Expected<void>(storage::LocalStore&, std::stop_token)> work, std::function<void(Expected<void>)> done) {
    if (!m_store) return done(Error(ErrorCode::NotRunning, "this worker is still starting"));
    onIoThread(
        m_io, this, [store = m_store.get(), stop = m_stopIo.get_token(), work = std::move(work)] { return work(*store, stop); },
        [this, done = std::move(done)](Expected<void> result) {
            refreshPaths([done, result = std::move(result)] { done(result); });
        });
}

void WorkerCore::refreshPaths(std::function<void()> then) {
    const bool periodic = !then;
    if (!m_store || (periodic && m_pathsPending)) {
        if (then) then();
        return;
    }
    if (periodic) m_pathsPending = true;
    onIoThread(
        m_io, this, [store = m_store.get()] { return store->openPaths(); },
        [this, periodic, then = std::move(then)](std::vector<storage::LocalStore::OpenPath> paths) {
            if (periodic) m_pathsPending = false;
            m_paths = std::move(paths);
            changed(false);
            if (then) then();
        });
}

/// What is left to other programs counts like the limit of a container: neither there nor used.
void WorkerCore::setHost(HostInfo host) {
    m_host = std::move(host);
    const std::uint64_t left = std::min(m_settings.leaveMemory, m_host.memPhysical);
    m_host.memPhysical -= left;
    m_host.memUsed -= std::min(left, m_host.memUsed);
}

/// What the offered tasks prove with, for sectors of the miner's size.
void WorkerCore::supplyParameters() {
    if (!m_settings.fetchParameters || m_stopping || m_minerSession->status().sectorSize == 0) return;
    if (!m_parameters) {
        m_parameters = std::make_unique<ParameterSupply>(ParameterSupply::Settings{m_settings.prover.parameterCache, params::parameterManifest()});
        connect(m_parameters.get(), &ParameterSupply::changed, this, [this] {
            if (m_stopping) return;
            m_runner->lookAgain();
            m_minerSession->registerSoon();
        });
        m_runner->waitFor([this](const tasks::TaskType& type) { return m_parameters ? m_parameters->whyNot(type.name) : std::nullopt; });
    }
    m_parameters->need(sector::PaddedBytes{m_minerSession->status().sectorSize}, circuitsOf(m_taskTypes));
}

void WorkerCore::refreshHost() {
    if (m_hostPending) return;
    m_hostPending = true;
    onIoThread(
        m_io, this, [noSwap = m_settings.noSwap] { return readHostInfo(noSwap); },
        [this](HostInfo host) {
            m_hostPending = false;
            setHost(std::move(host));
            if (m_runner && m_runner->running() == 0) {
                m_idleMemUsed = m_host.memUsed;
                m_idleSwapUsed = m_host.memSwapUsed;
            }
            if (m_runner && !m_stopping) m_runner->setMachine(machineOf(m_host));
            changed(false);
        });
}

void WorkerCore::reportHealth() {
    if (m_healthPending || m_stopping || !m_store) return;
    m_healthPending = true;
    onIoThread(
        m_io, this, [store = m_store.get(), stop = m_stopIo.get_token()] { return store->reportHealth(stop); },
        // A miner that was just restarted refuses the report: the heartbeat sees to that.
        [this](const Expected<void>&) { m_healthPending = false; });
}

std::string WorkerCore::session() const { return m_stopping ? protocol::kZeroUuid : m_session; }

std::string WorkerCore::sessionForMiner() {
    if (m_stopping) {
        m_waitForSeen = false;
        // Leaving waits for this answer to be on its way.
        QMetaObject::invokeMethod(this, &WorkerCore::leaveIfDelivered, Qt::QueuedConnection);
    }
    return session();
}

void WorkerCore::changed(bool atOnce) {
    if (atOnce) {
        // After the current event, so that several changes of one event are one view.
        if (!m_publishTimer.isActive() || m_publishTimer.interval() != 0) m_publishTimer.start(0);
    } else if (!m_publishTimer.isActive()) {
        m_publishTimer.start(kPublishMs);
    }
}

void WorkerCore::watchProgress() {
    const bool moves = m_runner->running() > 0 || m_posts.isBusy();
    if (!moves) m_progressTimer.stop();
    else if (!m_progressTimer.isActive()) m_progressTimer.start(kPublishMs);
}

/// Ten times a second while tasks run; shows a view only when one of them has moved.
void WorkerCore::lookAtProgress() {
    std::string now = m_posts.progressText();
    for (const auto& task : m_calls->current())
        if (task.state == TaskState::Running) now += task.call + task.progress.phase + task.progress.step + std::to_string(task.progress.done) + '\n';
    if (now == m_progressShown) return;
    m_progressShown = std::move(now);
    changed(false);
}

void WorkerCore::publish() {
    const ServiceWatchdog::Operation operation(*m_watchdog, "showing the state");
    m_outlet.view(currentView());
}

} // namespace lsw::worker
