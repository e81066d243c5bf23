// SPDX-License-Identifier: MIT OR Apache-2.0
// Every command, flag, alias and variable of lotus-worker v1.36 is understood here, in the forms that Go's flags allow.
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <array>

using lsw::test::ProgramRun;
using lsw::test::runProgram;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);
const QString kUnknown = QStringLiteral("--no-such-flag");

/// Options of one command, as `lotus-worker COMMAND --help` lists them, hidden ones included; "=" where a value follows.
struct Command {
    const char* name;
    const char* operands;
    std::vector<const char*> flags;
};
const std::array kCommands{
    Command{"run", "",
            {"--listen=127.0.0.1:0",
             "--address=127.0.0.1:0",
             "--no-local-storage",
             "--no-swap",
             "--name=w",
             "--addpiece",
             "--precommit1",
             "--unseal",
             "--precommit2",
             "--commit",
             "--replica-update",
             "--prove-replica-update2",
             "--regen-sector-key",
             "--sector-download",
             "--windowpost",
             "--winningpost",
             "--no-default",
             "--parallel-fetch-limit=5",
             "--post-parallel-reads=32",
             "--post-read-timeout=1m",
             "--timeout=30m",
             "--http-server-timeout=30s",
             "--data-cid",
             "--external-pc2=true",
             "--no-swap=false",
             "--addpiece=false",
             "--windowpost=true",
             "--data-cid=false"}},
    Command{"stop", "", {}},
    Command{"info", "", {}},
    Command{"storage attach", "/nowhere",
            {"--init", "--weight=10", "--seal", "--store", "--max-storage=1TiB", "--groups=a", "--allow-to=b", "--seal=true", "--store=false"}},
    Command{"storage detach", "/nowhere", {"--really-do-it"}},
    Command{"storage redeclare", "/nowhere", {"--id=5b8f0b6a-0d3e-4f3b-9d7a-0b9f3f1d2c11", "--all", "--drop-missing", "--drop-missing=false"}},
    Command{"set", "", {"--enabled", "--enabled=false"}},
    Command{"wait-quiet", "", {}},
    Command{"resources", "", {"--all", "--default"}},
    Command{"tasks enable", "PC1", {"--all"}},
    Command{"tasks disable", "PC1", {"--all"}},
};

} // namespace

class LotusWorkerNamesTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_home;
    ProgramRun run(const QStringList& arguments, const QMap<QString, QString>& variables = {}) { return runProgram(kProgram, arguments, m_home.path(), variables); }

