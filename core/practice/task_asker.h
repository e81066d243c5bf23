// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/practice_miner.h"

#include <QtCore/QTimer>

namespace lsw::practice {

/// Asks a worker for one task at a time until it is done, whatever happens to the worker meanwhile.
///
/// A call that was not answered is made again once a worker is there; a task that comes back as lost (code 101) is asked for again.
/// Another failure is the caller's, after as many retries as were given.
/// thread  the miner's event loop
class TaskAsker : public QObject {
    Q_OBJECT
public:
    using MakeCall = std::function<protocol::TaskCall(const std::string& session)>; ///< called for each attempt: a stream serves once
    using Done = std::function<void(Expected<protocol::TaskResult>)>;

    explicit TaskAsker(PracticeMiner& miner, int retries = 0, QObject* parent = nullptr);

    void ask(std::string phase, MakeCall make, Done done);
    void workerReady(const std::string& session);
    void workerGone();
    /// Forgets the running task; its `done` is not called.
    void cancel();
    int askedAgain() const { return m_askedAgain; }
    /// Failures that were met with another try.
    int retried() const { return m_retried; }

Q_SIGNALS:
    /// fraction −1: unknown
    void progress(const QString& phase, double fraction, const QString& text);

private:
    void tryAsk();
    void onReturned(const ArrivedReturn& result);
    void pollProgress();
    void showProgress(const boost::json::value& snapshot);
    void finish(Expected<protocol::TaskResult> result);

    PracticeMiner& m_miner;
    std::string m_session, m_phase, m_uuid;
    MakeCall m_make;
    Done m_done;
    std::map<std::string, ArrivedReturn> m_early; ///< results whose call we do not know (yet)
    QTimer m_retry, m_progress;
    const int m_retries;
    int m_attempt = 0, m_askedAgain = 0, m_refusals = 0, m_retried = 0, m_retriedHere = 0;
};

} // namespace lsw::practice
