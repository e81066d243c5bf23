// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "practice/practice_miner.h"
#include "proofs/proof_engine.h"

#include <optional>

#include <boost/json.hpp>

namespace lsw::practice {

struct PracticeSettings {
    std::uint64_t sectorSize = 2048;
    std::filesystem::path file;       ///< the user's data; empty: random bytes
    bool prove = false;
    /// The sector is sealed from zeros, and the data come into it afterwards as an update (SnapDeals).
    bool snap = false;
    /// 2: one adds the data and labels, the other builds the trees and commits, and the finished sector goes to a third path; each transfer
    /// between them must arrive byte for byte.
    int workers = 1;
    std::filesystem::path folder;     ///< holds everything the run makes
    std::filesystem::path parameters; ///< folder of test parameters
    std::string workerProgram;        ///< lotus-seal-worker; started as `run` in a second process
    std::uint64_t sectorNumber = 1;
    std::optional<Bytes32> ticket, seed; ///< absent: random
    int seedWaitMs = 1000;            ///< a real miner waits 150 epochs (75 minutes) for the seed
    int sessionPollMs = 10000;
    int retries = 0;                  ///< a task that fails or is refused is asked for again that often, as a real miner does
};

/// Seals one sector end to end against real worker processes and checks everything that is shown.
///
/// Each phase gives one JSON object ("schema":1,"phase":"pc1",…) through `phase`; progress in between through `progress`.
/// The worker is started again when it dies, and a task that it lost (code 101) is asked for again, as a miner does.
/// thread  the calling thread needs an event loop; `finished` comes once
class PracticeRun : public QObject {
    Q_OBJECT
public:
    PracticeRun(PracticeSettings settings, proofs::ProofEngine& checker, QObject* parent = nullptr);
    ~PracticeRun() override;
    void start();
    void cancel();
    /// The miner of this run, for its switches; null before start and after the end.
    PracticeMiner* miner() const;
    /// Tasks that were asked for again because a worker lost them.
    int tasksAskedAgain() const;

Q_SIGNALS:
    void workerStarted(qint64 pid);
    void workerDied(); ///< a worker is gone whole, and is started again after this
    void phase(const QByteArray& json);       ///< one line
    void progress(const QString& phase, double fraction, const QString& text); ///< fraction −1: unknown
    void finished(int errorCode, const QString& message); ///< −1: success; else an ErrorCode

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::practice
