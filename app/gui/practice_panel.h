// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "common/practice_host.h"

#include <QtWidgets/QWidget>

class QCheckBox;
class QComboBox;
class QGroupBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTextBrowser;

namespace lsw::gui {

/// Practise here: what to seal, a start button, and the phases as they end, each with a sentence that says what it did.
class PracticePanel : public QWidget {
    Q_OBJECT
public:
    explicit PracticePanel(QWidget* parent = nullptr);

    /// The run has begun or could not begin; `message` is shown.
    void setRunning(bool running);
    void addPhase(const QByteArray& json);
    void setProgress(const QString& phase, double fraction, const QString& text);
    /// −1: success, else an ErrorCode.
    void finish(int errorCode, const QString& message);

Q_SIGNALS:
    void startRequested(const lsw::common::PracticeChoice& choice);
    void cancelRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void choose();
    QString phaseHtml(const QByteArray& json) const;
    void showPhases();

    QLabel* m_intro;
    QGroupBox* m_choice;
    QLabel* m_sizeLabel;
    QComboBox* m_size;
    QLabel* m_fileLabel;
    QLineEdit* m_file;
    QPushButton* m_browse;
    QCheckBox* m_prove;
    QLabel* m_proveCost;
    QPushButton* m_start;
    QProgressBar* m_bar;
    QLabel* m_barText; ///< a busy bar has no text of its own
    QTextBrowser* m_phases;
    QList<QByteArray> m_lines; ///< kept, so that another language can tell them anew
    QString m_outcomeDetail;
    int m_outcome = -2; ///< −2: none yet
    bool m_running = false;
};

} // namespace lsw::gui
