// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtWidgets/QLabel>

namespace lsw::gui {

/// A label for plain text, which wraps and can be selected with the mouse.
inline QLabel* makeText(const QString& name) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace lsw::gui
