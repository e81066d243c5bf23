// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/background_jobs.h"
#include "setup/miner_config.h"

#include <QtWidgets/QDialog>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;
class QSpinBox;

namespace lsw::gui {

/// Where a miner of this computer listens: here alone, at one address, at all; with the consequence of each, the change of its config.toml before it is
/// made, and a copy of the old file after. For somebody who opens his miner for workers on other machines.
class MinerListenDialog : public QDialog {
    Q_OBJECT
public:
    explicit MinerListenDialog(std::filesystem::path repo, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Seen {
        std::vector<setup::NetworkInterface> interfaces;
        setup::MinerOverrides overrides;
        std::optional<setup::MinerConfig> config;
        QString trouble;
    };
    void look();
    void showSeen(const Seen& seen);
    void plan();
    void apply();
    void retranslate();
    setup::ListenKind kind() const;

    const std::filesystem::path m_repo;
    BackgroundJobs m_jobs;
    QLabel *m_now, *m_portLabel, *m_remarks, *m_diffLabel, *m_outcome;
    QRadioButton *m_loopback, *m_lan, *m_all;
    QComboBox* m_addresses;
    QSpinBox* m_port;
    QCheckBox* m_accept;
    QPlainTextEdit* m_diff;
    QPushButton *m_apply, *m_close;
    Seen m_seen;
    std::optional<setup::MinerListenPlan> m_plan;
    setup::MinerConfig::Change m_change;
    QString m_written; ///< the copy of the old file, once it is done
    bool m_isDone = false;
};

} // namespace lsw::gui
