// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/ready_page.h"

#include "common/login_start.h"
#include "gui/command_box.h"
#include "gui/view_text.h"
#include "gui/wizard/setup_text.h"

#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>
#include <QtWidgets/QWizard>

namespace lsw::gui {
namespace {

QString stepText(const common::SetupStep& step) {
    using Kind = common::SetupStep::Kind;
    const QString subject = QString::fromStdString(step.subject);
    switch (step.kind) {
    case Kind::KeepConnection:
        return subject.isEmpty() ? ReadyPage::tr("The connection with its token is kept in the keychain of the system")
                                 : ReadyPage::tr("The connection with its token is kept in %1, which only you can read; it is not encrypted").arg(subject);
    case Kind::WriteSettings: return ReadyPage::tr("The settings are written to %1").arg(subject);
    case Kind::MakeStorage: return ReadyPage::tr("%1 becomes a storage path").arg(subject);
    case Kind::StartAtLogin: return ReadyPage::tr("The window is started when you log in, by %1").arg(subject);
    case Kind::NotAtLogin: return ReadyPage::tr("The window is no longer started when you log in: %1 is removed").arg(subject);
    case Kind::ChooseGateways: return ReadyPage::tr("The gateways are chosen for %1").arg(subject);
    }
    return {};
}

} // namespace

ReadyPage::ReadyPage(common::SetupAnswers& answers, const common::PresentSetup& present)
    : SetupPage(answers), m_present(present), m_summary(makeText(QStringLiteral("summary"))), m_steps(makeText(QStringLiteral("steps"))),
      m_trouble(makeText(QStringLiteral("setupTrouble"))), m_command(new CommandBox(QStringLiteral("setupCommand"))), m_service(new CommandBox(QStringLiteral("serviceLines"))),
      m_start(new QCheckBox), m_login(new QCheckBox) {
    m_login->setObjectName(QStringLiteral("startAtLogin"));
    m_start->setObjectName(QStringLiteral("startNow"));
    m_start->setChecked(true);
    setFinalPage(true);
    column()->addWidget(m_summary);
    column()->addSpacing(8);
    column()->addWidget(m_steps);
    column()->addWidget(m_trouble);
    column()->addSpacing(8);
    column()->addWidget(m_start);
    column()->addWidget(m_login);
    column()->addSpacing(8);
    column()->addWidget(m_command);
    column()->addWidget(m_service);
    column()->addStretch();
    connect(m_start, &QCheckBox::toggled, this, [this] { retranslate(); });
    connect(m_login, &QCheckBox::toggled, this, [this](bool on) {
        if (m_answers.startAtLogin == on) return;
        m_answers.startAtLogin = on;
        plan();
    });
    retranslate();
}

void ReadyPage::initializePage() {
    m_login->setChecked(m_answers.startAtLogin);
    plan();
}

void ReadyPage::plan() {
    m_jobs.stopAll();
    m_isPlanned = m_isWorking = m_isDone = false;
    m_error.clear();
    m_planned.clear();
    showPlan();
    Q_EMIT completeChanged();
    m_jobs.start([this, answers = m_answers, repo = workerFolder()](const BackgroundJobs::Job& job) {
        auto planned = common::plannedSetup(answers, repo);
        job.tell([this, planned = std::move(planned)] {
            m_isPlanned = planned.hasValue();
            if (planned) m_planned = *planned;
            else m_error = QString::fromStdString(planned.error().message());
            showPlan();
            Q_EMIT completeChanged();
        });
    });
}

bool ReadyPage::isComplete() const { return m_isPlanned && !m_isWorking; }

bool ReadyPage::startNow() const { return m_start->isChecked(); }

bool ReadyPage::validatePage() {
    if (m_isDone) return true;
    if (m_isWorking) return false;
    m_isWorking = true;
    m_error.clear();
    showPlan();
    Q_EMIT completeChanged();
    m_jobs.start([this, answers = m_answers, repo = workerFolder()](const BackgroundJobs::Job& job) {
        auto done = common::carryOutSetup(answers, repo);
        job.tell([this, done = std::move(done)] {
            m_isWorking = false;
            m_isDone = done.hasValue();
            if (!done) m_error = QString::fromStdString(done.error().message());
            showPlan();
            Q_EMIT completeChanged();
            if (m_isDone) Q_EMIT carriedOut();
        });
    });
    return false;
}

void ReadyPage::showPlan() {
    QStringList lines;
    lines << tr("Miner: %1").arg(m_answers.keepMiner            ? QString::fromStdString(m_present.miner)
                                 : m_answers.connection.empty() ? QString::fromStdString(m_answers.minerRepo)
                                                               : QString::fromStdString(m_answers.connection.substr(m_answers.connection.find(':') + 1)));
    lines << tr("This computer listens on %1").arg(QString::fromStdString(m_answers.listen)) +
                 (m_answers.advertise.empty() ? QString() : tr(" and is reached at %1").arg(QString::fromStdString(m_answers.advertise)));
    lines << tr("Work: %1").arg(roleName(m_answers.role));
    for (const std::string& one : m_answers.sealPaths.empty() && m_answers.storePaths.empty() ? std::vector<std::string>{workerFolder().string()} : m_answers.sealPaths)
        lines << tr("Sealing in %1").arg(QString::fromStdString(one));
    for (const std::string& one : m_answers.storePaths) lines << tr("Long-term storage in %1").arg(QString::fromStdString(one));
    m_summary->setText(lines.join(QLatin1Char('\n')));
    QString steps;
    for (const common::SetupStep& one : m_planned) steps += QStringLiteral("• ") + stepText(one) + QLatin1Char('\n');
    m_steps->setText(m_isWorking   ? tr("Setting up …")
                     : m_isPlanned ? (m_planned.empty() ? tr("Everything is as wanted already; nothing has to be changed.") : tr("What will be done:") + QLatin1Char('\n') + steps.trimmed())
                                   : QString());
    m_command->setCommand(tr("The same as a command line:"), QString::fromStdString(common::setupCommand(m_answers)));
    m_trouble->setText(m_error);
    m_trouble->setVisible(!m_error.isEmpty());
}

void ReadyPage::retranslate() {
    setTitle(tr("Ready"));
    setSubTitle(tr("Nothing has been changed so far. All of it can be changed later."));
    m_start->setText(tr("&Start the worker now"));
    m_login->setText(tr("Start with this &window whenever I log in"));
    m_service->setCommand(tr("For a computer where nobody logs in, a service does it without the window; type this in a terminal:"),
                          QString::fromStdString(common::userServiceLines(workerFolder())));
    setButtonText(QWizard::FinishButton, startNow() ? tr("&Start worker") : tr("&Save"));
    showPlan();
}

} // namespace lsw::gui
