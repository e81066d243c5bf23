// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"

class QCheckBox;

namespace lsw::gui {

class CommandBox;

/// What will be done, in plain words; and doing it.
class ReadyPage : public SetupPage {
    Q_OBJECT
public:
    ReadyPage(common::SetupAnswers& answers, const common::PresentSetup& present);
    void initializePage() override;
    bool isComplete() const override;
    /// Carries it out, in the background: the wizard is accepted when that succeeded.
    bool validatePage() override;
    int nextId() const override { return -1; }
    bool startNow() const;

Q_SIGNALS:
    void carriedOut();

protected:
    void retranslate() override;

private:
    /// Looks what would be done.
    void plan();
    void showPlan();

    const common::PresentSetup& m_present;
    QLabel *m_summary, *m_steps, *m_trouble;
    CommandBox *m_command, *m_service;
    QCheckBox *m_start, *m_login;
    std::vector<common::SetupStep> m_planned;
    QString m_error;
    bool m_isPlanned = false, m_isWorking = false, m_isDone = false;
};

} // namespace lsw::gui
