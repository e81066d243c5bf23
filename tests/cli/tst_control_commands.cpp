// SPDX-License-Identifier: MIT OR Apache-2.0
// tasks abort|enable|disable, pause, resume, drain, stop --finish|--now, wait-quiet, set, and the signals: real processes against a
// practice miner, with a prover that waits at a gate.
#include "support/gate.h"
#include "support/program.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtCore/QJsonArray>

using namespace lsw;
using test::ProgramRun;
using test::RunningWorker;

namespace {

protocol::TaskCall commit2(std::uint64_t number) {
    protocol::SealCommit2Call call;
    call.sector = {{1000, number}, sector::SealProof{5}};
    call.commit1Output = Bytes{'{', '}'};
    return call;
}

/// A running worker and the gate of its provers, shut.
class Workplace {
public:
    Workplace() {
        worker.variables.insert(QStringLiteral("GATED_PROVER_GATE"), QString::fromStdString(gate.path().string()));
        worker.start();
    }
    ~Workplace() { gate.open(); }

    bool isConnected() const { return worker.log().contains("Connected to miner") && worker.connected(); }
    ProgramRun ask(const QStringList& command) {
        const QStringList arguments = QStringList{QStringLiteral("--worker-repo"), worker.file("worker")} + command;
        return RunningWorker::aside([=, home = worker.file("home")] { return test::runProgram(QString::fromUtf8(lsw::test::kProgramFile), arguments, home); });
    }
    ProgramRun ask(const char* words) { return ask(QString::fromUtf8(words).split(QLatin1Char(' '))); }
    /// The state as `info --json` has it.
    QString state(const char* key) { return ask("info --json").jsonLines().value(0).value(QLatin1String(key)).toVariant().toString(); }
    bool runs() { return ask("tasks --json").out.contains("at the gate"); }

    RunningWorker worker{lsw::test::kGatedProverFolder};
    test::Gate gate{worker.at("gate")};
};

} // namespace

class ControlCommandsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneTaskIsAborted() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        place.worker.call(commit2(1));
        QTRY_VERIFY_WITH_TIMEOUT(place.runs(), test::kProgramWait);
        const auto provers = place.worker.children();
        QVERIFY(!provers.empty());
        QCOMPARE(place.ask("tasks abort 99999999").exitCode, 2);
        QCOMPARE(place.ask("tasks abort").exitCode, 2);
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.ids.empty(), test::kProgramWait);
        const ProgramRun aborted = place.ask({QStringLiteral("tasks"), QStringLiteral("abort"), QString::fromStdString(place.worker.ids.at(0)).left(13), QStringLiteral("--json")});
        QVERIFY2(aborted.exitCode == 0, aborted.describe().constData());
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.ids.empty(), test::kProgramWait);
        QCOMPARE(aborted.jsonLines().value(0).value(QStringLiteral("call")).toString().toStdString(), place.worker.ids.at(0));
        for (const pid_t prover : provers) QVERIFY(!test::isAlive(prover));
        QTRY_COMPARE_WITH_TIMEOUT(place.worker.returns.size(), std::size_t{1}, test::kProgramWait);
        QVERIFY(place.worker.returns[0].error->message.starts_with("task aborted"));
        QTRY_VERIFY_WITH_TIMEOUT(place.ask("tasks list").out.contains("failed: task aborted"), test::kProgramWait);
    }

    void kindsAreSwitchedByTheNamesOfLotusWorker() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        const auto types = [&] { return place.ask("info --json").out; };
        QCOMPARE(place.ask("tasks disable PC1 c2 seal/v0/unseal").exitCode, 0);
        QByteArray now = types();
        QVERIFY(!now.contains("\"seal/v0/precommit/1\"") && !now.contains("\"seal/v0/commit/2\"") && !now.contains("\"seal/v0/unseal\""));
        QVERIFY(now.contains("\"seal/v0/precommit/2\"") && now.contains("\"seal/v0/fetch\""));
        const ProgramRun enabled = place.ask("tasks enable PC1 --json");
        QCOMPARE(enabled.jsonLines().value(0).value(QStringLiteral("enabled")).toArray().at(0).toString(), QStringLiteral("seal/v0/precommit/1"));
        QVERIFY(types().contains("\"seal/v0/precommit/1\""));
        QCOMPARE(place.ask("tasks disable --all").exitCode, 0);
        now = types();
        QVERIFY(!now.contains("\"seal/v0/precommit/2\"") && !now.contains("\"seal/v0/addpiece\"") && now.contains("\"seal/v0/commit/1\""));
        QCOMPARE(place.ask("tasks enable --all").exitCode, 0);
        QVERIFY(types().contains("\"seal/v0/provereplicaupdate/2\"")); // as lotus-worker does it, even where it was not offered
        // Which are not switched one by one, and what is no command.
        const ProgramRun unknown = place.ask("tasks disable GET");
        QVERIFY2(unknown.exitCode == 2 && unknown.err.contains("GSK"), unknown.describe().constData());
        QCOMPARE(place.ask("tasks disable").exitCode, 2);
        QCOMPARE(place.ask("tasks disable --all PC1").exitCode, 2);
        QCOMPARE(place.ask("tasks forget").exitCode, 2);
    }

    void pauseAndResumeAreSeenAndKept() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        const ProgramRun pause = place.ask("pause --json");
        QVERIFY2(pause.exitCode == 0, pause.describe().constData());
        QCOMPARE(pause.jsonLines().value(0).value(QStringLiteral("mode")).toString(), QStringLiteral("paused"));
        QCOMPARE(place.state("mode"), QStringLiteral("paused"));
        QVERIFY(place.ask("info").out.contains("paused (lotus-seal-worker resume)"));
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.miner->workers().at(0).enabled, test::kProgramWait);
        // By a power cut as well as by a stop.
        place.worker.process.kill();
        QVERIFY(place.worker.process.waitForFinished(test::kProgramWait));
        place.worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(place.worker.log().contains("takes no tasks"), place.worker.log().constData(), test::kProgramWait);
        QCOMPARE(place.state("mode"), QStringLiteral("paused"));
        QCOMPARE(place.ask("resume").exitCode, 0);
        QTRY_VERIFY_WITH_TIMEOUT(place.state("connection") == QLatin1String("connected"), test::kProgramWait);
        place.worker.call(commit2(1));
        QTRY_VERIFY_WITH_TIMEOUT(place.runs(), test::kProgramWait);
    }

    void aWorkerThatDoesNotRunIsToldForItsNextStart() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        QCOMPARE(place.ask("stop --now").exitCode, 0);
        QVERIFY(place.worker.process.waitForFinished(test::kProgramWait) || !place.worker.isRunning());
        QCOMPARE(place.ask("drain").exitCode, 7);
        QCOMPARE(place.ask("wait-quiet").exitCode, 7);
        QCOMPARE(place.ask("set --enabled=false").exitCode, 7);
        QCOMPARE(place.ask("tasks abort 1").exitCode, 7);
        QCOMPARE(place.ask("tasks disable --all").exitCode, 7);
        QCOMPARE(place.ask("stop --finish").exitCode, 7);
        const ProgramRun pause = place.ask("pause --json");
        QVERIFY2(pause.exitCode == 0, pause.describe().constData());
        QCOMPARE(pause.jsonLines().value(0).value(QStringLiteral("running")).toBool(true), false);
        place.worker.start();
        QTRY_VERIFY2_WITH_TIMEOUT(place.worker.log().contains("takes no tasks"), place.worker.log().constData(), test::kProgramWait);
        const QStringList elsewhere{QStringLiteral("--worker-repo"), place.worker.file("nowhere"), QStringLiteral("resume")};
        QCOMPARE(test::runProgram(QString::fromUtf8(lsw::test::kProgramFile), elsewhere, place.worker.file("home")).exitCode, 7);
    }

    void aDrainEndsTheProgramWithSuccess() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        place.worker.call(commit2(1));
        QTRY_VERIFY_WITH_TIMEOUT(place.runs(), test::kProgramWait);
        QCOMPARE(place.ask("drain").exitCode, 0);
        QCOMPARE(place.state("mode"), QStringLiteral("draining"));
        QVERIFY(place.worker.isRunning());
        place.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(place.worker.returns.size(), std::size_t{1}, test::kProgramWait);
        QVERIFY(!place.worker.returns[0].error);
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.isRunning(), test::kProgramWait);
        QCOMPARE(place.worker.process.exitCode(), 0);
        QVERIFY2(place.worker.log().contains("New tasks are not taken (draining"), place.worker.log().constData());
    }

    void stopThatFinishesLetsTheTaskEnd() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        place.worker.call(commit2(1));
        QTRY_VERIFY_WITH_TIMEOUT(place.runs(), test::kProgramWait);
        QCOMPARE(place.ask("stop --finish --now").exitCode, 2);
        QCOMPARE(place.ask("stop --finish --no-wait").exitCode, 0);
        QCOMPARE(place.state("finishing"), QStringLiteral("true"));
        place.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.isRunning(), test::kProgramWait);
        QCOMPARE(place.worker.process.exitCode(), 0);
        QCOMPARE(place.worker.returns.size(), std::size_t{1});
        QVERIFY(!place.worker.returns[0].error);
    }

    void waitQuietWaitsAsLongAsItIsTold() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        QCOMPARE(place.ask("wait-quiet --json").jsonLines().value(0).value(QStringLiteral("ok")).toBool(), true);
        place.worker.call(commit2(1));
        QTRY_VERIFY_WITH_TIMEOUT(place.runs(), test::kProgramWait);
        const ProgramRun early = place.ask("wait-quiet --timeout 300ms");
        QVERIFY2(early.exitCode == 1 && early.err.contains("still has tasks"), early.describe().constData());
        QCOMPARE(place.ask("wait-quiet --timeout soon").exitCode, 2);
        place.gate.open();
        QCOMPARE(place.ask("wait-quiet").exitCode, 0);
        QCOMPARE(place.worker.returns.size(), std::size_t{1});
    }

    void setEnabledIsWhatLotusWorkerHas() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        QCOMPARE(place.ask("set --enabled=false").exitCode, 0);
        QCOMPARE(place.state("enabled"), QStringLiteral("false"));
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.miner->workers().at(0).enabled, test::kProgramWait);
        QCOMPARE(place.ask("set --enabled=true").exitCode, 0);
        QTRY_VERIFY_WITH_TIMEOUT(place.worker.miner->workers().at(0).enabled, test::kProgramWait);
        QCOMPARE(place.ask("set").exitCode, 0); // --enabled is true when it is not given, as in lotus-worker
        QCOMPARE(place.ask("set --enabled=perhaps").exitCode, 2);
    }

    void aHangupEndsNothingAndTwoTermsEndAtOnce() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        const auto pid = static_cast<pid_t>(place.worker.process.processId());
        QCOMPARE(::kill(pid, SIGHUP), 0);
        QTRY_VERIFY2_WITH_TIMEOUT(place.worker.log().contains("The configuration was read again: nothing has changed."), place.worker.log().constData(), test::kProgramWait);
        QCOMPARE(place.state("connection"), QStringLiteral("connected"));
        // A result that cannot be delivered keeps the first stop waiting.
        place.worker.miner->faults().refuse["ReturnSealCommit2"] = 1000000;
        place.gate.open();
        place.worker.call(commit2(1));
        QTRY_VERIFY_WITH_TIMEOUT(place.worker.miner->callCounts()["ReturnSealCommit2"] >= 1, test::kProgramWait);
        QCOMPARE(::kill(pid, SIGTERM), 0);
        QTRY_VERIFY2_WITH_TIMEOUT(place.worker.log().contains("Stopping"), place.worker.log().constData(), test::kProgramWait);
        QCOMPARE(::kill(pid, SIGTERM), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.isRunning(), test::kProgramWait);
        QCOMPARE(place.worker.process.exitCode(), 130);
        // Nothing is lost by it.
        place.worker.miner->faults().refuse.clear();
        place.worker.start();
        QTRY_COMPARE_WITH_TIMEOUT(place.worker.returns.size(), std::size_t{1}, test::kProgramWait);
        QVERIFY(!place.worker.returns[0].error);
    }

    void aWorkerWhoseMinerIsAwayCanBeStopped() {
        Workplace place;
        QTRY_VERIFY2_WITH_TIMEOUT(place.isConnected(), place.worker.log().constData(), test::kProgramWait);
        QCOMPARE(place.state("connection"), QStringLiteral("connected")); // with a token that the miner has vouched for
        place.worker.miner->stop();
        const ProgramRun stop = place.ask("stop --no-wait");
        QVERIFY2(stop.exitCode == 0, stop.describe().constData());
        QTRY_VERIFY_WITH_TIMEOUT(!place.worker.isRunning(), test::kProgramWait);
        QCOMPARE(place.worker.process.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(ControlCommandsTest)
#include "tst_control_commands.moc"
