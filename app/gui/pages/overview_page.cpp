// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/overview_page.h"

#include "base/text.h"
#include "gui/pages/task_table.h"
#include "gui/task_table_model.h"
#include "gui/view_text.h"
#include "setup/machine_check.h"

#include <QtCore/QDateTime>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>
#include <set>

namespace lsw::gui {
namespace {

constexpr std::size_t kMostShown = 6;

} // namespace

using worker::TaskState;
using worker::TaskView;

OverviewPage::OverviewPage(QWidget* parent)
    : Page(parent), m_running(new TaskTableModel(this)), m_table(new TaskTable(m_running, QStringLiteral("overviewTasks"))), m_title(new QLabel), m_empty(new QLabel), m_facts(new QFormLayout) {
    m_empty->setObjectName(QStringLiteral("overviewEmpty"));
    m_empty->setWordWrap(true);
    m_empty->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_table->setColumnHidden(TaskTableModel::Elapsed, true);
    m_table->setColumnHidden(TaskTableModel::State, true);
    int number = 0;
    for (Fact* fact : {&m_connection, &m_next, &m_today, &m_room, &m_machine, &m_engine}) {
        *fact = {new QLabel, new QLabel};
        fact->value->setObjectName(QStringLiteral("fact%1").arg(number++));
        fact->value->setWordWrap(true);
        fact->value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        fact->value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_facts->addRow(fact->name, fact->value);
    }
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_empty);
    layout->addWidget(m_table, 1);
    layout->addLayout(m_facts);
    retranslate();
}

void OverviewPage::showView(const worker::WorkerView& view) {
    m_view = view;
    std::vector<TaskView> running;
    for (const TaskView& task : view.tasks)
        if (task.state == TaskState::Running && running.size() < kMostShown) running.push_back(task);
    const bool isIdle = running.empty();
    m_running->setTasks(std::move(running));
    m_table->setVisible(!isIdle);
    m_empty->setVisible(isIdle);
    const bool isOn = view.connection == worker::ConnectionState::Connected;
    m_empty->setText(isOn ? tr("Connected. Waiting for work – the miner has not asked for anything yet.") + QLatin1Char('\n') + tr("A new sector is begun on the miner with: lotus-miner sectors pledge")
                          : tr("Nothing runs. Set the worker up or start it with the buttons above, or practise without a miner."));
    m_connection.value->setText(isOn ? tr("miner %1 at %2, lotus %3").arg(QString::fromStdString(view.minerActor), QString::fromStdString(view.miner), QString::fromStdString(view.minerVersion)) : stateSentence(view));
    m_next.value->setText(nextText());
    m_today.value->setText(todayText());
    m_room.value->setText(roomText());
    const bool isKnown = view.cpus > 0;
    m_machine.value->setText(isKnown ? tr("%1 of %2 cores and %3 of %4 memory promised to tasks").arg(view.cpusUsed).arg(view.cpus).arg(QString::fromStdString(byteText(view.memBudgetUsed)), QString::fromStdString(byteText(view.memPhysical)))
                                     : QStringLiteral("—"));
    m_engine.value->setText(view.engine.empty() ? QStringLiteral("—") : QString::fromStdString(view.engine));
}

/// The running task that is done first.
QString OverviewPage::nextText() const {
    const TaskView* first = nullptr;
    for (const TaskView& task : m_view.tasks)
        if (task.state == TaskState::Running && task.forecast.remainingMs >= 0 && (!first || task.forecast.remainingMs < first->forecast.remainingMs)) first = &task;
    if (!first) return QStringLiteral("—");
    return taskSubject(*first) + QStringLiteral(" · ") + QString::fromStdString(first->shortName) + QStringLiteral(" · ") + finishText(*first);
}

QString OverviewPage::todayText() const {
    const qint64 midnight = QDate::currentDate().startOfDay().toMSecsSinceEpoch();
    int done = 0, failed = 0;
    for (const TaskView& task : m_view.finished) {
        if (task.finishedMs < midnight) continue;
        if (task.state == TaskState::Done) ++done;
        else ++failed;
    }
    QString out = tr("%n task(s) done", nullptr, done);
    if (failed > 0) out += QStringLiteral(" · ") + tr("%n failed", nullptr, failed);
    return out;
}

QString OverviewPage::roomText() const {
    std::uint64_t room = 0, fits = 0;
    bool isAny = false;
    for (const auto& path : m_view.paths) {
        if (!path.canSeal || path.available < 0 || !path.error.empty()) continue;
        isAny = true;
        room += static_cast<std::uint64_t>(path.available);
        if (m_view.sectorSize > 0) fits += static_cast<std::uint64_t>(path.available) / setup::bytesInWork(m_view.sectorSize);
    }
    if (!isAny) return m_view.connection == worker::ConnectionState::Connected ? tr("no sealing path: this worker gets no sealing tasks") : QStringLiteral("—");
    QString out = tr("%1 free for sealing").arg(QString::fromStdString(byteText(room)));
    if (m_view.sectorSize > 0) out += QStringLiteral(" · ") + tr("fits %n more sector(s)", nullptr, static_cast<int>(std::min<std::uint64_t>(fits, 1'000'000)));
    return out;
}

void OverviewPage::tick() {
    if (!m_view.tasks.empty()) m_running->refresh();
}

void OverviewPage::retranslate() {
    m_title->setText(tr("Running now"));
    m_table->setAccessibleName(tr("Running now"));
    m_connection.name->setText(tr("Connection"));
    m_next.name->setText(tr("Done next"));
    m_today.name->setText(tr("Today"));
    m_room.name->setText(tr("Disk"));
    m_machine.name->setText(tr("Machine"));
    m_engine.name->setText(tr("Engine"));
    m_running->refresh();
    showView(m_view);
}

} // namespace lsw::gui
