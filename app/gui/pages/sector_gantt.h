// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/task_record.h"

#include <QtWidgets/QWidget>

namespace lsw::gui {

/// When each task of one sector waited and ran, one line a task. The table beside it tells the same in words.
class SectorGantt : public QWidget {
    Q_OBJECT
public:
    explicit SectorGantt(QWidget* parent = nullptr);
    /// In any order; those without a time are left out.
    void setTasks(const QString& sector, const std::vector<history::TaskRecord>& tasks);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<history::TaskRecord> m_tasks;
    qint64 m_from = 0, m_to = 0;
};

} // namespace lsw::gui
