// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/miner_client.h"
#include "worker/worker_api.h"

#include <QtCore/QTimer>

namespace lsw::worker {

/// Keeps this worker registered with its miner: finds it, checks its version, has the storage paths declared, calls
/// WorkerConnect, asks for its session every heartbeat, and does all of it again when the session shows that it was restarted.
///
/// It never gives up: what the last attempt met is in the status. Only another API version and storage that cannot be
/// opened end it (`failed`).
///
/// thread  the service thread
/// source  lotus v1.36 cli/worker/worker.go (the connection loop)
class MinerSession : public QObject {
    Q_OBJECT
public:
    struct Hooks {
        /// Attaches the storage paths to the miner's index and declares what lies there. `again`: they are open already.
        std::function<void(bool again, std::function<void(Expected<void>)> done)> declareStorage;
        /// Calls back once the miner may register this worker: a restarted one counts our resources from nothing.
        std::function<void(std::function<void()> ready)> whenCountable;
        /// Why this worker does not register yet, in a sentence; empty when it may.
        std::function<std::string()> whyNotYet;
    };
    struct Status {
        ConnectionState state = ConnectionState::NotStarted;
        std::string detail;
        std::string minerVersion, minerActor;
        std::uint64_t sectorSize = 0;
        std::int64_t connectedSinceMs = 0;
    };

    /// `ownUrl` is what the miner calls us by ("http://10.0.0.5:3456/rpc/v0").
    MinerSession(protocol::RpcClient& miner, std::string ownUrl, int heartbeatMs, Hooks hooks, QObject* parent = nullptr);

    void start();
    void stop();
    const Status& status() const { return m_status; }
    /// The miner is about to ask for our resources, which it keeps.
    bool isRegistering() const { return m_registering; }
    /// Registers, if that is all that is missing: what whyNotYet told is over, or has other figures.
    void registerSoon();

Q_SIGNALS:
    void statusChanged();
    /// The miner knows our storage: results of earlier runs may be returned now. Comes again after each restart of the miner.
    void attached();
    void failed(int errorCode, const QString& message);

private:
    using Answer = std::function<void(boost::json::value)>;
    void ask(std::string method, boost::json::array params, int timeoutMs, void (MinerSession::*again)(), Answer answer);
    void probe();
    void askActor();
    void askSectorSize();
    void askSession();
    void declare();
    void beat();
    void connectWorker();
    void met(const Error& error, void (MinerSession::*again)());
    void later(int delayMs, void (MinerSession::*step)());
    void become(ConnectionState state, std::string detail);

    protocol::RpcClient& m_miner;
    std::string m_ownUrl;
    int m_heartbeatMs;
    Hooks m_hooks;
    Status m_status;
    QTimer m_timer;
    void (MinerSession::*m_step)() = nullptr;
    std::string m_session;         ///< of the miner's process
    bool m_declared = false;       ///< the storage was opened once
    bool m_mayRegister = false, m_registering = false, m_registered = false;
    std::uint64_t m_round = 0;     ///< grows with each restart of the miner (and at stop): answers of an older round are void
};

} // namespace lsw::worker
