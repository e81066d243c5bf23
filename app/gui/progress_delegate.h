// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtWidgets/QStyledItemDelegate>

namespace lsw::gui {

/// Draws the progress column of a TaskTableModel as a bar with its text; a task whose progress cannot be known has text alone.
class ProgressDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace lsw::gui
