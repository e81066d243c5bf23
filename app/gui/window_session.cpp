// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/window_session.h"

#include "common/check_questions.h"
#include "common/setup_answers.h"
#include "common/storage_path.h"
#include "common/worker_client.h"
#include "gui/doctor_dialog.h"
#include "gui/practice_panel.h"
#include "gui/wizard/setup_text.h"
#include "gui/wizard/setup_wizard.h"
#include "setup/join_watch.h"

namespace lsw::gui {
namespace {

constexpr std::chrono::seconds kJoinLimit{60};

} // namespace

WindowSession::WindowSession(MainWindow& window, QObject* parent) : QObject(parent), m_window(window), m_jobs(this) {
    connect(&window, &MainWindow::startRequested, this, &WindowSession::startWorker);
    connect(&window, &MainWindow::stopRequested, &m_worker, &common::WorkerHost::requestStop);
    connect(&window, &MainWindow::modeRequested, this, [this](worker::WorkMode mode) {
        if (m_worker.worker()) m_worker.worker()->setMode(mode);
    });
    connect(&window, &MainWindow::setupRequested, this, &WindowSession::openSetup);
    connect(&window, &MainWindow::checkRequested, this, &WindowSession::openDoctor);
    connect(&window, &MainWindow::closing, this, &WindowSession::close);
    connect(&m_worker, &common::WorkerHost::ended, this, [this](int code, const QString& message) {
        m_jobs.stopAll();
        m_window.showNews({});
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
        if (!m_wizard->startNow()) return;
        startWorker();
        if (m_worker.worker()) watchJoin(m_wizard->workersBefore());
    });
    connect(m_wizard, &SetupWizard::practiceWanted, &m_window, &MainWindow::openPractice);
    m_wizard->open();
}

void WindowSession::openDoctor() {
    if (!m_doctor) {
        m_doctor = new DoctorDialog(&m_window);
        m_doctor->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_doctor->show();
    m_doctor->raise();
    m_doctor->activateWindow();
}

void WindowSession::watchJoin(std::optional<setup::WorkerUse> before) {
    m_window.showNews([] { return tr("Waiting until the miner counts this worker …"); });
    m_jobs.start([this, before](const BackgroundJobs::Job& job) {
        common::StartRequest request;
        request.repo = common::workerRepo({});
        request.home = common::plainStoragePath("~");
        const auto question = common::doctorQuestion(request);
        if (!question) return; // the worker that has started could read it
        const setup::JoinReport report = setup::watchJoin(*question, before, kJoinLimit, job.stop());
        job.tell([this, report] { m_window.showNews([report] { return joinText(report); }); });
    });
}

void WindowSession::startWorker() {
    m_jobs.stopAll();
    m_window.showNews({});
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
    m_jobs.stopAll();
    if (m_wizard) m_wizard->close();
    if (m_doctor) m_doctor->close();
    m_worker.requestStop();
    if (m_practice.isRunning()) m_practice.cancel();
    endIfQuiet();
}

void WindowSession::endIfQuiet() {
    if (m_closing && !m_worker.worker() && !m_practice.isRunning()) Q_EMIT ended();
}

} // namespace lsw::gui
