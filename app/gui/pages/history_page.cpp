// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/history_page.h"

#include "base/text.h"
#include "common/history_file.h"
#include "gui/pages/history_model.h"
#include "gui/pages/sector_gantt.h"
#include "gui/pages/task_table.h"
#include "gui/view_text.h"
#include "history/history_database.h"
#include "history/history_text.h"

#include <QtCore/QLocale>
#include <QtCore/QSaveFile>
#include <QtCore/QSortFilterProxyModel>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

constexpr std::size_t kMostRows = 10000;

/// What one reading of the file gave.
struct Read {
    std::vector<history::TaskRecord> rows;
    history::Summary summary;
    QString trouble;
};

Read read(const std::filesystem::path& file) {
    Read out;
    const auto database = history::HistoryDatabase::openToRead(file);
    if (!database) {
        if (database.error().code() != ErrorCode::NotFound) out.trouble = QString::fromStdString(database.error().message());
        return out;
    }
    history::Filter filter;
    filter.limit = kMostRows;
    auto rows = (*database)->rows(filter);
    if (!rows) out.trouble = QString::fromStdString(rows.error().message());
    else out.rows = std::move(*rows);
    out.summary = history::summarize(out.rows);
    return out;
}

} // namespace

HistoryPage::HistoryPage(std::filesystem::path file, QWidget* parent)
    : Page(parent), m_file(std::move(file)), m_empty(new QLabel), m_sectorTitle(new QLabel), m_rate(new QLabel), m_result(new QLabel), m_filter(new QLineEdit), m_export(new QPushButton),
      m_model(new HistoryModel(this)), m_table(new QTableView), m_gantt(new SectorGantt), m_medians(new QTableWidget), m_split(new QSplitter(Qt::Vertical)) {
    m_empty->setObjectName(QStringLiteral("historyEmpty"));
    m_filter->setObjectName(QStringLiteral("historyFilter"));
    m_export->setObjectName(QStringLiteral("historyExport"));
    m_table->setObjectName(QStringLiteral("historyTable"));
    m_medians->setObjectName(QStringLiteral("historyMedians"));
    m_rate->setObjectName(QStringLiteral("historyRate"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_filter->setClearButtonEnabled(true);
    for (QLabel* label : {m_sectorTitle, m_result}) label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_model);
    sorted->setFilterKeyColumn(-1);
    sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(sorted);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // 10 000 rows are not measured
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->resizeSection(HistoryModel::Ended, 140);
    m_table->horizontalHeader()->resizeSection(HistoryModel::Sector, 110);
    m_table->horizontalHeader()->resizeSection(HistoryModel::Task, 150);
    rememberColumns(*m_table, QStringLiteral("history"));
    m_medians->setSelectionMode(QAbstractItemView::NoSelection);
    m_medians->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_medians->setTabKeyNavigation(false);
    m_medians->verticalHeader()->hide();
    for (QTableView* table : {m_table, static_cast<QTableView*>(m_medians)}) {
        table->verticalHeader()->setMinimumSectionSize(1);
        table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
        table->setMinimumHeight(fontMetrics().height() * 6);
    }
    m_medians->setColumnCount(6);

    auto* top = new QWidget;
    auto* topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins(0, 0, 0, 0);
    auto* tools = new QHBoxLayout;
    tools->addWidget(m_filter, 1);
    tools->addWidget(m_export);
    topLayout->addLayout(tools);
    topLayout->addWidget(m_empty, 1);
    topLayout->addWidget(m_table, 1);
    topLayout->addWidget(m_sectorTitle);
    topLayout->addWidget(m_gantt);
    auto* bottom = new QWidget;
    auto* bottomLayout = new QVBoxLayout(bottom);
    bottomLayout->setContentsMargins(0, 0, 0, 0);
    bottomLayout->addWidget(m_rate);
    bottomLayout->addWidget(m_medians, 1);
    m_split->addWidget(top);
    m_split->addWidget(bottom);
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 1);
    m_split->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_split, 1);
    layout->addWidget(m_result);

    connect(m_filter, &QLineEdit::textChanged, sorted, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &HistoryPage::showSector);
    connect(m_export, &QPushButton::clicked, this, &HistoryPage::exportCsv);
    retranslate();
}

void HistoryPage::showView(const worker::WorkerView& view) {
    std::filesystem::path file = m_file;
    if (!view.repo.empty()) file = common::historyFile(view.repo);
    const std::string newest = view.finished.empty() ? std::string() : view.finished.front().call;
    if (file == m_file && newest == m_newest) return;
    m_file = std::move(file);
    m_newest = newest;
    m_isStale = true;
    if (isVisible()) load();
}

void HistoryPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    if (m_isStale) load();
}

