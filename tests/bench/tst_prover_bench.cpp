// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/kernel_registry.h"
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using lsw::test::ProgramRun;

namespace {

QString s(const char* text) { return QString::fromUtf8(text); }
QString textIn(const QJsonObject& row, const char* member) { return row.value(s(member)).toString(); }

#ifdef LSW_HAS_OFFICIAL_ENGINE
constexpr bool kHasCrate = true;
#else
constexpr bool kHasCrate = false;
#endif

} // namespace

class ProverBenchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyImplementationOfEveryKernelHasItsRows();
    void aForcedKernelIsTheOneInUse();
    void phasesAreEqualToThoseOfTheCrate();
    void whatCannotBeMeasuredSaysWhy();
    void theSelfTestHasALineForEachImplementation();
    void badArgumentsAreNamed_data();
    void badArgumentsAreNamed();

private:
    ProgramRun run(const QStringList& arguments, QMap<QString, QString> environment = {}) const {
        environment.insert(s("TMPDIR"), m_folder.path());
        environment.insert(s("FIL_PROOFS_PARENT_CACHE"), m_folder.path() + s("/parents"));
        return lsw::test::runProgram(QString::fromUtf8(lsw::test::kProgramFolder) + s("/" LSW_PROVER), arguments, m_home.path(), environment, 300000);
    }
    /// The rows of a bench; the first line tells of the machine.
    QList<QJsonObject> rows(const QStringList& arguments, const QMap<QString, QString>& environment = {}) const {
        const ProgramRun done = run(QStringList{s("bench"), s("--rounds"), s("1"), s("--json")} + arguments, environment);
        auto lines = done.jsonLines();
        if (done.exitCode != 0 || lines.isEmpty() || textIn(lines.first(), "bench") != s("machine")) {
            qWarning("%s", done.describe().constData());
            return {};
        }
        return lines;
    }

    QTemporaryDir m_home, m_folder;
};

void ProverBenchTest::everyImplementationOfEveryKernelHasItsRows() {
    const auto lines = rows({s("kernel")});
    QVERIFY(!lines.isEmpty());
    QVERIFY(QStringList({s("A"), s("B"), s("C"), s("-")}).contains(textIn(lines.first(), "class")));
    for (const auto& one : lsw::kernels::kernelReport()) {
        const QString kernel = QString::fromStdString(one.kernel), implementation = QString::fromStdString(one.implementation);
        int found = 0;
        for (const QJsonObject& row : lines) {
            if (textIn(row, "kernel") != kernel || textIn(row, "implementation") != implementation) continue;
            ++found;
            QCOMPARE(row.value(s("schema")).toInt(), 1);
            QCOMPARE(textIn(row, "bench"), s("kernel"));
            QVERIFY(!textIn(row, "shape").isEmpty());
            QCOMPARE(row.value(s("in_use")).toBool(), one.isChosen);
            if (one.fitness == lsw::kernels::Fitness::NoInstructions) {
                QVERIFY(textIn(row, "skipped").contains(s("this processor has only")));
                continue;
            }
            QCOMPARE(row.value(s("equal")), QJsonValue(true));
            QVERIFY(row.value(s("ns")).toDouble() > 0 && row.value(s("ratio")).toDouble() > 0);
        }
        QVERIFY2(found >= 1, qPrintable(kernel + u':' + implementation));
    }
}

void ProverBenchTest::aForcedKernelIsTheOneInUse() {
    const auto lines = rows({s("piece"), s("--shape"), s("2KiB")}, {{s("LSW_KERNEL"), s("poseidon:portable,sha256:portable")}});
    QCOMPARE(lines.size(), 2);
    QCOMPARE(textIn(lines[0], "class"), s("-"));
    for (const QJsonObject& row : lines) QVERIFY(textIn(row, "kernels").contains(s("poseidon:portable")) && textIn(row, "kernels").contains(s("sha256:portable")));
    const ProgramRun refused = run({s("bench"), s("piece")}, {{s("LSW_KERNEL"), s("poseidon:quantum")}});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.err.contains("quantum"), refused.err.constData());
}

