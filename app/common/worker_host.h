// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <QtCore/QObject>

#include <memory>
#include <string>
#include <vector>

namespace lsw::worker {
struct WorkerSettings;
}

namespace lsw::common {

/// The one place that constructs a worker in this process and takes it down again in the right order. The command line and the window both use it.
class WorkerHost : public QObject {
    Q_OBJECT
public:
    explicit WorkerHost(QObject* parent = nullptr);
    ~WorkerHost() override;

    /// Starts a worker with these settings. AlreadyExists when one runs here.
    Expected<void> start(worker::WorkerSettings settings);
    /// Reads the configuration and finds the miner as `run` without flags does, and starts; the notes are what should be told (old names, what lost).
    Expected<std::vector<std::string>> startFromEnvironment();
    /// The running worker, or null.
    worker::WorkerApi* worker() const;
    /// Asks it to stop; `ended` follows.
    void requestStop();

Q_SIGNALS:
    void started();
    /// errorCode −1: stopped on request; else the ErrorCode that ended it.
    void ended(int errorCode, const QString& message);

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::common
