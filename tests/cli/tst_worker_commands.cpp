// SPDX-License-Identifier: MIT OR Apache-2.0
// run in one process; info, tasks and stop in others, against a practice miner.
#include "support/program.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtCore/QJsonArray>
#include <QtCore/QRegularExpression>

#include <fcntl.h>
#include <unistd.h>

using namespace lsw;
using test::ProgramRun;
using test::RunningWorker;

namespace {

/// The first page of a call journal of that schema.
QByteArray journalOfSchema(char schema) {
    QFile file(QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/worker-repo/layout-1/calls.sqlite"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QByteArray out = file.readAll();
    out[63] = schema; // PRAGMA user_version
    return out;
}

} // namespace

class WorkerCommandsTest : public QObject {
    Q_OBJECT
    ProgramRun ask(const RunningWorker& worker, const QStringList& command) {
        const QStringList arguments = QStringList{QStringLiteral("--worker-repo"), worker.file("worker")} + command;
        return RunningWorker::aside([=, home = worker.file("home")] { return test::runProgram(QString::fromUtf8(lsw::test::kProgramFile), arguments, home); });
    }

private Q_SLOTS:
    void infoTasksAndStopTalkToTheRunningWorker() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.log().contains("Connected to miner"), worker.log().constData(), test::kProgramWait);

        const ProgramRun info = ask(worker, {QStringLiteral("info"), QStringLiteral("--json")});
        QVERIFY2(info.exitCode == 0 && info.err.isEmpty(), info.describe().constData());
        const QJsonObject view = info.jsonLines().value(0);
        QCOMPARE(view.value(QStringLiteral("schema")).toInt(), 1);
        QCOMPARE(view.value(QStringLiteral("name")).toString(), QStringLiteral("w1"));
        QCOMPARE(view.value(QStringLiteral("miner")).toString(), QStringLiteral("127.0.0.1:%1").arg(worker.miner->port()));
        QCOMPARE(view.value(QStringLiteral("paths")).toArray().size(), 1);
        const ProgramRun text = ask(worker, {QStringLiteral("info")});
        // The first part as lotus-worker prints it, line for line.
        const QRegularExpression lotus(QStringLiteral(
            "^Worker version:  1\\.7\\.0\nCLI version: lotus-seal-worker version [0-9.]+\n\nSession: [0-9a-f-]{36}\nEnabled: true\nHostname: w1\n"
            "CPUs: [0-9]+; GPUs: \\[\\]\nRAM: [0-9.]+ .iB/[0-9.]+ .iB; Swap: [0-9.e+]+ [KMGT]?i?B/[0-9.e+]+ [KMGT]?i?B\n"
            "Task types: (FUS FIN )(DL )?GET (FRU )?UNS C1 C2 PC2 PC1 (PR1 )?(PR2 )?(RU )?AP DC (GSK )?\n\n"
            "[0-9a-f-]{36}:\n\tWeight: 10; Use: Seal \n\tLocal: /[^\n]+\n\nMore of lotus-seal-worker "));
        QVERIFY2(lotus.match(QString::fromUtf8(text.out)).hasMatch(), text.out.constData());
        QVERIFY2(text.out.contains("Connected to miner"), text.out.constData());
        const QJsonObject asLotus = view.value(QStringLiteral("lotus")).toObject();
        QCOMPARE(asLotus.value(QStringLiteral("worker_version")).toString(), QStringLiteral("1.7.0"));
        QCOMPARE(asLotus.value(QStringLiteral("session")).toString(), view.value(QStringLiteral("session")).toString());
        QCOMPARE(asLotus.value(QStringLiteral("paths")).toArray().size(), 1);

        const ProgramRun tasks = ask(worker, {QStringLiteral("tasks"), QStringLiteral("--json")});
        QVERIFY2(tasks.exitCode == 0, tasks.describe().constData());
        QVERIFY(tasks.jsonLines().value(0).value(QStringLiteral("tasks")).isArray());

