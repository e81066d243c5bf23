// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/background_jobs.h"
#include "setup/connection_doctor.h"

#include <QtWidgets/QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace lsw::gui {

class CommandBox;

/// The connection doctor, live: each check as it ends, with what to do about the selected one – the first that failed, unless somebody chose another –, then
/// the miner in its own words. Looking again leaves the list as it is until the new results come, one by one.
class DoctorPanel : public QWidget {
    Q_OBJECT
public:
    /// What to look at; called on a thread of the pool.
    using Ask = std::function<Expected<setup::DoctorQuestion>()>;

    explicit DoctorPanel(QWidget* parent = nullptr);
    /// Looks; what runs is ended.
    void examine(Ask ask);
    void stop();
    /// Forgets what was found, for another question.
    void clear();
    bool isRunning() const { return m_isRunning; }
    const std::optional<setup::MinerView>& miner() const { return m_miner; }

Q_SIGNALS:
    void againWanted();
    void runningChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void fillRows();
    void showResult(const setup::CheckResult& result);
    void select(setup::CheckState state);
    void showSelected();
    void showOutcome();
    const setup::CheckResult* resultOf(const QTreeWidgetItem* item) const;

    BackgroundJobs m_jobs;
    QTreeWidget* m_checks;
    QLabel *m_outcome, *m_detail, *m_card;
    QPushButton *m_again, *m_stop;
    std::vector<CommandBox*> m_boxes;
    std::vector<setup::CheckResult> m_results;
    std::optional<setup::MinerView> m_miner;
    QString m_trouble; ///< why there is nothing to look at
    bool m_isRunning = false;
};

} // namespace lsw::gui
