// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/practice_panel.h"

#include "gui/view_text.h"

#include <QtCore/QEvent>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QGroupBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTextBrowser>
#include <QtWidgets/QVBoxLayout>

namespace lsw::gui {
namespace {

QString phaseTitle(const QString& phase) {
    if (phase == QLatin1String("start")) return PracticePanel::tr("Start");
    if (phase == QLatin1String("addpiece")) return PracticePanel::tr("AddPiece (AP)");
    if (phase == QLatin1String("pc1")) return PracticePanel::tr("PreCommit 1 (PC1)");
    if (phase == QLatin1String("pc2")) return PracticePanel::tr("PreCommit 2 (PC2)");
    if (phase == QLatin1String("seed")) return PracticePanel::tr("Wait for the seed (WaitSeed)");
    if (phase == QLatin1String("c1")) return PracticePanel::tr("Commit 1 (C1)");
    if (phase == QLatin1String("c2")) return PracticePanel::tr("Commit 2 (C2)");
    if (phase == QLatin1String("verify")) return PracticePanel::tr("Verify");
    if (phase == QLatin1String("finalize")) return PracticePanel::tr("Finalize");
    if (phase == QLatin1String("move")) return PracticePanel::tr("Move to long-term storage");
    if (phase == QLatin1String("unseal")) return PracticePanel::tr("Unseal");
    if (phase == QLatin1String("readback")) return PracticePanel::tr("Read back");
    if (phase == QLatin1String("parameters")) return PracticePanel::tr("Proof parameters");
    return phase;
}

QString phaseExplanation(const QString& phase) {
    if (phase == QLatin1String("start")) return PracticePanel::tr("A practice miner listens on this computer alone; a real worker, a second process, has registered with it.");
    if (phase == QLatin1String("addpiece")) return PracticePanel::tr("The data were pushed to the worker, padded and written into the unsealed sector file.");
    if (phase == QLatin1String("pc1")) return PracticePanel::tr("Every 32 bytes of the sector got a label that depends on many others, layer after layer. This is the slow phase.");
    if (phase == QLatin1String("pc2")) return PracticePanel::tr("Trees were built over the labels; their root, CommR, is what the miner puts on the chain.");
    if (phase == QLatin1String("seed")) return PracticePanel::tr("A real miner now waits about 75 minutes for randomness from the chain; practice draws it at once.");
    if (phase == QLatin1String("c1")) return PracticePanel::tr("The places that the seed asks for were opened and checked.");
    if (phase == QLatin1String("c2")) return PracticePanel::tr("The openings were turned into a short proof that the chain can verify.");
    if (phase == QLatin1String("verify")) return PracticePanel::tr("The official verifier was asked whether the proof holds.");
    if (phase == QLatin1String("finalize")) return PracticePanel::tr("The labels are no longer needed and were removed.");
    if (phase == QLatin1String("move")) return PracticePanel::tr("The sealed sector went to long-term storage.");
    if (phase == QLatin1String("unseal")) return PracticePanel::tr("The data were computed back from the sealed sector.");
    if (phase == QLatin1String("readback")) return PracticePanel::tr("The data were read back through the worker's port and compared with what went in.");
    if (phase == QLatin1String("parameters")) return PracticePanel::tr("The parameters of practice proofs were generated; they are kept in a folder that no real network reads.");
    return {};
}

} // namespace

PracticePanel::PracticePanel(QWidget* parent)
    : QWidget(parent), m_intro(new QLabel(this)), m_choice(new QGroupBox(this)), m_sizeLabel(new QLabel(this)), m_size(new QComboBox(this)),
      m_fileLabel(new QLabel(this)), m_file(new QLineEdit(this)), m_browse(new QPushButton(this)), m_prove(new QCheckBox(this)), m_proveCost(new QLabel(this)),
      m_start(new QPushButton(this)), m_bar(new QProgressBar(this)), m_barText(new QLabel(this)), m_phases(new QTextBrowser(this)) {
    m_intro->setWordWrap(true);
    m_size->setObjectName(QStringLiteral("practiceSize"));
    m_file->setObjectName(QStringLiteral("practiceFile"));
    m_browse->setObjectName(QStringLiteral("practiceBrowse"));
    m_prove->setObjectName(QStringLiteral("practiceProve"));
    m_start->setObjectName(QStringLiteral("practiceStart"));
    m_bar->setObjectName(QStringLiteral("practiceProgress"));
    m_phases->setObjectName(QStringLiteral("practicePhases"));
    for (const auto& [name, bytes] : {std::pair{"2 KiB", 2048ULL}, {"8 MiB", 8ULL << 20}, {"512 MiB", 512ULL << 20}})
        m_size->addItem(QLatin1String(name), QVariant::fromValue<qulonglong>(bytes));
    m_sizeLabel->setBuddy(m_size);
    m_fileLabel->setBuddy(m_file);
    m_bar->setRange(0, 100);
    m_bar->setTextVisible(false);
    m_bar->setVisible(false);
    m_barText->setVisible(false);
    m_barText->setWordWrap(true);

    auto* fileRow = new QHBoxLayout;
    fileRow->addWidget(m_file);
    fileRow->addWidget(m_browse);
    auto* form = new QFormLayout(m_choice);
    form->addRow(m_sizeLabel, m_size);
    form->addRow(m_fileLabel, fileRow);
    form->addRow(m_prove);
    m_proveCost->setWordWrap(true);
    form->addRow(m_proveCost);
    auto* startRow = new QHBoxLayout;
    startRow->addStretch();
    startRow->addWidget(m_start);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_intro);
    layout->addWidget(m_choice);
    layout->addLayout(startRow);
    layout->addWidget(m_barText);
    layout->addWidget(m_bar);
    layout->addWidget(m_phases, 1);

