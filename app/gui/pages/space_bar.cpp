// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/pages/space_bar.h"

#include <QtGui/QPainter>

#include <algorithm>

namespace lsw::gui {

SpaceBar::SpaceBar(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

void SpaceBar::setSpace(qint64 capacity, qint64 available, qint64 reserved) {
    const double whole = static_cast<double>(capacity);
    if (capacity <= 0 || available < 0 || available > capacity) m_used = m_reserved = 0;
    else {
        m_reserved = std::clamp(static_cast<double>(reserved) / whole, 0.0, 1.0);
        m_used = std::clamp(1 - static_cast<double>(available) / whole - m_reserved, 0.0, 1.0); // what is available is counted without what is reserved
    }
    update();
}

void SpaceBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.fillRect(box, palette().color(QPalette::Base));
    painter.fillRect(QRectF(box.left(), box.top(), box.width() * m_used, box.height()), palette().color(QPalette::Highlight));
    painter.fillRect(QRectF(box.left() + box.width() * m_used, box.top(), box.width() * m_reserved, box.height()), QBrush(palette().color(QPalette::Highlight), Qt::BDiagPattern));
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(box);
}

} // namespace lsw::gui
