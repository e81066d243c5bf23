// SPDX-License-Identifier: MIT OR Apache-2.0
// The real program `run` against the practice miner, with a prover that waits at a gate: strangers at its port, second instances,
// stops and kills.
#include "protocol/lotus_json.h"
#include "protocol/raw_client.h"
#include "support/gate.h"
#include "support/program.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>

using namespace lsw;
using test::Gate;
using test::kProgramWait;
using test::RawClient;
using test::RunningWorker;

namespace {

QString text(const char* latin) { return QString::fromLatin1(latin); }

protocol::TaskCall commit2(std::uint64_t number) {
    protocol::SealCommit2Call call;
    call.sector = {{1000, number}, sector::SealProof{5}};
    call.commit1Output = Bytes{'{', '}'};
    return call;
}

class Stage : public RunningWorker {
public:
    Stage() : RunningWorker(lsw::test::kGatedProverFolder) {
        variables.insert(text("GATED_PROVER_GATE"), QString::fromStdString(gate.path().string()));
    }
    Gate gate{at("gate")};

    /// Starts a C2 that is at the gate when this returns.
    bool callAndWait(std::uint64_t sector) {
        call(commit2(sector));
        return QTest::qWaitFor([this] { return ids.size() == 1 && !children().empty(); }, kProgramWait);
    }
};

std::string post(const std::string& body, const std::string& token, const std::string& path = "/rpc/v0") {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string rpc(const std::string& method, const std::string& params = "[]") {
    return R"({"jsonrpc":"2.0","id":7,"method":")" + method + R"(","params":)" + params + '}';
}

/// Lines of the log that have this in them.
int linesWith(const QByteArray& log, const QByteArray& part) {
    int count = 0;
    for (const QByteArray& line : log.split('\n')) count += line.contains(part) ? 1 : 0;
    return count;
}

} // namespace

class RunCommandTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void strangersAreAnsweredAndTheWorkerLives_data();
    void strangersAreAnsweredAndTheWorkerLives();
    void cleanupTestCase() { m_stage.reset(); }

    void aPortInUseIsNamedWithItsHolder();
    void aSecondInstanceInTheSameFolderEnds();
    void aResultThatWasNeverAcceptedSurvivesAKill();
    void sigtermEndsTheChildrenAndTheNextStartReturnsTheCall();
    void aKilledWorkerTakesItsChildrenAlong();
    void aMinerThatIsAwayIsToldOnce();
    void aTokenThatWasMadeAndKeptIsEnough();

private:
    std::unique_ptr<Stage> m_stage; ///< of the strangers: one worker for all of them
};

