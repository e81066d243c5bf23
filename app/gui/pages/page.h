// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <QtCore/QEvent>
#include <QtWidgets/QWidget>

namespace lsw::gui {

/// One page of the window: shows a view, in the language in use.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;
    virtual void showView(const worker::WorkerView& view) = 0;
    /// Elapsed times and forecasts go on between two views.
    virtual void tick() {}

protected:
    virtual void retranslate() = 0;
    void changeEvent(QEvent* event) override {
        if (event->type() == QEvent::LanguageChange) retranslate();
        QWidget::changeEvent(event);
    }
};

} // namespace lsw::gui
