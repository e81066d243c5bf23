// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/bench_bed.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QEventLoop>
#include <QtCore/QTimer>

#include "protocol/multiaddr.h"

namespace lsw::practice {
namespace {

constexpr int kStartMs = 60000, kTaskMs = 3600000, kStopMs = 8000;
constexpr std::string_view kRpcPath = "/rpc/v0";

} // namespace

BenchBed::BenchBed(Settings settings, std::stop_token stop) : m_settings(std::move(settings)), m_stop(std::move(stop)) {}

BenchBed::~BenchBed() {
    if (m_asker) m_asker->cancel();
    if (!m_worker) return;
    m_worker->disconnect(this);
    bool stopped = false;
    connect(m_worker.get(), &PracticeWorker::stopped, this, [&] {
        stopped = true;
        wake();
    });
    m_stop = {}; // a stop that was asked for must not cut this short
    m_death.reset();
    m_worker->stop();
    if (!wait([&] { return stopped; }, kStopMs, "ending the worker")) m_worker.reset(); // kills it
}

Expected<double> BenchBed::start() {
    std::error_code failure;
    std::filesystem::create_directories(m_settings.folder, failure);
    if (failure) return errnoError(failure.value(), "cannot make the folder " + m_settings.folder.string());
    PracticeMiner::Settings miner;
    miner.repo = m_settings.folder / "miner";
    miner.sectorSize = m_settings.sectorSize;
    miner.storagePath = m_settings.minerStorage;
    m_miner = std::make_unique<PracticeMiner>(miner);
    LSW_TRY(m_miner->start());
    m_asker = std::make_unique<TaskAsker>(*m_miner);

    QElapsedTimer clock;
    double seconds = 0;
    connect(m_miner.get(), &PracticeMiner::workerConnected, this, [&, this](const QString& session) {
        if (!m_session.empty()) return;
        seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
        m_session = session.toStdString();
        wake();
    });
    PracticeWorker::Settings worker;
    worker.program = m_settings.program;
    worker.minerRepo = m_settings.folder / "miner";
    worker.workerRepo = m_settings.folder / "worker";
    worker.log = m_settings.folder / "worker.log";
    worker.window = m_settings.window;
    worker.environment = m_settings.environment;
    m_worker = std::make_unique<PracticeWorker>(std::move(worker));
    connect(m_worker.get(), &PracticeWorker::started, this, [this](qint64 pid) { m_pid = pid; });
    const auto die = [this](const QString& reason) {
        if (!m_death) m_death = Error(ErrorCode::ChildDied, reason.toStdString());
        wake();
    };
    connect(m_worker.get(), &PracticeWorker::died, this,
            [this, die] { die(QStringLiteral("the worker ended while it was measured: %1").arg(m_worker->lastWords())); });
    connect(m_worker.get(), &PracticeWorker::gaveUp, this, die);
    clock.start();
    m_worker->start();
    const auto registered = wait([this] { return !m_session.empty(); }, kStartMs, "waiting for the worker's registration");
    m_miner->disconnect(this);
    if (!registered) return registered.error();
    m_worker->noteRegistered();
    m_asker->workerReady(m_session);
    return seconds;
}

Expected<protocol::TaskResult> BenchBed::task(const std::string& name, TaskAsker::MakeCall make) {
    const auto result = std::make_shared<std::optional<Expected<protocol::TaskResult>>>(); // may come after we stopped waiting
    m_asker->ask(name, std::move(make), [this, result](Expected<protocol::TaskResult> arrived) {
        *result = std::move(arrived);
        wake();
    });
    const auto waited = wait([&] { return result->has_value(); }, kTaskMs, "waiting for " + name);
    if (!waited) {
        m_asker->cancel();
        return waited.error();
    }
    return std::move(**result);
}

Expected<boost::json::value> BenchBed::ask(const std::string& method, boost::json::array params) {
    const auto result = std::make_shared<std::optional<Expected<boost::json::value>>>(); // may come after we stopped waiting
    m_miner->callWorkerMethod(m_session, method, std::move(params), [this, result](Expected<boost::json::value> answer) {
        *result = std::move(answer);
        wake();
    });
    LSW_TRY(wait([&] { return result->has_value(); }, kStartMs, "waiting for " + method));
    return std::move(**result);
}

Expected<void> BenchBed::pause(int milliseconds) {
    bool over = false;
    QTimer timer;
    timer.setSingleShot(true);
    timer.callOnTimeout(this, [&] {
        over = true;
        wake();
    });
    timer.start(milliseconds);
    return wait([&] { return over; }, milliseconds + kStartMs, "waiting");
}

std::optional<protocol::Endpoint> BenchBed::endpoint() const {
    for (const ConnectedWorker& worker : m_miner->workers()) {
        if (worker.session != m_session) continue;
        auto endpoint = protocol::parseEndpoint(worker.url);
        if (!endpoint) break;
        if (endpoint->path.ends_with(kRpcPath)) endpoint->path.resize(endpoint->path.size() - kRpcPath.size());
        return *endpoint;
    }
    return std::nullopt;
}

std::unique_ptr<protocol::RpcClient> BenchBed::client() const {
    const auto worker = endpoint();
    return worker ? std::make_unique<protocol::RpcClient>(protocol::ApiInfo{m_miner->workerToken(), *worker}) : nullptr;
}

Expected<void> BenchBed::wait(const std::function<bool()>& isDone, int limitMs, const std::string& what) {
    QEventLoop loop;
    m_loop = &loop;
    bool late = false;
    QTimer limit;
    limit.setSingleShot(true);
    limit.callOnTimeout(&loop, [&] {
        late = true;
        loop.quit();
    });
    limit.start(limitMs);
    {
        const std::stop_callback onStop(m_stop, [&loop] {
            QMetaObject::invokeMethod(
                &loop, [&loop] { loop.quit(); }, Qt::QueuedConnection);
        });
        while (!isDone() && !m_death && !late && !m_stop.stop_requested()) loop.exec();
    }
    m_loop = nullptr;
    if (isDone()) return {};
    if (m_death) return Error(*m_death).whileDoing(what);
    if (m_stop.stop_requested()) return Error(ErrorCode::Cancelled, "the bench was stopped");
    return Error(ErrorCode::Timeout, what + " took longer than " + std::to_string(limitMs / 1000) + " s");
}

void BenchBed::wake() {
    if (m_loop) m_loop->quit();
}

} // namespace lsw::practice