void RunCommandTest::strangersAreAnsweredAndTheWorkerLives_data() {
    QTest::addColumn<QByteArray>("token"); // admin, read, none, wrong, nonsense
    QTest::addColumn<QByteArray>("bytes"); // raw, or a body when it begins with a brace or bracket
    QTest::addColumn<int>("status");       // 0: closed without an answer
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const char* token, const std::string& bytes, int status, const char* says) {
        QTest::newRow(name) << QByteArray(token) << QByteArray::fromStdString(bytes) << status << QByteArray(says);
    };
    const std::string session = rpc("Filecoin.Session");
    row("the miner's token", "admin", session, 200, R"("id":7,"jsonrpc":"2.0","result":")");
    row("no token", "none", session, 200, "missing permission to invoke 'Session' (need 'admin')");
    row("a token that may only read", "read", session, 200, "missing permission to invoke 'Session' (need 'admin')");
    row("a token with a wrong signature", "wrong", session, 401, "");
    row("a token that is none", "nonsense", session, 401, "");
    row("Version without a token", "none", rpc("Filecoin.Version"), 200, "missing permission to invoke 'Version' (need 'admin')");
    row("an unknown method", "admin", rpc("Filecoin.Dance"), 500, "method 'Filecoin.Dance' not found");
    row("too many parameters", "admin", rpc("Filecoin.Session", "[1]"), 500, "wrong param count (method 'Filecoin.Session'): 1 != 0");
    row("too few parameters", "admin", rpc("Filecoin.SealPreCommit1", "[]"), 500, "wrong param count");
    row("a parameter of the wrong kind", "admin", rpc("Filecoin.SetEnabled", R"(["yes"])"), 500, "unmarshaling params");
    row("parameters that are no list", "admin", rpc("Filecoin.Session", R"({"a":1})"), 500, "unmarshaling param array");
    row("a ticket of the wrong length", "admin",
        rpc("Filecoin.SealPreCommit1", R"([{"ID":{"Miner":1000,"Number":77},"ProofType":5},"AAAA",[]])"), 200, R"("ID":")");
    row("JSON that is no request", "admin", R"({"a":1})", 500, "method '' not found");
    row("a list of numbers", "admin", "[1,2]", 500, "Parse error");
    row("an empty list", "admin", "[]", 400, "Invalid request");
    row("half a JSON text", "admin", R"({"jsonrpc":"2.0","id":7,"meth)", 500, "Parse error");
    row("JSON that nests without end", "admin", std::string(200000, '['), 500, "Parse error");
    row("no body", "admin", "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\n@TOKEN@Content-Length: 0\r\n\r\n", 400, "Invalid request");
    row("a path below", "admin", "POST /rpc/v0/ HTTP/1.1\r\nHost: x\r\n@TOKEN@Content-Length: 2\r\n\r\n{}", 404, "");
    row("a path that is none", "admin", "GET /etc/passwd HTTP/1.1\r\nHost: x\r\n@TOKEN@\r\n", 404, "");
    row("a path that climbs", "admin", "GET /remote/../../etc/passwd HTTP/1.1\r\nHost: x\r\n@TOKEN@\r\n", 404, "");
    row("no HTTP at all", "none", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400, "");
    row("a head without end", "none", "GET / HTTP/1.1\r\nX: " + std::string(80 << 10, 'x'), 431, "");
    row("a body larger than allowed", "admin", "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\n@TOKEN@Content-Length: 104857601\r\n\r\n{", 500,
        R"({"error":{"code":-32700,"message":"request bigger than maximum 104857600 allowed"},"id":null,"jsonrpc":"2.0"})");
    row("half a head", "none", "POST /rpc/v0 HTTP/1.1\r\nContent-Le", 0, "");
    row("half a body", "admin", "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\n@TOKEN@Content-Length: 1000\r\n\r\n{\"json", 0, "");
    row("a chunk of a senseless size", "admin",
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\n@TOKEN@Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n", 400, "");
    row("a length and chunks", "admin",
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\n@TOKEN@Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400, "");
}

void RunCommandTest::strangersAreAnsweredAndTheWorkerLives() {
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    if (!m_stage) {
        m_stage = std::make_unique<Stage>();
        QVERIFY(m_stage->minerStarted);
        m_stage->start();
    }
    Stage& stage = *m_stage;
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    const qint64 pid = stage.process.processId();
    std::string chosen;
    if (token == "admin") chosen = stage.miner->workerToken();
    if (token == "read" || token == "wrong") chosen = stage.miner->tokenWith({"read"});
    if (token == "wrong") chosen[chosen.size() - 10] = chosen[chosen.size() - 10] == 'A' ? 'B' : 'A';
    if (token == "nonsense") chosen = "xyz";
    std::string request = bytes.toStdString();
    if (bytes.startsWith('{') || bytes.startsWith('[')) request = post(request, chosen);
    if (const auto at = request.find("@TOKEN@"); at != std::string::npos)
        request.replace(at, 7, "Authorization: Bearer " + chosen + "\r\n");

    const auto reply = RunningWorker::aside([&, port = stage.port()] {
        RawClient client(port);
        client.send(request);
        if (status == 0) client.endSending();
        return client.readReply();
    });
    QCOMPARE(reply.status, status);
    QVERIFY2(reply.body.find(says.toStdString()) != std::string::npos, reply.body.c_str());
    QVERIFY(chosen.empty() || reply.body.find(chosen) == std::string::npos);

    const auto after = RunningWorker::aside([&, port = stage.port(), admin = stage.miner->workerToken()] {
        RawClient client(port);
        client.send(post(rpc("Filecoin.Session"), admin));
        return client.readReply();
    });
    QCOMPARE(after.status, 200);
    QVERIFY2(after.body.find(stage.session()) != std::string::npos, after.body.c_str());
    QVERIFY(stage.isRunning());
    QCOMPARE(stage.process.processId(), pid);
}

