// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_type.h"

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::tasks;

namespace {

QString joined(const Expected<std::vector<std::string>>& types) {
    if (!types) return QStringLiteral("error: ") + QString::fromStdString(types.error().message());
    QStringList names;
    for (const std::string& type : *types) names << QString::fromLatin1((*taskType(type))->shortName.data());
    return names.join(QLatin1Char(' '));
}

} // namespace

class TestTaskType : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAndShortNamesFindTheSameRow() {
        for (const TaskType& type : taskTypes()) {
            QCOMPARE(*taskType(type.name), &type);
            QCOMPARE(*taskType(type.shortName), &type);
            std::string lower(type.shortName);
            for (char& c : lower) c = static_cast<char>(std::tolower(c));
            QCOMPARE(*taskType(lower), &type);
        }
        const auto unknown = taskType("seal/v0/precommit/3");
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code(), ErrorCode::NotFound);
        QVERIFY(unknown.error().message().find("PC2 (seal/v0/precommit/2)") != std::string::npos);
    }
    void everyCallHasItsRow() {
        using namespace protocol;
        QCOMPARE(typeOf(AddPieceCall{}).name, std::string_view("seal/v0/addpiece"));
        QCOMPARE(typeOf(DataCidCall{}).name, std::string_view("seal/v0/datacid"));
        QCOMPARE(typeOf(SealPreCommit1Call{}).name, std::string_view("seal/v0/precommit/1"));
        QCOMPARE(typeOf(SealPreCommit2Call{}).name, std::string_view("seal/v0/precommit/2"));
        QCOMPARE(typeOf(SealCommit1Call{}).name, std::string_view("seal/v0/commit/1"));
        QCOMPARE(typeOf(SealCommit2Call{}).name, std::string_view("seal/v0/commit/2"));
        QCOMPARE(typeOf(FinalizeSectorCall{}).name, std::string_view("seal/v0/finalize"));
        QCOMPARE(typeOf(ReleaseUnsealedCall{}).name, std::string_view("seal/v0/finalizeunsealed"));
        QCOMPARE(typeOf(MoveStorageCall{}).name, std::string_view("seal/v0/fetch"));
        QCOMPARE(typeOf(UnsealPieceCall{}).name, std::string_view("seal/v0/unseal"));
        QCOMPARE(typeOf(FetchCall{}).name, std::string_view("seal/v0/fetch"));
        QCOMPARE(typeOf(SealPreCommit1Call{}).lane, Lane::Seal);
        QCOMPARE(typeOf(FetchCall{}).lane, Lane::Io);
    }
    void offersWhatLotusWorkerOffers_data() {
        QTest::addColumn<QString>("off");
        QTest::addColumn<bool>("noDefault");
        QTest::addColumn<QString>("set");
        QTest::addColumn<QString>("offered");
        const QString all = QStringLiteral("GET C1 FIN FUS AP DC PC1 UNS PC2 C2");
        QTest::newRow("as it comes") << QString() << false << QString() << all;
        QTest::newRow("everything given that is the default")
            << QString() << false << QStringLiteral("addpiece precommit1 unseal precommit2 commit data-cid") << all;
        QTest::newRow("no C2") << QStringLiteral("commit") << false << QStringLiteral("commit")
                               << QStringLiteral("GET C1 FIN FUS AP DC PC1 UNS PC2");
        QTest::newRow("DataCid goes with AddPiece")
            << QStringLiteral("addpiece") << false << QStringLiteral("addpiece") << QStringLiteral("GET C1 FIN FUS PC1 UNS PC2 C2");
        QTest::newRow("DataCid without AddPiece") << QStringLiteral("addpiece") << false << QStringLiteral("addpiece data-cid")
                                                  << QStringLiteral("GET C1 FIN FUS DC PC1 UNS PC2 C2");
        QTest::newRow("AddPiece without DataCid")
            << QStringLiteral("data-cid") << false << QStringLiteral("data-cid") << QStringLiteral("GET C1 FIN FUS AP PC1 UNS PC2 C2");
        QTest::newRow("no default") << QString() << true << QString() << QStringLiteral("GET C1 FIN FUS");
        QTest::newRow("no default but PC1") << QString() << true << QStringLiteral("precommit1") << QStringLiteral("GET C1 FIN FUS PC1");
        QTest::newRow("no default, one given as off")
            << QStringLiteral("unseal") << true << QStringLiteral("unseal commit") << QStringLiteral("GET C1 FIN FUS C2");
        QTest::newRow("no default never has DataCid")
            << QString() << true << QStringLiteral("addpiece data-cid") << QStringLiteral("GET C1 FIN FUS AP");
    }
    void offersWhatLotusWorkerOffers() {
        QFETCH(QString, off);
        QFETCH(bool, noDefault);
        QFETCH(QString, set);
        QFETCH(QString, offered);
        const QStringList offFlags = off.split(QLatin1Char(' '));
        TaskSwitches switches;
        switches.addPiece = !offFlags.contains(QStringLiteral("addpiece"));
        switches.preCommit1 = !offFlags.contains(QStringLiteral("precommit1"));
        switches.unseal = !offFlags.contains(QStringLiteral("unseal"));
        switches.preCommit2 = !offFlags.contains(QStringLiteral("precommit2"));
        switches.commit = !offFlags.contains(QStringLiteral("commit"));
        switches.dataCid = !offFlags.contains(QStringLiteral("data-cid"));
        switches.noDefault = noDefault;
        for (const QString& flag : set.split(QLatin1Char(' '), Qt::SkipEmptyParts)) switches.explicitlySet.push_back(flag.toStdString());
        QCOMPARE(joined(offeredTypes(switches)), offered);
    }
    void anUnknownFlagIsNamed() {
        TaskSwitches switches;
        switches.explicitlySet = {"precommit3"};
        const auto types = offeredTypes(switches);
        QVERIFY(!types);
        QCOMPARE(types.error().code(), ErrorCode::InvalidArgument);
        QVERIFY(types.error().message().find("precommit3") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTaskType)
#include "tst_task_type.moc"
