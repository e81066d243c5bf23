// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <QtCore/QObject>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace lsw::common {

/// What the person chose for a practice run.
struct PracticeChoice {
    std::uint64_t sectorSize = 2048;
    std::filesystem::path file;    ///< empty: random bytes
    bool prove = false;
    bool snap = false;             ///< seal zeros first and bring the data in by an update
    int workers = 1;               ///< 2: the phases are split over two workers, and the sector travels between them
    std::filesystem::path keep;    ///< keep the files here; empty: a temporary folder that is removed
};

/// Runs practice (core/practice) for the command line and the window: makes the folders, the engine that checks, the run; removes what need not stay.
/// thread  needs an event loop
class PracticeHost : public QObject {
    Q_OBJECT
public:
    explicit PracticeHost(QObject* parent = nullptr);
    ~PracticeHost() override;
    /// StorageUnavailable, NoSpace, NotInstalled (the worker program or the prover), InvalidArgument (file larger than the sector).
    Expected<void> start(const PracticeChoice& choice);
    void cancel();
    bool isRunning() const;

Q_SIGNALS:
    void phase(const QByteArray& json);
    void progress(const QString& phase, double fraction, const QString& text);
    void finished(int errorCode, const QString& message); ///< −1: success

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace lsw::common
