// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/sector_gantt.h"

#include "gui/view_text.h"

#include <QtGui/QPainter>

#include <algorithm>

namespace lsw::gui {
namespace {

constexpr std::size_t kMostLines = 12;

} // namespace

SectorGantt::SectorGantt(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("sectorGantt"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize SectorGantt::sizeHint() const { return {320, static_cast<int>(m_tasks.size() + 1) * (fontMetrics().height() + 4) + 4}; }

void SectorGantt::setTasks(const QString& sector, const std::vector<history::TaskRecord>& tasks) {
    m_tasks.clear();
    for (const auto& task : tasks)
        if (task.queuedMs > 0 && task.begunMs >= task.queuedMs && task.endedMs >= task.begunMs) m_tasks.push_back(task);
    std::ranges::sort(m_tasks, {}, &history::TaskRecord::begunMs);
    if (m_tasks.size() > kMostLines) m_tasks.erase(m_tasks.begin(), m_tasks.end() - static_cast<std::ptrdiff_t>(kMostLines));
    m_from = m_to = 0;
    QStringList words;
    for (const auto& task : m_tasks) {
        m_from = m_from == 0 ? task.queuedMs : std::min<qint64>(m_from, task.queuedMs);
        m_to = std::max<qint64>(m_to, task.endedMs);
        words << tr("%1: waited %2, ran %3").arg(QString::fromStdString(task.shortName), durationText(task.begunMs - task.queuedMs), durationText(task.endedMs - task.begunMs));
    }
    setAccessibleName(tr("Timeline of sector %1").arg(sector));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    setToolTip(words.join(QLatin1Char('\n')));
    updateGeometry();
    update();
}

void SectorGantt::paintEvent(QPaintEvent*) {
    if (m_tasks.empty() || m_to <= m_from) return;
    QPainter painter(this);
    const int line = fontMetrics().height() + 4;
    const auto labelOf = [](const history::TaskRecord& task) -> QString { return QString::fromStdString(task.shortName) + QLatin1Char(' ') + durationText(task.endedMs - task.begunMs); };
    int label = 0;
    for (const auto& task : m_tasks) label = std::max(label, std::min(this->width() / 2, fontMetrics().horizontalAdvance(labelOf(task)) + 12));
    const double span = static_cast<double>(m_to - m_from), width = std::max(10, this->width() - label - 4);
    const auto place = [&](qint64 ms) { return label + width * static_cast<double>(ms - m_from) / span; };
    painter.setPen(palette().color(QPalette::WindowText));
    int y = 2;
    for (const auto& task : m_tasks) {
        painter.drawText(QRect(0, y, label - 8, line), Qt::AlignLeft | Qt::AlignVCenter, labelOf(task));
        const QRectF waited(place(task.queuedMs), y + line / 2.0 - 1, place(task.begunMs) - place(task.queuedMs), 2);
        painter.fillRect(waited, palette().color(QPalette::Mid));
        const QRectF ran(place(task.begunMs), y + 3, std::max(2.0, place(task.endedMs) - place(task.begunMs)), line - 6);
        const bool isDone = task.outcome == history::Outcome::Done;
        painter.fillRect(ran, isDone ? QBrush(palette().color(QPalette::Highlight)) : QBrush(palette().color(QPalette::WindowText), Qt::BDiagPattern));
        y += line;
    }
    painter.drawText(QRect(label, y, static_cast<int>(width), line), Qt::AlignLeft | Qt::AlignVCenter, momentText(m_from));
    painter.drawText(QRect(label, y, static_cast<int>(width), line), Qt::AlignRight | Qt::AlignVCenter, momentText(m_to));
}

} // namespace lsw::gui
