// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtWidgets/QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace lsw::gui {

/// Something to type or to write elsewhere: what it is for, the lines themselves, a button that copies them.
class CommandBox : public QWidget {
    Q_OBJECT
public:
    explicit CommandBox(const QString& name, QWidget* parent = nullptr);
    /// With no lines it is not to be seen.
    void setCommand(const QString& purpose, const QString& lines);
    QString lines() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QLabel* m_purpose;
    QPlainTextEdit* m_text;
    QPushButton* m_copy;
};

} // namespace lsw::gui
