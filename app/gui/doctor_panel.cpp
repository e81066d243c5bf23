// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/doctor_panel.h"

#include "gui/command_box.h"
#include "gui/text_label.h"
#include "gui/wizard/setup_text.h"

#include <QtCore/QEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

enum Column { Sign, Title, Finding };
constexpr std::size_t kBoxes = 3;

} // namespace

DoctorPanel::DoctorPanel(QWidget* parent)
    : QWidget(parent), m_jobs(this), m_checks(new QTreeWidget), m_outcome(makeText(QStringLiteral("checkOutcome"))), m_detail(makeText(QStringLiteral("checkDetail"))),
      m_card(makeText(QStringLiteral("minerCard"))), m_again(new QPushButton), m_stop(new QPushButton) {
    m_checks->setObjectName(QStringLiteral("checks"));
    m_again->setObjectName(QStringLiteral("checkAgain"));
    m_stop->setObjectName(QStringLiteral("checkStop"));
    m_checks->setColumnCount(3);
    m_checks->setRootIsDecorated(false);
    m_checks->setUniformRowHeights(true);
    m_checks->header()->setStretchLastSection(true);
    m_checks->setMinimumHeight(200);
    QFont bold = m_outcome->font();
    bold.setBold(true);
    m_outcome->setFont(bold);

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_again);
    buttons->addWidget(m_stop);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_outcome);
    layout->addWidget(m_checks, 1);
    layout->addWidget(m_detail);
    for (std::size_t i = 0; i < kBoxes; ++i) {
        m_boxes.push_back(new CommandBox(QStringLiteral("fix%1").arg(i)));
        m_boxes.back()->setVisible(false);
        layout->addWidget(m_boxes.back());
    }
    layout->addLayout(buttons);
    layout->addWidget(m_card);

    connect(m_checks, &QTreeWidget::itemSelectionChanged, this, &DoctorPanel::showSelected);
    connect(m_again, &QPushButton::clicked, this, &DoctorPanel::againWanted);
    connect(m_stop, &QPushButton::clicked, this, &DoctorPanel::stop);
    clear();
}

void DoctorPanel::clear() {
    m_jobs.stopAll();
    m_isRunning = false;
    m_results.clear();
    m_miner.reset();
    m_trouble.clear();
    fillRows();
    retranslate();
}

void DoctorPanel::fillRows() {
    m_checks->clear();
    for (const setup::CheckName& name : setup::checkNames()) {
        auto* item = new QTreeWidgetItem(m_checks, {QStringLiteral("…"), checkTitle(name.title), QString()});
        item->setData(Sign, Qt::UserRole, static_cast<int>(name.id));
    }
    m_checks->resizeColumnToContents(Sign);
    m_checks->resizeColumnToContents(Title);
}

void DoctorPanel::stop() {
    if (!m_isRunning) return;
    m_jobs.stopAll();
    m_isRunning = false;
    showOutcome();
    Q_EMIT runningChanged();
}

void DoctorPanel::examine(Ask ask) {
    m_jobs.stopAll();
    m_isRunning = true;
    m_trouble.clear();
    showOutcome();
    Q_EMIT runningChanged();
    m_jobs.start([this, ask = std::move(ask)](const BackgroundJobs::Job& job) {
        const auto question = ask();
        setup::Diagnosis diagnosis;
        if (question) diagnosis = setup::examine(*question, job.stop(), [&](const setup::CheckResult& result) { job.tell([this, result] { showResult(result); }); });
        const QString trouble = question ? QString() : QString::fromStdString(question.error().message());
        job.tell([this, trouble, miner = std::move(diagnosis.miner)] {
            m_miner = miner;
            m_trouble = trouble;
            m_isRunning = false;
            if (m_checks->selectedItems().isEmpty()) select(setup::CheckState::Warn);
            showOutcome();
            showSelected();
            Q_EMIT runningChanged();
        });
    });
}

void DoctorPanel::showResult(const setup::CheckResult& result) {
    std::erase_if(m_results, [&](const setup::CheckResult& one) { return one.check == result.check; });
    m_results.push_back(result);
    for (int row = 0; row < m_checks->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_checks->topLevelItem(row);
        if (item->data(Sign, Qt::UserRole).toInt() != static_cast<int>(result.check)) continue;
        item->setText(Sign, stateSign(result.state));
        item->setText(Finding, findingText(result.found));
        item->setToolTip(Finding, item->text(Finding));
        item->setData(Sign, Qt::AccessibleTextRole, stateWord(result.state));
    }
    if (m_checks->selectedItems().isEmpty()) select(setup::CheckState::Fail);
    showOutcome();
    showSelected();
}

