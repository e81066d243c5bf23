// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>

#include <QtCore/QByteArray>
#include <QtCore/QFile>
#include <QtTest/QtTest>

#include "base/expected.h"

/// Files of a sector as bytes, and checks of what a phase gave.
namespace lsw::proofs {

inline QByteArray contentOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read: ") + QByteArray::fromStdString(path.string());
}
inline void writeFile(const std::filesystem::path& path, const QByteArray& content) {
    QFile file(QString::fromStdString(path.string()));
    QVERIFY2(file.open(QIODevice::WriteOnly), qPrintable(file.fileName()));
    QCOMPARE(file.write(content), content.size());
}

} // namespace lsw::proofs

#define LSW_DONE(expression)                                                                                                               \
    do {                                                                                                                                   \
        if (const auto& outcome = (expression); !outcome) QFAIL(outcome.error().forLog().c_str());                                          \
    } while (false)

#define LSW_REFUSED(expression, expected)                                                                                                  \
    do {                                                                                                                                   \
        const auto& outcome = (expression);                                                                                                \
        QVERIFY2(!outcome.hasValue(), "was not refused");                                                                                  \
        QVERIFY2(outcome.error().code() == (expected), outcome.error().forLog().c_str());                                                  \
    } while (false)
