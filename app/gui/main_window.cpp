// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/main_window.h"

#include "base/text.h"
#include "common/history_file.h"
#include "common/worker_client.h"
#include "gui/language.h"
#include "gui/pages/history_page.h"
#include "gui/pages/overview_page.h"
#include "gui/pages/paths_page.h"
#include "gui/pages/tasks_page.h"
#include "gui/practice_panel.h"
#include "gui/view_text.h"

#include <QtCore/QEvent>
#include <QtCore/QSettings>
#include <QtGui/QActionGroup>
#include <QtGui/QCloseEvent>
#include <QtGui/QShortcut>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QStatusBar>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>

namespace lsw::gui {
namespace {

constexpr int kShowMs = 1000;

/// Whether only counts have moved between two views.
bool isSameButProgress(const worker::WorkerView& a, const worker::WorkerView& b) {
    const auto sameTasks = [](const auto& x, const auto& y) {
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const worker::TaskView& one, const worker::TaskView& other) {
            return one.call == other.call && one.state == other.state && one.waitReason == other.waitReason;
        });
    };
    return a.connection == b.connection && a.connectionDetail == b.connectionDetail && a.mode == b.mode && a.enabled == b.enabled && a.finishing == b.finishing &&
           a.paths.size() == b.paths.size() && sameTasks(a.tasks, b.tasks) && a.finished.size() == b.finished.size();
}

} // namespace

MainWindow::MainWindow(Language& language, QWidget* parent)
    : QMainWindow(parent), m_language(language), m_name(new QLabel), m_state(new QLabel), m_sentence(new QLabel), m_notes(new QLabel), m_newsLabel(new QLabel), m_stripConnection(new QLabel),
      m_stripTasks(new QLabel), m_stripRoom(new QLabel), m_startStop(new QPushButton), m_practiseHere(new QPushButton), m_setUp(new QPushButton), m_check(new QPushButton), m_finish(new QPushButton),
      m_pause(new QToolButton), m_navigation(new QListWidget), m_pages(new QStackedWidget), m_practice(new PracticePanel), m_languageMenu(menuBar()->addMenu(QString())) {
    setObjectName(QStringLiteral("mainWindow"));
    m_name->setObjectName(QStringLiteral("workerName"));
    m_state->setObjectName(QStringLiteral("stateWord"));
    m_sentence->setObjectName(QStringLiteral("stateSentence"));
    m_notes->setObjectName(QStringLiteral("notes"));
    m_startStop->setObjectName(QStringLiteral("startStop"));
    m_practiseHere->setObjectName(QStringLiteral("practiseHere"));
    m_setUp->setObjectName(QStringLiteral("setUp"));
    m_finish->setObjectName(QStringLiteral("finishThenStop"));
    m_pause->setObjectName(QStringLiteral("pause"));
    m_check->setObjectName(QStringLiteral("checkConnection"));
    m_newsLabel->setObjectName(QStringLiteral("news"));
    m_newsLabel->setWordWrap(true);
    m_newsLabel->setVisible(false);
    QFont big = m_state->font();
    big.setPointSizeF(big.pointSizeF() * 1.6);
    big.setBold(true);
    m_state->setFont(big);
    // A name, wherever it comes from, does not decide how wide the window is.
    for (QLabel* label : {m_name, m_sentence, m_notes}) label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_notes->setWordWrap(true);
    m_notes->setVisible(false);

    auto* top = new QHBoxLayout;
    top->addWidget(m_name, 1);
    for (QWidget* button : std::initializer_list<QWidget*>{m_check, m_setUp, m_practiseHere, m_pause, m_finish, m_startStop}) top->addWidget(button);
    makePages();
    auto* middle = new QHBoxLayout;
    middle->addWidget(m_navigation);
    middle->addWidget(m_pages, 1);
    auto* central = new QWidget;
    auto* layout = new QVBoxLayout(central);
    layout->addLayout(top);
    layout->addWidget(m_state);
    layout->addWidget(m_sentence);
    layout->addWidget(m_notes);
    layout->addWidget(m_newsLabel);
    layout->addLayout(middle, 1);
    setCentralWidget(central);
    statusBar()->addWidget(m_stripConnection);
    statusBar()->addWidget(m_stripTasks);
    statusBar()->addPermanentWidget(m_stripRoom);
    resize(960, 660);
    if (const QByteArray geometry = QSettings().value(QStringLiteral("window/geometry")).toByteArray(); !geometry.isEmpty()) restoreGeometry(geometry);
    makeActions();
    retranslate();
    openPage(static_cast<PageNumber>(std::clamp(QSettings().value(QStringLiteral("window/page"), 0).toInt(), 0, PageCount - 1)));
    showView({});
}

