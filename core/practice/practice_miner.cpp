// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_miner.h"

#include <algorithm>
#include <chrono>
#include <sys/statvfs.h>

#include <QtCore/QDateTime>
#include <QtCore/QPointer>
#include <QtCore/QThreadPool>
#include <QtCore/QTimer>
#include <QtCore/QUuid>

#include "practice/connected_workers.h"
#include "practice/fault_switch.h"
#include "practice/miner_returns.h"
#include "practice/piece_pusher.h"
#include "practice/practice_index.h"
#include "practice/practice_repo.h"
#include "practice/worker_accounts.h"
#include "protocol/http_server.h"
#include "protocol/jwt.h"
#include "protocol/lotus_json.h"
#include "sector/sector_files.h"
#include "storage/fetch_server.h"
#include "storage/http_transfer.h"
#include "storage/storage_config.h"
#include "tasks/task_type.h"

namespace lsw::practice {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using protocol::HttpReply;
using protocol::RpcRespond;

constexpr const char* kVersion = "v1.36.2+practice";

std::string newUuid() { return QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString(); }

std::int64_t steadyMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string utcText() { return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString(); }

/// The permissions in the order in which the token has them.
Expected<value> permissionsOf(const Bytes& secret, const std::string& token) {
    if (auto allowed = protocol::verifyToken(secret, token); !allowed) return std::move(allowed).error();
    const std::size_t first = token.find('.'), second = token.find('.', first + 1);
    auto payload = fromBase64Url(std::string_view(token).substr(first + 1, second - first - 1));
    if (!payload) return std::move(payload).error();
    boost::system::error_code wrong;
    const value json = boost::json::parse(asText(*payload), wrong);
    const auto* parsed = wrong ? nullptr : json.if_object();
    const auto* allow = parsed ? parsed->if_contains("Allow") : nullptr;
    if (!allow || !allow->is_array()) return Error(ErrorCode::Corrupt, "the token has no list of permissions");
    return *allow;
}

protocol::FsStat statOf(const std::filesystem::path& folder) {
    protocol::FsStat out;
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) return out;
    out.capacity = static_cast<std::int64_t>(info.f_blocks * info.f_frsize);
    out.available = out.fsAvailable = static_cast<std::int64_t>(info.f_bavail * info.f_frsize);
    return out;
}

struct Job {
    std::string session;
    protocol::CallId id;
    protocol::SectorRef sector;
    std::string taskType, start;
    bool isKept = false; ///< over a restart of the miner
    protocol::FileType reads{}, writes{}; ///< what is locked for it
};

/// The statistics of a path from whoever serves it; blocks.
Expected<value> statAt(const std::vector<std::string>& urls, const std::string& id, const std::string& token, const std::stop_token& stop) {
    Error last(ErrorCode::NotFound, "no known URLs for remote storage " + id);
    for (const std::string& url : urls) {
        storage::HttpTransfer transfer({"GET", url + "/stat/" + id, token, {}, {}}, stop);
        const auto head = transfer.head();
        if (!head) {
            last = head.error();
            continue;
        }
        const std::string text = transfer.someText(4096);
        boost::system::error_code wrong;
        value stat = boost::json::parse(text, wrong);
        if (head->status == 200 && !wrong) return stat;
        last = Error(ErrorCode::Remote, "fsstat: got http " + std::to_string(head->status) + ": " + text);
    }
    return last;
}

} // namespace

class PracticeMiner::Private {
public:
    Private(PracticeMiner* owner, Settings given)
        : q(owner), settings(std::move(given)), index(steadyMs), returns([this](const ArrivedReturn& result) { arrived(result); }) {}

    Expected<void> open(std::uint16_t wantedPort);
    Expected<void> serve();
    void close();
    void addMethods();
    void addStats();
    std::vector<WorkerAccount::Task> tasksOf(const std::string& worker) const;
    void forgetWorkers();
    void addStorage();
    void handle(const protocol::HttpHead& head, const std::string& body, const protocol::Permissions& permissions,
                const std::function<void(HttpReply)>& reply);
    void doIt(Fault fault, const std::string& peer, const std::string& body, const protocol::Permissions& permissions,
              const std::function<void(HttpReply)>& reply);
    void arrived(const ArrivedReturn& result);
    Expected<void> attachOwnPath();
    storage::FetchSource fetchSource();

