// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/sector_strip.h"

#include "gui/view_text.h"

#include <QtGui/QPainter>

namespace lsw::gui {

using worker::TaskState;
using worker::TaskView;

SectorStrip::SectorStrip(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("sectorStrip"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize SectorStrip::sizeHint() const { return {420, fontMetrics().height() * 2 + 14}; }

void SectorStrip::show(const worker::WorkerView& view, const std::string& sector) {
    m_sector = QString::fromStdString(sector);
    m_stages = {{QStringLiteral("AP")}, {QStringLiteral("PC1")}, {QStringLiteral("PC2")}, {tr("Wait"), Mark::Chain}, {QStringLiteral("C1")}, {QStringLiteral("C2")}, {tr("Fin")}};
    static const char* const names[]{"AP", "PC1", "PC2", "", "C1", "C2", "FIN"};
    for (qsizetype i = 0; i < m_stages.size(); ++i) {
        const auto look = [&](const TaskView& task) {
            if (task.sector != sector || task.shortName != names[i]) return false;
            Stage& stage = m_stages[i];
            switch (task.state) {
            case TaskState::Waiting: stage.mark = Mark::Waiting; break;
            case TaskState::Running:
                stage.mark = Mark::Running;
                stage.percent = progressPercent(task);
                break;
            case TaskState::Undelivered:
            case TaskState::Done: stage.mark = Mark::Done; break;
            case TaskState::Failed: stage.mark = Mark::Failed; break;
            }
            return true;
        };
        // What is open counts before what has ended, and the newest of that first.
        bool isFound = false;
        for (const TaskView& task : view.tasks) isFound = isFound || look(task);
        for (const TaskView& task : view.finished) isFound = isFound || look(task);
    }
    QStringList words;
    for (const Stage& stage : m_stages) words << stage.name + QLatin1Char(' ') + markText(stage);
    setAccessibleName(tr("Stages of sector %1").arg(m_sector));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    setToolTip(words.join(QLatin1Char('\n')));
    update();
}

QString SectorStrip::markText(const Stage& stage) {
    switch (stage.mark) {
    case Mark::Unknown: return QStringLiteral("—");
    case Mark::Waiting: return tr("waiting");
    case Mark::Running: return stage.percent >= 0 ? QStringLiteral("%1 %").arg(stage.percent) : tr("running");
    case Mark::Done: return QStringLiteral("✓");
    case Mark::Failed: return QStringLiteral("✗");
    case Mark::Chain: return tr("chain");
    }
    return {};
}

void SectorStrip::paintEvent(QPaintEvent*) {
    if (m_sector.isEmpty() || m_stages.isEmpty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal gap = 6, width = (this->width() - gap * static_cast<qreal>(m_stages.size() - 1)) / static_cast<qreal>(m_stages.size());
    const qreal line = fontMetrics().height();
    for (qsizetype i = 0; i < m_stages.size(); ++i) {
        const Stage& stage = m_stages[i];
        const QRectF box(static_cast<qreal>(i) * (width + gap), 1, width, height() - 2);
        const bool isMuted = stage.mark == Mark::Unknown || stage.mark == Mark::Chain;
        painter.setPen(palette().color(stage.mark == Mark::Running ? QPalette::Highlight : QPalette::Mid));
        painter.setBrush(palette().color(isMuted ? QPalette::Window : QPalette::Base));
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        if (stage.mark == Mark::Running || stage.mark == Mark::Done) {
            const qreal share = stage.mark == Mark::Done ? 1 : std::max(0, stage.percent) / 100.0;
            painter.fillRect(QRectF(box.left() + 3, box.bottom() - 5, (box.width() - 6) * share, 3), palette().color(QPalette::Highlight));
        }
        painter.setPen(palette().color(QPalette::WindowText));
        QFont font = painter.font();
        font.setBold(stage.mark == Mark::Running);
        painter.setFont(font);
        painter.drawText(QRectF(box.left(), box.top() + 2, box.width(), line), Qt::AlignCenter, stage.name);
        painter.drawText(QRectF(box.left(), box.top() + 2 + line, box.width(), line), Qt::AlignCenter, fontMetrics().elidedText(markText(stage), Qt::ElideRight, static_cast<int>(box.width()) - 4));
    }
}

} // namespace lsw::gui
