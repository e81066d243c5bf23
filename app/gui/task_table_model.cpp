// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/task_table_model.h"

#include "gui/view_text.h"

#include <QtCore/QDateTime>

#include <algorithm>

namespace lsw::gui {

void TaskTableModel::setTasks(std::vector<worker::TaskView> tasks) {
    const auto sameRows = std::equal(tasks.begin(), tasks.end(), m_tasks.begin(), m_tasks.end(),
                                     [](const auto& a, const auto& b) { return a.call == b.call; });
    if (sameRows) { // keeps selection and scroll position
        m_tasks = std::move(tasks);
        refresh();
        return;
    }
    beginResetModel();
    m_tasks = std::move(tasks);
    endResetModel();
}

void TaskTableModel::refresh() {
    if (!m_tasks.empty()) Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_tasks.size()) - 1, ColumnCount - 1));
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

int TaskTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_tasks.size()); }

int TaskTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant TaskTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= static_cast<int>(m_tasks.size())) return {};
    const worker::TaskView& task = m_tasks[static_cast<std::size_t>(index.row())];
    if (index.column() == ProgressBar && role == kPercentRole) return progressPercent(task);
    if (role == Qt::TextAlignmentRole && (index.column() == Elapsed || index.column() == Remaining)) return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == State) return taskStateText(task);
    if (role == Qt::ToolTipRole && index.column() == Finish) return finishReason(task);
    if (role == Qt::AccessibleTextRole && index.column() == ProgressBar) return taskProgressText(task);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Sector: return taskSubject(task);
    case Task: return taskTypeName(task.shortName);
    case ProgressBar:
        // The last step of something that has ended would read as if it had stopped there.
        return progressPercent(task) == 100 ? QStringLiteral("100 %") : progressText(task.progress);
    case Elapsed: {
        const qint64 from = task.startedMs ? task.startedMs : task.begunMs;
        const qint64 to = task.finishedMs ? task.finishedMs : QDateTime::currentMSecsSinceEpoch();
        return durationText(to - from);
    }
    case Remaining: return remainingText(task);
    case Finish: return finishText(task);
    case State: return taskStateText(task);
    default: return {};
    }
}

QVariant TaskTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Sector: return tr("Sector");
    case Task: return tr("Task");
    case ProgressBar: return tr("Progress");
    case Elapsed: return tr("Elapsed");
    case Remaining: return tr("Remaining");
    case Finish: return tr("Finish at");
    case State: return tr("State");
    default: return {};
    }
}

} // namespace lsw::gui