    PracticeMiner* q;
    Settings settings;
    Faults faults;
    std::optional<PracticeRepo> repo;
    PracticeIndex index;
    MinerReturns returns;
    protocol::MethodTable methods;
    std::unique_ptr<ConnectedWorkers> workers;
    std::unique_ptr<PiecePusher> pusher;
    std::unique_ptr<protocol::HttpServer> server;
    std::uint16_t port = 0;
    std::string session, ownPathId;
    std::map<std::string, int> counts;
    std::vector<Job> jobs;
    std::stop_source stop;
    QThreadPool statCalls; ///< asking workers for the statistics of their paths; ends before what it uses
};

Expected<void> PracticeMiner::Private::open(std::uint16_t wantedPort) {
    auto opened = PracticeRepo::open(settings.repo);
    if (!opened) return std::move(opened).error();
    repo = *std::move(opened);
    methods = {};
    addMethods();
    addStats();
    addStorage();
    addIndexMethods(methods, index);
    returns.addMethods(methods);
    port = wantedPort;
    return serve();
}

Expected<void> PracticeMiner::Private::serve() {
    session = newUuid();
    index.clear();
    returns.forgetAll();
    forgetWorkers();
    pusher = std::make_unique<PiecePusher>();
    workers = std::make_unique<ConnectedWorkers>(q->workerToken(), settings.sessionPollMs);
    QObject::connect(workers.get(), &ConnectedWorkers::connected, q, &PracticeMiner::workerConnected);
    QObject::connect(workers.get(), &ConnectedWorkers::lost, q, &PracticeMiner::workerLost);

    protocol::HttpServer::Options options;
    options.port = port;
    const auto authorize = [secret = repo->secret()](const std::string& token,
                                                     const std::function<void(Expected<protocol::Permissions>)>& done) {
        if (token.empty())
            done(protocol::Permissions{"read"});
        else
            done(protocol::verifyToken(secret, token));
    };
    protocol::HttpRoute rpc;
    rpc.prefix = "/rpc/v0";
    rpc.exact = true;
    rpc.webSocket = true; // as a miner's, though no worker asks for it
    rpc.handle = [this](protocol::HttpHead head, std::string body, protocol::Permissions permissions,
                        std::function<void(HttpReply)> reply) {
        QMetaObject::invokeMethod(
            q,
            [this, head = std::move(head), body = std::move(body), permissions = std::move(permissions), reply = std::move(reply)] {
                handle(head, body, permissions, reply);
            },
            Qt::QueuedConnection);
    };
    std::vector<protocol::HttpRoute> routes{std::move(rpc)};
    if (!settings.storagePath.empty()) routes.push_back(storage::fetchRoute(fetchSource(), "write"));
    server = std::make_unique<protocol::HttpServer>(options, authorize, std::move(routes));
    auto bound = server->start();
    if (!bound) {
        server.reset();
        return std::move(bound).error().whileDoing("starting the practice miner");
    }
    port = *bound;
    LSW_TRY(attachOwnPath());
    return repo->publish(port);
}

void PracticeMiner::Private::close() {
    if (server) server->stop(std::chrono::milliseconds(20));
    server.reset();
    pusher.reset();
    workers.reset();
    if (repo) repo->withdraw();
}

