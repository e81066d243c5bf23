// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/purpose_page.h"

#include "gui/language.h"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {

PurposePage::PurposePage(common::SetupAnswers& answers, Language& language)
    : SetupPage(answers), m_language(language), m_languageLabel(new QLabel), m_workText(makeText(QStringLiteral("workText"))),
      m_practiceText(makeText(QStringLiteral("practiceText"))), m_languages(new QComboBox), m_work(new QRadioButton), m_practice(new QRadioButton) {
    m_languages->setObjectName(QStringLiteral("languages"));
    m_work->setObjectName(QStringLiteral("purposeWork"));
    m_practice->setObjectName(QStringLiteral("purposePractice"));
    for (const Language::Known& one : Language::known()) m_languages->addItem(one.label, one.name);
    m_languages->setCurrentIndex(m_languages->findData(m_language.current()));
    m_languageLabel->setBuddy(m_languages);
    m_work->setChecked(true);

    auto* row = new QHBoxLayout;
    row->addWidget(m_languageLabel);
    row->addWidget(m_languages);
    row->addStretch();
    column()->addLayout(row);
    column()->addSpacing(12);
    for (const auto& [button, text] : {std::pair{m_work, m_workText}, {m_practice, m_practiceText}}) {
        QFont bold = button->font();
        bold.setBold(true);
        button->setFont(bold);
        text->setIndent(24);
        column()->addWidget(button);
        column()->addWidget(text);
        column()->addSpacing(8);
    }
    column()->addStretch();

    connect(m_languages, &QComboBox::activated, this, [this](int index) { m_language.use(m_languages->itemData(index).toString(), true); });
    connect(m_practice, &QRadioButton::toggled, this, [this] { setFinalPage(isPractice()); });
    retranslate();
}

bool PurposePage::isPractice() const { return m_practice->isChecked(); }

int PurposePage::nextId() const { return isPractice() ? -1 : QWizardPage::nextId(); }

void PurposePage::setKnown() {
    m_isKnown = true;
    Q_EMIT completeChanged();
}

void PurposePage::retranslate() {
    setTitle(tr("Language and purpose"));
    setSubTitle(tr("Sealing means turning data into sectors of a Filecoin miner: much computing, which this computer can take over."));
    m_languageLabel->setText(tr("&Language:"));
    m_languages->setAccessibleName(tr("Language"));
    m_work->setText(tr("&Work for my miner"));
    m_workText->setText(tr("There is a lotus-miner, on this computer or in the same network. This computer shall seal for it."));
    m_practice->setText(tr("&Practise here"));
    m_practiceText->setText(tr("One small sector is sealed end to end with a practice miner: no network, no real miner, a few minutes."));
    m_languages->setCurrentIndex(m_languages->findData(m_language.current()));
    setButtonText(QWizard::FinishButton, tr("&Practise"));
}

} // namespace lsw::gui
