// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include "history/history_database.h"
#include "history/some_records.h"
#include "support/program.h"
#include "support/test_paths.h"

using namespace lsw;
using namespace lsw::test;

class TestHistoryCommand : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;

    ProgramRun run(const QStringList& arguments) const {
        return runProgram(QString::fromUtf8(kProgramFile), QStringList{QStringLiteral("history")} + arguments, m_home->path());
    }
    static QString text(const char* latin) { return QString::fromLatin1(latin); }

private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        const std::filesystem::path own = m_home->path().toStdString() + "/.lotusworker/lotus-seal-worker";
        std::filesystem::create_directories(own);
        const auto database = history::HistoryDatabase::openToWrite(own / "history.sqlite");
        QVERIFY(database.hasValue());
        for (int i = 1; i <= 3; ++i) QVERIFY((*database)->add(doneRecord(i), 100).hasValue());
        history::TaskRecord failed = doneRecord(13);
        failed.shortName = "C2";
        failed.type = "seal/v0/commit/2";
        failed.outcome = history::Outcome::Failed;
        failed.error = "no space left";
        QVERIFY((*database)->add(failed, 100).hasValue());
    }

    void theListIsNewestFirstAndFiltered() {
        const auto all = run({});
        QVERIFY2(all.exitCode == 0, all.describe());
        QVERIFY(all.out.split('\n').first().contains("failed: no space left"));
        QCOMPARE(all.out.count('\n'), 4);
        QCOMPARE(run({text("--outcome"), text("failed")}).out.count('\n'), 1);
        QCOMPARE(run({text("list"), text("--type"), text("pc1"), text("--limit"), text("2")}).out.count('\n'), 2);
        QCOMPARE(run({text("--sector"), text("3"), text("--json")}).jsonLines().first().value(text("tasks")).toArray().size(), 1);
        QCOMPARE(run({text("--since"), text("2100-01-01")}).out, QByteArray("No finished task fits.\n"));
    }

    void badFiltersAreSaid() {
        const auto outcome = run({text("--outcome"), text("gone")});
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY(outcome.err.contains("done, failed, aborted and interrupted"));
        QCOMPARE(run({text("--since"), text("yesterday")}).exitCode, 2);
    }

    void csvGoesToAFile() {
        const QString file = m_home->filePath(text("out.csv"));
        const auto written = run({text("--csv"), file});
        QVERIFY2(written.exitCode == 0, written.describe());
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll().count("\r\n"), 5);
        QVERIFY(run({text("--csv"), text("/nowhere/at/all.csv")}).exitCode != 0);
    }

    void theSummaryCounts() {
        const auto json = run({text("summary"), text("--json")}).jsonLines().first();
        const auto kinds = json.value(text("kinds")).toArray();
        QCOMPARE(kinds.size(), 2);
        QCOMPARE(kinds.at(0).toObject().value(text("short_name")).toString(), text("PC1"));
        QCOMPARE(kinds.at(0).toObject().value(text("whole")).toObject().value(text("median_ms")).toInt(), 12'000'000);
        QVERIFY(run({text("summary")}).out.contains("pc1 layer"));
    }

    void withoutAHistoryThatIsSaid() {
        QVERIFY(m_home->isValid());
        const auto none = run({text("--worker-repo"), m_home->filePath(text("other"))});
        QVERIFY(none.exitCode != 0);
        QVERIFY(none.err.contains("begins with the first finished task"));
    }
};

QTEST_GUILESS_MAIN(TestHistoryCommand)
#include "tst_history_command.moc"
