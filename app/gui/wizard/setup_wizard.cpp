// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/setup_wizard.h"

#include "common/worker_client.h"
#include "gui/wizard/address_page.h"
#include "gui/wizard/check_page.h"
#include "gui/wizard/miner_listen_dialog.h"
#include "gui/wizard/miner_page.h"
#include "gui/wizard/parameters_page.h"
#include "gui/wizard/purpose_page.h"
#include "gui/wizard/ready_page.h"
#include "gui/wizard/storage_page.h"
#include "gui/wizard/work_page.h"

#include <QtCore/QEvent>
#include <QtCore/QSettings>

namespace lsw::gui {
namespace {

const QString kPageKey = QStringLiteral("setup/page"), kAnswersKey = QStringLiteral("setup/answers");

} // namespace

SetupWizard::SetupWizard(Language& language, QWidget* parent)
    : QWizard(parent), m_jobs(this), m_purpose(new PurposePage(m_answers, language)), m_check(new CheckPage(m_answers)),
      m_ready(new ReadyPage(m_answers, m_present)) {
    setObjectName(QStringLiteral("setupWizard"));
    setWizardStyle(QWizard::ClassicStyle);
    setOption(QWizard::NoBackButtonOnStartPage);
    auto* miner = new MinerPage(m_answers, m_present);
    setPage(Purpose, m_purpose);
    setPage(Miner, miner);
    auto* work = new WorkPage(m_answers, m_present);
    auto* storage = new StoragePage(m_answers, m_present);
    auto* parameters = new ParametersPage(m_answers, m_present);
    setPage(Check, m_check);
    setPage(Address, new AddressPage(m_answers));
    setPage(Work, work);
    setPage(Storage, storage);
    setPage(Parameters, parameters);
    setPage(Ready, m_ready);
    resize(800, 600);
    connect(m_check, &CheckPage::sectorSizeKnown, work, &WorkPage::setSectorSize);
    connect(m_check, &CheckPage::sectorSizeKnown, storage, &StoragePage::setSectorSize);
    connect(m_check, &CheckPage::sectorSizeKnown, parameters, &ParametersPage::setSectorSize);
    connect(m_ready, &ReadyPage::carriedOut, this, &QDialog::accept);
    connect(miner, &MinerPage::openMinerWanted, this, [this](const QString& repo) {
        MinerListenDialog dialog(repo.toStdString(), this);
        dialog.exec();
    });
    retranslate();
    begin();
}

SetupWizard::~SetupWizard() = default;

bool SetupWizard::startNow() const { return m_ready->startNow(); }

std::optional<setup::WorkerUse> SetupWizard::workersBefore() const {
    const auto& miner = m_check->miner();
    return miner && miner->workersUnknown.empty() ? std::optional(setup::workerUse(*miner)) : std::nullopt;
}

bool SetupWizard::isUnfinished() { return QSettings().contains(kPageKey); }

/// The first page waits for what is set up now: the others begin with it.
void SetupWizard::begin() {
    m_jobs.start([this, repo = common::workerRepo({})](const BackgroundJobs::Job& job) {
        auto present = common::presentSetup(repo);
        job.tell([this, present = std::move(present)] {
            m_present = present;
            m_answers = present.answers;
            if (!present.isConfigured) {
                m_answers.listen.clear(); // the page of the address has a better one
                m_answers.fetchParameters = true;
            }
            resume();
            m_purpose->setKnown();
        });
    });
}

void SetupWizard::resume() {
    QSettings settings;
    if (!settings.contains(kPageKey)) return;
    if (const auto kept = common::parseAnswers(settings.value(kAnswersKey).toString().toStdString())) m_answers = *kept;
    int page = settings.value(kPageKey).toInt();
    if (m_answers.minerRepo.empty() && !m_answers.keepMiner) page = std::min<int>(page, Miner); // the token is not kept
    // Through the pages before it, whose answers are known: they are what Back goes through.
    restart();
    m_isResuming = true;
    while (currentId() < page && nextId() >= 0) next();
    m_isResuming = false;
}

bool SetupWizard::validateCurrentPage() { return m_isResuming || QWizard::validateCurrentPage(); }

void SetupWizard::keep() const {
    QSettings settings;
    settings.setValue(kPageKey, currentId());
    settings.setValue(kAnswersKey, QString::fromStdString(common::answersText(m_answers)));
}

void SetupWizard::done(int result) {
    if (result == QDialog::Accepted) {
        if (!validateCurrentPage()) return; // it is being carried out, or failed
        QSettings().remove(QStringLiteral("setup"));
        QWizard::done(result);
        if (m_purpose->isPractice()) Q_EMIT practiceWanted();
        else Q_EMIT settled();
        return;
    }
    if (currentId() > Purpose) keep();
    QWizard::done(result);
}

void SetupWizard::retranslate() {
    setWindowTitle(tr("Set up this worker"));
    setButtonText(QWizard::BackButton, tr("&Back"));
    setButtonText(QWizard::NextButton, tr("&Next"));
    setButtonText(QWizard::CancelButton, tr("Cancel"));
}

void SetupWizard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWizard::changeEvent(event);
}

} // namespace lsw::gui