void ProverBenchTest::phasesAreEqualToThoseOfTheCrate() {
    if (!kHasCrate) QSKIP("this build has no official crate");
    const auto lines = rows({s("--against"), s("official"), s("--shape"), s("2KiB"), s("--threads"), s("1"), s("piece"), s("add-piece"), s("tree-d"), s("pc1"), s("pc1-multicore"), s("pc1-x2"), s("pc1-x4"), s("pc1-x16"), s("pc1-parts"), s("pc1-small-pages"), s("pc2"), s("pc2-11"), s("update"), s("unseal")});
    QCOMPARE(lines.size(), 15);
    const QStringList names{s("piece"), s("add-piece"), s("tree-d"), s("pc1"), s("pc1-multicore"), s("pc1-x2"), s("pc1-x4"), s("pc1-x16"), s("pc1-parts"), s("pc1-small-pages"), s("pc2"), s("pc2-11"), s("update"), s("unseal")};
    const QStringList oursAlone{s("tree-d"), s("pc2-11")};
    for (int i = 0; i < names.size(); ++i) {
        const QJsonObject& row = lines[i + 1];
        QCOMPARE(textIn(row, "bench"), names[i]);
        QCOMPARE(textIn(row, "shape"), s("2KiB"));
        QCOMPARE(row.value(s("equal")), QJsonValue(true));
        for (const char* side : {"ours", "official"}) {
            if (oursAlone.contains(names[i]) && side[1] == 'f') continue; // the crate has none of its own
            for (const char* figure : {"_cpu_s", "_cpu_s_least", "_cpu_s_most", "_wall_s"}) QVERIFY2(row.value(s(side) + s(figure)).isDouble(), qPrintable(names[i]));
        }
        QCOMPARE(row.contains(s("ratio")), !oursAlone.contains(names[i]));
        QVERIFY(textIn(row, "kernels").contains(s("poseidon:")));
    }
    // Nothing stays but what the crate keeps for every sector.
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList{s("parents")});
}

void ProverBenchTest::whatCannotBeMeasuredSaysWhy() {
    const auto lines = rows({s("pc1-multicore"), s("--shape"), s("2KiB")});
    QCOMPARE(lines.size(), 2);
    QVERIFY(textIn(lines[1], "skipped").contains(s("--against official")));
    QVERIFY(!lines[1].contains(s("ours_cpu_s")));
    if (kHasCrate) return;
    const auto compared = rows({s("pc2"), s("--against"), s("official"), s("--shape"), s("2KiB")});
    QCOMPARE(compared.size(), 2);
    QVERIFY(textIn(compared[1], "skipped").contains(s("without the official crate")));
}

void ProverBenchTest::theSelfTestHasALineForEachImplementation() {
    const ProgramRun done = run({s("selftest"), s("--json")});
    QVERIFY2(done.exitCode == 0, done.describe().constData());
    const auto lines = done.jsonLines();
    const auto kernels = lsw::kernels::kernelReport();
    QCOMPARE(lines.size(), static_cast<int>(kernels.size()) + 2);
    for (std::size_t i = 0; i < kernels.size(); ++i) {
        const QJsonObject& line = lines[static_cast<int>(i)];
        QCOMPARE(textIn(line, "selftest"), QString::fromStdString(kernels[i].kernel));
        QCOMPARE(textIn(line, "implementation"), QString::fromStdString(kernels[i].implementation));
        const bool runs = kernels[i].fitness != lsw::kernels::Fitness::NoInstructions;
        QCOMPARE(textIn(line, "result"), runs ? s("passed") : s("skipped"));
        QCOMPARE(line.contains(s("ms")), runs);
        QCOMPARE(line.contains(s("reason")), !runs);
    }
    QCOMPARE(textIn(lines[lines.size() - 2], "selftest"), s("sector"));
    QCOMPARE(textIn(lines[lines.size() - 2], "result"), s("passed"));
    QCOMPARE(textIn(lines.last(), "selftest"), s("sector-official"));
    QCOMPARE(textIn(lines.last(), "result"), kHasCrate ? s("passed") : s("skipped"));
}

void ProverBenchTest::badArgumentsAreNamed_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");
    QTest::newRow("row") << QStringList{s("bench"), s("fastness")} << s("pc1-multicore");
    QTest::newRow("option") << QStringList{s("bench"), s("--speed"), s("1")} << s("--speed");
    QTest::newRow("value") << QStringList{s("bench"), s("--rounds"), s("none")} << s("none");
    QTest::newRow("no value") << QStringList{s("bench"), s("--shape")} << s("--shape");
    QTest::newRow("shape") << QStringList{s("bench"), s("pc1"), s("--shape"), s("3MiB")} << s("512MiB");
    QTest::newRow("against") << QStringList{s("bench"), s("--against"), s("everybody")} << s("everybody");
    QTest::newRow("folder") << QStringList{s("bench"), s("--folder"), s("/nowhere")} << s("/nowhere");
    QTest::newRow("of bench") << QStringList{s("selftest"), s("--rounds"), s("2")} << s("--rounds");
}

void ProverBenchTest::badArgumentsAreNamed() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, named);
    const ProgramRun refused = run(arguments);
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(QString::fromUtf8(refused.err).contains(named) && refused.out.isEmpty(), refused.err.constData());
}

QTEST_GUILESS_MAIN(ProverBenchTest)
#include "tst_prover_bench.moc"
