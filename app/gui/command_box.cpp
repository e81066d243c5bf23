// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/command_box.h"

#include <QtCore/QEvent>
#include <QtGui/QClipboard>
#include <QtGui/QFontDatabase>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>

namespace lsw::gui {
namespace {

constexpr int kMostLines = 8;

} // namespace

CommandBox::CommandBox(const QString& name, QWidget* parent) : QWidget(parent), m_purpose(new QLabel), m_text(new QPlainTextEdit), m_copy(new QPushButton) {
    setObjectName(name);
    m_text->setObjectName(name + QStringLiteral("_text"));
    m_copy->setObjectName(name + QStringLiteral("_copy"));
    m_purpose->setWordWrap(true);
    m_purpose->setTextFormat(Qt::PlainText);
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* row = new QHBoxLayout;
    row->addWidget(m_text, 1);
    row->addWidget(m_copy, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_purpose);
    layout->addLayout(row);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_text->toPlainText()); });
    retranslate();
}

void CommandBox::setCommand(const QString& purpose, const QString& lines) {
    m_purpose->setText(purpose);
    m_text->setAccessibleName(purpose);
    if (m_text->toPlainText() != lines) m_text->setPlainText(lines);
    const int rows = std::clamp(static_cast<int>(lines.count(QLatin1Char('\n'))) + 1, 1, kMostLines);
    // The bar below must not hide the only line.
    m_text->setFixedHeight(rows * m_text->fontMetrics().lineSpacing() + 2 * (m_text->frameWidth() + static_cast<int>(m_text->document()->documentMargin())) +
                           m_text->horizontalScrollBar()->sizeHint().height());
    setVisible(!lines.isEmpty());
}

QString CommandBox::lines() const { return m_text->toPlainText(); }

void CommandBox::retranslate() { m_copy->setText(tr("Copy")); }

void CommandBox::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    QWidget::changeEvent(event);
}

} // namespace lsw::gui
