// SPDX-License-Identifier: MIT OR Apache-2.0
// `doctor` as a person or a script meets it. What it finds is tested in tests/setup.
#include "setup/scripted_miner.h"
#include "support/patience.h"
#include "support/program.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtCore/QJsonArray>
#include <QtTest/QTest>

using namespace lsw;
using namespace lsw::test;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);
/// Without the limits, which are those of the machine that tests.
const QString kAllButLimits = QStringLiteral("1,2,3,4,5,6,7,8,9,10,11,12,14");

QStringList doctor(const QStringList& more) { return QStringList{QStringLiteral("doctor"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")} + more; }

QJsonObject check(const ProgramRun& run, int number) {
    for (const QJsonValue& one : run.jsonLines().value(0).value(QStringLiteral("checks")).toArray())
        if (one.toObject().value(QStringLiteral("check")).toInt() == number) return one.toObject();
    return {};
}

QString kindOf(const QJsonObject& one) { return one.value(QStringLiteral("finding")).toObject().value(QStringLiteral("kind")).toString(); }

QByteArray whole(const ProgramRun& run, const QByteArray& more = {}) { return more + run.out + run.describe(); }

} // namespace

class DoctorCommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theExitCodeIsThatOfTheFirstFailure_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("well") << QString() << 0;
        QTest::newRow("clock") << QStringLiteral("clock-behind") << 14;
        QTest::newRow("old miner") << QStringLiteral("miner-too-old") << 11;
        QTest::newRow("token") << QStringLiteral("token-refused") << 4;
        QTest::newRow("nobody") << QStringLiteral("loopback-nobody") << 10;
        QTest::newRow("not named") << QStringLiteral("miner-not-named") << 6;
        QTest::newRow("nonsense") << QStringLiteral("input-unreadable") << 2;
    }
    void theExitCodeIsThatOfTheFirstFailure() {
        QFETCH(QString, kind);
        QFETCH(int, exitCode);
        QTemporaryDir home;
        MinerAnswers answers;
        const std::string token = protocol::makeToken(Bytes(32, 7), {"read", "write", "sign", "admin"});
        answers.token = exitCode == 4 ? "another" : token;
        if (exitCode == 11) answers.apiVersion = 261;
        if (exitCode == 14) answers.clockAhead = 60;
        auto server = std::make_unique<ScriptServer>([&](int, const std::string& head, bool&) { return answers(head); });
        QString info = QString::fromStdString(token + ":/ip4/127.0.0.1/tcp/" + std::to_string(server->port()) + "/http");
        if (exitCode == 10) server.reset();
        if (exitCode == 6) info.clear();
        if (exitCode == 2) info = QStringLiteral("nonsense");
        const QMap<QString, QString> variables{{QStringLiteral("MINER_API_INFO"), info}};
        const ProgramRun text = runProgram(kProgram, doctor({QStringLiteral("--only"), kAllButLimits}), home.path(), variables);
        const ProgramRun json = runProgram(kProgram, doctor({QStringLiteral("--json"), QStringLiteral("--only"), kAllButLimits}), home.path(), variables);
        QVERIFY2(text.exitCode == exitCode && json.exitCode == exitCode, whole(json, text.out).constData());
        QVERIFY(!text.out.contains(token.substr(60).c_str()) && !json.out.contains(token.substr(60).c_str()));
        QCOMPARE(json.jsonLines().size(), 1);
        const QJsonObject told = json.jsonLines().constFirst();
        QCOMPARE(told.value(QStringLiteral("schema")).toInt(), 1);
        QCOMPARE(told.value(QStringLiteral("exit")).toInt(), exitCode);
        QCOMPARE(told.value(QStringLiteral("ok")).toBool(), exitCode == 0 || exitCode == 14);
        QCOMPARE(told.value(QStringLiteral("checks")).toArray().size(), 13);
        if (!kind.isEmpty()) QVERIFY2(json.out.contains(QByteArray("\"kind\":\"" + kind.toUtf8())), json.out.constData());
        if (exitCode != 0) QVERIFY2(text.out.contains("        > "), text.out.constData()); // what to do
    }

    void aTokenInTheArgumentsIsWarnedOf() {
        QTemporaryDir home;
        const std::string token = protocol::makeToken(Bytes(32, 7), {"read"});
        const ProgramRun run = runProgram(kProgram, doctor({QStringLiteral("--api-info"), QString::fromStdString(token + ":/ip4/127.0.0.1/tcp/1/http"), QStringLiteral("--only"), QStringLiteral("token")}), home.path());
        QVERIFY2(run.exitCode == 4 && run.err.contains("(ps)") && run.out.contains("allows only read"), whole(run).constData());
    }

    void whatIsNoCheckIsRefused() {
        QTemporaryDir home;
        const ProgramRun run = runProgram(kProgram, doctor({QStringLiteral("--only"), QStringLiteral("5,15")}), home.path());
        QVERIFY2(run.exitCode == 2 && run.err.contains("15"), run.describe().constData());
    }

    void fewOpenFilesAreAWarning() {
        QTemporaryDir home;
        const QString command = QStringLiteral("ulimit -n 1000; exec \"$0\" doctor --only limits --json");
        const ProgramRun run = runProgram(QStringLiteral("sh"), {QStringLiteral("-c"), command, kProgram}, home.path());
        QVERIFY2(run.exitCode == 14, run.describe().constData());
        QCOMPARE(kindOf(check(run, 13)), QStringLiteral("files-low"));
    }

    void theMachineIsJudgedByItsRole() {
        QTemporaryDir home;
        const auto run = [&](const QStringList& more) { return runProgram(kProgram, QStringList{QStringLiteral("doctor"), QStringLiteral("--machine"), QStringLiteral("--json")} + more, home.path()); };
        const ProgramRun tiny = run({QStringLiteral("--size"), QStringLiteral("2KiB"), QStringLiteral("--role"), QStringLiteral("pc1")});
        QVERIFY2(tiny.exitCode == 0 || tiny.exitCode == 14, whole(tiny).constData());
        const QJsonObject told = tiny.jsonLines().constFirst();
        QCOMPARE(told.value(QStringLiteral("sector_size")).toInt(), 2048);
        QVERIFY(tiny.out.contains("\"no-parameters\"") && tiny.out.contains("\"path-")); // PC1 needs none; the folder to come is the path
        QVERIFY(run({QStringLiteral("--size"), QStringLiteral("2KiB"), QStringLiteral("--role"), QStringLiteral("pc2c2")}).out.contains("\"parameters-"));
        const ProgramRun none = run({QStringLiteral("--role"), QStringLiteral("cook")});
        QVERIFY2(none.exitCode == 2 && none.err.contains("pc2c2"), whole(none).constData());
    }

    void aRegisteredWorkerIsKnown() {
        RunningWorker stage(lsw::test::kGatedProverFolder);
        QVERIFY(stage.minerStarted);
        stage.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kPatienceMs);
        const QStringList arguments{QStringLiteral("doctor"), QStringLiteral("--json"), QStringLiteral("--only"), kAllButLimits, QStringLiteral("--listen"),
                                    QStringLiteral("127.0.0.1:%1").arg(stage.port()), QStringLiteral("--miner-repo"), stage.file("miner"), QStringLiteral("--worker-repo"), stage.file("worker")};
        QTemporaryDir home;
        const ProgramRun run = RunningWorker::aside([&] { return runProgram(kProgram, arguments, home.path()); });
        QVERIFY2(run.exitCode == 0, whole(run).constData());
        const QJsonObject miner = run.jsonLines().constFirst().value(QStringLiteral("miner")).toObject();
        QCOMPARE(miner.value(QStringLiteral("this_worker")).toString(), QStringLiteral("registered"));
        QCOMPARE(miner.value(QStringLiteral("workers")).toArray().size(), 1);
        QCOMPARE(kindOf(check(run, 10)), QStringLiteral("port-ours"));
        QCOMPARE(kindOf(check(run, 11)), QStringLiteral("advertise-proved"));
        QCOMPARE(kindOf(check(run, 14)), QStringLiteral("storage-good"));
        // As text it ends with the miner's own view.
        QStringList words = arguments;
        words.removeAll(QStringLiteral("--json"));
        const ProgramRun text = RunningWorker::aside([&] { return runProgram(kProgram, words, home.path()); });
        for (const char* line : {"Miner: f01000 (2 KiB sectors)", "    Remote: 0 / 1", "This worker: registered"}) QVERIFY2(text.out.contains(line), text.out.constData());
    }
};

QTEST_GUILESS_MAIN(DoctorCommandTest)
#include "tst_doctor_command.moc"
