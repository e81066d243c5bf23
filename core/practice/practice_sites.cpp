// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_run_private.h"

#include <algorithm>

#include <QtCore/QUuid>

#include "practice/stable_port.h"
#include "storage/storage_config.h"

// The practice miner and the worker processes of a run.
namespace lsw::practice {
namespace {

constexpr int kRetryMs = 300, kMaxRefusals = 10;

using Environment = std::map<std::string, std::string>;

/// A worker with a name that offers only these tasks (and what every worker does), as an operator splits the work over machines.
Environment onlyTasks(const std::string& name, std::initializer_list<const char*> flags) {
    Environment out{{"LOTUS_WORKER_NAME", name}, {"LOTUS_WORKER_NO_DEFAULT", "true"}};
    for (const char* flag : flags) out[std::string("LOTUS_WORKER_") + flag] = "true";
    return out;
}

} // namespace

void PracticeRun::Private::startMiner() {
    begin("start", s.workers > 1 ? "starting the practice miner and two workers" : "starting the practice miner and a worker");
    storage::PathMetadata store;
    store.id = storeId = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    store.canSeal = false;
    store.canStore = true;
    std::error_code failure;
    std::filesystem::create_directories(s.folder / "store", failure);
    if (failure) return end(errnoError(failure.value(), "cannot make the storage path"));
    if (auto written = storage::writePathMetadata(s.folder / "store", store); !written) return end(std::move(written).error());

    PracticeMiner::Settings settings;
    settings.repo = s.folder / "miner";
    settings.sectorSize = s.sectorSize;
    settings.sessionPollMs = s.sessionPollMs;
    settings.port = stablePort();
    miner = std::make_unique<PracticeMiner>(settings);
    if (auto started = miner->start(); !started) return end(std::move(started).error());
    QObject::connect(miner.get(), &PracticeMiner::workerConnected, q, [this](const QString& id) { onConnected(id.toStdString()); });

    if (s.workers > 1) {
        addSite("w1", "worker", onlyTasks("w1", {"ADDPIECE", "PRECOMMIT1", "UNSEAL", "REPLICA_UPDATE", "REGEN_SECTOR_KEY"}));
        addSite("w2", "worker-2", s.prove ? onlyTasks("w2", {"PRECOMMIT2", "COMMIT", "PROVE_REPLICA_UPDATE2"}) : onlyTasks("w2", {"PRECOMMIT2"}));
    } else {
        addSite({}, "worker", {});
    }
    for (const auto& site : sites) site->worker->start();
}

void PracticeRun::Private::addSite(std::string name, const char* folder, Environment environment) {
    auto made = std::make_unique<Site>();
    Site* site = made.get();
    site->name = std::move(name);
    site->folder = folder;
    site->asker = std::make_unique<TaskAsker>(*miner, s.retries);
    QObject::connect(site->asker.get(), &TaskAsker::progress, q, &PracticeRun::progress);
    PracticeWorker::Settings settings;
    settings.program = s.workerProgram;
    settings.minerRepo = s.folder / "miner";
    settings.workerRepo = s.folder / folder;
    settings.log = s.folder / (std::string(folder) + ".log");
    settings.parameters = s.parameters;
    settings.prove = s.prove;
    settings.environment = std::move(environment);
    site->worker = std::make_unique<PracticeWorker>(std::move(settings));
    QObject::connect(site->worker.get(), &PracticeWorker::started, q, &PracticeRun::workerStarted);
    QObject::connect(site->worker.get(), &PracticeWorker::died, q, [this, site] {
        site->session.clear();
        site->asker->workerGone();
        Q_EMIT q->workerDied();
    });
    QObject::connect(site->worker.get(), &PracticeWorker::gaveUp, q,
                     [this](const QString& reason) { end(Error(ErrorCode::ChildDied, reason.toStdString())); });
    sites.push_back(std::move(made));
}

void PracticeRun::Private::onConnected(const std::string& id) {
    if (ended) return;
    const auto workers = miner->workers();
    const auto known = std::find_if(workers.begin(), workers.end(), [&](const ConnectedWorker& worker) { return worker.session == id; });
    if (known == workers.end()) return;
    for (const auto& site : sites) {
        if (!site->name.empty() && site->name != known->info.hostname) continue;
        site->session = id;
        site->worker->noteRegistered();
        if (site == sites.front()) addStore(*site);
        else siteReady(*site);
        return;
    }
}

/// A worker's own folder only seals; a second path, which stores, is given to the first one as an operator does it with `storage attach`.
void PracticeRun::Private::addStore(Site& site) {
    const std::string id = site.session;
    const auto isOver = [this, &site, id] { return ended || id != site.session; };
    const auto again = [this, &site, isOver] { QTimer::singleShot(kRetryMs, q, [this, &site, isOver] { if (!isOver()) addStore(site); }); };
    miner->callWorkerMethod(id, "Filecoin.StorageLocal", {}, [this, &site, id, isOver, again](Expected<boost::json::value> answer) {
        if (isOver()) return;
        const auto* paths = answer ? answer->if_object() : nullptr;
        if (!paths) return again();
        if (paths->contains(storeId)) return siteReady(site);
        miner->callWorkerMethod(id, "Filecoin.StorageAddLocal", {boost::json::value((s.folder / "store").string())},
                                [this, again](Expected<boost::json::value> added) {
                                    if (!added && added.error().code() == ErrorCode::Remote && ++storeRefusals >= kMaxRefusals + s.retries)
                                        return end(std::move(added).error().whileDoing("giving the worker its storage path"));
                                    again();
                                });
    });
}

void PracticeRun::Private::siteReady(Site& site) {
    site.isReady = true;
    site.asker->workerReady(site.session);
    if (ready || !std::all_of(sites.begin(), sites.end(), [](const auto& one) { return one->isReady; })) return;
    ready = true;
    boost::json::array workers;
    for (const ConnectedWorker& worker : miner->workers()) {
        boost::json::array types(worker.taskTypes.begin(), worker.taskTypes.end());
        workers.push_back(boost::json::object{{"name", worker.info.hostname}, {"session", worker.session}, {"task_types", std::move(types)}});
    }
    emitPhase({{"worker", first().session},
               {"workers", std::move(workers)},
               {"proof", (*sector::proofInfo(ref.proof))->name},
               {"sector_size", s.sectorSize},
               {"folder", s.folder.string()}});
    next();
}

void PracticeRun::Private::stopSites(const std::function<void()>& then) {
    if (sites.empty()) return then();
    const auto left = std::make_shared<std::size_t>(sites.size());
    for (const auto& site : sites) {
        QObject::connect(site->worker.get(), &PracticeWorker::stopped, q, [left, then] {
            if (--*left == 0) then();
        });
        site->worker->stop();
    }
}

int PracticeRun::Private::askedAgain() const {
    int sum = askedAgainBefore;
    for (const auto& site : sites)
        if (site->asker) sum += site->asker->askedAgain();
    return sum;
}

} // namespace lsw::practice
