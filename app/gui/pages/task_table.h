// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtWidgets/QTableView>

namespace lsw::gui {

class TaskTableModel;

/// A table of tasks with a bar for each; its columns are remembered under its name.
class TaskTable : public QTableView {
    Q_OBJECT
public:
    TaskTable(TaskTableModel* model, const QString& name, QWidget* parent = nullptr);
};

/// Widths and order of the columns are as they were left, under `name`, and kept when the table goes.
void rememberColumns(QTableView& table, const QString& name);

} // namespace lsw::gui
