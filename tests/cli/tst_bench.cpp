// SPDX-License-Identifier: MIT OR Apache-2.0
// The form of a row, and that a bench leaves nothing behind. Its figures are nobody's test.
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QDir>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using lsw::test::ProgramRun;
using lsw::test::runProgram;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);

QString s(const char* text) {
    return QString::fromUtf8(text);
}

} // namespace

class BenchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRowIsOneJsonLineAndNothingIsLeftBehind() {
        QTemporaryDir home, temporary;
        const ProgramRun run = runProgram(kProgram, {s("bench"), s("--only"), s("registration"), s("--quick"), s("--json")}, home.path(),
                                          {{s("TMPDIR"), temporary.path()}});
        QVERIFY2(run.exitCode == 0, run.describe().constData());
        QCOMPARE(run.jsonLines().size(), 1);
        const QJsonObject row = run.jsonLines().value(0);
        QCOMPARE(row.value(s("schema")).toInt(), 1);
        QCOMPARE(row.value(s("row")).toString(), s("registration"));
        QCOMPARE(row.value(s("unit")).toString(), s("ms"));
        QVERIFY(row.value(s("value")).toDouble() > 0);
        QVERIFY(row.value(s("goal")).isNull() && row.value(s("within")).isNull());
        const auto everything = QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot;
        QCOMPARE(QDir(temporary.path()).entryList(everything), QStringList());
        QCOMPARE(QDir(home.path()).entryList(everything), QStringList());
    }

    void transfersAreComparedWithGoWhereItIs() {
        QTemporaryDir home, temporary;
        const ProgramRun run = runProgram(kProgram, {s("bench"), s("transfer"), s("--against"), s("go"), s("--quick"), s("--json")}, home.path(),
                                          {{s("TMPDIR"), temporary.path()}, {s("GOCACHE"), QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + s("/go-build")}}, 600000);
        QVERIFY2(run.exitCode == 0 || run.exitCode == 13, run.describe().constData()); // a figure that misses its goal is no fault of the form
        QCOMPARE(run.jsonLines().size(), 2);
        for (const QJsonObject& row : run.jsonLines()) {
            if (row.value(s("row")).toString() == s("transfer")) {
                QVERIFY(row.value(s("value")).toDouble() > 0);
                continue;
            }
            QCOMPARE(row.value(s("row")).toString(), s("transfer-against-go"));
            if (row.contains(s("skipped"))) QVERIFY(row.value(s("skipped")).toString().contains(s("no go")));
            else QCOMPARE(row.value(s("mib_per_second")).toObject().size(), 4);
        }
    }

    void parametersAreFetchedBesideCurl() {
        QTemporaryDir home, temporary;
        const ProgramRun run = runProgram(kProgram, {s("bench"), s("parameters"), s("--quick"), s("--json")}, home.path(), {{s("TMPDIR"), temporary.path()}}, 600000);
        QVERIFY2(run.exitCode == 0 || run.exitCode == 13, run.describe().constData()); // a figure that misses its goal is no fault of the form
        QCOMPARE(run.jsonLines().size(), 2);
        for (const QJsonObject& row : run.jsonLines())
            if (row.contains(s("skipped"))) QVERIFY(row.value(s("skipped")).toString().contains(s("there is no ")));
            else QVERIFY(row.value(s("value")).toDouble() > 0 && row.value(s("goal")).toDouble() > 0);
        QVERIFY(QDir(temporary.path()).isEmpty());
    }

    void kernelsAreMeasuredByTheProver() {
        QTemporaryDir home;
        const ProgramRun run = runProgram(kProgram, {s("bench"), s("kernel"), s("--rounds"), s("1"), s("--json")}, home.path());
        QVERIFY2(run.exitCode == 0, run.describe().constData());
        QCOMPARE(run.jsonLines().value(0).value(s("bench")).toString(), s("machine"));
        QCOMPARE(run.jsonLines().value(1).value(s("equal")).toBool(), true);
        const ProgramRun mixed = runProgram(kProgram, {s("bench"), s("kernel"), s("transfer")}, home.path());
        QCOMPARE(mixed.exitCode, 2);
        QVERIFY2(mixed.err.contains("\"transfer\" is not"), mixed.err.constData());
        const ProgramRun tested = runProgram(kProgram, {s("selftest"), s("--json")}, home.path());
        QVERIFY2(tested.exitCode == 0, tested.describe().constData());
        QVERIFY(tested.jsonLines().size() > 10);
    }

    void anUnknownRowIsNamed() {
        QTemporaryDir home;
        const ProgramRun run = runProgram(kProgram, {s("bench"), s("--only"), s("fastness")}, home.path());
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.err.contains("fastness") && run.err.contains("session-latency"), run.err.constData());
    }
};

QTEST_GUILESS_MAIN(BenchTest)
#include "tst_bench.moc"
