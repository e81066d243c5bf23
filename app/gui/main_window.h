// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <QtCore/QTimer>
#include <QtWidgets/QMainWindow>

class QAction;
class QActionGroup;
class QLabel;
class QMenu;
class QPushButton;
class QTabWidget;
class QTableView;

namespace lsw::gui {

class Language;
class PracticePanel;
class TaskTableModel;

/// The window: name, state and one sentence why; the open and the finished tasks; practice.
///
/// It shows views and asks for things by signals; who runs the worker is not its business (window_session.h).
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Language& language, QWidget* parent = nullptr);

    void showView(const worker::WorkerView& view);
    /// Shown instead of the state sentence until a worker runs: why none does. `code` maps to a sentence, `detail` is its tool tip.
    void showStartFailure(ErrorCode code, const QString& detail);
    /// One-line notes of the start (old variable names, …) under the sentence.
    void showNotes(const QStringList& notes);
    void setWorkerRunning(bool running);
    PracticePanel& practice() { return *m_practice; }
    Language& language() { return m_language; }
    void openPractice();

Q_SIGNALS:
    void startRequested();
    void stopRequested();
    void setupRequested();
    /// The window was closed.
    void closing();

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    QTableView* makeTable(TaskTableModel* model, const QString& name);
    void retranslate();
    void showHeader();

    Language& m_language;
    QLabel *m_name, *m_state, *m_sentence, *m_notes, *m_openTitle, *m_finishedTitle, *m_openEmpty, *m_finishedEmpty;
    QPushButton *m_startStop, *m_practiseHere, *m_setUp;
    QTabWidget* m_pages;
    TaskTableModel *m_open, *m_finished;
    QTableView *m_openTable, *m_finishedTable;
    PracticePanel* m_practice;
    QMenu* m_languageMenu;
    QTimer m_clock; ///< elapsed times, once a second while something runs
    worker::WorkerView m_view;
    int m_failure = -1;
    QString m_failureDetail;
    bool m_running = false;
};

} // namespace lsw::gui
