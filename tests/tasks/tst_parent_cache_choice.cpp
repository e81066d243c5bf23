// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/parent_cache_choice.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace lsw;

class ParentCacheChoiceTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::filesystem::path at(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

private Q_SLOTS:
    void theSharedFolderIsTakenWhereItCanBeWrittenOrMade() {
        QCOMPARE(tasks::parentCacheChoice(at("."), at("user")), at("."));
        QCOMPARE(tasks::parentCacheChoice(at("not/there/yet"), at("user")), at("not/there/yet"));
    }
    void elseAFolderOfThisUser() {
        QFile file(m_folder.filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto own = at("user") / "lotus-seal-worker" / "parents";
        QCOMPARE(tasks::parentCacheChoice(at("file"), at("user")), own);
        QCOMPARE(tasks::parentCacheChoice(at("file/below"), at("user")), own);
    }
    void whatTheEnvironmentSaysIsInherited() {
        qputenv("FIL_PROOFS_PARENT_CACHE", "/somewhere");
        QVERIFY(tasks::parentCacheChoice().empty());
        qunsetenv("FIL_PROOFS_PARENT_CACHE");
        QVERIFY(!tasks::parentCacheChoice().empty());
    }
};

QTEST_GUILESS_MAIN(ParentCacheChoiceTest)
#include "tst_parent_cache_choice.moc"