Expected<void> PracticeMiner::Private::attachOwnPath() {
    if (settings.storagePath.empty()) return {};
    std::error_code failure;
    for (const sector::FileType type : sector::kFileTypes)
        std::filesystem::create_directories(settings.storagePath / sector::fileTypeName(type), failure);
    if (failure) return errnoError(failure.value(), "cannot make the storage path " + settings.storagePath.string());
    auto metadata = storage::readPathMetadata(settings.storagePath);
    if (!metadata) {
        storage::PathMetadata fresh;
        fresh.id = newUuid();
        fresh.canSeal = false;
        fresh.canStore = true;
        LSW_TRY(storage::writePathMetadata(settings.storagePath, fresh));
        LSW_TRY(storage::writeStorageConfig(settings.repo, {settings.storagePath.string()}));
        metadata = fresh;
    }
    protocol::StorageInfo info;
    info.id = ownPathId = metadata->id;
    info.urls = {"http://127.0.0.1:" + std::to_string(port) + "/remote"};
    info.weight = metadata->weight;
    info.maxStorage = metadata->maxStorage;
    info.canSeal = metadata->canSeal;
    info.canStore = metadata->canStore;
    LSW_TRY(index.attach(info, statOf(settings.storagePath)));
    for (const sector::FileType type : sector::kFileTypes)
        for (const auto& entry : std::filesystem::directory_iterator(settings.storagePath / sector::fileTypeName(type), failure))
            if (const auto id = sector::parseSectorName(entry.path().filename().string())) index.declare(info.id, *id, type, info.canStore);
    return {};
}

storage::FetchSource PracticeMiner::Private::fetchSource() {
    const std::filesystem::path root = settings.storagePath;
    const auto place = [root](protocol::SectorId sector, protocol::FileType type) {
        return root / sector::fileTypeName(type) / sector::sectorName(sector);
    };
    storage::FetchSource source;
    source.find = [place](protocol::SectorId sector, protocol::FileType type) -> std::optional<std::filesystem::path> {
        std::error_code ignored;
        if (!std::filesystem::exists(place(sector, type), ignored)) return std::nullopt;
        return place(sector, type);
    };
    source.stat = [this, root](const std::string& id) -> Expected<protocol::FsStat> {
        if (id != ownPathId) return Error(ErrorCode::NotFound, "no such storage path");
        return statOf(root);
    };
    source.remove = [this, place](protocol::SectorId sector, protocol::FileType type,
                                  const std::vector<std::string>& keepIn) -> Expected<void> {
        if (std::find(keepIn.begin(), keepIn.end(), ownPathId) != keepIn.end()) return {};
        std::error_code failure;
        if (std::filesystem::remove_all(place(sector, type), failure) == 0)
            return Error(ErrorCode::NotFound, "the sector file is not here");
        QMetaObject::invokeMethod(q, [this, sector, type] { index.drop(ownPathId, sector, type); }, Qt::QueuedConnection);
        return {};
    };
    return source;
}

void PracticeMiner::Private::addMethods() {
    const auto add = [this](const char* name, std::size_t count, const char* permission, protocol::MethodTable::Handler body) {
        methods.add(std::string("Filecoin.") + name, count, permission, std::move(body));
    };
    const auto authVerify = [this](const array& params, const RpcRespond& respond) {
        auto token = protocol::fromJson<std::string>(params[0]);
        if (!token) respond(std::move(token).error());
        else respond(permissionsOf(repo->secret(), *token));
    };
    add("Version", 0, "read", [](const array&, const RpcRespond& respond) {
        respond(value(object{{"Version", kVersion}, {"APIVersion", protocol::kMinerApiVersion}, {"BlockDelay", 30}, {"Agent", "lotus"}}));
    });
    add("Session", 0, "read", [this](const array&, const RpcRespond& respond) { respond(value(session)); });
    add("ActorAddress", 0, "read",
        [this](const array&, const RpcRespond& respond) { respond(value("f0" + std::to_string(settings.actor))); });
    add("ActorSectorSize", 1, "read", [this](const array&, const RpcRespond& respond) { respond(value(settings.sectorSize)); });
    add("RuntimeSubsystems", 0, "read", [](const array&, const RpcRespond& respond) {
        respond(value(array{"Mining", "Sealing", "SectorStorage"}));
    });
    add("AuthVerify", 1, "read", authVerify);
    add("StorageAuthVerify", 1, "read", authVerify);
    add("AuthNew", 1, "admin", [this](const array& params, const RpcRespond& respond) {
        auto allow = protocol::fromJson<std::vector<std::string>>(params[0]);
        if (!allow) return respond(std::move(allow).error());
        const std::string token = q->tokenWith(*allow);
        respond(value(toBase64(asBytes(token))));
    });
    add("WorkerConnect", 1, "admin", [this](const array& params, const RpcRespond& respond) {
        auto url = protocol::fromJson<std::string>(params[0]);
        if (!url) return respond(std::move(url).error());
        workers->connectTo(*url, [respond](Expected<void> result) {
            if (!result) respond(std::move(result).error());
            else respond(value(nullptr));
        });
    });
}

