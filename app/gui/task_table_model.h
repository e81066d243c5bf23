// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <QtCore/QAbstractTableModel>

namespace lsw::gui {

/// The tasks of a view as a table: open ones in order of arrival, or finished ones, newest first.
class TaskTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Sector, Task, ProgressBar, Elapsed, Remaining, Finish, State, ColumnCount };
    /// Of the progress column: int, whole percent, −1 when it cannot be known.
    static constexpr int kPercentRole = Qt::UserRole + 1;

    using QAbstractTableModel::QAbstractTableModel;
    void setTasks(std::vector<worker::TaskView> tasks);
    /// Repaints what depends on the clock or on the language.
    void refresh();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<worker::TaskView> m_tasks;
};

} // namespace lsw::gui
