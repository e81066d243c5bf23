// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/check_page.h"

#include "gui/doctor_panel.h"

#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {

CheckPage::CheckPage(common::SetupAnswers& answers) : SetupPage(answers), m_panel(new DoctorPanel) {
    column()->addWidget(m_panel);
    connect(m_panel, &DoctorPanel::againWanted, this, &CheckPage::examine);
    connect(m_panel, &DoctorPanel::runningChanged, this, [this] {
        Q_EMIT completeChanged();
        if (m_panel->miner() && m_panel->miner()->sectorSize) Q_EMIT sectorSizeKnown(*m_panel->miner()->sectorSize);
    });
    retranslate();
}

void CheckPage::initializePage() {
    if (m_hasRun && m_examined == m_answers) return;
    m_panel->clear();
    examine();
}

void CheckPage::cleanupPage() {
    m_panel->stop();
    m_hasRun = false;
}

bool CheckPage::isComplete() const { return !m_panel->isRunning(); }

const std::optional<setup::MinerView>& CheckPage::miner() const { return m_panel->miner(); }

void CheckPage::examine() {
    m_hasRun = true;
    m_examined = m_answers;
    m_panel->examine([answers = m_answers, repo = workerFolder()] { return Expected<setup::DoctorQuestion>(common::doctorQuestion(answers, repo)); });
}

void CheckPage::retranslate() {
    setTitle(tr("Check the connection"));
    setSubTitle(tr("Each check builds on those before. Nothing at the miner is changed by them. You may go on with what failed, and come back later."));
}

} // namespace lsw::gui