void PracticeMiner::Private::addStorage() {
    methods.add("Filecoin.StorageLocal", 0, "admin", [this](const array&, const RpcRespond& respond) {
        object out;
        if (!ownPathId.empty()) out[ownPathId] = settings.storagePath.string();
        respond(value(std::move(out)));
    });
    // What is not here is asked for where it is: by the addresses that the path was attached with.
    methods.add("Filecoin.StorageStat", 1, "admin", [this](const array& params, const RpcRespond& respond) {
        const auto id = protocol::fromJson<std::string>(params[0]);
        if (!id) return respond(id.error());
        if (*id == ownPathId && !ownPathId.empty()) return respond(protocol::toJson(statOf(settings.storagePath)));
        const auto info = index.info(*id);
        if (!info) return respond(Error(info.error()).whileDoing("getting remote storage info"));
        statCalls.start([this, id = *id, urls = info->urls, token = q->workerToken(), stop = stop.get_token(), respond] {
            auto stat = statAt(urls, id, token, stop);
            QMetaObject::invokeMethod(q, [respond, stat = std::move(stat)] { respond(stat); }, Qt::QueuedConnection);
        });
    });
}

std::vector<WorkerAccount::Task> PracticeMiner::Private::tasksOf(const std::string& worker) const {
    std::vector<WorkerAccount::Task> out;
    for (const Job& job : jobs)
        if (job.session == worker) out.push_back({job.taskType, job.sector.proof});
    return out;
}

/// The work that a miner has written down waits for its result over a restart, without a worker; the rest is asked for anew.
void PracticeMiner::Private::forgetWorkers() {
    std::erase_if(jobs, [](const Job& job) { return !job.isKept; });
    for (Job& job : jobs) {
        job.session = protocol::kZeroUuid;
        job.reads = job.writes = protocol::FileType::None; // locks are in memory
    }
}

void PracticeMiner::Private::addStats() {
    methods.add("Filecoin.WorkerStats", 0, "admin", [this](const array&, const RpcRespond& respond) {
        object out;
        for (const ConnectedWorker& worker : workers->list()) {
            array types;
            for (const std::string& type : worker.taskTypes) types.push_back(value(type));
            object taskCounts;
            const auto given = tasksOf(worker.session);
            const WorkerAccount account(worker.info, given);
            for (const Job& job : jobs) {
                if (job.session != worker.session) continue;
                value& count = taskCounts[std::to_string(static_cast<std::int64_t>(job.sector.proof)) + ':' + job.taskType];
                count = (count.is_int64() ? count.as_int64() : 0) + 1;
            }
            out[worker.session] = object{{"Info", protocol::toJson(worker.info)},
                                         {"Tasks", std::move(types)},
                                         {"Enabled", worker.enabled},
                                         {"MemUsedMin", account.memoryMin()},
                                         {"MemUsedMax", account.memoryMax()},
                                         {"GpuUsed", account.gpus()},
                                         {"CpuUse", account.cpus()},
                                         {"TaskCounts", std::move(taskCounts)}};
        }
        respond(value(std::move(out)));
    });
    methods.add("Filecoin.WorkerJobs", 0, "admin", [this](const array&, const RpcRespond& respond) {
        object out;
        for (const Job& job : jobs) {
            value& list = out[job.session];
            if (!list.is_array()) list = array();
            list.as_array().push_back(object{{"ID", protocol::toJson(job.id)},
                                             {"Sector", protocol::toJson(job.id.sector)},
                                             {"Task", job.taskType},
                                             {"RunWait", job.session == protocol::kZeroUuid ? -1 : 0},
                                             {"Start", job.start}});
        }
        respond(value(std::move(out)));
    });
}

