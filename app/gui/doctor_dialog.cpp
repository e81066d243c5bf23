// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/doctor_dialog.h"

#include "common/check_questions.h"
#include "common/storage_path.h"
#include "common/worker_client.h"
#include "gui/doctor_panel.h"

#include <QtCore/QEvent>
#include <QtCore/QLocale>
#include <QtCore/QTime>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

constexpr int kEveryMs = 60'000;

} // namespace

DoctorDialog::DoctorDialog(QWidget* parent) : QDialog(parent), m_panel(new DoctorPanel), m_when(new QLabel), m_close(new QPushButton) {
    setObjectName(QStringLiteral("doctorDialog"));
    m_when->setObjectName(QStringLiteral("checkedWhen"));
    m_close->setObjectName(QStringLiteral("doctorClose"));
    m_when->setWordWrap(true);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(m_panel);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_when, 1);
    bottom->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(area, 1);
    layout->addLayout(bottom);
    resize(800, 600);
    m_clock.setInterval(kEveryMs);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (!m_panel->isRunning()) look();
    });
    connect(m_panel, &DoctorPanel::againWanted, this, &DoctorDialog::look);
    connect(m_panel, &DoctorPanel::runningChanged, this, [this] {
        if (m_panel->isRunning()) return;
        m_lookedAt = QLocale().toString(QTime::currentTime(), QLocale::ShortFormat);
        retranslate();
    });
    connect(m_close, &QPushButton::clicked, this, &QDialog::close);
    retranslate();
}

void DoctorDialog::look() {
    m_clock.start();
    m_panel->examine([] {
        common::StartRequest request;
        request.repo = common::workerRepo({});
        request.home = common::plainStoragePath("~");
        return common::doctorQuestion(request);
    });
}

void DoctorDialog::showEvent(QShowEvent* event) {
    QDialog::showEvent(event);
    look();
}

void DoctorDialog::hideEvent(QHideEvent* event) {
    m_clock.stop();
    m_panel->stop();
    QDialog::hideEvent(event);
}

void DoctorDialog::retranslate() {
    setWindowTitle(tr("Check the connection"));
    m_close->setText(tr("C&lose"));
    m_when->setText(m_lookedAt.isEmpty() ? QString() : tr("Checked at %1; again every minute while this is open. Nothing at the miner is changed by it.").arg(m_lookedAt));
}

void DoctorDialog::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QDialog::changeEvent(event);
}

} // namespace lsw::gui
