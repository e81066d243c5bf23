// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/pages/page.h"

class QLabel;

namespace lsw::gui {

class SectorStrip;
class TaskTable;
class TaskTableModel;

/// What runs and waits, with bars and finish times; the stages of the sector that is chosen; what has ended.
class TasksPage : public Page {
    Q_OBJECT
public:
    explicit TasksPage(QWidget* parent = nullptr);
    void showView(const worker::WorkerView& view) override;
    void tick() override;

protected:
    void retranslate() override;

private:
    void showSector();

    worker::WorkerView m_view;
    QLabel *m_openTitle, *m_finishedTitle, *m_openEmpty, *m_finishedEmpty, *m_sectorTitle;
    TaskTableModel *m_open, *m_finished;
    TaskTable *m_openTable, *m_finishedTable;
    SectorStrip* m_strip;
};

} // namespace lsw::gui