        const ProgramRun stop = ask(worker, {QStringLiteral("stop"), QStringLiteral("--json")});
        QVERIFY2(stop.exitCode == 0, stop.describe().constData());
        QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning(), test::kProgramWait);
        QCOMPARE(worker.process.exitCode(), 0);
        QCOMPARE(ask(worker, {QStringLiteral("info")}).exitCode, 7);

        const QByteArray token = QByteArray::fromStdString(worker.miner->apiInfo()).split(':').value(0);
        for (const QByteArray& seen : {worker.log(), info.out, text.out, stop.err}) QVERIFY(!seen.contains(token));
    }

    void theWorkerIsFoundByEachNameOfItsFolderAndByItsAddress() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.log().contains("Connected to miner"), worker.log().constData(), test::kProgramWait);
        const QString token = QString::fromStdString(worker.miner->apiInfo()).section(QLatin1Char(':'), 0, 0);
        const QString address = QStringLiteral("/ip4/127.0.0.1/tcp/%1").arg(worker.port());
        const QString nowhere = worker.file("nowhere");
        const auto asked = [&](const QStringList& flags, const QMap<QString, QString>& variables) {
            return RunningWorker::aside([=, home = worker.file("home")] {
                return test::runProgram(QString::fromUtf8(lsw::test::kProgramFile), flags + QStringList{QStringLiteral("info"), QStringLiteral("--json")}, home, variables);
            });
        };
        const QString current = QStringLiteral("LOTUS_WORKER_PATH"), old = QStringLiteral("WORKER_PATH"), info = QStringLiteral("WORKER_API_INFO");
        for (const ProgramRun& run :
             {asked({}, {{current, worker.file("worker")}}), asked({}, {{old, worker.file("worker")}}),
              asked({}, {{current, worker.file("worker")}, {old, nowhere}}), asked({QStringLiteral("--workerrepo"), worker.file("worker")}, {{current, nowhere}}),
              asked({}, {{info, token + QLatin1Char(':') + address}}),
              asked({QStringLiteral("--worker-repo"), nowhere}, {{info, token + QStringLiteral(":http://127.0.0.1:%1").arg(worker.port())}})}) {
            QVERIFY2(run.exitCode == 0, run.describe().constData());
            QCOMPARE(run.jsonLines().value(0).value(QStringLiteral("name")).toString(), QStringLiteral("w1"));
            QVERIFY(!run.out.contains(token.toUtf8()) && !run.err.contains(token.toUtf8()));
        }
        QCOMPARE(asked({}, {{current, nowhere}}).exitCode, 7);
        QCOMPARE(asked({}, {{info, address}}).exitCode, 4); // no token
        QCOMPARE(asked({}, {{info, QStringLiteral("nonsense")}}).exitCode, 2);
        QCOMPARE(asked({}, {{info, token + QStringLiteral(":/ip4/127.0.0.1/tcp/1")}}).exitCode, 7);
    }

    void runEndsWithTheCodeThatSaysWhy_data() {
        QTest::addColumn<QString>("broken");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, int code, const char* says) { QTest::newRow(name) << QString::fromLatin1(name) << code << QString::fromLatin1(says); };
        row("no prover", 5, "lotus-seal-prover");
        row("contradicting tasks", 2, "expected all task types to be for");
        row("miner without an API", 10, "api");
        row("folder of a newer version", 11, "layout 99");
        row("journal of a newer version", 11, "schema 99");
        row("folder that lotus-worker holds", 12, "another worker uses the folder");
        row("unreadable list of lotus-worker", 12, "lotus-worker wait-quiet");
        row("no storage.json", 12, "storage.json");
    }
    void runEndsWithTheCodeThatSaysWhy() {
        QFETCH(QString, broken);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        namespace fs = std::filesystem;
        const fs::path repo = worker.at("worker"), own = repo / "lotus-seal-worker";
        fs::create_directories(own);
        QStringList arguments = worker.arguments();
        const auto change = [&](const char* flag, const QString& value) { arguments[arguments.indexOf(QLatin1String(flag)) + 1] = value; };
        int held = -1;
        if (broken == QLatin1String("no prover")) change("--prover-folder", worker.file("worker"));
        if (broken == QLatin1String("contradicting tasks")) arguments << QStringLiteral("--winningpost") << QStringLiteral("--precommit1");
        if (broken == QLatin1String("miner without an API")) fs::remove(worker.at("miner") / "api");
        if (broken == QLatin1String("folder of a newer version")) std::ofstream(own / "schema.json") << "{\"schema\":99}";
        if (broken == QLatin1String("journal of a newer version")) {
            std::ofstream(own / "schema.json") << "{\"schema\":2}";
            const QByteArray made = journalOfSchema(99);
            std::ofstream(own / "calls.sqlite", std::ios::binary).write(made.constData(), made.size());
        }
        if (broken == QLatin1String("folder that lotus-worker holds")) {
            held = ::open((repo / "repo.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
            struct flock whole {};
            whole.l_type = F_WRLCK;
            QVERIFY(::fcntl(held, F_SETLK, &whole) == 0);
        }
        if (broken == QLatin1String("unreadable list of lotus-worker")) {
            fs::create_directories(repo / "datastore" / "metadata");
            std::ofstream(repo / "datastore" / "metadata" / "CURRENT") << "MANIFEST-000077\n";
        }
        if (broken == QLatin1String("no storage.json")) fs::create_directory(repo / "keystore");
        const ProgramRun run = RunningWorker::aside([&, home = worker.file("home")] { return test::runProgram(QString::fromUtf8(lsw::test::kProgramFile), arguments, home); });
        if (held >= 0) ::close(held);
        QVERIFY(!run.crashed);
        QVERIFY2(run.exitCode == exitCode, run.describe().constData());
        QVERIFY2(run.err.contains(says.toUtf8()), run.err.constData());
        QVERIFY(worker.returns.empty());
    }

    void misspeltVariablesOfTheResourceTableAreTold() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        QVERIFY(worker.minerStarted);
        worker.variables.insert(QStringLiteral("PC1_2KiB_MAX_CONCURRENT"), QStringLiteral("1"));
        worker.variables.insert(QStringLiteral("PC1_2K_MAX_CONCURRENT"), QStringLiteral("3"));
        worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(worker.log().contains("Connected to miner"), worker.log().constData(), test::kProgramWait);
        QVERIFY2(worker.log().contains("PC1_2KiB_MAX_CONCURRENT is not read by lotus and has no effect; the nearest name is PC1_2K_MAX_CONCURRENT."),
                 worker.log().constData());
        const auto workers = worker.miner->workers();
        QCOMPARE(workers.size(), std::size_t{1});
        QCOMPARE(workers[0].info.table.at("seal/v0/precommit/1").at(5).maxConcurrent, 3);
    }

    void theOldNameOfTheMinersFolderIsAcceptedWithANote() {
        RunningWorker worker(lsw::test::kGatedProverFolder);
        worker.variables.insert(QStringLiteral("LOTUS_STORAGE_PATH"), worker.file("miner"));
        QStringList arguments = worker.arguments();
        arguments.remove(arguments.indexOf(QStringLiteral("--miner-repo")), 2);
        worker.start(QString::fromUtf8(lsw::test::kProgramFile), arguments);
        QTRY_VERIFY2_WITH_TIMEOUT(worker.log().contains("Connected to miner"), worker.log().constData(), test::kProgramWait);
        QVERIFY2(worker.log().contains("LOTUS_STORAGE_PATH"), worker.log().constData());
        QVERIFY2(worker.log().contains("LOTUS_MINER_PATH"), worker.log().constData()); // the new one is named
    }
};

QTEST_GUILESS_MAIN(WorkerCommandsTest)
#include "tst_worker_commands.moc"
