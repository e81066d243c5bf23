// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtWidgets/QWidget>

namespace lsw::gui {

/// The space of one storage path: used, reserved for tasks that run, free. The figures stand beside it in words.
class SpaceBar : public QWidget {
    Q_OBJECT
public:
    explicit SpaceBar(QWidget* parent = nullptr);
    /// Bytes; nonsense (more than there is, negative) shows as an empty bar.
    void setSpace(qint64 capacity, qint64 available, qint64 reserved);
    QSize sizeHint() const override { return {240, 18}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_used = 0, m_reserved = 0; ///< parts of the whole
};

} // namespace lsw::gui
