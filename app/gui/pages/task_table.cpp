// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/task_table.h"

#include "gui/progress_delegate.h"
#include "gui/task_table_model.h"

#include <QtCore/QSettings>
#include <QtWidgets/QHeaderView>

namespace lsw::gui {

void rememberColumns(QTableView& table, const QString& name) {
    const QString key = QStringLiteral("columns/") + name;
    QHeaderView* header = table.horizontalHeader();
    header->setSectionsMovable(true);
    if (const QByteArray state = QSettings().value(key).toByteArray(); !state.isEmpty()) header->restoreState(state);
    const auto keep = [header, key] { QSettings().setValue(key, header->saveState()); };
    QObject::connect(header, &QHeaderView::sectionResized, &table, keep);
    QObject::connect(header, &QHeaderView::sectionMoved, &table, keep);
}

TaskTable::TaskTable(TaskTableModel* tasks, const QString& name, QWidget* parent) : QTableView(parent) {
    setObjectName(name);
    setModel(tasks);
    setItemDelegateForColumn(TaskTableModel::ProgressBar, new ProgressDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setTabKeyNavigation(false); // Tab leaves the table
    verticalHeader()->hide();
    QHeaderView* header = horizontalHeader();
    header->setStretchLastSection(true);
    header->resizeSection(TaskTableModel::Sector, 95);
    header->resizeSection(TaskTableModel::Task, 130);
    header->resizeSection(TaskTableModel::ProgressBar, 150);
    header->resizeSection(TaskTableModel::Elapsed, 75);
    header->resizeSection(TaskTableModel::Remaining, 80);
    header->resizeSection(TaskTableModel::Finish, 130);
    rememberColumns(*this, name);
}

} // namespace lsw::gui
