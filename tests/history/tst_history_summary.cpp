// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QTest>

#include "history/finish_estimate.h"
#include "history/history_text.h"
#include "some_records.h"

using namespace lsw;
using namespace lsw::history;
using lsw::test::doneRecord;

class HistorySummaryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mediansAndPercentilesAreThoseOfTasksThatWereDoneFromTheStart() {
        std::vector<TaskRecord> rows;
        for (int i = 1; i <= 5; ++i) {
            rows.push_back(doneRecord(i));
            rows.back().activeMs = i * 1000;
            rows.back().phases = {{"pc1 tree-d", i * 100}, {"pc1 layer", i * 900}};
        }
        TaskRecord resumed = doneRecord(6);
        resumed.resumedAt = "layer 8 of 11";
        resumed.keptMs = 700;
        TaskRecord failed = doneRecord(7);
        failed.outcome = Outcome::Failed;
        rows.push_back(resumed);
        rows.push_back(failed);
        const Summary summary = summarize(rows);
        QCOMPARE(summary.kinds.size(), std::size_t{1});
        const KindSummary& kind = summary.kinds.front();
        QCOMPARE(kind.done, std::size_t{6});
        QCOMPARE(kind.failed, std::size_t{1});
        QCOMPARE(kind.resumed, std::size_t{1});
        QCOMPARE(kind.keptMs, std::int64_t{700});
        QCOMPARE(kind.whole.count, std::size_t{5});
        QCOMPARE(kind.whole.median, std::int64_t{3000});
        QCOMPARE(kind.whole.p20, std::int64_t{1800});
        QCOMPARE(kind.whole.p80, std::int64_t{4200});
        QCOMPARE(kind.whole.most, std::int64_t{5000});
        QCOMPARE(kind.phases.at(1).first, std::string("pc1 layer"));
        QCOMPARE(kind.phases.at(1).second.median, std::int64_t{2700});
    }

    void sectorsPerDayAreOverTheTimeOfTheRows() {
        std::vector<TaskRecord> rows;
        for (int i = 0; i < 6; ++i) {
            rows.push_back(doneRecord(i));
            rows.back().shortName = "FIN";
            rows.back().queuedMs = 1'790'000'000'000 + i * std::int64_t{12} * 3'600'000;
            rows.back().begunMs = rows.back().queuedMs;
            rows.back().endedMs = rows.back().queuedMs + std::int64_t{12} * 3'600'000;
        }
        const Summary summary = summarize(rows);
        QCOMPARE(summary.sectors, std::size_t{6});
        QCOMPARE(summary.sectorsPerDay, 2.0);
        QCOMPARE(summarize({}).sectorsPerDay, 0.0);
        // One in an hour is no rate of 24 a day.
        QCOMPARE(summarize(std::span(rows).first(1)).sectorsPerDay, 1.0);
    }

    void aSpreadsheetGetsTextAsText() {
        TaskRecord row = doneRecord(1);
        row.outcome = Outcome::Failed;
        row.error = "=cmd|'/c calc'!A1, \"x\"\nnext";
        const std::string text = csvText(std::vector<TaskRecord>{row});
        QVERIFY(text.starts_with("sector,task,type,"));
        QVERIFY(text.find(",\"'=cmd|'/c calc'!A1, \"\"x\"\"\nnext\",") != std::string::npos);
        QVERIFY(text.find(",2026-09-21T14:13:21Z,") != std::string::npos);
        QVERIFY(text.find(",pc1 tree-d=600000;pc1 layer=11400000,") != std::string::npos);
    }

    void percentilesLieBetweenTheValues() {
        QCOMPARE(percentile({}, 0.5), 0.0);
        QCOMPARE(percentile({7}, 0.8), 7.0);
        QCOMPARE(percentile({4, 1, 3, 2}, 0.5), 2.5);
        QCOMPARE(percentile({4, 1, 3, 2}, 2), 4.0);
    }
};

QTEST_GUILESS_MAIN(HistorySummaryTest)
#include "tst_history_summary.moc"
