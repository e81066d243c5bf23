// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/miner_session.h"

#include <algorithm>

#include <QtCore/QDateTime>
#include <QtCore/QPointer>

#include "protocol/lotus_json.h"

namespace lsw::worker {

using protocol::fromJson;

namespace {

constexpr int kAnswerMs = 15000;   ///< for small questions
constexpr int kConnectMs = 120000; ///< WorkerConnect calls back four times, through a scheduler that may be busy

std::string versionText(std::uint32_t packed) {
    return std::to_string(packed >> 16) + '.' + std::to_string((packed >> 8) & 255) + '.' + std::to_string(packed & 255);
}

} // namespace

MinerSession::MinerSession(protocol::RpcClient& miner, std::string ownUrl, int heartbeatMs, Hooks hooks, QObject* parent)
    : QObject(parent), m_miner(miner), m_ownUrl(std::move(ownUrl)), m_heartbeatMs(heartbeatMs), m_hooks(std::move(hooks)) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_step) (this->*m_step)();
    });
}

void MinerSession::start() {
    become(ConnectionState::Connecting, "");
    probe();
}

void MinerSession::stop() {
    ++m_round;
    m_timer.stop();
    m_step = nullptr;
}

void MinerSession::become(ConnectionState state, std::string detail) {
    if (m_status.state == state && m_status.detail == detail) return;
    m_status.state = state;
    m_status.detail = std::move(detail);
    Q_EMIT statusChanged();
}

void MinerSession::later(int delayMs, void (MinerSession::*step)()) {
    m_step = step;
    m_timer.start(delayMs);
}

void MinerSession::ask(std::string method, boost::json::array params, int timeoutMs, void (MinerSession::*again)(), Answer answer) {
    m_miner.call(
        std::move(method), std::move(params),
        [self = QPointer<MinerSession>(this), round = m_round, again, answer = std::move(answer)](Expected<boost::json::value> result) {
            if (!self || self->m_round != round) return;
            if (result) answer(std::move(*result));
            else self->met(result.error(), again);
        },
        protocol::RpcClient::Channel::Control, timeoutMs);
}

/// What an attempt met, told in the status; the step is tried again.
void MinerSession::met(const Error& error, void (MinerSession::*again)()) {
    const bool wasThere = m_registered || m_status.state == ConnectionState::Lost;
    switch (error.code()) {
    case ErrorCode::PermissionDenied:
        // A wrong token does not become right by asking often, but the miner's owner may yet repair it.
        become(ConnectionState::Refused, "the miner refuses the token: " + error.message());
        later(m_heartbeatMs, again);
        return;
    case ErrorCode::MinerUnreachable:
    case ErrorCode::Timeout:
    case ErrorCode::Cancelled:
        become(wasThere ? ConnectionState::Lost : ConnectionState::Connecting, error.message());
        later(wasThere ? m_heartbeatMs : std::min(1000, m_heartbeatMs), again);
        return;
    default:
        become(wasThere ? ConnectionState::Lost : ConnectionState::Connecting, "the miner answered with an error: " + error.message());
        later(m_heartbeatMs, again);
    }
}

void MinerSession::probe() {
    ask("Filecoin.Version", {}, kAnswerMs, &MinerSession::probe, [this](const boost::json::value& answer) {
        auto version = fromJson<protocol::MinerVersion>(answer);
        if (!version) return met(version.error(), &MinerSession::probe);
        if (version->apiVersion != protocol::kMinerApiVersion) {
            const auto text = "the miner (" + version->version + ") speaks version " + versionText(version->apiVersion) +
                              " of its API, this worker needs exactly " + versionText(protocol::kMinerApiVersion) +
                              ": use the worker that belongs to that miner, or update the miner";
            become(ConnectionState::Incompatible, text);
            Q_EMIT failed(static_cast<int>(ErrorCode::IncompatibleVersion), QString::fromStdString(text));
            return;
        }
        m_status.minerVersion = version->version;
        askActor();
    });
}

void MinerSession::askActor() {
    ask("Filecoin.ActorAddress", {}, kAnswerMs, &MinerSession::probe, [this](const boost::json::value& answer) {
        auto address = fromJson<std::string>(answer);
        if (!address) return met(address.error(), &MinerSession::probe);
        m_status.minerActor = std::move(*address);
        askSectorSize();
    });
}

