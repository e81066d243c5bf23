// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtCore/QTimer>
#include <QtWidgets/QDialog>

class QLabel;
class QPushButton;

namespace lsw::gui {

class DoctorPanel;

/// Looks at the connection of the worker as it is set up, at once and every minute while it can be seen.
class DoctorDialog : public QDialog {
    Q_OBJECT
public:
    explicit DoctorDialog(QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void look();
    void retranslate();

    DoctorPanel* m_panel;
    QLabel* m_when;
    QPushButton* m_close;
    QTimer m_clock;
    QString m_lookedAt; ///< the time of day
};

} // namespace lsw::gui
