// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_type.h"

#include <algorithm>
#include <set>

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
        QCOMPARE(typeOf(FinalizeReplicaUpdateCall{}).name, std::string_view("seal/v0/finalize/replicaupdate"));
        QCOMPARE(typeOf(ReplicaUpdateCall{}).name, std::string_view("seal/v0/replicaupdate"));
        QCOMPARE(typeOf(ProveReplicaUpdate1Call{}).name, std::string_view("seal/v0/provereplicaupdate/1"));
        QCOMPARE(typeOf(ProveReplicaUpdate2Call{}).name, std::string_view("seal/v0/provereplicaupdate/2"));
        QCOMPARE(typeOf(GenerateSectorKeyCall{}).name, std::string_view("seal/v0/regensectorkey"));
        QCOMPARE(typeOf(DownloadSectorCall{}).name, std::string_view("seal/v0/download/sector"));
        QCOMPARE(typeOf(SealPreCommit1Call{}).lane, Lane::Seal);
        QCOMPARE(typeOf(FetchCall{}).lane, Lane::Io);
    }
    void offersWhatLotusWorkerOffers_data() {
        QTest::addColumn<QString>("given"); // as on the command line; "x=false" switches off
        QTest::addColumn<QString>("offered");
        const QString all = QStringLiteral("GET C1 PR1 FIN FUS FRU AP DC PC1 UNS PC2 C2 RU PR2 GSK");
        QTest::newRow("as it comes") << QString() << all;
        QTest::newRow("everything given that is the default")
            << QStringLiteral("addpiece precommit1 unseal precommit2 commit replica-update prove-replica-update2 regen-sector-key data-cid") << all;
        QTest::newRow("no SNARKs") << QStringLiteral("commit=false prove-replica-update2=false")
                                   << QStringLiteral("GET C1 PR1 FIN FUS FRU AP DC PC1 UNS PC2 RU GSK");
        QTest::newRow("few") << QStringLiteral("addpiece=false precommit1=false unseal=false precommit2=false commit=false replica-update=false "
                                               "prove-replica-update2=false regen-sector-key=false")
                             << QStringLiteral("GET C1 PR1 FIN FUS FRU");
        QTest::newRow("DataCid goes with AddPiece") << QStringLiteral("addpiece=false")
                                                    << QStringLiteral("GET C1 PR1 FIN FUS FRU PC1 UNS PC2 C2 RU PR2 GSK");
        QTest::newRow("DataCid without AddPiece") << QStringLiteral("addpiece=false data-cid")
                                                  << QStringLiteral("GET C1 PR1 FIN FUS FRU DC PC1 UNS PC2 C2 RU PR2 GSK");
        QTest::newRow("AddPiece without DataCid") << QStringLiteral("data-cid=false")
                                                  << QStringLiteral("GET C1 PR1 FIN FUS FRU AP PC1 UNS PC2 C2 RU PR2 GSK");
        QTest::newRow("downloads") << QStringLiteral("sector-download")
                                   << QStringLiteral("GET C1 PR1 FIN FUS FRU AP DC DL PC1 UNS PC2 C2 RU PR2 GSK");
        QTest::newRow("no default") << QStringLiteral("no-default") << QStringLiteral("GET C1 PR1 FIN FUS FRU");
        QTest::newRow("no default but PC1") << QStringLiteral("no-default precommit1") << QStringLiteral("GET C1 PR1 FIN FUS FRU PC1");
        QTest::newRow("no default, one given as off") << QStringLiteral("no-default unseal=false commit") << QStringLiteral("GET C1 PR1 FIN FUS FRU C2");
        QTest::newRow("no default never has DataCid") << QStringLiteral("no-default addpiece data-cid") << QStringLiteral("GET C1 PR1 FIN FUS FRU AP");
        QTest::newRow("window PoSt") << QStringLiteral("windowpost") << QStringLiteral("WDP");
        QTest::newRow("winning PoSt, others off") << QStringLiteral("winningpost addpiece=false no-default") << QStringLiteral("WNP");
        QTest::newRow("window and winning PoSt")
            << QStringLiteral("windowpost winningpost")
            << QStringLiteral("error: expected all task types to be for WinPost worker, but task post/v0/windowproof is for WdPoSt worker");
        QTest::newRow("window PoSt and sealing")
            << QStringLiteral("windowpost precommit1")
            << QStringLiteral("error: expected all task types to be for WdPoSt worker, but task seal/v0/precommit/1 is for Sealing worker");
    }
    void offersWhatLotusWorkerOffers() {
        QFETCH(QString, given);
        QFETCH(QString, offered);
        TaskSwitches switches;
        for (const QString& text : given.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
            const std::string flag = text.section(QLatin1Char('='), 0, 0).toStdString();
            if (flag == "no-default") {
                switches.noDefault = true;
                continue;
            }
            const auto row = std::ranges::find(taskFlags(), flag, &TaskFlag::flag);
            QVERIFY2(row != taskFlags().end(), flag.c_str());
            switches.*row->value = !text.endsWith(QLatin1String("=false"));
            switches.explicitlySet.push_back(flag);
        }
        QCOMPARE(joined(offeredTypes(switches)), offered);
    }
    void theVariablesAreThoseOfLotusWorker() {
        std::set<std::string_view> names;
        for (const TaskFlag& row : taskFlags())
            if (!row.variable.empty()) {
                QVERIFY(row.variable.starts_with("LOTUS_WORKER_"));
                QVERIFY(names.insert(row.variable).second);
            }
        QCOMPARE(names.size(), std::size_t(11));
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
