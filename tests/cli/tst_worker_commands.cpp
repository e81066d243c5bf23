// SPDX-License-Identifier: MIT OR Apache-2.0
// run in one process; info, tasks and stop in others, against a practice miner.
#include "support/program.h"
#include "support/running_worker.h"

#include <QtCore/QJsonArray>

using namespace lsw;
using test::ProgramRun;
using test::RunningWorker;

class WorkerCommandsTest : public QObject {
    Q_OBJECT
    ProgramRun ask(const RunningWorker& worker, const QStringList& command) {
        const QStringList arguments = QStringList{QStringLiteral("--worker-repo"), worker.file("worker")} + command;
        return RunningWorker::aside([=, home = worker.file("home")] { return test::runProgram(QStringLiteral(LSW_PROGRAM), arguments, home); });
    }

private Q_SLOTS:
    void infoTasksAndStopTalkToTheRunningWorker() {
        RunningWorker worker(LSW_GATED_PROVER_FOLDER);
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
        QVERIFY2(text.out.contains("w1") && text.out.contains("Connected to miner"), text.out.constData());

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

    void theOldNameOfTheMinersFolderIsAcceptedWithANote() {
        RunningWorker worker(LSW_GATED_PROVER_FOLDER);
        worker.variables.insert(QStringLiteral("LOTUS_STORAGE_PATH"), worker.file("miner"));
        QStringList arguments = worker.arguments();
        arguments.remove(arguments.indexOf(QStringLiteral("--miner-repo")), 2);
        worker.start(QStringLiteral(LSW_PROGRAM), arguments);
        QTRY_VERIFY2_WITH_TIMEOUT(worker.log().contains("Connected to miner"), worker.log().constData(), test::kProgramWait);
        QVERIFY2(worker.log().contains("LOTUS_STORAGE_PATH"), worker.log().constData());
        QVERIFY2(worker.log().contains("LOTUS_MINER_PATH"), worker.log().constData()); // the new one is named
    }
};

QTEST_GUILESS_MAIN(WorkerCommandsTest)
#include "tst_worker_commands.moc"
