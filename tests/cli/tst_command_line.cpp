// SPDX-License-Identifier: MIT OR Apache-2.0
// What somebody gets who types nonsense: one clear sentence, a documented exit code, nothing left behind.
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using lsw::test::ProgramRun;
using lsw::test::runProgram;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);
const QString kTicket = QString(64, QLatin1Char('0'));
constexpr auto kSecret = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LXBhcnQ.do-not-show";

QStringList sealWith(const QStringList& changed) {
    QStringList arguments{QStringLiteral("seal"), QStringLiteral("--proof"), QStringLiteral("5"), QStringLiteral("--miner"), QStringLiteral("1000"),
                          QStringLiteral("--sector"), QStringLiteral("1"), QStringLiteral("--ticket"), kTicket, QStringLiteral("--out"), QStringLiteral("@OUT@")};
    for (int i = 0; i + 1 < changed.size(); i += 2) {
        const auto at = arguments.indexOf(changed[i]);
        if (at >= 0) arguments[at + 1] = changed[i + 1];
        else arguments << changed[i] << changed[i + 1];
    }
    if (changed.size() % 2) arguments << changed.last();
    return arguments;
}

} // namespace

class CommandLineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void badInputGetsASentenceAndACode_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("variable");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QStringList& arguments, int code, const QString& says, const QString& variable = {}) {
            QTest::newRow(name) << arguments << variable << code << says;
        };
        const auto s = [](const char* text) { return QString::fromUtf8(text); };
        row("no command", {}, 2, s("subcommand"));
        row("unknown command", {s("dance")}, 2, s("dance"));
        row("unknown option", {s("run"), s("--fast")}, 2, s("--fast"));
        row("unknown proof", sealWith({s("--proof"), s("StackedDrg3KiBV1"), s("--zero")}), 2, s("StackedDrg3KiBV1"));
        row("unknown proof number", sealWith({s("--proof"), s("77"), s("--zero")}), 2, s("77"));
        row("short ticket", sealWith({s("--ticket"), s("abcd"), s("--zero")}), 2, s("ticket must be 32 bytes"));
        row("ticket that is no hex", sealWith({s("--ticket"), s("xyz!"), s("--zero")}), 2, s("hex"));
        row("long seed", sealWith({s("--seed"), QString(66, QLatin1Char('1')), s("--zero")}), 2, s("seed must be 32 bytes"));
        row("c1 without a seed", sealWith({s("--through"), s("c1"), s("--zero")}), 2, s("needs --seed"));
        row("unknown phase", sealWith({s("--through"), s("pc3"), s("--zero")}), 2, s("pc3"));
        row("nothing to seal", sealWith({}), 2, s("exactly one of"));
        row("two things to seal", sealWith({s("--data"), s("x"), s("--zero")}), 2, s("exactly one of"));
        row("no such data", sealWith({s("--data"), s("/nowhere/at/all")}), 2, s("/nowhere/at/all"));
        row("a folder as data", sealWith({s("--data"), s("/")}), 2, s("no regular file"));
        row("data larger than the sector", sealWith({s("--data"), s("@BIG@")}), 2, s("holds 2032"));
        row("padded data of the wrong size", sealWith({s("--padded"), s("@BIG@")}), 2, s("exactly one sector"));
        row("miner that is no actor", sealWith({s("--miner"), s("bob"), s("--zero")}), 2, s("bob"));
        row("sector that is no number", sealWith({s("--sector"), s("-3"), s("--zero")}), 2, s("sector"));
        row("engine that there is not", sealWith({s("--engine"), s("abacus"), s("--zero")}), 2, s("abacus"));
        row("folder that cannot be made", sealWith({s("--out"), s("/proc/nothing"), s("--zero")}), 12, s("/proc/nothing"));
        row("folder with other things in it", sealWith({s("--out"), s("@HOME@"), s("--zero")}), 1, s("which no earlier seal made"));
        row("no miner anywhere", {s("run")}, 6, s(".lotusminer"));
        row("miner repo that is not there", {s("run"), s("--miner-repo"), s("/nowhere/miner")}, 2, s("/nowhere/miner"));
        row("miner repo that is none", {s("run"), s("--miner-repo"), s("@HOME@")}, 2, s("@HOME@"));
        row("API info that is none", {s("run")}, 2, s("MINER_API_INFO"), s("MINER_API_INFO=") + QLatin1String(kSecret) + s(":/ip4/300.1.2/tcp/x"));
        row("duration that is none", {s("run"), s("--http-server-timeout"), s("soon")}, 2, s("soon"));
        row("info without a worker", {s("info")}, 7, s("lotus-seal-worker run"));
        row("tasks without a worker", {s("tasks")}, 7, s("lotus-seal-worker run"));
        row("stop without a worker", {s("stop")}, 7, s("lotus-seal-worker run"));
        row("answers in a folder", {s("setup"), s("--answers"), s("/")}, 2, s("is a folder and not a file"));
        row("answers without an end", {s("setup"), s("--answers"), s("/dev/zero")}, 2, s("is larger than 1024 KiB"));
        row("token in a folder", {s("token"), s("set"), s("--token-file"), s("/")}, 2, s("is a folder and not a file"));
        row("group without a command", {s("config")}, 2, s("a subcommand of config: show,"));
        row("practice of an odd size", {s("practice"), s("--size"), s("3KiB")}, 2, s("2KiB"));
        row("practice of a size too large", {s("practice"), s("--size"), s("32GiB")}, 2, s("512MiB"));
        row("practice with a file too large", {s("practice"), s("--file"), s("@BIG@")}, 2, s("2032"));
        row("practice with no such file", {s("practice"), s("--file"), s("/nowhere/at/all")}, 2, s("/nowhere/at/all"));
    }

    void whatCannotBeWrittenIsNoSuccess() {
        QTemporaryDir home;
        QProcess process;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HOME"), home.path());
        process.setProcessEnvironment(environment);
        process.setStandardOutputFile(QStringLiteral("/dev/full"));
        process.start(kProgram, {QStringLiteral("config"), QStringLiteral("show")});
        QVERIFY(process.waitForFinished(60000));
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 12 && said.contains("standard output cannot be written"), said.constData());
        // Who takes only the beginning has what he wanted.
        process.setStandardOutputFile(QString());
        process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("{ \"$0\" config show; echo $? >&2; } | true"), kProgram});
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.readAllStandardError().trimmed(), QByteArray("0"));
    }

    void badInputGetsASentenceAndACode() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, variable);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        QTemporaryDir home;
        QFile big(home.filePath(QStringLiteral("big")));
        QVERIFY(big.open(QIODevice::WriteOnly));
        big.write(QByteArray(5000, 'x'));
        big.close();
        const QString out = home.filePath(QStringLiteral("out"));
        for (QString& text : arguments) {
            text.replace(QStringLiteral("@OUT@"), out).replace(QStringLiteral("@BIG@"), big.fileName()).replace(QStringLiteral("@HOME@"), home.path());
        }
        says.replace(QStringLiteral("@HOME@"), home.path());
        QMap<QString, QString> environment;
        if (!variable.isEmpty()) environment.insert(variable.section(QLatin1Char('='), 0, 0), variable.section(QLatin1Char('='), 1));

        const ProgramRun run = runProgram(kProgram, arguments, home.path(), environment);
        QVERIFY2(!run.crashed, run.err.constData());
        QVERIFY2(run.err.contains(says.toUtf8()), run.err.constData());
        QVERIFY2(run.exitCode == exitCode, run.describe().constData());
        QVERIFY2(run.err.count('\n') <= 3, run.err.constData());
        QVERIFY(!run.err.contains(kSecret) && !run.out.contains(kSecret));
        QVERIFY2(!QFile::exists(out), "something was left behind");
    }

    void anErrorIsJsonOnRequest() {
        QTemporaryDir home;
        const ProgramRun run = runProgram(kProgram, {QStringLiteral("info"), QStringLiteral("--json")}, home.path());
        QCOMPARE(run.exitCode, 7);
        const QJsonObject object = run.jsonLines().value(0);
        QCOMPARE(object.value(QStringLiteral("schema")).toInt(), 1);
        QCOMPARE(object.value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString(), QStringLiteral("NotRunning"));
    }

    void theResourceTablesVariablesArePrintedAsLotusWorkerDoes() {
        QTemporaryDir home;
        const QMap<QString, QString> set{{QStringLiteral("PC1_32G_MAX_CONCURRENT"), QStringLiteral("2")},
                                         {QStringLiteral("C2_MAX_PARALLELISM_GPU"), QStringLiteral("12")},
                                         {QStringLiteral("PC2_32GiB_MAX_CONCURRENT"), QStringLiteral("1")}};
        const QString resources = QStringLiteral("resources");
        const ProgramRun plain = runProgram(kProgram, {resources}, home.path(), set);
        QVERIFY2(plain.exitCode == 0, plain.describe().constData());
        QCOMPARE(plain.out, QByteArray("C2_MAX_PARALLELISM_GPU=12\nPC1_32G_MAX_CONCURRENT=2\n"));
        QVERIFY2(plain.err.contains("PC2_32GiB_MAX_CONCURRENT") && plain.err.contains("PC2_32G_MAX_CONCURRENT."), plain.err.constData());

        const ProgramRun all = runProgram(kProgram, {resources, QStringLiteral("--all")}, home.path(), set);
        QVERIFY(all.out.contains("\nPC1_32G_MAX_CONCURRENT=2\n") && all.out.contains("\nPC1_32G_MIN_MEMORY=60129542144\n"));
        const ProgramRun defaults = runProgram(kProgram, {resources, QStringLiteral("--default")}, home.path(), set);
        QVERIFY(defaults.out.contains("\nPC1_32G_MAX_CONCURRENT=0\n"));
        QCOMPARE(defaults.out.count('\n'), 14 * 6 * 7);
        QList<QByteArray> lines = defaults.out.split('\n');
        lines.removeLast();
        QVERIFY(std::is_sorted(lines.begin(), lines.end()));

        const QJsonObject json = runProgram(kProgram, {resources, QStringLiteral("--json")}, home.path(), set).jsonLines().value(0);
        QCOMPARE(json.value(QStringLiteral("schema")).toInt(), 1);
        QCOMPARE(json.value(QStringLiteral("variables")).toObject().value(QStringLiteral("PC1_32G_MAX_CONCURRENT")).toString(), QStringLiteral("2"));
        QVERIFY(runProgram(kProgram, {resources}, home.path()).out.isEmpty());
    }

    void theVersionIsSaid() {
        QTemporaryDir home;
        QCOMPARE(runProgram(kProgram, {QStringLiteral("--version")}, home.path()).out, QByteArray("lotus-seal-worker " LSW_VERSION "\n"));
        const ProgramRun json = runProgram(kProgram, {QStringLiteral("version"), QStringLiteral("--json")}, home.path());
        QCOMPARE(json.jsonLines().value(0).value(QStringLiteral("version")).toString(), QStringLiteral(LSW_VERSION));
    }

#ifdef LSW_HAS_WINDOW
    void theWindowWithoutADisplaySaysSo() {
        QTemporaryDir home;
        const ProgramRun run = runProgram(QString::fromUtf8(lsw::test::kWindowProgramFile), {}, home.path());
        QCOMPARE(run.exitCode, 5);
        QCOMPARE(run.err.count('\n'), 1);
        QVERIFY(run.err.contains("no display"));
    }
#endif
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_command_line.moc"