void RunCommandTest::aPortInUseIsNamedWithItsHolder() {
    Stage stage;
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const QString address = QStringLiteral("127.0.0.1:%1").arg(other.serverPort());
    const auto run = test::runProgram(text(lsw::test::kProgramFile), stage.arguments(address), stage.file("home"), stage.variables);
    QVERIFY(!run.crashed);
    QVERIFY2(run.exitCode == 1, run.describe().constData());
    QCOMPARE(linesWith(run.err, address.toLatin1()), 1);
    QVERIFY2(run.err.contains(QByteArray("(pid " + QByteArray::number(QCoreApplication::applicationPid()) + ')')), run.err.constData());
    QVERIFY2(run.err.trimmed().split('\n').last().startsWith("lotus-seal-worker: "), run.err.constData());
    QVERIFY(!QFile::exists(stage.file("worker/api")));
    QVERIFY(!QFile::exists(stage.file("worker/repo.lock")));
    QVERIFY(stage.miner->callCounts()["StorageAttach"] == 0);
}

void RunCommandTest::aSecondInstanceInTheSameFolderEnds() {
    Stage stage;
    stage.start();
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    const auto second = test::runProgram(text(lsw::test::kProgramFile), stage.arguments(), stage.file("home"), stage.variables);
    QVERIFY(!second.crashed);
    QVERIFY2(second.exitCode == 12, second.describe().constData());
    QCOMPARE(linesWith(second.err, stage.file("worker").toUtf8()), 1);
    QVERIFY(QFile::exists(stage.file("worker/api"))); // of the first, which goes on
    QVERIFY(stage.isRunning());
}

void RunCommandTest::aResultThatWasNeverAcceptedSurvivesAKill() {
    Stage stage;
    stage.miner->faults().refuse["ReturnSealCommit2"] = 1000000;
    stage.start();
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    QVERIFY(stage.callAndWait(1));
    stage.gate.open();
    QTRY_VERIFY_WITH_TIMEOUT(!stage.returnBodies.empty(), kProgramWait);
    // Whoever computed it again would get this instead.
    stage.gate.failWith("done twice");
    const std::string session = stage.session();
    stage.process.kill();
    QVERIFY(stage.process.waitForFinished(kProgramWait));
    QVERIFY(stage.returns.empty());
    stage.miner->faults().refuse.clear();
    stage.start();
    QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kProgramWait);
    QCOMPARE(stage.returns[0].id.uuid, stage.ids.at(0));
    QVERIFY(!stage.returns[0].error);
    QVERIFY(stage.returnBodies.size() >= 2);
    const auto params = [](const QByteArray& body) { return boost::json::serialize(boost::json::parse(body.toStdString()).at("params")); };
    for (const QByteArray& body : stage.returnBodies) QCOMPARE(params(body), params(stage.returnBodies.first()));
    // And it is not told a third time by the start after.
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected() && stage.session() != session, kProgramWait);
    stage.process.terminate();
    QVERIFY(stage.process.waitForFinished(kProgramWait));
    QCOMPARE(stage.process.exitCode(), 0);
    const auto told = stage.returnBodies.size();
    const std::string second = stage.session();
    stage.start();
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected() && stage.session() != second, kProgramWait);
    QCOMPARE(stage.returnBodies.size(), told);
}

void RunCommandTest::sigtermEndsTheChildrenAndTheNextStartReturnsTheCall() {
    Stage stage;
    stage.start();
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    QVERIFY(stage.callAndWait(1));
    const auto provers = stage.children();
    stage.process.terminate();
    QVERIFY(stage.process.waitForFinished(kProgramWait)); // although the gate is shut
    QCOMPARE(stage.process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(stage.process.exitCode(), 0);
    for (const pid_t prover : provers) QVERIFY(!test::isAlive(prover));
    QVERIFY(!QFile::exists(stage.file("worker/api")));
    QVERIFY(stage.returns.empty());
    QVERIFY(QDir(stage.file("worker/lotus-seal-worker/scratch")).isEmpty());
    stage.start();
    QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kProgramWait);
    QCOMPARE(stage.returns[0].id.uuid, stage.ids.at(0));
    QVERIFY(stage.returns[0].error);
    QCOMPARE(stage.returns[0].error->code, 101);
}