private Q_SLOTS:
    void everyCommandHasItsFlags_data() {
        QTest::addColumn<QStringList>("arguments");
        for (const Command& command : kCommands) {
            QStringList words = QString::fromLatin1(command.name).split(QLatin1Char(' '));
            const QByteArray name = command.name;
            if (*command.operands) QTest::newRow(name.constData()) << (words + QStringList{QString::fromLatin1(command.operands)});
            else QTest::newRow(name.constData()) << words;
            for (const char* flag : command.flags) {
                QStringList with = words;
                with.append(QString::fromLatin1(flag));
                if (*command.operands) with.append(QString::fromLatin1(command.operands));
                QTest::newRow(QByteArray(name + ' ' + flag).constData()) << with;
            }
        }
        // The flags before the command.
        for (const char* flag : {"--worker-repo=/nowhere", "--workerrepo=/nowhere", "--miner-repo=/nowhere", "--storagerepo=/nowhere", "--enable-gpu-proving",
                                 "--enable-gpu-proving=false", "--panic-reports=/nowhere"})
            QTest::newRow(flag) << QStringList{QString::fromLatin1(flag), QStringLiteral("info")};
    }
    void everyCommandHasItsFlags() {
        QFETCH(QStringList, arguments);
        // A flag that nobody has is the only thing wrong with the line: nothing is done, and all else was understood.
        const ProgramRun refused = run(arguments + QStringList{kUnknown});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains(kUnknown.toLatin1()), refused.err.constData());
        for (const QString& word : arguments)
            QVERIFY2(!refused.err.split('\n').value(0).contains(word.toUtf8()) || word == arguments.value(0), refused.err.constData());
    }

    void theVariablesOfRunAreRead_data() {
        QTest::addColumn<QString>("variable");
        QTest::addColumn<QString>("flag");
        const auto row = [](const char* variable, const char* flag) {
            QTest::newRow(variable) << QString::fromLatin1(variable) << QString::fromLatin1(flag);
        };
        row("LOTUS_WORKER_LISTEN", "--listen");
        row("LOTUS_WORKER_NO_LOCAL_STORAGE", "--no-local-storage");
        row("LOTUS_WORKER_NO_SWAP", "--no-swap");
        row("LOTUS_WORKER_NAME", "--name");
        row("LOTUS_WORKER_ADDPIECE", "--addpiece");
        row("LOTUS_WORKER_PRECOMMIT1", "--precommit1");
        row("LOTUS_WORKER_UNSEAL", "--unseal");
        row("LOTUS_WORKER_PRECOMMIT2", "--precommit2");
        row("LOTUS_WORKER_COMMIT", "--commit");
        row("LOTUS_WORKER_REPLICA_UPDATE", "--replica-update");
        row("LOTUS_WORKER_PROVE_REPLICA_UPDATE2", "--prove-replica-update2");
        row("LOTUS_WORKER_REGEN_SECTOR_KEY", "--regen-sector-key");
        row("LOTUS_WORKER_SECTOR_DOWNLOAD", "--sector-download");
        row("LOTUS_WORKER_WINDOWPOST", "--windowpost");
        row("LOTUS_WORKER_WINNINGPOST", "--winningpost");
        row("LOTUS_WORKER_NO_DEFAULT", "--no-default");
        row("LOTUS_WORKER_PARALLEL_FETCH_LIMIT", "--parallel-fetch-limit");
        row("LOTUS_WORKER_POST_PARALLEL_READS", "--post-parallel-reads");
        row("LOTUS_WORKER_POST_READ_TIMEOUT", "--post-read-timeout");
        row("LOTUS_WORKER_TIMEOUT", "--timeout");
    }
    void theVariablesOfRunAreRead() {
        QFETCH(QString, variable);
        QFETCH(QString, flag);
        const ProgramRun help = run({QStringLiteral("run"), QStringLiteral("--help")});
        QCOMPARE(help.exitCode, 0);
        QByteArray line; // with the one below it, where the text stands when the names are long
        const QList<QByteArray> lines = help.out.split('\n');
        for (qsizetype i = 0; i < lines.size(); ++i)
            if (lines[i].trimmed().startsWith((flag + QLatin1Char(' ')).toLatin1()) || lines[i].trimmed().startsWith((flag + QLatin1Char(',')).toLatin1()))
                line = lines[i] + lines.value(i + 1);
        QVERIFY2(line.contains(QByteArray("(Env:" + variable.toLatin1() + ')')), line.constData());
    }

    void contradictionsBetweenTaskFlagsAreRefusedAsLotusDoes() {
        const QMap<QString, QString> miner{{QStringLiteral("MINER_API_INFO"), QStringLiteral("a.b.c:/ip4/127.0.0.1/tcp/1")}};
        const ProgramRun both = run({QStringLiteral("run"), QStringLiteral("--windowpost"), QStringLiteral("--winningpost")}, miner);
        QCOMPARE(both.exitCode, 2);
        QVERIFY2(both.err.contains("expected all task types to be for"), both.err.constData());
    }

    void helpAndVersionHaveTheNamesOfGosPrograms() {
        QCOMPARE(run({QStringLiteral("-v")}).out, QByteArray("lotus-seal-worker " LSW_VERSION "\n"));
        const ProgramRun help = run({QStringLiteral("help")});
        QVERIFY2(help.exitCode == 0 && help.out.contains("resources"), help.describe().constData());
        const ProgramRun ofRun = run({QStringLiteral("help"), QStringLiteral("run")});
        QVERIFY2(ofRun.exitCode == 0 && ofRun.out.contains("--parallel-fetch-limit"), ofRun.describe().constData());
        QCOMPARE(run({QStringLiteral("help"), QStringLiteral("dance")}).exitCode, 2);
        QVERIFY(run({QStringLiteral("-h")}).out.contains("resources"));
    }

    void anOldNameOfAFolderIsUsedWithANote() {
        const ProgramRun info = run({QStringLiteral("info")}, {{QStringLiteral("WORKER_PATH"), m_home.filePath(QStringLiteral("old"))}});
        QCOMPARE(info.exitCode, 7);
        QVERIFY2(info.err.contains("WORKER_PATH is the old name of LOTUS_WORKER_PATH"), info.err.constData());
    }
};

QTEST_GUILESS_MAIN(LotusWorkerNamesTest)
#include "tst_lotus_worker_names.moc"
