// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/miner_client.h"
#include "tasks/call_journal.h"

#include <QtCore/QObject>

namespace lsw::tasks {

/// Delivers finished results to the miner until it accepts them: at most 4 at once, the oldest first, each retried every 5 s for ever.
///
/// A refusal that says the result is already there counts as accepted: it comes when the answer to an earlier delivery was lost.
/// Every other refusal is retried, since the miner may be mended. Nothing is dropped: what the miner accepted is gone from here
/// once the journal has noted it, and while that fails (a full disk), noting is retried, not the delivery.
/// thread  the service thread; miner and journal outlive the queue
/// source  lotus v1.36 storage/sealer/worker_local.go, storage/sealer/manager.go
class ReturnQueue : public QObject {
    Q_OBJECT
public:
    ReturnQueue(protocol::RpcClient& miner, CallJournal& journal, int retryMs = 5000, QObject* parent = nullptr);
    /// Waits until the journal has noted what the miner accepted.
    ~ReturnQueue() override;
    /// The record must be Finished in the journal. One that is in the queue already is ignored.
    void deliver(CallRecord finished);
    /// How many results the miner has not accepted yet, or the journal not noted.
    int undelivered() const;
    /// Stops delivering; what is left stays in the journal for the next start. An acceptance that still comes in is noted.
    void stop();

Q_SIGNALS:
    /// The miner has it and the journal knows.
    void delivered(const QString& uuid);
    /// It failed for this once and is tried again.
    void retrying(const QString& uuid, const QString& reason);

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::tasks