void PracticeMiner::Private::handle(const protocol::HttpHead& head, const std::string& body, const protocol::Permissions& permissions,
                                    const std::function<void(HttpReply)>& reply) {
    boost::system::error_code wrong;
    const value json = boost::json::parse(body, wrong);
    const auto* request = wrong ? nullptr : json.if_object();
    const auto* name = request ? request->if_contains("method") : nullptr;
    std::string method = name && name->is_string() ? std::string(name->get_string()) : std::string();
    if (method.starts_with("Filecoin.")) method.erase(0, 9);
    ++counts[method];
    Q_EMIT q->called(QString::fromStdString(method), QByteArray::fromStdString(body));
    const Fault fault = takeFault(faults, method);
    if (fault == Fault::Unauthorized) return reply({401, {}, {}, {}});
    if (fault == Fault::DropConnection) {
        dropConnectionTo(head.peer);
        return reply({500, {}, {}, {}});
    }
    if (fault == Fault::Refuse) {
        const auto* id = request->if_contains("id");
        const object answer{
            {"error", object{{"code", 1}, {"message", "refused on purpose"}}}, {"id", id ? *id : value(nullptr)}, {"jsonrpc", "2.0"}};
        return reply({200, "application/json", boost::json::serialize(answer) + '\n', {}});
    }
    const int late = latenessMs(faults, method);
    if (late <= 0) return doIt(fault, head.peer, body, permissions, reply);
    QTimer::singleShot(late, q, [this, fault, peer = head.peer, body, permissions, reply] { doIt(fault, peer, body, permissions, reply); });
}

void PracticeMiner::Private::doIt(Fault fault, const std::string& peer, const std::string& body, const protocol::Permissions& permissions,
                                  const std::function<void(HttpReply)>& reply) {
    methods.dispatch(body, permissions, [fault, peer, reply](protocol::RpcReply answer) {
        if (fault == Fault::DropAfterDoing) dropConnectionTo(peer);
        reply({answer.httpStatus, "application/json", std::move(answer.body), {}});
    });
}

void PracticeMiner::Private::arrived(const ArrivedReturn& result) {
    std::erase_if(jobs, [&](const Job& job) {
        if (job.id != result.id) return false;
        index.locks().unlock(job.sector.id, job.reads, job.writes);
        return true;
    });
    Q_EMIT q->returned(result);
    if (workers) workers->pollNow();
}

PracticeMiner::PracticeMiner(Settings settings, QObject* parent)
    : QObject(parent), m_private(std::make_unique<Private>(this, std::move(settings))) {
    qRegisterMetaType<lsw::practice::ArrivedReturn>();
}

PracticeMiner::~PracticeMiner() {
    m_private->stop.request_stop();
    m_private->statCalls.waitForDone();
    stop();
}

Expected<void> PracticeMiner::start() {
    if (m_private->server) return Error(ErrorCode::AlreadyExists, "this practice miner runs already");
    return m_private->open(m_private->settings.port);
}

void PracticeMiner::stop() {
    m_private->close();
    m_private->repo.reset();
}

Expected<void> PracticeMiner::restart() {
    // Stopped before: there is no repo any more, but the port is the one it had.
    if (!m_private->repo) return m_private->open(m_private->port);
    m_private->close();
    return m_private->serve();
}

std::uint16_t PracticeMiner::port() const { return m_private->port; }

std::string PracticeMiner::apiInfo() const {
    return (m_private->repo ? m_private->repo->token() : std::string()) + ":/ip4/127.0.0.1/tcp/" + std::to_string(port()) + "/http";
}

