// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/task_record.h"

#include <QtCore/QAbstractTableModel>

namespace lsw::gui {

/// The finished tasks, newest first.
class HistoryModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Ended, Sector, Task, Took, Result, Note, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setRows(std::vector<history::TaskRecord> rows);
    const std::vector<history::TaskRecord>& rows() const { return m_rows; }
    void refresh();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<history::TaskRecord> m_rows;
};

} // namespace lsw::gui
