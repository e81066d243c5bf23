// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "gui/background_jobs.h"
#include "gui/pages/page.h"
#include "history/history_summary.h"

#include <filesystem>

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QTableView;
class QTableWidget;

namespace lsw::gui {

class HistoryModel;
class SectorGantt;

/// What was finished here: rows, the timeline of the sector that is chosen, medians by kind and phase; export.
///
/// The file is read by another thread when the page is looked at and a task has ended.
class HistoryPage : public Page {
    Q_OBJECT
public:
    /// `file`: where the history lies until a view names the worker's folder.
    explicit HistoryPage(std::filesystem::path file, QWidget* parent = nullptr);
    void showView(const worker::WorkerView& view) override;

Q_SIGNALS:
    /// What was read is shown.
    void loaded();

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;

private:
    void load();
    void showRows();
    void showSummary();
    void showSector();
    void exportCsv();

    std::filesystem::path m_file;
    std::string m_newest;     ///< the task that ended last, of the view
    bool m_isStale = true, m_isLoading = false;
    history::Summary m_summary;
    QString m_trouble;
    QLabel *m_empty, *m_sectorTitle, *m_rate, *m_result;
    QLineEdit* m_filter;
    QPushButton* m_export;
    HistoryModel* m_model;
    QTableView* m_table;
    SectorGantt* m_gantt;
    QTableWidget* m_medians;
    QSplitter* m_split;
    BackgroundJobs m_jobs{this};
};

} // namespace lsw::gui
