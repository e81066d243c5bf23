// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/background_jobs.h"
#include "gui/pages/page.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lsw::gui {

class SpaceBar;

/// The storage paths: what they are for, how full they are, how many more sectors fit; attaching, detaching, telling the miner again.
class PathsPage : public Page {
    Q_OBJECT
public:
    explicit PathsPage(QWidget* parent = nullptr);
    void showView(const worker::WorkerView& view) override;

protected:
    void retranslate() override;

private:
    struct Row {
        QWidget* box;
        QLabel *path, *role, *figures, *trouble;
        SpaceBar* bar;
        QPushButton *detach, *redeclare;
    };
    void makeRow();
    void showRow(Row& row, const worker::PathView& path);
    void attach();
    void detach(std::size_t row);
    void redeclare(std::size_t row);
    /// Asks the worker on another thread, and says what came of it.
    void ask(const std::string& method, boost::json::array params, const QString& done, std::function<Expected<void>()> before = {});

    worker::WorkerView m_view;
    QLabel *m_empty, *m_result;
    QPushButton* m_attach;
    QVBoxLayout* m_list;
    std::vector<Row> m_rows;
    BackgroundJobs m_jobs{this};
};

} // namespace lsw::gui
