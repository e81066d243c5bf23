// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/pages/page.h"

class QFormLayout;
class QLabel;

namespace lsw::gui {

class TaskTable;
class TaskTableModel;

/// At a glance: what runs and when the next is done, what was finished today, connection, machine, room.
class OverviewPage : public Page {
    Q_OBJECT
public:
    explicit OverviewPage(QWidget* parent = nullptr);
    void showView(const worker::WorkerView& view) override;
    void tick() override;

protected:
    void retranslate() override;

private:
    QString nextText() const;
    QString todayText() const;
    QString roomText() const;

    worker::WorkerView m_view;
    TaskTableModel* m_running;
    TaskTable* m_table;
    QLabel *m_title, *m_empty;
    QFormLayout* m_facts;
    struct Fact {
        QLabel *name, *value;
    };
    Fact m_connection, m_next, m_today, m_room, m_machine, m_engine;
};

} // namespace lsw::gui