/// The first of these: what is to be done about it is then told without a click.
void DoctorPanel::select(setup::CheckState state) {
    for (int row = 0; row < m_checks->topLevelItemCount(); ++row) {
        const setup::CheckResult* result = resultOf(m_checks->topLevelItem(row));
        if (!result || result->state != state) continue;
        m_checks->setCurrentItem(m_checks->topLevelItem(row));
        return;
    }
}

const setup::CheckResult* DoctorPanel::resultOf(const QTreeWidgetItem* item) const {
    for (const setup::CheckResult& one : m_results)
        if (item && item->data(Sign, Qt::UserRole).toInt() == static_cast<int>(one.check)) return &one;
    return nullptr;
}

void DoctorPanel::showSelected() {
    const setup::CheckResult* selected = resultOf(m_checks->selectedItems().value(0));
    QString detail;
    if (selected) {
        detail = findingText(selected->found);
        if (const QString fix = fixText(selected->found); !fix.isEmpty()) detail += QLatin1Char('\n') + fix;
        const bool isWrong = selected->state == setup::CheckState::Fail || selected->state == setup::CheckState::Warn;
        for (const std::string& line : selected->evidence)
            if (isWrong) detail += QStringLiteral("\n  · ") + QString::fromStdString(line);
    }
    m_detail->setText(detail);
    const auto lines = selected ? fixLines(selected->found) : std::vector<FixLines>();
    for (std::size_t i = 0; i < m_boxes.size(); ++i) m_boxes[i]->setCommand(i < lines.size() ? lines[i].purpose : QString(), i < lines.size() ? lines[i].lines : QString());
}

void DoctorPanel::showOutcome() {
    int failed = 0, warned = 0;
    for (const setup::CheckResult& one : m_results) {
        failed += one.state == setup::CheckState::Fail;
        warned += one.state == setup::CheckState::Warn;
    }
    m_outcome->setText(m_isRunning                ? tr("Looking at the connection …")
                       : !m_trouble.isEmpty()     ? m_trouble
                       : m_results.empty()        ? tr("Nothing was looked at yet.")
                       : failed > 0               ? tr("The worker would not work. What to do is said below.")
                       : warned > 0               ? tr("The miner can be used; something is worth a look.")
                                                  : tr("The miner can be used."));
    m_again->setEnabled(!m_isRunning);
    m_stop->setEnabled(m_isRunning);
    QString card;
    if (m_miner && !m_miner->address.empty()) {
        const auto line = [&card](const QString& text) { card += (card.isEmpty() ? QString() : QStringLiteral("\n")) + text; };
        line(tr("Miner %1, lotus %2").arg(QString::fromStdString(m_miner->address), QString::fromStdString(m_miner->version)));
        if (m_miner->sectorSize) line(tr("Sector size: %1").arg(bytesText(*m_miner->sectorSize)));
        if (!m_miner->network.empty()) line(tr("Network: %1").arg(QString::fromStdString(m_miner->network)));
        if (m_miner->workersUnknown.empty()) line(tr("Worker use: %1").arg(useText(setup::workerUse(*m_miner))));
    }
    m_card->setText(card);
    m_card->setVisible(!card.isEmpty());
}

void DoctorPanel::retranslate() {
    m_checks->setAccessibleName(tr("Checks"));
    m_checks->setHeaderLabels({QString(), tr("Check"), tr("What was found")});
    m_again->setText(tr("Check a&gain"));
    m_stop->setText(tr("St&op checking"));
    for (int row = 0; row < m_checks->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_checks->topLevelItem(row);
        for (const setup::CheckName& name : setup::checkNames())
            if (item->data(Sign, Qt::UserRole).toInt() == static_cast<int>(name.id)) item->setText(Title, checkTitle(name.title));
        if (const setup::CheckResult* result = resultOf(item)) item->setText(Finding, findingText(result->found));
    }
    m_checks->resizeColumnToContents(Title);
    showSelected();
    showOutcome();
}

void DoctorPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWidget::changeEvent(event);
}

} // namespace lsw::gui
