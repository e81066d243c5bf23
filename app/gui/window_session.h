// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/practice_host.h"
#include "common/worker_host.h"
#include "gui/background_jobs.h"
#include "gui/main_window.h"
#include "setup/miner_view.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>

namespace lsw::gui {

class DoctorDialog;
class SetupWizard;

/// Joins the window to a worker and to practice runs of this process: the window's wishes go down, views come up.
class WindowSession : public QObject {
    Q_OBJECT
public:
    explicit WindowSession(MainWindow& window, QObject* parent = nullptr);
    /// What the program begins with: the wizard when nothing was set up yet, else the worker.
    void begin();
    /// Starts a worker for the miner that the settings or the environment tell of; says in the window why, when there is none.
    void startWorker();
    void openSetup();
    void openDoctor();

Q_SIGNALS:
    /// The window was closed and everything has ended.
    void ended();

private:
    void startPractice(const common::PracticeChoice& choice);
    void close();
    void endIfQuiet();
    /// Tells whether the miner counts the worker that was just set up; `before` is what it counted then.
    void watchJoin(std::optional<setup::WorkerUse> before);

    MainWindow& m_window;
    QPointer<SetupWizard> m_wizard;
    QPointer<DoctorDialog> m_doctor;
    BackgroundJobs m_jobs;
    common::WorkerHost m_worker;
    common::PracticeHost m_practice;
    bool m_closing = false;
};

} // namespace lsw::gui