void MainWindow::makePages() {
    m_pages->setObjectName(QStringLiteral("pages"));
    m_navigation->setObjectName(QStringLiteral("navigation"));
    m_navigation->setSpacing(3);
    m_navigation->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (Page* page : std::initializer_list<Page*>{new OverviewPage, new TasksPage, new HistoryPage(common::historyFile(common::workerRepo({}))), new PathsPage}) {
        m_viewPages.push_back(page);
        m_pages->addWidget(page);
    }
    m_pages->addWidget(m_practice);
    for (int i = 0; i < PageCount; ++i) {
        m_navigation->addItem(QString());
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)), this);
        connect(shortcut, &QShortcut::activated, this, [this, i] { openPage(static_cast<PageNumber>(i)); });
    }
    connect(m_navigation, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0) m_pages->setCurrentIndex(row);
    });
}

void MainWindow::makeActions() {
    m_languageMenu->setObjectName(QStringLiteral("languageMenu"));
    auto* group = new QActionGroup(this);
    for (const auto& [name, label] : Language::known()) {
        QAction* action = m_languageMenu->addAction(label);
        action->setObjectName(QStringLiteral("language_") + name);
        action->setCheckable(true);
        action->setChecked(m_language.current() == name);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, name = name] { m_language.use(name, true); });
    }
    auto* menu = new QMenu(this);
    m_pause15 = menu->addAction(QString(), this, [this] { pauseFor(15); });
    m_pause60 = menu->addAction(QString(), this, [this] { pauseFor(60); });
    m_pauseOpen = menu->addAction(QString(), this, [this] { pauseFor(0); });
    m_resume = menu->addAction(QString(), this, [this] {
        m_pauseEnds.stop();
        Q_EMIT modeRequested(worker::WorkMode::Working);
    });
    m_pauseOpen->setObjectName(QStringLiteral("pauseOpen"));
    m_resume->setObjectName(QStringLiteral("resume"));
    m_pause->setMenu(menu);
    m_pause->setPopupMode(QToolButton::InstantPopup);
    m_pause->setFocusPolicy(Qt::StrongFocus);
    m_pauseEnds.setSingleShot(true);
    connect(&m_pauseEnds, &QTimer::timeout, this, [this] { Q_EMIT modeRequested(worker::WorkMode::Working); });
    connect(m_finish, &QPushButton::clicked, this, [this] { Q_EMIT modeRequested(worker::WorkMode::Draining); });
    connect(m_startStop, &QPushButton::clicked, this, &MainWindow::startOrStop);
    connect(m_practiseHere, &QPushButton::clicked, this, &MainWindow::openPractice);
    connect(m_setUp, &QPushButton::clicked, this, &MainWindow::setupRequested);
    connect(m_check, &QPushButton::clicked, this, &MainWindow::checkRequested);
    m_clock.setInterval(kShowMs);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        for (Page* page : m_viewPages)
            if (page->isVisible()) page->tick();
    });
    m_later.setSingleShot(true);
    connect(&m_later, &QTimer::timeout, this, &MainWindow::showNow);
}

void MainWindow::pauseFor(int minutes) {
    m_pauseEnds.stop();
    if (minutes > 0) m_pauseEnds.start(minutes * 60 * 1000);
    Q_EMIT modeRequested(worker::WorkMode::Paused);
}

/// What a stop costs is said before it is done.
void MainWindow::startOrStop() {
    if (!m_running) {
        Q_EMIT startRequested();
        return;
    }
    const auto running = static_cast<int>(std::ranges::count(m_view.tasks, worker::TaskState::Running, &worker::TaskView::state));
    if (running > 0) {
        QMessageBox question(QMessageBox::Question, tr("Stop the worker"),
                             tr("%n task(s) running will be ended.", nullptr, running) + QLatin1Char(' ') +
                                 tr("PreCommit 1 and 2 go on from their last checkpoint, at most some minutes back, when the miner asks again; other tasks begin anew."),
                             QMessageBox::Cancel, this);
        QPushButton* stop = question.addButton(tr("&Stop now"), QMessageBox::DestructiveRole);
        QPushButton* finish = question.addButton(tr("&Finish them first"), QMessageBox::AcceptRole);
        question.exec();
        if (question.clickedButton() == finish) Q_EMIT modeRequested(worker::WorkMode::Draining);
        if (question.clickedButton() != stop) return;
    }
    Q_EMIT stopRequested();
}

void MainWindow::showView(const worker::WorkerView& view) {
    const bool canWait = m_sinceShown.isValid() && isSameButProgress(m_view, view);
    m_view = view;
    const qint64 since = canWait ? m_sinceShown.elapsed() : kShowMs;
    if (since >= kShowMs) showNow();
    else if (!m_later.isActive()) m_later.start(kShowMs - static_cast<int>(since));
}

