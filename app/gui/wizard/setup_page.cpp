// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/setup_page.h"

#include "common/worker_client.h"

#include <QtCore/QEvent>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {

SetupPage::SetupPage(common::SetupAnswers& answers) : m_answers(answers), m_jobs(this) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    auto* inner = new QWidget;
    m_column = new QVBoxLayout(inner);
    m_column->setContentsMargins(0, 0, 0, 0);
    area->setWidget(inner);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(area);
}

std::filesystem::path SetupPage::workerFolder() { return common::workerRepo({}); }

void SetupPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWizardPage::changeEvent(event);
}

} // namespace lsw::gui
