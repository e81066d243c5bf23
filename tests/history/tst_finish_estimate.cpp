// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtCore/QFile>
#include <QtTest/QTest>

#include <cmath>
#include <map>
#include <random>

#include "history/finish_estimate.h"
#include "some_records.h"
#include "support/test_paths.h"

using namespace lsw;
using namespace lsw::history;
using lsw::test::doneRecord;

namespace {

/// One report of a recorded task: when, and what.
struct Report {
    std::int64_t ms;
    Progress progress;
};
using Recording = std::vector<Report>; ///< the last one is the end

Recording labelling(double treeMs, const std::vector<double>& layerMs) {
    constexpr std::uint64_t kNodes = 1 << 20;
    Recording out;
    double at = 0;
    const auto step = [&](const std::string& name, double takes, std::uint64_t before, std::uint64_t units, std::uint64_t total, const char* unit) {
        for (int i = 0; i <= 20; ++i) out.push_back({std::llround(at + takes * i / 20), {"pc1", name, before + units * static_cast<std::uint64_t>(i) / 20, total, unit}});
        at += takes;
    };
    step("tree-d", treeMs, 0, 1 << 30, 1 << 30, "bytes");
    for (std::size_t i = 0; i < layerMs.size(); ++i)
        step("layer " + std::to_string(i + 1) + " of " + std::to_string(layerMs.size()), layerMs[i], i * kNodes, kNodes, layerMs.size() * kNodes, "nodes");
    return out;
}

/// A task whose machine is at one speed for its whole length, and another a little at each layer.
Recording noisyLabelling(std::mt19937& random) {
    std::normal_distribution<double> whole(0, 0.2), each(0, 0.05);
    const double speed = std::exp(whole(random));
    std::vector<double> layers(11);
    for (double& layer : layers) layer = 960'000 * speed * std::exp(each(random));
    return labelling(600'000 * speed * std::exp(each(random)), layers);
}

TaskRecord recordOf(const Recording& recording, int number) {
    PhaseClock clock;
    clock.start(0);
    for (const Report& one : recording) clock.note(one.progress, one.ms);
    TaskRecord out = doneRecord(number);
    const Reading reading = clock.reading(recording.back().ms);
    out.phases = reading.phases;
    out.activeMs = reading.activeMs;
    return out;
}

/// |estimated − real finish| / real length, at each report after a third of the task.
std::vector<double> errorsOf(const Recording& recording, const PastRuns& past, int& inRange) {
    const TaskRecord like = doneRecord(0);
    const auto runs = past.like(like.type, like.sectorSize, like.engine, like.beside);
    const std::int64_t end = recording.back().ms;
    PhaseClock clock;
    clock.start(0);
    std::vector<double> out;
    for (const Report& one : recording) {
        clock.note(one.progress, one.ms);
        if (one.ms * 3 < end || one.ms == end) continue;
        const Forecast guess = forecast(clock.reading(one.ms), runs);
        if (guess.remainingMs < 0) return {1e9};
        out.push_back(std::abs(static_cast<double>(one.ms + guess.remainingMs - end)) / static_cast<double>(end));
        if (one.ms + guess.leastMs <= end && end <= one.ms + guess.mostMs) ++inRange;
    }
    return out;
}

/// The recordings of a file, by kind of task.
std::map<std::string, std::vector<Recording>> recorded(const QString& file) {
    std::map<std::string, std::vector<Recording>> out;
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly)) return out;
    std::string kind;
    while (!in.atEnd()) {
        const QByteArray line = in.readLine().trimmed();
        if (line.startsWith('#')) continue;
        if (line.startsWith("task ")) {
            kind = line.split(' ').at(1).toStdString();
            out[kind].emplace_back();
            continue;
        }
        const auto part = line.split('\t');
        Report report{part.at(0).toLongLong(), {}};
        if (part.size() == 6) report.progress = {part[1].toStdString(), part[2].toStdString(), part[3].toULongLong(), part[4].toULongLong(), part[5].toStdString()};
        else report.progress = out[kind].back().back().progress; // the end: nothing new was reported
        out[kind].back().push_back(report);
    }
    return out;
}

} // namespace

class FinishEstimateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void layersAndTreesOfOneSectorAreOnePhase() {
        QCOMPARE(phaseName({"pc1", "layer 3 of 11", 0, 0, {}}), std::string("pc1 layer"));
        QCOMPARE(phaseName({"pc1", "layer 3 of 11, 4 sectors at once", 0, 0, {}}), std::string("pc1 layer"));
        QCOMPARE(phaseName({"pc2", "trees 2 of 8", 0, 0, {}}), std::string("pc2 trees"));
        QCOMPARE(phaseName({"addpiece", "", 0, 0, {}}), std::string("addpiece"));
        QCOMPARE(phaseName({"pc1", "attempt 2 of 3 follows: disk of a neighbour", 0, 0, {}}), std::string("pc1 attempt"));
        QCOMPARE(phaseName({"x", "9 of 3 of", 0, 0, {}}), std::string("x 9 of 3 of"));
    }

    void timesArePhasesInOrder() {
        const TaskRecord record = recordOf(labelling(1000, {500, 700}), 1);
        QCOMPARE(record.activeMs, std::int64_t{2200});
        QVERIFY((record.phases == std::vector<PhaseTime>{{"pc1 tree-d", 1000}, {"pc1 layer", 1200}}));
    }

    // The replay: PC1 of a machine whose speed differs by a fifth from task to task, and by a twentieth from layer to layer.
    void theMedianErrorIsBelowATenthAfterAThirdWithThreeEarlierRuns() {
        std::mt19937 random(20'260'930);
        std::vector<double> errors;
        int inRange = 0;
        for (int task = 0; task < 200; ++task) {
            PastRuns past;
            for (int i = 0; i < 3; ++i) past.add(recordOf(noisyLabelling(random), i));
            const auto some = errorsOf(noisyLabelling(random), past, inRange);
            errors.insert(errors.end(), some.begin(), some.end());
        }
        const double median = percentile(errors, 0.5), ninth = percentile(errors, 0.9);
        qInfo("median error %.1f %%, 90th percentile %.1f %%, in the range %.0f %%", median * 100, ninth * 100, 100.0 * inRange / static_cast<double>(errors.size()));
        QVERIFY(median < 0.1);
        QVERIFY(ninth < 0.25);
        QVERIFY(inRange * 2 > static_cast<int>(errors.size()));
    }

    void recordedTasksAreForetoldFromTheThreeBeforeThem() {
        const auto all = recorded(QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/history/seals-8MiB.txt"));
        QCOMPARE(all.size(), std::size_t{2});
        std::vector<double> errors;
        int inRange = 0;
        for (const auto& [kind, tasks] : all) {
            QVERIFY(tasks.size() >= 6);
            for (std::size_t i = 3; i < tasks.size(); ++i) {
                PastRuns past;
                for (std::size_t j = i - 3; j < i; ++j) past.add(recordOf(tasks[j], static_cast<int>(j)));
                const auto some = errorsOf(tasks[i], past, inRange);
                errors.insert(errors.end(), some.begin(), some.end());
            }
        }
        const double median = percentile(errors, 0.5);
        qInfo("median error %.1f %% of %zu, 90th percentile %.1f %%", median * 100, errors.size(), percentile(errors, 0.9) * 100);
        QVERIFY(median < 0.1);
    }

    void withoutHistoryTheFirstEstimateComesAfterTwoLayers() {
        const Recording recording = labelling(1000, std::vector<double>(11, 1000));
        PhaseClock clock;
        clock.start(0);
        for (const Report& one : recording) {
            clock.note(one.progress, one.ms);
            const Forecast guess = forecast(clock.reading(one.ms), {});
            if (one.ms < 3000) QCOMPARE(guess.remainingMs, std::int64_t{-1});
            else QVERIFY(std::abs(one.ms + guess.remainingMs - 12000) < 50);
            QCOMPARE(guess.runs, std::size_t{0});
        }
    }

    void aResumedTaskCountsWhatItDidItself() {
        PastRuns past;
        for (int i = 0; i < 3; ++i) past.add(recordOf(labelling(1000, std::vector<double>(11, 1000)), i));
        const TaskRecord like = doneRecord(0);
        const auto runs = past.like(like.type, like.sectorSize, like.engine, like.beside);
        PhaseClock clock;
        clock.start(0);
        clock.note({"pc1", "checking the layers that are here", 5, 10, "bytes"}, 10);
        clock.note({"pc1", "tree-d", 0, 10, "bytes"}, 20);
        clock.note({"pc1", "layer 8 of 11", 770, 1100, "nodes"}, 1020);
        clock.note({"pc1", "layer 9 of 11", 800, 1100, "nodes"}, 1320);
        const Reading reading = clock.reading(1320);
        QCOMPARE(reading.resumedAt, std::string("layer 8 of 11"));
        const Forecast guess = forecast(reading, runs);
        QVERIFY2(std::abs(guess.remainingMs - 3000) < 200, std::to_string(guess.remainingMs).c_str());
        QVERIFY(std::abs(guess.keptMs - 7700) < 100);
        // It is no measure for others.
        TaskRecord resumed = doneRecord(9);
        resumed.resumedAt = reading.resumedAt;
        past.add(resumed);
        QCOMPARE(past.like(like.type, like.sectorSize, like.engine, like.beside).size(), std::size_t{3});
    }

    void aTransferTellsItsSpeed() {
        PhaseClock clock;
        clock.start(0);
        clock.note({"fetch", "sealed", 1000, 11000, "bytes"}, 0); // goes on where it broke off
        clock.note({"fetch", "sealed", 3000, 11000, "bytes"}, 2000);
        const Reading reading = clock.reading(2000);
        QCOMPARE(reading.bytesPerSecond, std::uint64_t{1000});
        QCOMPARE(reading.bytesMoved, std::uint64_t{2000});
        QCOMPARE(forecast(reading, {}).remainingMs, std::int64_t{8000});
    }

    void nonsenseGivesNoNonsense() {
        PastRuns past;
        TaskRecord odd = doneRecord(1);
        odd.phases = {{"pc1 layer", -5}, {"", INT64_MAX}};
        odd.activeMs = INT64_MAX;
        past.add(odd);
        std::mt19937_64 random(7);
        PhaseClock clock;
        clock.start(1000);
        const char* steps[]{"layer 3 of 11", "layer 0 of 0", "tree-d", "", " of ", "99999999999999999999 of 3", "layer 18446744073709551615 of 18446744073709551615"};
        for (int i = 0; i < 20'000; ++i) {
            const auto pick = random();
            clock.note({pick % 3 ? "pc1" : "fetch", steps[pick % std::size(steps)], random() >> (pick % 64), random() >> (pick / 7 % 64), pick % 2 ? "bytes" : "nodes"},
                       static_cast<std::int64_t>(random() % 100'000) - 1000); // a clock that jumps
            const auto runs = past.like(odd.type, odd.sectorSize, odd.engine, odd.beside);
            for (const auto& some : {runs, std::vector<PastRun>()}) {
                const Forecast guess = forecast(clock.reading(static_cast<std::int64_t>(random() % 100'000)), some);
                QVERIFY(guess.remainingMs >= -1 && guess.leastMs <= guess.remainingMs && guess.remainingMs <= guess.mostMs && guess.keptMs >= 0);
            }
        }
    }
};

QTEST_GUILESS_MAIN(FinishEstimateTest)
#include "tst_finish_estimate.moc"
