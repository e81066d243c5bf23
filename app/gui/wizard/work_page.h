// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"

class QButtonGroup;
class QRadioButton;

namespace lsw::gui {

/// What this computer does for the miner: one of the roles.
class WorkPage : public SetupPage {
    Q_OBJECT
public:
    explicit WorkPage(common::SetupAnswers& answers);
    void initializePage() override;
    bool validatePage() override;
    void setSectorSize(quint64 bytes);

protected:
    void retranslate() override;

private:
    void showNeeds();

    QButtonGroup* m_group;
    std::vector<QLabel*> m_texts;
    QLabel* m_needs;
    quint64 m_sectorSize = 32ULL << 30; ///< of most miners, until this one has said its own
};

} // namespace lsw::gui
