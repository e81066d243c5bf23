// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>
#include <QtWidgets/QMainWindow>

#include <functional>

class QAction;
class QLabel;
class QListWidget;
class QMenu;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace lsw::gui {

class Language;
class Page;
class PracticePanel;

/// The window: name, state and one sentence why; pages behind a list at the left; a strip with the connection, the tasks and the room.
///
/// It shows views, at most once a second while nothing but progress changes, and asks for things by signals; who runs the worker is not its
/// business (window_session.h).
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    enum PageNumber { Overview, Tasks, History, Storage, Practice, PageCount };

    explicit MainWindow(Language& language, QWidget* parent = nullptr);

    void showView(const worker::WorkerView& view);
    /// Shown instead of the state sentence until a worker runs: why none does. `code` maps to a sentence, `detail` is its tool tip.
    void showStartFailure(ErrorCode code, const QString& detail);
    /// One-line notes of the start (old variable names, …) under the sentence.
    void showNotes(const QStringList& notes);
    /// One sentence under the notes, made anew when the language changes; null: none.
    void showNews(std::function<QString()> news);
    void setWorkerRunning(bool running);
    PracticePanel& practice() { return *m_practice; }
    Language& language() { return m_language; }
    void openPractice();
    void openPage(PageNumber page);

Q_SIGNALS:
    void startRequested();
    void stopRequested();
    void setupRequested();
    void modeRequested(lsw::worker::WorkMode mode);
    void checkRequested();
    /// The window was closed.
    void closing();

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void makePages();
    void makeActions();
    void retranslate();
    void showHeader();
    void showNow();
    void startOrStop();
    void pauseFor(int minutes);

    Language& m_language;
    QLabel *m_name, *m_state, *m_sentence, *m_notes, *m_newsLabel;
    QLabel *m_stripConnection, *m_stripTasks, *m_stripRoom;
    QPushButton *m_startStop, *m_practiseHere, *m_setUp, *m_check, *m_finish;
    QToolButton* m_pause;
    QAction *m_pause15, *m_pause60, *m_pauseOpen, *m_resume;
    QListWidget* m_navigation;
    QStackedWidget* m_pages;
    std::vector<Page*> m_viewPages;
    PracticePanel* m_practice;
    QMenu* m_languageMenu;
    QTimer m_clock;   ///< elapsed times, once a second while something runs
    QTimer m_later;   ///< a view that came too soon after the last
    QTimer m_pauseEnds;
    QElapsedTimer m_sinceShown;
    worker::WorkerView m_view;
    std::function<QString()> m_news;
    int m_failure = -1;
    QString m_failureDetail;
    bool m_running = false;
};

} // namespace lsw::gui
