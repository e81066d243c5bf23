// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtCore/QList>
#include <QtCore/QObject>
#include <QtCore/QString>
#include <QtCore/QTranslator>

namespace lsw::gui {

/// The language of the window: chosen at the first start from the system, switched while running, remembered.
///
/// Switching posts a LanguageChange event to every widget; each window sets its texts anew in changeEvent().
class Language : public QObject {
    Q_OBJECT
public:
    explicit Language(QObject* parent = nullptr);
    ~Language() override;

    struct Known {
        QString name, label; ///< the label is in the language itself, so that a lost reader finds his own
    };
    static const QList<Known>& known();

    /// "en" or "zh_CN"; another name falls back to English. `remember`: also at the next start.
    void use(const QString& name, bool remember);
    QString current() const { return m_current; }
    /// The remembered one, else the system's when it is Chinese, else English.
    static QString preferred();

private:
    QTranslator m_own, m_qt;
    QString m_current;
};

} // namespace lsw::gui
