// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/main_window.h"

#include "gui/language.h"
#include "gui/practice_panel.h"
#include "gui/progress_delegate.h"
#include "gui/task_table_model.h"
#include "gui/view_text.h"

#include <QtCore/QEvent>
#include <QtGui/QActionGroup>
#include <QtGui/QCloseEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {

MainWindow::MainWindow(Language& language, QWidget* parent)
    : QMainWindow(parent), m_language(language), m_name(new QLabel), m_state(new QLabel), m_sentence(new QLabel), m_notes(new QLabel),
      m_openTitle(new QLabel), m_finishedTitle(new QLabel), m_openEmpty(new QLabel), m_finishedEmpty(new QLabel), m_startStop(new QPushButton), m_practiseHere(new QPushButton), m_setUp(new QPushButton),
      m_pages(new QTabWidget), m_open(new TaskTableModel(this)), m_finished(new TaskTableModel(this)),
      m_openTable(makeTable(m_open, QStringLiteral("openTasks"))), m_finishedTable(makeTable(m_finished, QStringLiteral("finishedTasks"))),
      m_practice(new PracticePanel), m_languageMenu(menuBar()->addMenu(QString())) {
    setObjectName(QStringLiteral("mainWindow"));
    m_name->setObjectName(QStringLiteral("workerName"));
    m_state->setObjectName(QStringLiteral("stateWord"));
    m_sentence->setObjectName(QStringLiteral("stateSentence"));
    m_notes->setObjectName(QStringLiteral("notes"));
    m_startStop->setObjectName(QStringLiteral("startStop"));
    m_practiseHere->setObjectName(QStringLiteral("practiseHere"));
    m_setUp->setObjectName(QStringLiteral("setUp"));
    m_pages->setObjectName(QStringLiteral("pages"));
    QFont big = m_state->font();
    big.setPointSizeF(big.pointSizeF() * 1.6);
    big.setBold(true);
    m_state->setFont(big);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_notes->setWordWrap(true);
    m_notes->setVisible(false);
    for (QLabel* title : {m_openTitle, m_finishedTitle}) {
        QFont bold = title->font();
        bold.setBold(true);
        title->setFont(bold);
        title->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    }
    for (QLabel* empty : {m_openEmpty, m_finishedEmpty}) {
        empty->setAlignment(Qt::AlignCenter);
        empty->setWordWrap(true);
    }

    auto* words = new QVBoxLayout;
    words->addWidget(m_name);
    words->addWidget(m_state);
    words->addWidget(m_sentence);
    words->addWidget(m_notes);
    auto* header = new QHBoxLayout;
    header->addLayout(words, 1);
    header->addWidget(m_setUp, 0, Qt::AlignTop);
    header->addWidget(m_practiseHere, 0, Qt::AlignTop);
    header->addWidget(m_startStop, 0, Qt::AlignTop);

    auto* tasks = new QWidget;
    auto* tasksLayout = new QVBoxLayout(tasks);
    tasksLayout->addWidget(m_openTitle);
    tasksLayout->addWidget(m_openEmpty, 2);
    tasksLayout->addWidget(m_openTable, 2);
    tasksLayout->addWidget(m_finishedTitle);
    tasksLayout->addWidget(m_finishedEmpty, 3);
    tasksLayout->addWidget(m_finishedTable, 3);
    m_pages->addTab(tasks, QString());
    m_pages->addTab(m_practice, QString());

    auto* central = new QWidget;
    auto* layout = new QVBoxLayout(central);
    layout->addLayout(header);
    layout->addWidget(m_pages, 1);
    setCentralWidget(central);
    resize(900, 640);

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
    connect(m_startStop, &QPushButton::clicked, this, [this] {
        if (m_running) Q_EMIT stopRequested();
        else Q_EMIT startRequested();
    });
    connect(m_practiseHere, &QPushButton::clicked, this, &MainWindow::openPractice);
    connect(m_setUp, &QPushButton::clicked, this, &MainWindow::setupRequested);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, m_open, &TaskTableModel::refresh);
    retranslate();
    showView({});
}

QTableView* MainWindow::makeTable(TaskTableModel* model, const QString& name) {
    auto* table = new QTableView;
    table->setObjectName(name);
    table->setModel(model);
    table->setItemDelegateForColumn(TaskTableModel::ProgressBar, new ProgressDelegate(table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setAlternatingRowColors(true);
    table->setShowGrid(false);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->resizeSection(TaskTableModel::Sector, 120);
    table->horizontalHeader()->resizeSection(TaskTableModel::Task, 170);
    table->horizontalHeader()->resizeSection(TaskTableModel::ProgressBar, 220);
    return table;
}

void MainWindow::showView(const worker::WorkerView& view) {
    m_view = view;
    if (view.connection != worker::ConnectionState::NotStarted && view.connection != worker::ConnectionState::Stopped) m_failure = -1;
    m_open->setTasks(view.tasks);
    m_finished->setTasks(view.finished);
    m_openTable->setVisible(!view.tasks.empty());
    m_openEmpty->setVisible(view.tasks.empty());
    m_finishedTable->setVisible(!view.finished.empty());
    m_finishedEmpty->setVisible(view.finished.empty());
    if (view.tasks.empty()) m_clock.stop();
    else if (!m_clock.isActive()) m_clock.start();
    showHeader();
}

void MainWindow::openPractice() {
    m_pages->setCurrentWidget(m_practice);
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
    m_openEmpty->setText(m_view.connection == worker::ConnectionState::Connected ? tr("No tasks are running: the miner has not asked for anything.")
                                                                                 : tr("No tasks are running."));
}

void MainWindow::retranslate() {
    setWindowTitle(tr("Lotus Seal Worker"));
    m_languageMenu->setTitle(tr("&Language"));
    m_startStop->setText(m_running ? tr("S&top") : tr("&Start worker"));
    m_practiseHere->setText(tr("Practise &here"));
    m_setUp->setText(tr("Set &up …"));
    m_setUp->setEnabled(!m_running);
    m_setUp->setToolTip(m_running ? tr("Stop the worker first: what is set up is read at its start.") : QString());
    m_pages->setAccessibleName(tr("Pages"));
    m_pages->setTabText(0, tr("&Tasks"));
    m_pages->setTabText(1, tr("&Practice"));
    m_openTitle->setText(tr("Running and waiting"));
    m_finishedTitle->setText(tr("Finished"));
    m_finishedEmpty->setText(tr("Finished tasks appear here."));
    m_openTable->setAccessibleName(tr("Running and waiting"));
    m_finishedTable->setAccessibleName(tr("Finished"));
    m_open->refresh();
    m_finished->refresh();
    showHeader();
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    event->accept();
    Q_EMIT closing();
}

} // namespace lsw::gui
