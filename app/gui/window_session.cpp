// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/window_session.h"

#include "common/setup_answers.h"
#include "common/worker_client.h"
#include "gui/practice_panel.h"
#include "gui/wizard/setup_wizard.h"

namespace lsw::gui {

WindowSession::WindowSession(MainWindow& window, QObject* parent) : QObject(parent), m_window(window) {
    connect(&window, &MainWindow::startRequested, this, &WindowSession::startWorker);
    connect(&window, &MainWindow::stopRequested, &m_worker, &common::WorkerHost::requestStop);
    connect(&window, &MainWindow::modeRequested, this, [this](worker::WorkMode mode) {
        if (m_worker.worker()) m_worker.worker()->setMode(mode);
    });
    connect(&window, &MainWindow::setupRequested, this, &WindowSession::openSetup);
    connect(&window, &MainWindow::closing, this, &WindowSession::close);
    connect(&m_worker, &common::WorkerHost::ended, this, [this](int code, const QString& message) {
        m_window.setWorkerRunning(false);
        worker::WorkerView view;
        view.connection = worker::ConnectionState::Stopped;
        m_window.showView(view);
        if (code >= 0) m_window.showStartFailure(static_cast<ErrorCode>(code), message);
        endIfQuiet();
    });

    PracticePanel& panel = window.practice();
    connect(&panel, &PracticePanel::startRequested, this, &WindowSession::startPractice);
    connect(&panel, &PracticePanel::cancelRequested, &m_practice, &common::PracticeHost::cancel);
    connect(&m_practice, &common::PracticeHost::phase, &panel, &PracticePanel::addPhase);
    connect(&m_practice, &common::PracticeHost::progress, &panel, &PracticePanel::setProgress);
    connect(&m_practice, &common::PracticeHost::finished, this, [this](int code, const QString& message) {
        m_window.practice().finish(code, message);
        endIfQuiet();
    });
}

void WindowSession::begin() {
    if (common::isFirstStart(common::workerRepo({}))) openSetup();
    else startWorker();
}

void WindowSession::openSetup() {
    if (m_wizard) {
        m_wizard->raise();
        m_wizard->activateWindow();
        return;
    }
    m_wizard = new SetupWizard(m_window.language(), &m_window);
    m_wizard->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_wizard, &SetupWizard::settled, this, [this] {
        if (m_wizard->startNow()) startWorker();
    });
    connect(m_wizard, &SetupWizard::practiceWanted, &m_window, &MainWindow::openPractice);
    m_wizard->open();
}

void WindowSession::startWorker() {
    const auto notes = m_worker.startFromEnvironment();
    if (!notes) {
        m_window.showStartFailure(notes.error().code(), QString::fromStdString(notes.error().message()));
        return;
    }
    QStringList lines;
    for (const std::string& note : *notes) lines.append(QString::fromStdString(note));
    m_window.showNotes(lines);
    m_window.setWorkerRunning(true);
    connect(m_worker.worker(), &worker::WorkerApi::viewChanged, &m_window, &MainWindow::showView);
    m_window.showView(m_worker.worker()->view());
}

void WindowSession::startPractice(const common::PracticeChoice& choice) {
    const auto started = m_practice.start(choice);
    if (!started) m_window.practice().finish(static_cast<int>(started.error().code()), QString::fromStdString(started.error().message()));
    else m_window.practice().setRunning(true);
}

void WindowSession::close() {
    m_closing = true;
    if (m_wizard) m_wizard->close();
    m_worker.requestStop();
    if (m_practice.isRunning()) m_practice.cancel();
    endIfQuiet();
}

void WindowSession::endIfQuiet() {
    if (m_closing && !m_worker.worker() && !m_practice.isRunning()) Q_EMIT ended();
}

} // namespace lsw::gui
