// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/connected_workers.h"

#include <algorithm>
#include <array>

#include "protocol/lotus_json.h"
#include "protocol/multiaddr.h"

namespace lsw::practice {
namespace {

constexpr int kSessionTimeoutMs = 5000;
constexpr std::uint64_t kVersionMask = 0xFFFF00; ///< the patch number may differ

constexpr std::array<const char*, 5> kCallbacks{"Version", "Session", "Info", "TaskTypes", "Session"};

std::string versionText(std::uint64_t packed) {
    return std::to_string(packed >> 16 & 0xFF) + '.' + std::to_string(packed >> 8 & 0xFF) + '.' + std::to_string(packed & 0xFF);
}

} // namespace

/// One registration on its way.
struct ConnectedWorkers::Attempt {
    Entry entry;
    std::function<void(Expected<void>)> done;
    std::size_t step = 0;
};

ConnectedWorkers::ConnectedWorkers(std::string token, int pollMs, QObject* parent) : QObject(parent), m_token(std::move(token)) {
    connect(&m_timer, &QTimer::timeout, this, &ConnectedWorkers::pollNow);
    m_timer.start(pollMs);
}

ConnectedWorkers::~ConnectedWorkers() {
    // Their call-backs find no entry and no attempt to go on with.
    for (const Entry& entry : std::exchange(m_entries, {})) entry.client->cancelAll();
    for (const std::weak_ptr<Attempt>& running : std::exchange(m_attempts, {}))
        if (const auto attempt = running.lock()) attempt->entry.client->cancelAll();
}

void ConnectedWorkers::connectTo(const std::string& url, std::function<void(Expected<void>)> done) {
    auto endpoint = protocol::parseEndpoint(url);
    if (!endpoint) {
        done(std::move(endpoint).error().whileDoing("connecting remote storage failed: creating jsonrpc client"));
        return;
    }
    constexpr std::string_view kRpcPath = "/rpc/v0";
    if (endpoint->path.ends_with(kRpcPath)) endpoint->path.resize(endpoint->path.size() - kRpcPath.size());
    auto attempt = std::make_shared<Attempt>();
    attempt->entry.worker.url = url;
    // The last reference may go in one of the client's own call-backs.
    attempt->entry.client.reset(new protocol::RpcClient({m_token, *endpoint}), [](protocol::RpcClient* client) { client->deleteLater(); });
    attempt->done = std::move(done);
    std::erase_if(m_attempts, [](const std::weak_ptr<Attempt>& one) { return one.expired(); });
    m_attempts.push_back(attempt);
    askNext(attempt);
}

void ConnectedWorkers::askNext(const std::shared_ptr<Attempt>& attempt) {
    if (attempt->step == kCallbacks.size()) {
        accept(attempt);
        return;
    }
    const std::string method = kCallbacks.at(attempt->step);
    attempt->entry.client->call(
        "Filecoin." + method, {}, [this, attempt, method, alive = QPointer<ConnectedWorkers>(this)](Expected<boost::json::value> answer) {
            if (!alive) return;
            const auto refuse = [&](Error error) { attempt->done(std::move(error)); };
            if (!answer)
                return refuse(std::move(answer).error().whileDoing("connecting remote storage failed: asking the worker for " + method));
            ConnectedWorker& worker = attempt->entry.worker;
            if (method == "Version") {
                const auto version = protocol::fromJson<std::uint64_t>(*answer);
                if (!version) return refuse(version.error());
                if ((*version & kVersionMask) != (protocol::kWorkerApiVersion & kVersionMask))
                    return refuse(Error(ErrorCode::IncompatibleVersion,
                                        "connecting remote storage failed: unsupported worker api version: " + versionText(*version) +
                                            " (expected " + versionText(protocol::kWorkerApiVersion) + ')'));
            } else if (method == "Session") {
                const auto session = protocol::fromJson<std::string>(*answer);
                if (!session) return refuse(session.error());
                if (*session == protocol::kZeroUuid)
                    return refuse(Error(ErrorCode::NotRunning, "getting worker session: worker already closed"));
                worker.session = *session;
            } else if (method == "Info") {
                auto info = protocol::fromJson<protocol::WorkerInfo>(*answer);
                if (!info) return refuse(std::move(info).error());
                worker.info = *std::move(info);
            } else {
                const auto* types = answer->if_object();
                if (!types) return refuse(Error(ErrorCode::Corrupt, "the worker's task types are no object"));
                for (const auto& type : *types) worker.taskTypes.insert(std::string(type.key()));
            }
            ++attempt->step;
            askNext(attempt);
        });
}

void ConnectedWorkers::accept(const std::shared_ptr<Attempt>& attempt) {
    const ConnectedWorker worker = attempt->entry.worker;
    std::vector<std::string> outdated;
    for (const Entry& entry : m_entries)
        if (entry.worker.url == worker.url && entry.worker.session != worker.session) outdated.push_back(entry.worker.session);
    for (const std::string& session : outdated) remove(session);
    // The same session a second time changes nothing: a worker may register again when it did not hear our answer.
    const auto known =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.worker.session == worker.session; });
    if (known == m_entries.end()) m_entries.push_back(attempt->entry);
    attempt->done({});
    Q_EMIT connected(QString::fromStdString(worker.session));
}

std::vector<ConnectedWorker> ConnectedWorkers::list() const {
    std::vector<ConnectedWorker> out;
    for (const Entry& entry : m_entries) out.push_back(entry.worker);
    return out;
}

protocol::RpcClient* ConnectedWorkers::client(const std::string& session) const {
    for (const Entry& entry : m_entries)
        if (entry.worker.session == session) return entry.client.get();
    return nullptr;
}

void ConnectedWorkers::pollNow() {
    for (const ConnectedWorker& worker : list()) poll(worker.session);
}

void ConnectedWorkers::poll(const std::string& session) {
    client(session)->call(
        "Filecoin.Session", {},
        [this, session, alive = QPointer<ConnectedWorkers>(this)](Expected<boost::json::value> answer) {
            if (!alive) return;
            const auto known =
                std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.worker.session == session; });
            if (known == m_entries.end()) return;
            const auto now = answer ? protocol::fromJson<std::string>(*answer) : Expected<std::string>(std::move(answer).error());
            known->worker.enabled = now.hasValue();
            if (now && *now != session) remove(session);
        },
        protocol::RpcClient::Channel::Control, kSessionTimeoutMs);
}

void ConnectedWorkers::remove(const std::string& session) {
    std::erase_if(m_entries, [&](const Entry& entry) { return entry.worker.session == session; });
    Q_EMIT lost(QString::fromStdString(session));
}

} // namespace lsw::practice
