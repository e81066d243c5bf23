// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/practice_miner.h"
#include "protocol/miner_client.h"

#include <QtCore/QPointer>
#include <QtCore/QTimer>

namespace lsw::practice {

/// The workers that registered: the call-backs of WorkerConnect, then a Session every few seconds as a miner asks it.
///
/// thread  the miner's event loop
class ConnectedWorkers : public QObject {
    Q_OBJECT
public:
    ConnectedWorkers(std::string token, int pollMs, QObject* parent = nullptr);
    ~ConnectedWorkers() override; ///< answers what is on its way with Cancelled

    /// Calls Version, Session, Info, TaskTypes and Session once more; `done` answers WorkerConnect.
    void connectTo(const std::string& url, std::function<void(Expected<void>)> done);
    std::vector<ConnectedWorker> list() const;
    /// Null when no worker has the session.
    protocol::RpcClient* client(const std::string& session) const;
    void pollNow();

Q_SIGNALS:
    void connected(const QString& session);
    void lost(const QString& session);

private:
    struct Entry {
        ConnectedWorker worker;
        std::shared_ptr<protocol::RpcClient> client;
    };
    struct Attempt;
    void askNext(const std::shared_ptr<Attempt>& attempt);
    void accept(const std::shared_ptr<Attempt>& attempt);
    void poll(const std::string& session);
    void remove(const std::string& session);

    std::string m_token;
    std::vector<Entry> m_entries;
    std::vector<std::weak_ptr<Attempt>> m_attempts;
    QTimer m_timer;
};

} // namespace lsw::practice
