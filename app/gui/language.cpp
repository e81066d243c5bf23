// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/language.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLibraryInfo>
#include <QtCore/QLocale>
#include <QtCore/QSettings>

namespace lsw::gui {
namespace {

constexpr auto kKey = "language";

} // namespace

Language::Language(QObject* parent) : QObject(parent) {}

Language::~Language() {
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
}

const QList<Language::Known>& Language::known() {
    static const QList<Known> all{{QStringLiteral("en"), QStringLiteral("English")}, {QStringLiteral("zh_CN"), QStringLiteral("简体中文")}};
    return all;
}

QString Language::preferred() {
    const QString remembered = QSettings().value(QLatin1String(kKey)).toString();
    if (!remembered.isEmpty()) return remembered;
    return QLocale::system().language() == QLocale::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
}

void Language::use(const QString& name, bool remember) {
    m_current = name == QStringLiteral("zh_CN") ? name : QStringLiteral("en");
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
    QLocale::setDefault(QLocale(m_current));
    // English has a file too: it holds the plural forms.
    if (m_own.load(QStringLiteral(":/i18n/lotus-seal-worker_") + m_current)) QCoreApplication::installTranslator(&m_own);
    if (m_qt.load(QStringLiteral("qtbase_") + m_current, QLibraryInfo::path(QLibraryInfo::TranslationsPath))) QCoreApplication::installTranslator(&m_qt);
    if (remember) QSettings().setValue(QLatin1String(kKey), m_current);
}

} // namespace lsw::gui
