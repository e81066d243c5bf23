// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/work_page.h"

#include "gui/wizard/setup_text.h"
#include "params/parameter_manifest.h"

#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QLabel>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

const setup::Role& roleAt(int id) { return setup::roles()[static_cast<std::size_t>(id)]; }

} // namespace

WorkPage::WorkPage(common::SetupAnswers& answers) : SetupPage(answers), m_group(new QButtonGroup(this)), m_needs(makeText(QStringLiteral("roleNeeds"))) {
    int id = 0;
    for (const setup::Role& role : setup::roles()) {
        auto* button = new QRadioButton;
        button->setObjectName(QStringLiteral("role_") + QString::fromUtf8(role.name.data(), static_cast<qsizetype>(role.name.size())));
        auto* text = makeText(button->objectName() + QStringLiteral("_text"));
        text->setIndent(24);
        m_group->addButton(button, id++);
        m_texts.push_back(text);
        column()->addWidget(button);
        column()->addWidget(text);
    }
    column()->addSpacing(8);
    column()->addWidget(m_needs);
    column()->addStretch();
    connect(m_group, &QButtonGroup::idToggled, this, &WorkPage::showNeeds);
    retranslate();
}

void WorkPage::initializePage() {
    if (m_group->checkedId() >= 0) return;
    int id = 0;
    for (const setup::Role& role : setup::roles()) {
        if (role.name == m_answers.role) m_group->button(id)->setChecked(true);
        ++id;
    }
    if (m_group->checkedId() < 0) m_group->button(0)->setChecked(true);
}

bool WorkPage::validatePage() {
    m_answers.role = std::string(roleAt(m_group->checkedId()).name);
    return true;
}

void WorkPage::setSectorSize(quint64 bytes) {
    m_sectorSize = bytes;
    showNeeds();
}

void WorkPage::showNeeds() {
    if (m_group->checkedId() < 0) return;
    const setup::Role& role = roleAt(m_group->checkedId());
    if (role.parameters.empty()) {
        m_needs->setText(tr("No proof parameters are needed."));
        return;
    }
    std::uint64_t bytes = 0;
    if (const auto circuits = params::circuitsFor(role.parameters))
        for (const params::ParameterFile& file : params::neededFiles(params::parameterManifest(), {m_sectorSize}, *circuits)) bytes += file.about;
    m_needs->setText(tr("Needs proof parameters, %1 for sectors of %2. They are fetched later, once.").arg(bytesText(bytes), bytesText(m_sectorSize)));
}

void WorkPage::retranslate() {
    setTitle(tr("Work"));
    setSubTitle(tr("Which tasks of sealing this computer takes. It can be changed at any time."));
    for (int id = 0; id < static_cast<int>(m_texts.size()); ++id) {
        m_group->button(id)->setText(roleName(roleAt(id).name));
        m_group->button(id)->setAccessibleDescription(roleText(roleAt(id).name));
        m_texts[static_cast<std::size_t>(id)]->setText(roleText(roleAt(id).name));
    }
    showNeeds();
}

} // namespace lsw::gui
