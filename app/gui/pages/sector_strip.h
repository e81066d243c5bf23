// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <QtWidgets/QWidget>

namespace lsw::gui {

/// The life of one sector as a strip: AP ▸ PC1 ▸ PC2 ▸ Wait ▸ C1 ▸ C2 ▸ Fin, each with what of it is known here.
///
/// Stages differ by their mark as well as by their colour, and the whole is told in words to a screen reader.
class SectorStrip : public QWidget {
    Q_OBJECT
public:
    explicit SectorStrip(QWidget* parent = nullptr);
    /// Empty: no sector.
    void show(const worker::WorkerView& view, const std::string& sector);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    enum class Mark { Unknown, Waiting, Running, Done, Failed, Chain };
    struct Stage {
        QString name;
        Mark mark = Mark::Unknown;
        int percent = -1;
    };
    static QString markText(const Stage& stage);

    QString m_sector;
    QList<Stage> m_stages;
};

} // namespace lsw::gui