void RunCommandTest::aKilledWorkerTakesItsChildrenAlong() {
    Stage stage;
    stage.start();
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    QVERIFY(stage.callAndWait(1));
    const auto provers = stage.children();
    stage.process.kill();
    QVERIFY(stage.process.waitForFinished(kProgramWait));
    for (const pid_t prover : provers) QTRY_VERIFY_WITH_TIMEOUT(!test::isAlive(prover), kProgramWait);
    stage.gate.open();
    stage.start();
    QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{1}, kProgramWait);
    QVERIFY(stage.returns[0].error);
    QCOMPARE(stage.returns[0].error->code, 101);
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    QVERIFY(QDir(stage.file("worker/lotus-seal-worker/scratch")).isEmpty());
}

void RunCommandTest::aTokenThatWasMadeAndKeptIsEnough() {
    Stage stage;
    const QString home = QString::fromStdString(stage.at("log").parent_path().string());
    const test::ProgramRun made = test::runProgram(text(lsw::test::kProgramFile), {text("token"), text("create"), text("--from"), text("keystore"), text("--miner-repo"), stage.file("miner")}, home);
    QVERIFY2(made.exitCode == 0, made.describe().constData());
    QStringList arguments = stage.arguments();
    const qsizetype repo = arguments.indexOf(text("--miner-repo"));
    arguments.remove(repo, 2);
    stage.start(text(lsw::test::kProgramFile), arguments);
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    QVERIFY2(stage.log().contains(".config/lotus-seal-worker/token: 127.0.0.1") && !stage.log().contains("eyJ"), stage.log().constData());
}

void RunCommandTest::aMinerThatIsAwayIsToldOnce() {
    Stage stage;
    // Somebody who hangs up on every call, so that the attempts can be counted.
    const std::uint16_t port = stage.miner->port();
    const QString info = QString::fromStdString(stage.miner->apiInfo());
    const std::string token = info.section(QLatin1Char(':'), 0, 0).toStdString();
    stage.miner->stop();
    QTcpServer hangsUp;
    QVERIFY(hangsUp.listen(QHostAddress::LocalHost, port));
    int attempts = 0;
    connect(&hangsUp, &QTcpServer::newConnection, &hangsUp, [&] {
        while (QTcpSocket* one = hangsUp.nextPendingConnection()) {
            ++attempts;
            one->abort();
            one->deleteLater();
        }
    });
    stage.variables.insert(text("MINER_API_INFO"), info);
    stage.start();
    QTRY_VERIFY_WITH_TIMEOUT(attempts >= 6, kProgramWait); // a call is tried twice on a connection that broke
    const QByteArray away = stage.log();
    QVERIFY2(linesWith(away, "Connecting to the miner at 127.0.0.1") >= 1, away.constData());
    QVERIFY2(linesWith(away, "Connecting to the miner at 127.0.0.1") <= 3, away.constData()); // starting, looking, and why not
    QVERIFY(stage.isRunning());
    hangsUp.close();
    QVERIFY(stage.miner->restart());
    QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
    QTRY_VERIFY_WITH_TIMEOUT(linesWith(stage.log(), "Connected to miner") == 1, kProgramWait);
    stage.process.terminate();
    QVERIFY(stage.process.waitForFinished(kProgramWait));
    QCOMPARE(stage.process.exitCode(), 0);
    const QByteArray log = stage.log();
    QVERIFY(!log.contains(QByteArray::fromStdString(token)));
    QVERIFY(!log.contains(QByteArray::fromStdString(stage.miner->workerToken())));
}

QTEST_GUILESS_MAIN(RunCommandTest)
#include "tst_run_command.moc"