void HistoryPage::load() {
    if (m_isLoading) return;
    m_isLoading = true;
    m_isStale = false;
    m_jobs.start([this, file = m_file](const BackgroundJobs::Job& job) {
        auto result = std::make_shared<Read>(read(file));
        job.tell([this, result] {
            m_isLoading = false;
            m_trouble = result->trouble;
            m_summary = std::move(result->summary);
            m_model->setRows(std::move(result->rows));
            showRows();
            Q_EMIT loaded();
            if (m_isStale && isVisible()) load();
        });
    });
}

void HistoryPage::showRows() {
    const bool isEmpty = m_model->rows().empty();
    m_empty->setVisible(isEmpty);
    m_empty->setText(m_trouble.isEmpty() ? tr("The history begins with the first finished task.") : tr("The history cannot be read.") + QLatin1Char('\n') + m_trouble);
    m_table->setVisible(!isEmpty);
    m_export->setEnabled(!isEmpty);
    showSummary();
    showSector();
}

void HistoryPage::showSector() {
    const QModelIndex index = m_table->currentIndex();
    const QString sector = index.isValid() ? index.siblingAtColumn(HistoryModel::Sector).data().toString() : m_model->rows().empty() ? QString() : QString::fromStdString(m_model->rows().front().sector);
    std::vector<history::TaskRecord> tasks;
    for (const auto& row : m_model->rows())
        if (row.sector == sector.toStdString()) tasks.push_back(row);
    m_sectorTitle->setText(tr("Timeline of sector %1").arg(sector));
    m_gantt->setTasks(sector, tasks);
    const bool isShown = !tasks.empty();
    m_sectorTitle->setVisible(isShown);
    m_gantt->setVisible(isShown);
}

void HistoryPage::showSummary() {
    m_rate->setText(tr("%n sector(s) finished", nullptr, static_cast<int>(m_summary.sectors)) + QStringLiteral(" · ") + tr("%1 a day").arg(QLocale().toString(m_summary.sectorsPerDay, 'f', 1)));
    m_medians->setHorizontalHeaderLabels({tr("Task"), tr("Median"), tr("20 %"), tr("80 %"), tr("Longest"), tr("Tasks")});
    m_medians->setRowCount(0);
    const auto add = [this](const QString& name, const history::Spread& spread) {
        const int row = m_medians->rowCount();
        m_medians->setRowCount(row + 1);
        const auto time = [&](std::int64_t ms) { return durationText(spread.count > 0 ? ms : -1); };
        int column = 0;
        for (const QString& text : {name, time(spread.median), time(spread.p20), time(spread.p80), time(spread.most), QString::number(spread.count)}) {
            auto* item = new QTableWidgetItem(text);
            item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
            m_medians->setItem(row, column++, item);
        }
    };
    for (const auto& kind : m_summary.kinds) {
        QString name = taskTypeName(kind.shortName);
        if (kind.sectorSize > 0) name += QStringLiteral(" · ") + QString::fromStdString(byteText(kind.sectorSize));
        add(name, kind.whole);
        if (kind.phases.size() < 2) continue;
        for (const auto& [phase, spread] : kind.phases) {
            const auto space = phase.find(' ');
            const QString step = space == std::string::npos ? QString() : QString::fromStdString(phase.substr(space + 1));
            add(QStringLiteral("    ") + (step.isEmpty() ? QString::fromStdString(phase) : step == QLatin1String("layer") ? tr("layers") : stepText(step)), spread);
        }
    }
    m_medians->resizeColumnsToContents();
}

void HistoryPage::exportCsv() {
    const QString name = QFileDialog::getSaveFileName(this, tr("Export the history"), QStringLiteral("history.csv"), tr("Tables (*.csv)"));
    if (name.isEmpty()) return;
    m_jobs.start([this, name, file = m_file](const BackgroundJobs::Job& job) {
        const Read all = read(file);
        const std::string text = history::csvText(all.rows);
        QSaveFile out(name);
        const bool isWritten = all.trouble.isEmpty() && out.open(QIODevice::WriteOnly) && out.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) && out.commit();
        const QString why = all.trouble.isEmpty() ? out.errorString() : all.trouble;
        job.tell([this, name, isWritten, why] { m_result->setText(isWritten ? tr("Written: %1").arg(name) : tr("%1 could not be written: %2").arg(name, why)); });
    });
}

void HistoryPage::retranslate() {
    m_filter->setPlaceholderText(tr("Filter: sector, task, outcome"));
    m_filter->setAccessibleName(tr("Filter the history"));
    m_export->setText(tr("&Export …"));
    m_table->setAccessibleName(tr("Finished tasks"));
    m_medians->setAccessibleName(tr("How long tasks take"));
    m_model->refresh();
    showRows();
}

} // namespace lsw::gui
