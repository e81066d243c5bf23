// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/return_queue.h"

#include <map>

#include <QtCore/QTimer>

namespace lsw::tasks {
namespace {

constexpr int kMostInFlight = 4;
/// A miner that was switched off leaves a connection that never ends; results of tens of MiB over a slow line need their time.
constexpr int kAnswerTimeoutMs = 10 * 60 * 1000;

/// The miner's method for the result of a call.
std::string returnMethodOf(const std::string& method) {
    return "Filecoin.Return" + (method == "DownloadSectorData" ? "DownloadSector" : method);
}

/// Whether the miner refused because it has a result of that call: one for its work already reported, or one waiting to be fetched.
bool saysItIsThere(const Error& error) {
    return error.code() == ErrorCode::Remote && (error.detail().find("already reported") != std::string::npos ||
                                                 error.detail().find("already has a response") != std::string::npos);
}

enum class Step { Ready, Asking, Noting, Waiting };

struct Entry {
    protocol::CallId id;
    std::string method;
    std::string params;
    Step step = Step::Ready;
    bool accepted = false; ///< the miner has it; only the journal is missing
};

} // namespace

class ReturnQueue::Private {
public:
    Private(ReturnQueue& owner, protocol::RpcClient& miner, CallJournal& journal, int retryMs)
        : q(owner), m_miner(miner), m_journal(journal), m_retryMs(retryMs) {}

    /// Starts what may start: the oldest that is ready, while there is room.
    void pump() {
        for (auto& [number, entry] : m_entries) {
            if (m_stopped || m_inFlight >= kMostInFlight) return;
            if (entry.step == Step::Ready) ask(number, entry);
        }
    }

    void ask(std::uint64_t number, Entry& entry) {
        entry.step = Step::Asking;
        ++m_inFlight;
        // As it is stored: reading tens of MiB would keep this thread from answering the miner.
        m_miner.callText(
            returnMethodOf(entry.method), entry.params,
            [this, number, alive = std::weak_ptr<int>(m_alive)](Expected<boost::json::value> answer) {
                if (!alive.expired()) answered(number, std::move(answer));
            },
            protocol::RpcClient::Channel::Returns, kAnswerTimeoutMs);
    }

    void answered(std::uint64_t number, Expected<boost::json::value> answer) {
        --m_inFlight;
        Entry& entry = m_entries.at(number);
        if (answer || saysItIsThere(answer.error())) {
            entry.accepted = true;
            entry.params = std::string(); // may be tens of MiB
            note(number, entry);
        } else {
            waitThenRetry(number, entry, answer.error());
        }
        pump();
    }

    void note(std::uint64_t number, Entry& entry) {
        entry.step = Step::Noting;
        ++m_noting;
        // The destructor waits for the journal, so that the queue is there whenever this runs on its thread.
        m_journal.returned(entry.id, [this, number](Expected<void> result) {
            QMetaObject::invokeMethod(
                &q, [this, number, result = std::move(result)] { noted(number, result); }, Qt::QueuedConnection);
        });
    }

    void noted(std::uint64_t number, const Expected<void>& result) {
        --m_noting;
        const auto entry = m_entries.find(number);
        if (!result) {
            waitThenRetry(number, entry->second, result.error());
            return;
        }
        const QString uuid = QString::fromStdString(entry->second.id.uuid);
        m_entries.erase(entry);
        Q_EMIT q.delivered(uuid);
    }

    void waitThenRetry(std::uint64_t number, Entry& entry, const Error& why) {
        entry.step = Step::Waiting;
        const QString uuid = QString::fromStdString(entry.id.uuid), reason = QString::fromStdString(why.message());
        QTimer::singleShot(m_retryMs, &q, [this, number] {
            if (m_stopped) return;
            Entry& again = m_entries.at(number);
            if (again.accepted) {
                note(number, again);
            } else {
                again.step = Step::Ready;
                pump();
            }
        });
        // Queued, so that whoever listens may call back into the queue.
        QMetaObject::invokeMethod(
            &q, [this, uuid, reason] { Q_EMIT q.retrying(uuid, reason); }, Qt::QueuedConnection);
    }

    ReturnQueue& q;
    protocol::RpcClient& m_miner;
    CallJournal& m_journal;
    const int m_retryMs;
    std::map<std::uint64_t, Entry> m_entries; ///< in the order of delivery; addresses are stable
    std::uint64_t m_next = 0;
    int m_inFlight = 0, m_noting = 0;
    bool m_stopped = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0); ///< the miner client outlives the queue and may answer later
};

ReturnQueue::ReturnQueue(protocol::RpcClient& miner, CallJournal& journal, int retryMs, QObject* parent)
    : QObject(parent), m_private(std::make_unique<Private>(*this, miner, journal, retryMs)) {}

ReturnQueue::~ReturnQueue() {
    m_private->m_alive.reset();
    if (m_private->m_noting > 0) m_private->m_journal.flush();
}

void ReturnQueue::deliver(CallRecord finished) {
    for (const auto& [number, entry] : m_private->m_entries)
        if (entry.id == finished.id) return;
    Entry entry;
    entry.id = std::move(finished.id);
    entry.method = std::move(finished.method);
    entry.params = std::move(finished.returnParams);
    m_private->m_entries.emplace(m_private->m_next++, std::move(entry));
    m_private->pump();
}

int ReturnQueue::undelivered() const { return static_cast<int>(m_private->m_entries.size()); }

void ReturnQueue::stop() { m_private->m_stopped = true; }

} // namespace lsw::tasks
