// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/history_model.h"

#include "gui/view_text.h"

namespace lsw::gui {

using history::Outcome;
using history::TaskRecord;

void HistoryModel::setRows(std::vector<TaskRecord> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void HistoryModel::refresh() {
    if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_rows.size()) - 1, ColumnCount - 1));
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

int HistoryModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int HistoryModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant HistoryModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= static_cast<int>(m_rows.size())) return {};
    const TaskRecord& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() == Took) return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        if (index.column() == Ended) return momentText(row.endedMs);
        if (index.column() == Note) return QString::fromStdString(row.error);
    }
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Ended: return momentText(row.endedMs);
    case Sector: return QString::fromStdString(row.sector);
    case Task: return taskTypeName(row.shortName);
    case Took: return durationText(row.activeMs > 0 ? row.activeMs : -1);
    case Result:
        switch (row.outcome) {
        case Outcome::Done: return tr("done");
        case Outcome::Failed: return tr("failed");
        case Outcome::Aborted: return tr("aborted");
        case Outcome::Interrupted: return tr("interrupted");
        }
        return {};
    case Note: {
        if (row.resumedAt.empty()) return QString::fromStdString(row.error.substr(0, row.error.find('\n')));
        return resumedText(row.resumedAt, row.keptMs);
    }
    default: return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Ended: return tr("Ended");
    case Sector: return tr("Sector");
    case Task: return tr("Task");
    case Took: return tr("Took");
    case Result: return tr("Outcome");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace lsw::gui