std::string PracticeMiner::tokenWith(const std::vector<std::string>& allow) const {
    return m_private->repo ? protocol::makeToken(m_private->repo->secret(), allow) : std::string();
}

std::string PracticeMiner::workerToken() const { return tokenWith({"admin"}); }

Faults& PracticeMiner::faults() { return m_private->faults; }

std::vector<ConnectedWorker> PracticeMiner::workers() const {
    return m_private->workers ? m_private->workers->list() : std::vector<ConnectedWorker>();
}

bool PracticeMiner::hasRoomFor(const std::string& session, std::string_view taskType, sector::SealProof proof) const {
    const auto given = m_private->tasksOf(session);
    for (const ConnectedWorker& worker : workers())
        if (worker.session == session) return WorkerAccount(worker.info, given).hasRoomFor(taskType, proof);
    return false;
}

std::map<std::string, int> PracticeMiner::callCounts() const { return m_private->counts; }

std::map<std::string, std::vector<protocol::SectorStorageInfo>> PracticeMiner::holders(protocol::SectorId sector) const {
    std::map<std::string, std::vector<protocol::SectorStorageInfo>> out;
    for (const sector::FileType type : sector::kFileTypes)
        if (auto found = m_private->index.find(sector, type, 0, false); found && !found->empty())
            out[std::string(sector::fileTypeName(type))] = *std::move(found);
    return out;
}

std::size_t PracticeMiner::owedResults() const { return m_private->jobs.size(); }

std::map<std::string, std::vector<protocol::SectorDeclaration>> PracticeMiner::declarations() const { return m_private->index.list(); }

void PracticeMiner::callWorkerMethod(const std::string& session, const std::string& method, boost::json::array params,
                                     std::function<void(Expected<boost::json::value>)> done) {
    protocol::RpcClient* client = m_private->workers ? m_private->workers->client(session) : nullptr;
    if (!client) {
        QMetaObject::invokeMethod(
            this, [done = std::move(done), session] { done(Error(ErrorCode::NotFound, "no worker has the session " + session)); },
            Qt::QueuedConnection);
        return;
    }
    client->call(method, std::move(params), std::move(done));
}

void PracticeMiner::callWorker(const std::string& session, const protocol::TaskCall& call,
                               std::function<void(Expected<protocol::CallId>)> done) {
    const auto [reads, writes] = locksOf(call);
    const Job job{session, {}, protocol::callSector(call), std::string(tasks::typeOf(call).name), utcText(),
                  MinerReturns::isKept(protocol::returnMethod(call)), reads, writes};
    const std::string method = "Filecoin." + std::string(protocol::callMethod(call));
    callWorkerMethod(session, method, protocol::callParams(call),
                     [this, method, job, done = std::move(done), alive = QPointer<PracticeMiner>(this)](Expected<value> answer) {
                         if (!answer) return done(std::move(answer).error());
                         auto id = protocol::fromJson<protocol::CallId>(*answer);
                         if (id && alive) Q_EMIT taken(QString::fromStdString(method), QString::fromStdString(id->uuid));
                         if (id && alive && !m_private->returns.has(*id)) {
                             m_private->jobs.push_back(job);
                             Job& running = m_private->jobs.back();
                             running.id = *id;
                             // One that somebody asks for while another has the sector runs all the same: who asks here knows what it does.
                             if (!m_private->index.locks().tryLock(running.sector.id, running.reads, running.writes).valueOr(false))
                                 running.reads = running.writes = protocol::FileType::None;
                         }
                         done(std::move(id));
                     });
}

protocol::ReaderStream PracticeMiner::pushFile(const std::string& session, const std::filesystem::path& file, std::uint64_t size) {
    const std::string uuid = newUuid();
    if (protocol::RpcClient* client = m_private->workers ? m_private->workers->client(session) : nullptr)
        m_private->pusher->push(client->server().endpoint.url("/rpc/streams/v0/push/" + uuid), file, size);
    return {"push", uuid};
}

} // namespace lsw::practice