void MinerSession::askSectorSize() {
    ask("Filecoin.ActorSectorSize", {boost::json::string(m_status.minerActor)}, kAnswerMs, &MinerSession::probe,
        [this](const boost::json::value& answer) {
            auto size = fromJson<std::uint64_t>(answer);
            if (!size) return met(size.error(), &MinerSession::probe);
            m_status.sectorSize = *size;
            askSession();
        });
}

/// The session comes before the storage is declared: a miner that restarts in between shows at the next heartbeat.
void MinerSession::askSession() {
    ask("Filecoin.Session", {}, kAnswerMs, &MinerSession::probe, [this](const boost::json::value& answer) {
        auto session = fromJson<std::string>(answer);
        if (!session) return met(session.error(), &MinerSession::probe);
        m_session = std::move(*session);
        become(ConnectionState::Registering, "declaring the storage paths to the miner");
        declare();
    });
}

void MinerSession::declare() {
    m_hooks.declareStorage(m_declared, [self = QPointer<MinerSession>(this), round = m_round](const Expected<void>& result) {
        if (!self || self->m_round != round) return;
        if (!result) {
            const auto code = result.error().code();
            const bool mayPass = code == ErrorCode::PermissionDenied || code == ErrorCode::MinerUnreachable || code == ErrorCode::Timeout ||
                                 code == ErrorCode::Remote || code == ErrorCode::Cancelled;
            if (mayPass || self->m_declared) return self->met(result.error(), &MinerSession::probe);
            self->become(ConnectionState::Registering, result.error().message());
            Q_EMIT self->failed(static_cast<int>(code), QString::fromStdString(result.error().message()));
            return;
        }
        const bool first = !self->m_declared;
        self->m_declared = true;
        Q_EMIT self->attached();
        self->become(ConnectionState::Registering, first ? "delivering what an earlier run left" : "delivering results and ending the tasks that the miner has forgotten");
        self->beat();
        self->m_hooks.whenCountable([self, round] {
            if (!self || self->m_round != round) return;
            self->m_mayRegister = true;
            self->become(ConnectionState::Registering, "registering");
            self->connectWorker();
        });
    });
}

void MinerSession::beat() {
    ask("Filecoin.Session", {}, std::max(5000, m_heartbeatMs), &MinerSession::beat, [this](const boost::json::value& answer) {
        auto session = fromJson<std::string>(answer);
        if (!session) return met(session.error(), &MinerSession::beat);
        if (*session != m_session) {
            // Another process of the miner: it knows neither us nor our sectors.
            ++m_round;
            m_mayRegister = m_registering = m_registered = false;
            m_status.connectedSinceMs = 0;
            become(ConnectionState::Registering, "the miner was restarted");
            probe();
            return;
        }
        later(m_heartbeatMs, &MinerSession::beat);
        if (m_registered) become(ConnectionState::Connected, "");
        else if (m_mayRegister) connectWorker();
    });
}

void MinerSession::registerSoon() {
    if (m_mayRegister) connectWorker();
}

void MinerSession::connectWorker() {
    if (m_registering || m_registered) return;
    if (std::string why = m_hooks.whyNotYet(); !why.empty()) return become(ConnectionState::Registering, std::move(why));
    m_registering = true;
    m_miner.call(
        "Filecoin.WorkerConnect", {boost::json::string(m_ownUrl)},
        [self = QPointer<MinerSession>(this), round = m_round](const Expected<boost::json::value>& result) {
            if (!self || self->m_round != round) return;
            self->m_registering = false;
            if (!result) {
                // The heartbeat goes on and tries again.
                const bool refused = result.error().code() == ErrorCode::PermissionDenied;
                self->become(refused ? ConnectionState::Refused : ConnectionState::Registering,
                             "the miner did not register this worker: " + result.error().message());
                return;
            }
            self->m_registered = true;
            self->m_status.connectedSinceMs = QDateTime::currentMSecsSinceEpoch();
            self->become(ConnectionState::Connected, "");
            self->m_timer.stop();
            self->beat();
        },
        protocol::RpcClient::Channel::Control, kConnectMs);
}

} // namespace lsw::worker