void MainWindow::showNow() {
    m_later.stop();
    m_sinceShown.start();
    if (m_view.connection != worker::ConnectionState::NotStarted && m_view.connection != worker::ConnectionState::Stopped) m_failure = -1;
    for (Page* page : m_viewPages) page->showView(m_view);
    if (m_view.tasks.empty()) m_clock.stop();
    else if (!m_clock.isActive()) m_clock.start();
    showHeader();
}

void MainWindow::openPage(PageNumber page) {
    m_navigation->setCurrentRow(page);
    m_pages->setCurrentIndex(page);
}

void MainWindow::openPractice() {
    openPage(Practice);
    m_practice->setFocus();
}

void MainWindow::showStartFailure(ErrorCode code, const QString& detail) {
    m_failure = static_cast<int>(code);
    m_failureDetail = detail;
    showHeader();
}

void MainWindow::showNotes(const QStringList& notes) {
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
}

void MainWindow::showNews(std::function<QString()> news) {
    m_news = std::move(news);
    m_newsLabel->setText(m_news ? m_news() : QString());
    m_newsLabel->setVisible(m_news != nullptr);
}

void MainWindow::setWorkerRunning(bool running) {
    m_running = running;
    retranslate();
}

void MainWindow::showHeader() {
    m_name->setText(m_view.name.empty() ? QStringLiteral("Lotus Seal Worker") : QString::fromStdString(m_view.name));
    m_state->setText(stateWord(m_view));
    const bool failed = m_failure >= 0;
    m_sentence->setText(failed ? errorSentence(static_cast<ErrorCode>(m_failure)) : stateSentence(m_view));
    m_sentence->setToolTip(failed ? m_failureDetail : QString());
    const bool isWorking = m_view.mode == worker::WorkMode::Working && !m_view.finishing;
    m_pause->setVisible(m_running);
    m_finish->setVisible(m_running);
    m_finish->setEnabled(isWorking);
    m_setUp->setVisible(!m_running);
    m_practiseHere->setVisible(!m_running);
    for (QAction* action : {m_pause15, m_pause60, m_pauseOpen}) action->setEnabled(isWorking);
    m_resume->setEnabled(m_view.mode != worker::WorkMode::Working);
    const auto running = std::ranges::count(m_view.tasks, worker::TaskState::Running, &worker::TaskView::state);
    m_stripConnection->setText(stateWord(m_view));
    m_stripTasks->setText(tr("%n running", nullptr, static_cast<int>(running)) + QStringLiteral(" · ") + tr("%n waiting", nullptr, static_cast<int>(m_view.tasks.size()) - static_cast<int>(running)));
    std::uint64_t room = 0;
    for (const auto& path : m_view.paths)
        if (path.canSeal && path.available > 0) room += static_cast<std::uint64_t>(path.available);
    m_stripRoom->setText(m_view.paths.empty() ? QString() : tr("%1 free for sealing").arg(QString::fromStdString(byteText(room))));
}

void MainWindow::retranslate() {
    setWindowTitle(tr("Lotus Seal Worker"));
    m_languageMenu->setTitle(tr("&Language"));
    m_startStop->setText(m_running ? tr("S&top …") : tr("&Start worker"));
    m_practiseHere->setText(tr("Practise &here"));
    m_setUp->setText(tr("Set &up …"));
    m_check->setText(tr("Che&ck …"));
    m_check->setAccessibleName(tr("Check the connection"));
    m_check->setToolTip(tr("Check the connection to the miner"));
    m_newsLabel->setText(m_news ? m_news() : QString());
    m_setUp->setEnabled(!m_running);
    m_pause->setText(tr("&Pause"));
    m_pause->setAccessibleName(tr("Pause"));
    m_pause->setToolTip(tr("No task begins; running tasks go on."));
    m_pause15->setText(tr("For 15 minutes"));
    m_pause60->setText(tr("For an hour"));
    m_pauseOpen->setText(tr("Until I resume"));
    m_resume->setText(tr("Resume"));
    m_finish->setText(tr("&Finish, then stop"));
    m_finish->setToolTip(tr("Takes no new tasks, does those that are here, then stops."));
    m_navigation->setAccessibleName(tr("Pages"));
    const QStringList names{tr("Overview"), tr("Tasks"), tr("Sectors and history"), tr("Storage"), tr("Practice")};
    int widest = 0;
    for (int i = 0; i < PageCount; ++i) {
        m_navigation->item(i)->setText(names.at(i));
        m_navigation->item(i)->setToolTip(QStringLiteral("Ctrl+%1").arg(i + 1));
        widest = std::max(widest, m_navigation->fontMetrics().horizontalAdvance(names.at(i)));
    }
    m_navigation->setFixedWidth(widest + 28);
    showHeader();
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/page"), m_pages->currentIndex());
    event->accept();
    Q_EMIT closing();
}

} // namespace lsw::gui
