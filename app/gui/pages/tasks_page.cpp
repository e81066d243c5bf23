// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/tasks_page.h"

#include "gui/pages/sector_strip.h"
#include "gui/pages/task_table.h"
#include "gui/task_table_model.h"
#include "gui/view_text.h"

#include <QtCore/QItemSelectionModel>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {

TasksPage::TasksPage(QWidget* parent)
    : Page(parent), m_openTitle(new QLabel), m_finishedTitle(new QLabel), m_openEmpty(new QLabel), m_finishedEmpty(new QLabel), m_sectorTitle(new QLabel),
      m_open(new TaskTableModel(this)), m_finished(new TaskTableModel(this)), m_openTable(new TaskTable(m_open, QStringLiteral("openTasks"))),
      m_finishedTable(new TaskTable(m_finished, QStringLiteral("finishedTasks"))), m_strip(new SectorStrip) {
    for (QLabel* title : {m_openTitle, m_finishedTitle, m_sectorTitle}) {
        QFont bold = title->font();
        bold.setBold(true);
        title->setFont(bold);
        title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    }
    for (QLabel* empty : {m_openEmpty, m_finishedEmpty}) {
        empty->setAlignment(Qt::AlignCenter);
        empty->setWordWrap(true);
        empty->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_openEmpty->setObjectName(QStringLiteral("openEmpty"));
    // Of a task that has ended there is nothing to wait for.
    m_finishedTable->setColumnHidden(TaskTableModel::Remaining, true);
    m_finishedTable->setColumnHidden(TaskTableModel::Finish, true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_openTitle);
    layout->addWidget(m_openEmpty, 3);
    layout->addWidget(m_openTable, 3);
    layout->addWidget(m_sectorTitle);
    layout->addWidget(m_strip);
    layout->addWidget(m_finishedTitle);
    layout->addWidget(m_finishedEmpty, 2);
    layout->addWidget(m_finishedTable, 2);
    connect(m_openTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &TasksPage::showSector);
    retranslate();
}

void TasksPage::showView(const worker::WorkerView& view) {
    m_view = view;
    m_open->setTasks(view.tasks);
    m_finished->setTasks(view.finished);
    m_openTable->setVisible(!view.tasks.empty());
    m_openEmpty->setVisible(view.tasks.empty());
    m_finishedTable->setVisible(!view.finished.empty());
    m_finishedEmpty->setVisible(view.finished.empty());
    m_openEmpty->setText(view.connection == worker::ConnectionState::Connected
                             ? tr("No tasks are running: the miner has not asked for anything.") + QLatin1Char('\n') + tr("A new sector is begun on the miner with: lotus-miner sectors pledge")
                             : tr("No tasks are running."));
    showSector();
}

/// Of the task that is chosen, else of the first.
void TasksPage::showSector() {
    const int row = std::max(0, m_openTable->currentIndex().row());
    std::string sector;
    if (row < static_cast<int>(m_view.tasks.size()) && m_view.tasks[static_cast<std::size_t>(row)].sectors == 0) sector = m_view.tasks[static_cast<std::size_t>(row)].sector;
    m_sectorTitle->setVisible(!sector.empty());
    m_strip->setVisible(!sector.empty());
    m_sectorTitle->setText(tr("Sector %1").arg(QString::fromStdString(sector)));
    m_strip->show(m_view, sector);
}

void TasksPage::tick() {
    if (!m_view.tasks.empty()) m_open->refresh();
}

void TasksPage::retranslate() {
    m_openTitle->setText(tr("Running and waiting"));
    m_finishedTitle->setText(tr("Finished"));
    m_finishedEmpty->setText(tr("Finished tasks appear here."));
    m_openTable->setAccessibleName(tr("Running and waiting"));
    m_finishedTable->setAccessibleName(tr("Finished"));
    m_open->refresh();
    m_finished->refresh();
    showView(m_view);
}

} // namespace lsw::gui
