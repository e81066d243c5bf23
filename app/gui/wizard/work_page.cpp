// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/work_page.h"

#include "common/settings.h"
#include "gui/command_box.h"
#include "gui/wizard/setup_text.h"
#include "params/parameter_manifest.h"

#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

constexpr int kMostAtOnce = 1000;
constexpr int kAsNow = 1000; ///< the id of what is no role

const setup::Role& roleAt(int id) { return setup::roles()[static_cast<std::size_t>(id)]; }

QString limitName(const std::string& key) {
    if (key == "max-pc1") return WorkPage::tr("PreCommit &1 at once:");
    if (key == "max-pc2") return WorkPage::tr("PreCommit &2 at once:");
    if (key == "max-c2") return WorkPage::tr("&Commit 2 at once:");
    return WorkPage::tr("&Gives way to other programs (nice):");
}

} // namespace

WorkPage::WorkPage(common::SetupAnswers& answers, const common::PresentSetup& present)
    : SetupPage(answers), m_present(present), m_group(new QButtonGroup(this)), m_asNow(new QRadioButton), m_needs(makeText(QStringLiteral("roleNeeds"))),
      m_command(new CommandBox(QStringLiteral("runCommand"))) {
    const auto add = [this](QRadioButton* button, const QString& name, int id) {
        button->setObjectName(name);
        auto* text = makeText(name + QStringLiteral("_text"));
        text->setIndent(24);
        m_group->addButton(button, id);
        m_texts.push_back(text);
        column()->addWidget(button);
        column()->addWidget(text);
    };
    int id = 0;
    for (const setup::Role& role : setup::roles()) add(new QRadioButton, QStringLiteral("role_") + QString::fromUtf8(role.name.data(), static_cast<qsizetype>(role.name.size())), id++);
    add(m_asNow, QStringLiteral("role_asNow"), kAsNow);
    m_asNow->setVisible(false);
    m_texts.back()->setVisible(false);

    auto* grid = new QGridLayout;
    grid->setColumnStretch(4, 1);
    for (const char* key : {"max-pc1", "max-pc2", "max-c2", "nice"}) {
        const auto place = static_cast<int>(m_limits.size());
        Limit limit{key, new QLabel, new QSpinBox};
        limit.box->setObjectName(QLatin1String(key));
        limit.box->setRange(0, limit.key == "nice" ? static_cast<int>(common::settingNamed(key)->most) : kMostAtOnce);
        limit.label->setBuddy(limit.box);
        grid->addWidget(limit.label, place / 2, place % 2 * 2);
        grid->addWidget(limit.box, place / 2, place % 2 * 2 + 1);
        m_limits.push_back(limit);
        connect(limit.box, &QSpinBox::valueChanged, this, [this, place] {
            m_limits[static_cast<std::size_t>(place)].isTouched = true;
            showCommand();
        });
    }
    column()->addSpacing(8);
    column()->addLayout(grid);
    column()->addWidget(m_needs);
    column()->addWidget(m_command);
    column()->addStretch();
    connect(m_group, &QButtonGroup::idToggled, this, [this](int, bool on) {
        if (!on) return;
        showLimits();
        showNeeds();
        showCommand();
    });
    retranslate();
}

void WorkPage::initializePage() {
    if (m_isShown) return;
    m_isShown = true;
    const bool hasNoRole = m_present.isConfigured && m_present.answers.role.empty();
    m_asNow->setVisible(hasNoRole);
    m_texts.back()->setVisible(hasNoRole);
    for (Limit& limit : m_limits)
        if (const auto given = m_answers.settings.find(limit.key); given != m_answers.settings.end()) {
            limit.box->setValue(std::atoi(given->second.c_str()));
            limit.isTouched = true;
        }
    int id = 0;
    if (hasNoRole && m_answers.role.empty()) m_asNow->setChecked(true);
    for (const setup::Role& role : setup::roles()) {
        if (role.name == m_answers.role) m_group->button(id)->setChecked(true);
        ++id;
    }
    if (m_group->checkedId() < 0) m_group->button(0)->setChecked(true);
}

std::string WorkPage::role() const {
    const int id = m_group->checkedId();
    return id < 0 || id == kAsNow ? std::string() : std::string(roleAt(id).name);
}

int WorkPage::usual(const std::string& key) const {
    if (const auto role = setup::roleNamed(this->role())) {
        if (key == "max-pc1") return (*role)->maxPreCommit1;
        if (key == "max-pc2") return (*role)->maxPreCommit2;
        if (key == "max-c2") return (*role)->maxCommit2;
    }
    return std::atoi(common::settingNamed(key)->fallback.c_str());
}

void WorkPage::showLimits() {
    for (Limit& limit : m_limits) {
        if (limit.isTouched) continue;
        limit.box->setValue(usual(limit.key));
        limit.isTouched = false; // it was not a person
    }
}

void WorkPage::put(common::SetupAnswers& answers) const {
    answers.role = role();
    for (const Limit& limit : m_limits) {
        // What was never said and is what it would be anyway need not be said.
        if (limit.box->value() == usual(limit.key) && !m_present.answers.settings.contains(limit.key)) answers.settings.erase(limit.key);
        else answers.settings[limit.key] = std::to_string(limit.box->value());
    }
}

bool WorkPage::validatePage() {
    put(m_answers);
    return true;
}

void WorkPage::setSectorSize(quint64 bytes) {
    m_sectorSize = bytes;
    showNeeds();
}

void WorkPage::showNeeds() {
    if (m_group->checkedId() < 0) return;
    const std::string proven = role().empty() ? m_present.proven : std::string(roleAt(m_group->checkedId()).parameters);
    if (proven.empty()) {
        m_needs->setText(tr("No proof parameters are needed."));
        return;
    }
    std::uint64_t bytes = 0;
    if (const auto circuits = params::circuitsFor(proven))
        for (const params::ParameterFile& file : params::neededFiles(params::parameterManifest(), {m_sectorSize}, *circuits)) bytes += file.about;
    m_needs->setText(tr("Needs proof parameters, %1 for sectors of %2. They are fetched later, once.").arg(bytesText(bytes), bytesText(m_sectorSize)));
}

void WorkPage::showCommand() {
    if (m_group->checkedId() < 0) return;
    common::SetupAnswers chosen;
    put(chosen);
    m_command->setCommand(tr("What these choices mean as a command line:"), QString::fromStdString(common::runCommand(chosen)));
}

void WorkPage::retranslate() {
    setTitle(tr("Work"));
    setSubTitle(tr("Which tasks of sealing this computer takes. It can be changed at any time."));
    for (int id = 0; id < static_cast<int>(setup::roles().size()); ++id) {
        m_group->button(id)->setText(roleName(roleAt(id).name));
        m_group->button(id)->setAccessibleDescription(roleText(roleAt(id).name));
        m_texts[static_cast<std::size_t>(id)]->setText(roleText(roleAt(id).name));
    }
    m_asNow->setText(roleName({}));
    m_texts.back()->setText(tr("Tasks and limits stay as the settings name them one by one."));
    for (const Limit& limit : m_limits) {
        limit.label->setText(limitName(limit.key));
        limit.box->setAccessibleName(limitName(limit.key).remove(QLatin1Char('&')).remove(QLatin1Char(':')));
        if (limit.key != "nice") limit.box->setSpecialValueText(tr("as memory allows"));
        else limit.box->setToolTip(tr("0: not at all; 19: only what the others leave"));
        limit.box->updateGeometry(); // the words have another length in another language
    }
    showNeeds();
    showCommand();
}

} // namespace lsw::gui
