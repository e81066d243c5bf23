// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/miner_client.h"
#include "tasks/call_journal.h"

#include <QtCore/QObject>

namespace lsw::tasks {

/// Delivers finished results to the miner until it accepts them: at most 4 at once, each retried every 5 s for ever.
/// A refusal that says the result is already there counts as accepted. Nothing is dropped.
/// thread  the service thread
class ReturnQueue : public QObject {
    Q_OBJECT
public:
    ReturnQueue(protocol::RpcClient& miner, CallJournal& journal, int retryMs = 5000, QObject* parent = nullptr);
    ~ReturnQueue() override;
    /// The record must be Finished in the journal.
    void deliver(CallRecord finished);
    int undelivered() const;
    /// Stops delivering; what is left stays in the journal for the next start.
    void stop();

Q_SIGNALS:
    void delivered(const QString& uuid);
    void retrying(const QString& uuid, const QString& reason);

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::tasks
