// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"

class QButtonGroup;
class QRadioButton;
class QSpinBox;

namespace lsw::gui {

class CommandBox;

/// What this computer does for the miner: one of the roles, how many tasks at once, and how much it gives way to other programs.
class WorkPage : public SetupPage {
    Q_OBJECT
public:
    WorkPage(common::SetupAnswers& answers, const common::PresentSetup& present);
    void initializePage() override;
    bool validatePage() override;
    void setSectorSize(quint64 bytes);

protected:
    void retranslate() override;

private:
    /// A number of the settings that is asked for here.
    struct Limit {
        std::string key;
        QLabel* label;
        QSpinBox* box;
        bool isTouched = false;
    };
    /// Of the checked role; empty: as the settings have it.
    std::string role() const;
    /// What a worker of the checked role has when nobody says a number.
    int usual(const std::string& key) const;
    void showLimits();
    void showNeeds();
    void showCommand();
    void put(common::SetupAnswers& answers) const;

    const common::PresentSetup& m_present;
    QButtonGroup* m_group;
    QRadioButton* m_asNow;
    std::vector<QLabel*> m_texts;
    std::vector<Limit> m_limits;
    QLabel* m_needs;
    CommandBox* m_command;
    bool m_isShown = false;
    quint64 m_sectorSize = 32ULL << 30; ///< of most miners, until this one has said its own
};

} // namespace lsw::gui
