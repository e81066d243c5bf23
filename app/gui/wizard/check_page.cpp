// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/wizard/check_page.h"

#include "gui/wizard/setup_text.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

enum Column { Sign, Title, Finding };

} // namespace

CheckPage::CheckPage(common::SetupAnswers& answers)
    : SetupPage(answers), m_checks(new QTreeWidget), m_outcome(makeText(QStringLiteral("checkOutcome"))), m_detail(makeText(QStringLiteral("checkDetail"))),
      m_command(makeText(QStringLiteral("checkCommand"))), m_card(makeText(QStringLiteral("minerCard"))), m_again(new QPushButton), m_copy(new QPushButton) {
    m_checks->setObjectName(QStringLiteral("checks"));
    m_again->setObjectName(QStringLiteral("checkAgain"));
    m_copy->setObjectName(QStringLiteral("copyFix"));
    m_checks->setColumnCount(3);
    m_checks->setRootIsDecorated(false);
    m_checks->setUniformRowHeights(true);
    m_checks->header()->setStretchLastSection(true);
    m_checks->setMinimumHeight(200);
    QFont bold = m_outcome->font();
    bold.setBold(true);
    m_outcome->setFont(bold);
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_again);
    buttons->addWidget(m_copy);
    buttons->addStretch();
    column()->addWidget(m_outcome);
    column()->addWidget(m_checks, 1);
    column()->addWidget(m_detail);
    column()->addWidget(m_command);
    column()->addLayout(buttons);
    column()->addWidget(m_card);

    connect(m_checks, &QTreeWidget::itemSelectionChanged, this, &CheckPage::showSelected);
    connect(m_again, &QPushButton::clicked, this, &CheckPage::examine);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_command->text()); });
    retranslate();
}

void CheckPage::initializePage() {
    if (!m_hasRun || !(m_examined == m_answers)) examine();
}

void CheckPage::cleanupPage() {
    m_jobs.stopAll();
    m_isRunning = false;
    m_hasRun = false;
}

void CheckPage::examine() {
    m_jobs.stopAll();
    m_results.clear();
    m_miner.reset();
    m_checks->clear();
    m_isRunning = m_hasRun = true;
    m_examined = m_answers;
    for (const setup::CheckName& name : setup::checkNames()) {
        auto* item = new QTreeWidgetItem(m_checks, {QStringLiteral("…"), checkTitle(name.title), QString()});
        item->setData(Sign, Qt::UserRole, static_cast<int>(name.id));
    }
    m_checks->resizeColumnToContents(Sign);
    m_checks->resizeColumnToContents(Title);
    showOutcome();
    showSelected();
    Q_EMIT completeChanged();
    m_jobs.start([this, question = common::doctorQuestion(m_answers, workerFolder())](const BackgroundJobs::Job& job) {
        auto diagnosis = setup::examine(question, job.stop(), [&](const setup::CheckResult& result) { job.tell([this, result] { showResult(result); }); });
        job.tell([this, miner = std::move(diagnosis.miner)] {
            m_miner = miner;
            m_isRunning = false;
            if (m_checks->selectedItems().isEmpty()) selectFirst(setup::CheckState::Warn);
            showOutcome();
            Q_EMIT completeChanged();
            if (m_miner && m_miner->sectorSize) Q_EMIT sectorSizeKnown(*m_miner->sectorSize);
        });
    });
}

void CheckPage::showResult(const setup::CheckResult& result) {
    m_results.push_back(result);
    for (int row = 0; row < m_checks->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_checks->topLevelItem(row);
        if (item->data(Sign, Qt::UserRole).toInt() != static_cast<int>(result.check)) continue;
        item->setText(Sign, stateSign(result.state));
        item->setText(Finding, findingText(result.found));
        item->setToolTip(Finding, item->text(Finding));
        item->setData(Sign, Qt::AccessibleTextRole, stateWord(result.state));
    }
    if (m_checks->selectedItems().isEmpty()) selectFirst(setup::CheckState::Fail);
    showOutcome();
    showSelected();
}

/// What is to be done about it is then told without a click.
void CheckPage::selectFirst(setup::CheckState state) {
    for (const setup::CheckResult& one : m_results) {
        if (one.state != state) continue;
        for (int row = 0; row < m_checks->topLevelItemCount(); ++row)
            if (m_checks->topLevelItem(row)->data(Sign, Qt::UserRole).toInt() == static_cast<int>(one.check)) m_checks->setCurrentItem(m_checks->topLevelItem(row));
        return;
    }
}

void CheckPage::showSelected() {
    const QTreeWidgetItem* item = m_checks->selectedItems().value(0);
    const setup::CheckResult* selected = nullptr;
    for (const setup::CheckResult& one : m_results)
        if (item && item->data(Sign, Qt::UserRole).toInt() == static_cast<int>(one.check)) selected = &one;
    const QString fix = selected ? fixText(selected->found) : QString();
    const QString command = selected ? QString::fromStdString(selected->found.command()) : QString();
    m_detail->setText(selected ? findingText(selected->found) + (fix.isEmpty() ? QString() : QLatin1Char('\n') + fix) : QString());
    m_command->setText(command);
    m_command->setVisible(!command.isEmpty());
    m_copy->setVisible(!command.isEmpty());
}

void CheckPage::showOutcome() {
    int failed = 0, warned = 0;
    for (const setup::CheckResult& one : m_results) {
        failed += one.state == setup::CheckState::Fail;
        warned += one.state == setup::CheckState::Warn;
    }
    m_outcome->setText(m_isRunning  ? tr("Looking at the connection …")
                       : failed > 0 ? tr("The worker would not work yet. What to do is said below; you may also go on and come back later.")
                       : warned > 0 ? tr("The miner can be used; something is worth a look.")
                                    : tr("The miner can be used."));
    m_again->setEnabled(!m_isRunning);
    QString card;
    if (m_miner && !m_miner->address.empty()) {
        const auto line = [&card](const QString& text) { card += (card.isEmpty() ? QString() : QStringLiteral("\n")) + text; };
        line(tr("Miner %1, lotus %2").arg(QString::fromStdString(m_miner->address), QString::fromStdString(m_miner->version)));
        if (m_miner->sectorSize) line(tr("Sector size: %1").arg(bytesText(*m_miner->sectorSize)));
        if (!m_miner->network.empty()) line(tr("Network: %1").arg(QString::fromStdString(m_miner->network)));
        if (m_miner->workersUnknown.empty()) line(tr("%n worker(s) now", nullptr, static_cast<int>(m_miner->workers.size())));
    }
    m_card->setText(card);
    m_card->setVisible(!card.isEmpty());
}

void CheckPage::retranslate() {
    setTitle(tr("Check the connection"));
    setSubTitle(tr("Each check builds on those before. Nothing at the miner is changed by them."));
    m_checks->setAccessibleName(tr("Checks"));
    m_checks->setHeaderLabels({QString(), tr("Check"), tr("What was found")});
    m_again->setText(tr("Check a&gain"));
    m_copy->setText(tr("&Copy"));
    for (int row = 0; row < m_checks->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_checks->topLevelItem(row);
        for (const setup::CheckName& name : setup::checkNames())
            if (item->data(Sign, Qt::UserRole).toInt() == static_cast<int>(name.id)) item->setText(Title, checkTitle(name.title));
        for (const setup::CheckResult& one : m_results)
            if (item->data(Sign, Qt::UserRole).toInt() == static_cast<int>(one.check)) item->setText(Finding, findingText(one.found));
    }
    showSelected();
    showOutcome();
}

} // namespace lsw::gui