    setFocusProxy(m_start);
    connect(m_browse, &QPushButton::clicked, this, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("File to seal"));
        if (!file.isEmpty()) m_file->setText(file);
    });
    connect(m_start, &QPushButton::clicked, this, &PracticePanel::choose);
    retranslate();
}

void PracticePanel::choose() {
    if (m_running) {
        Q_EMIT cancelRequested();
        return;
    }
    common::PracticeChoice choice;
    choice.sectorSize = m_size->currentData().toULongLong();
    choice.file = m_file->text().trimmed().toStdString();
    choice.prove = m_prove->isChecked();
    m_lines.clear();
    m_outcome = -2;
    showPhases();
    Q_EMIT startRequested(choice);
}

void PracticePanel::setRunning(bool running) {
    m_running = running;
    m_choice->setEnabled(!running);
    m_bar->setVisible(running);
    m_barText->setVisible(running);
    m_barText->clear();
    m_bar->setRange(0, 0);
    retranslate();
}

void PracticePanel::addPhase(const QByteArray& json) {
    m_lines.append(json);
    showPhases();
}

void PracticePanel::setProgress(const QString& phase, double fraction, const QString& text) {
    m_bar->setRange(0, fraction < 0 ? 0 : 1000);
    if (fraction >= 0) m_bar->setValue(static_cast<int>(fraction * 1000));
    m_barText->setText(phaseTitle(phase) + (text.isEmpty() ? QString() : QStringLiteral(" · ") + stepText(text)));
}

void PracticePanel::finish(int errorCode, const QString& message) {
    m_outcome = errorCode;
    m_outcomeDetail = message;
    setRunning(false);
    showPhases();
}

QString PracticePanel::phaseHtml(const QByteArray& json) const {
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const QString phase = object.value(QLatin1String("phase")).toString();
    if (phase == QLatin1String("done")) return {};
    QString html = QStringLiteral("<p><b>%1</b>").arg(phaseTitle(phase).toHtmlEscaped());
    if (const QJsonValue seconds = object.value(QLatin1String("seconds")); seconds.isDouble())
        html += QStringLiteral(" · %1 s").arg(seconds.toDouble(), 0, 'f', 1);
    html += QStringLiteral("<br>%1").arg(phaseExplanation(phase).toHtmlEscaped());
    for (const auto& [key, name] : {std::pair{"comm_d_cid", "CommD"}, {"comm_r_cid", "CommR"}})
        if (const QString value = object.value(QLatin1String(key)).toString(); !value.isEmpty())
            html += QStringLiteral("<br><code>%1 %2</code>").arg(QLatin1String(name), value.toHtmlEscaped());
    return html + QStringLiteral("</p>");
}

void PracticePanel::showPhases() {
    QString html;
    for (const QByteArray& line : m_lines) html += phaseHtml(line);
    if (m_outcome == -1)
        html += QStringLiteral("<p><b>%1</b></p>").arg(tr("Done: the sector is sealed, and what was read back equals what went in.").toHtmlEscaped());
    else if (m_outcome >= 0)
        html += QStringLiteral("<p><b>%1</b><br>%2</p>")
                    .arg(errorSentence(static_cast<ErrorCode>(m_outcome)).toHtmlEscaped(), m_outcomeDetail.toHtmlEscaped());
    m_phases->setHtml(html);
    m_phases->moveCursor(QTextCursor::End);
}

void PracticePanel::retranslate() {
    m_intro->setText(tr("Seal one small sector end to end on this computer: with a practice miner, without a network, and without touching any real miner."));
    m_choice->setTitle(tr("What to seal"));
    m_sizeLabel->setText(tr("Sector &size:"));
    m_fileLabel->setText(tr("&File:"));
    m_file->setPlaceholderText(tr("Empty: random bytes"));
    m_browse->setText(tr("&Browse…"));
    m_prove->setText(tr("Also make and verify the final proof (C2)"));
    m_proveCost->setText(tr("It needs 7 GB of memory, and the first time 15 to 30 minutes for parameters."));
    m_start->setText(m_running ? tr("&Cancel") : tr("Start practi&ce"));
    m_phases->setAccessibleName(tr("Phases of the practice run"));
    m_bar->setAccessibleName(tr("Progress of the phase"));
    m_size->setAccessibleName(tr("Sector size"));
    showPhases();
}

void PracticePanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWidget::changeEvent(event);
}

} // namespace lsw::gui
