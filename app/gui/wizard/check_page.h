// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/wizard/setup_page.h"
#include "setup/connection_doctor.h"

class QPushButton;
class QTreeWidget;

namespace lsw::gui {

/// The connection doctor, live: each check as it ends, with what to do about the first that failed; then the miner in its own words.
class CheckPage : public SetupPage {
    Q_OBJECT
public:
    explicit CheckPage(common::SetupAnswers& answers);
    void initializePage() override;
    void cleanupPage() override;
    bool isComplete() const override { return !m_isRunning; }

Q_SIGNALS:
    void sectorSizeKnown(quint64 bytes);

protected:
    void retranslate() override;

private:
    void examine();
    void showResult(const setup::CheckResult& result);
    void selectFirst(setup::CheckState state);
    void showSelected();
    void showOutcome();

    QTreeWidget* m_checks;
    QLabel *m_outcome, *m_detail, *m_command, *m_card;
    QPushButton *m_again, *m_copy;
    std::vector<setup::CheckResult> m_results;
    std::optional<setup::MinerView> m_miner;
    common::SetupAnswers m_examined;
    bool m_isRunning = false, m_hasRun = false;
};

} // namespace lsw::gui
