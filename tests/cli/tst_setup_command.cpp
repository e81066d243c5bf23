// SPDX-License-Identifier: MIT OR Apache-2.0
// `setup`, asked and answered from a file, and the worker that it leaves behind.
#include "practice/practice_miner.h"
#include "practice/stable_port.h"
#include "support/program.h"
#include "support/test_paths.h"

#include <QtCore/QDir>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <fstream>
#include <future>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace lsw;
using namespace lsw::test;
namespace fs = std::filesystem;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);
constexpr int kWait = 60000;

struct Bench {
    QTemporaryDir home;
    practice::PracticeMiner miner;
    bool isStarted;

    explicit Bench(const char* minerFolder = ".lotusminer") : miner(settings(at(minerFolder))), isStarted(miner.start().hasValue()) {}
    fs::path at(const std::string& name) const { return fs::path(home.path().toStdString()) / name; }
    static practice::PracticeMiner::Settings settings(const fs::path& repo) {
        practice::PracticeMiner::Settings out;
        out.repo = repo;
        out.sectorSize = 2048;
        out.sessionPollMs = 300;
        return out;
    }
    /// Runs `setup` with this on its standard input while the miner on this thread goes on answering.
    ProgramRun setUp(const QStringList& arguments, const QByteArray& input) {
        QProcess process;
        QProcessEnvironment environment;
        for (const char* name : {"PATH", "ASAN_OPTIONS", "TSAN_OPTIONS"})
            if (qEnvironmentVariableIsSet(name)) environment.insert(QLatin1String(name), qEnvironmentVariable(name));
        environment.insert(QStringLiteral("HOME"), home.path());
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
        process.setProcessEnvironment(environment);
        process.start(kProgram, QStringList{QStringLiteral("setup")} + arguments);
        process.write(input);
        process.closeWriteChannel();
        ProgramRun run;
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, kWait)) {
            run.err = "did not end in time";
            process.kill();
            process.waitForFinished();
            return run;
        }
        run.exitCode = process.exitCode();
        run.out = process.readAllStandardOutput();
        run.err = process.readAllStandardError();
        return run;
    }
    std::string read(const std::string& name) const {
        std::ifstream file(at(name));
        return {std::istreambuf_iterator<char>(file), {}};
    }
    /// Whether the miner sees a worker that is started as anybody would.
    bool works() {
        QProcess process;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HOME"), home.path());
        environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
        environment.insert(QStringLiteral("LSW_PROVER_FOLDER"), QString::fromUtf8(lsw::test::kGatedProverFolder));
        process.setProcessEnvironment(environment);
        process.setStandardErrorFile(QString::fromStdString(at("log").string()));
        process.start(kProgram, {QStringLiteral("run")});
        const bool isThere = QTest::qWaitFor([&] { return !miner.workers().empty() || process.state() == QProcess::NotRunning; }, kWait) && !miner.workers().empty();
        process.kill();
        process.waitForFinished();
        return isThere;
    }
};

QByteArray lines(std::initializer_list<QByteArray> all) {
    QByteArray out;
    for (const QByteArray& one : all) out += one + '\n';
    return out;
}

} // namespace

class SetupCommandTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void askedInATerminal() {
        Bench bench;
        QVERIFY(bench.isStarted);
        const QByteArray port = QByteArray::number(practice::stablePort());
        // The miner found, its address (the suggested one), the port, PC1 box, the folders, yes.
        const ProgramRun run = bench.setUp({}, lines({"1", "", port, "2", "", "", "yes"}));
        QVERIFY2(run.exitCode == 0, QByteArray(run.out + run.describe()).constData());
        QVERIFY(!run.out.contains(QByteArray::fromStdString(bench.miner.apiInfo().substr(0, 60))));
        const std::string text = bench.read(".lotusworker/lotus-seal-worker/config.toml");
        QVERIFY2(text.find("role = \"pc1\"") != std::string::npos && text.find("miner-repo = ") != std::string::npos, text.c_str());
        QVERIFY2(bench.works(), bench.read("log").c_str());
    }

    void askedAgainItBeginsWithWhatThereIs() {
        Bench bench("elsewhere");
        QVERIFY(bench.isStarted);
        const QByteArray answers = QByteArray::fromStdString("connection = \"" + bench.miner.apiInfo() + "\"\nlisten = \"localhost:3999\"\nadvertise = \"127.0.0.1:3999\"\nrole = \"pc2c2\"\n"
                                                             "seal = [\"~/sealing\"]\nparameter-cache = \"~/parameters\"\ngateways = [\"china\", \"https://example.org/ipfs\"]\nmax-c2 = 2\n");
        QCOMPARE(bench.setUp({QStringLiteral("--answers"), QStringLiteral("-")}, answers).exitCode, 0);
        const std::string written = bench.read(".lotusworker/lotus-seal-worker/config.toml") + bench.read(".config/lotus-seal-worker/token") + bench.read("parameters/lotus-seal-worker-gateways");
        QVERIFY(written.find("max-c2 = 2") != std::string::npos);
        // Enter everywhere: miner, address, role, two folders, gateway, folder of the parameters, fetching.
        const ProgramRun run = bench.setUp({QStringLiteral("--yes")}, lines({"", "", "", "", "", "", "", ""}));
        QVERIFY2(run.exitCode == 0 && run.out.contains("keep the present connection to /ip4/127.0.0.1/") && run.out.contains("Everything was as wanted already."),
                 QByteArray(run.out + run.describe()).constData());
        QCOMPARE(bench.read(".lotusworker/lotus-seal-worker/config.toml") + bench.read(".config/lotus-seal-worker/token") + bench.read("parameters/lotus-seal-worker-gateways"), written);
        // Answers may say so, too, with any setting.
        const ProgramRun more = bench.setUp({QStringLiteral("--answers"), QStringLiteral("-")}, "keep-miner = true\nrole = \"pc1\"\nlisten = \"localhost:3999\"\nnice = 3\n");
        QVERIFY2(more.exitCode == 0, more.describe().constData());
        const std::string text = bench.read(".lotusworker/lotus-seal-worker/config.toml");
        QVERIFY2(text.find("role = \"pc1\"") != std::string::npos && text.find("nice = 3") != std::string::npos && text.find("max-c2 = 2") != std::string::npos, text.c_str());
    }

    void anEndOfTheInputChangesNothing() {
        Bench bench;
        const ProgramRun run = bench.setUp({}, lines({"1", ""}));
        QVERIFY2(run.exitCode == 2 && run.err.contains("nothing was changed"), run.describe().constData());
        QVERIFY(!fs::exists(bench.at(".lotusworker")));
        const ProgramRun no = bench.setUp({}, lines({"1", "", "", "2", "", "", "no"}));
        QVERIFY2(no.exitCode != 0 && no.err.contains("nothing was changed"), no.describe().constData());
        QVERIFY(!fs::exists(bench.at(".lotusworker")));
    }

    void answeredFromAFile() {
        Bench bench("elsewhere");
        QVERIFY(bench.isStarted);
        const std::string port = std::to_string(practice::stablePort());
        const QByteArray answers = QByteArray::fromStdString("connection = \"" + bench.miner.apiInfo() + "\"\nlisten = \"127.0.0.1:" + port +
                                                             "\"\nrole = \"pc2c2\"\nseal = [\"~/sealing\"]\nstore = [\"~/kept\"]\nparameter-cache = \"~/parameters\"\n"
                                                             "gateways = [\"china\", \"https://example.org/ipfs\"]\n");
        const QStringList fromInput{QStringLiteral("--answers"), QStringLiteral("-"), QStringLiteral("--json")};
        const ProgramRun planned = bench.setUp(fromInput + QStringList{QStringLiteral("--check")}, answers);
        QVERIFY2(planned.exitCode == 0 && planned.jsonLines().size() == 1, planned.describe().constData());
        QVERIFY(!fs::exists(bench.at(".lotusworker")) && !fs::exists(bench.at("sealing")));

        const ProgramRun run = bench.setUp(fromInput, answers);
        QVERIFY2(run.exitCode == 0, run.describe().constData());
        QCOMPARE(run.jsonLines().constLast().value(QStringLiteral("done")).toArray().size(), planned.jsonLines().constLast().value(QStringLiteral("planned")).toArray().size());
        const std::string token = bench.miner.apiInfo().substr(0, bench.miner.apiInfo().find(':'));
        QVERIFY(!run.out.contains(token.c_str()) && !run.err.contains(token.c_str()));
        struct stat status {};
        QCOMPARE(::stat(bench.at(".config/lotus-seal-worker/token").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0600U);
        QVERIFY(bench.read(".lotusworker/lotus-seal-worker/config.toml").find(token) == std::string::npos);
        QVERIFY(fs::exists(bench.at("sealing/sectorstore.json")) && fs::exists(bench.at("kept/sectorstore.json")));
        QVERIFY(!fs::exists(bench.at(".lotusworker/sectorstore.json")));
        QVERIFY(bench.read("parameters/lotus-seal-worker-gateways").find("https://example.org/ipfs/") != std::string::npos);
        QVERIFY2(bench.works(), bench.read("log").c_str());

        // Twice is the same as once.
        const ProgramRun again = bench.setUp(fromInput, answers);
        QVERIFY2(again.exitCode == 0 && again.jsonLines().constLast().value(QStringLiteral("done")).toArray().isEmpty(), QByteArray(again.out + again.describe()).constData());
    }

    void itWaitsUntilTheMinerCountsTheWorker() {
        Bench bench;
        QVERIFY(bench.isStarted);
        const QByteArray answers = "miner-repo = \"~/.lotusminer\"\nlisten = \"127.0.0.1:" + QByteArray::number(practice::stablePort()) + "\"\n";
        const QStringList wait{QStringLiteral("--answers"), QStringLiteral("-"), QStringLiteral("--wait")};
        const ProgramRun alone = bench.setUp(wait + QStringList{QStringLiteral("1s")}, answers);
        QVERIFY2(alone.exitCode == 1 && alone.out.contains("No worker runs here yet, so the miner counts none"), QByteArray(alone.out + alone.describe()).constData());

        QProcess worker;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HOME"), bench.home.path());
        environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
        environment.insert(QStringLiteral("LSW_PROVER_FOLDER"), QString::fromUtf8(lsw::test::kGatedProverFolder));
        worker.setProcessEnvironment(environment);
        worker.setStandardErrorFile(QString::fromStdString(bench.at("log").string()));
        worker.start(kProgram, {QStringLiteral("run")});
        const ProgramRun joined = bench.setUp(wait + QStringList{QStringLiteral("1m"), QStringLiteral("--json")}, answers);
        worker.kill();
        worker.waitForFinished();
        QVERIFY2(joined.exitCode == 0 && joined.jsonLines().size() == 1, joined.describe().constData());
        const QJsonObject said = joined.jsonLines().constFirst();
        QVERIFY2(said.value(QStringLiteral("joined")).toBool() && said.value(QStringLiteral("worker_use")).toObject().value(QStringLiteral("after")).toString().contains(QStringLiteral("Remote")),
                 joined.out.constData());

        const ProgramRun nonsense = bench.setUp(wait + QStringList{QStringLiteral("soon")}, answers);
        QVERIFY2(nonsense.exitCode == 2 && nonsense.err.contains("--wait"), nonsense.describe().constData());
    }

    /// The window's file for the login is written, and taken away again, where there is a window.
    void startingAtTheLoginIsAnAnswer() {
        Bench bench;
        QVERIFY(bench.isStarted);
        const QStringList fromInput{QStringLiteral("--answers"), QStringLiteral("-")};
        const QByteArray miner = "miner-repo = \"~/.lotusminer\"\n";
        const ProgramRun run = bench.setUp(fromInput, miner + "start-at-login = true\n");
        if (!fs::exists(lsw::test::kWindowProgramFile)) {
            QVERIFY2(run.exitCode == 5 && run.err.contains("no lotus-seal-worker-gui beside"), run.describe().constData());
            return;
        }
        QVERIFY2(run.exitCode == 0, run.describe().constData());
        QVERIFY(bench.read(".config/autostart/lotus-seal-worker.desktop").find("Exec=\"" + std::string(lsw::test::kWindowProgramFile) + "\"\n") != std::string::npos);
        QCOMPARE(bench.setUp(fromInput, miner + "start-at-login = false\n").exitCode, 0);
        QVERIFY(!fs::exists(bench.at(".config/autostart/lotus-seal-worker.desktop")));
    }

    void whatIsWrongIsSaidAndNothingIsDone_data() {
        QTest::addColumn<QByteArray>("answers");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("words");
        const QByteArray miner = "miner-repo = \"~/.lotusminer\"\n";
        QTest::newRow("nothing") << QByteArray() << 2 << QByteArray("miner-repo or connection");
        QTest::newRow("two miners") << miner + "connection = \"a.b.c:/ip4/127.0.0.1/tcp/1/http\"\n" << 2 << QByteArray("two miners");
        QTest::newRow("a number that is none") << miner + "nice = 20\n" << 2 << QByteArray("line 2: nice is 20, but it needs a whole number from 0 to 19");
        QTest::newRow("no toml") << QByteArray("listen = \n") << 2 << QByteArray("line 1");
        QTest::newRow("unknown answer") << miner + "lisen = \"127.0.0.1:1\"\n" << 2 << QByteArray("lisen");
        QTest::newRow("no switch") << miner + "fetch-parameters = \"yes\"\n" << 2 << QByteArray("line 2: fetch-parameters must be true or false");
        QTest::newRow("no list") << miner + "seal = \"/tmp\"\n" << 2 << QByteArray("line 2: seal must be a list");
        QTest::newRow("role") << miner + "role = \"everything\"\n" << 2 << QByteArray("everything");
        QTest::newRow("listen") << miner + "listen = \"here\"\n" << 2 << QByteArray("listen");
        QTest::newRow("gateway") << miner + "gateways = [\"nowhere\"]\n" << 2 << QByteArray("nowhere");
        QTest::newRow("no miner there") << QByteArray("miner-repo = \"/nowhere\"\n") << 2 << QByteArray("/nowhere");
        QTest::newRow("cut token") << QByteArray("connection = \"eyJhbGciOiJIUzI1NiIs:/ip4/127.0.0.1/tcp/1/http\"\n") << 2 << QByteArray("token");
        QTest::newRow("path") << miner + "seal = [\"/proc/sealing\"]\n" << 4 << QByteArray("/proc");
    }
    void whatIsWrongIsSaidAndNothingIsDone() {
        QFETCH(QByteArray, answers);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, words);
        Bench bench;
        const ProgramRun run = bench.setUp({QStringLiteral("--answers"), QStringLiteral("-")}, answers);
        if (exitCode == 4 && ::geteuid() == 0) QVERIFY2(run.exitCode != 0 && run.err.contains(words), run.describe().constData());
        else QVERIFY2(run.exitCode == exitCode && run.err.contains(words), run.describe().constData());
        QVERIFY(!fs::exists(bench.at(".lotusworker/lotus-seal-worker/config.toml")));
    }

    void aMinerThatIsNotThereCannotBeKept() {
        Bench bench;
        fs::remove_all(bench.at(".lotusminer"));
        const ProgramRun run = bench.setUp({QStringLiteral("--answers"), QStringLiteral("-")}, "keep-miner = true\n");
        QVERIFY2(run.exitCode == 2 && run.err.contains("no miner yet"), run.describe().constData());
        QVERIFY(!fs::exists(bench.at(".lotusworker/lotus-seal-worker/config.toml")));
    }

    void aWorkerThatRunsIsNotDisturbed() {
        Bench bench;
        QVERIFY(bench.isStarted);
        const QByteArray answers = QByteArray::fromStdString("miner-repo = \"~/.lotusminer\"\nlisten = \"127.0.0.1:" + std::to_string(practice::stablePort()) + "\"\n");
        QCOMPARE(bench.setUp({QStringLiteral("--answers"), QStringLiteral("-")}, answers).exitCode, 0);
        QProcess process;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HOME"), bench.home.path());
        environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
        environment.insert(QStringLiteral("LSW_PROVER_FOLDER"), QString::fromUtf8(lsw::test::kGatedProverFolder));
        process.setProcessEnvironment(environment);
        process.start(kProgram, {QStringLiteral("run")});
        QTRY_VERIFY_WITH_TIMEOUT(!bench.miner.workers().empty(), kWait);
        const ProgramRun run = bench.setUp({QStringLiteral("--answers"), QStringLiteral("-")}, answers + "role = \"pc1\"\n");
        QVERIFY2(run.exitCode == 12, run.describe().constData());
        QCOMPARE(process.state(), QProcess::Running);
        process.kill();
        process.waitForFinished();
    }
};

QTEST_GUILESS_MAIN(SetupCommandTest)
#include "tst_setup_command.moc"
