// SPDX-License-Identifier: MIT OR Apache-2.0
// config and set, without a worker and beside one that runs: what is written, what takes effect at once, and what is refused.
#include "support/gate.h"
#include "support/program.h"
#include "support/running_worker.h"
#include "support/test_paths.h"

#include <QtCore/QDir>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <sys/stat.h>

using namespace lsw;
using test::Gate;
using test::kProgramWait;
using test::ProgramRun;
using test::runProgram;
using test::RunningWorker;

namespace {

const QString kProgram = QString::fromUtf8(lsw::test::kProgramFile);

QString text(const char* latin) { return QString::fromUtf8(latin); }

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none");
}

void writeTo(const QString& path, const QByteArray& content) {
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

mode_t modeOf(const QString& path) {
    struct stat status {};
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode & 0777 : 0;
}

/// The miner and a worker with a configuration beside it; a prover that waits at a gate.
class Stage : public RunningWorker {
public:
    Stage() : RunningWorker(lsw::test::kGatedProverFolder) {
        variables.insert(text("GATED_PROVER_GATE"), QString::fromStdString(gate.path().string()));
        variables.insert(text("LOTUS_WORKER_NO_SWAP"), text("true"));
    }
    Gate gate{at("gate")};
    QString config() const { return file("worker/lotus-seal-worker/config.toml"); }
    ProgramRun command(QStringList arguments) const {
        arguments << text("--worker-repo") << file("worker");
        return aside([arguments] { return runProgram(kProgram, arguments, QDir::tempPath()); });
    }
    QJsonObject info() const { return command({text("info"), text("--json")}).jsonLines().value(0); }
    bool offers(const char* type) const {
        for (const QJsonValue& one : info().value(text("task_types")).toArray())
            if (one.toString() == text(type)) return true;
        return false;
    }
};

protocol::TaskCall commit2(std::uint64_t number) {
    protocol::SealCommit2Call call;
    call.sector = {{1000, number}, sector::SealProof{5}};
    call.commit1Output = Bytes{'{', '}'};
    return call;
}

} // namespace

class ConfigCommandTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;
    QString config() const { return m_home->filePath(text(".lotusworker/lotus-seal-worker/config.toml")); }
    ProgramRun run(const QStringList& arguments, const QMap<QString, QString>& variables = {}) const { return runProgram(kProgram, arguments, m_home->path(), variables); }

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void whatIsSetIsWrittenAndShown() {
        ProgramRun path = run({text("config"), text("path")});
        QCOMPARE(path.out, config().toUtf8() + '\n');
        QVERIFY(path.err.contains("not there yet"));
        const ProgramRun set = run({text("set"), text("parallel-fetch-limit=7"), text("name=box 1"), text("environment.FIL_PROOFS_USE_MULTICORE_SDR=1")});
        QVERIFY2(set.exitCode == 0, set.describe().constData());
        QVERIFY2(set.err.contains("undo with: lotus-seal-worker set parallel-fetch-limit=5") && set.err.contains("takes effect when the worker is started"), set.err.constData());
        QCOMPARE(modeOf(config()), mode_t{0600});
        QCOMPARE(modeOf(QFileInfo(config()).path()), mode_t{0700});
        const ProgramRun show = run({text("config"), text("show"), text("--origin")}, {{text("LOTUS_WORKER_LISTEN"), text("127.0.0.1:7")}});
        QVERIFY2(show.exitCode == 0, show.describe().constData());
        QVERIFY2(show.out.contains("parallel-fetch-limit = 7") && show.out.contains("name = \"box 1\""), show.out.constData());
        QVERIFY2(show.out.contains("# environment, LOTUS_WORKER_LISTEN\n") && show.out.contains("# file, line ") && show.out.contains("# default\n"), show.out.constData());
        QVERIFY2(show.out.contains("\n[environment]\nFIL_PROOFS_USE_MULTICORE_SDR = \"1\""), show.out.constData());
        const QJsonObject json = run({text("config"), text("show"), text("--json")}).jsonLines().value(0);
        QCOMPARE(json.value(text("schema")).toInt(), 1);
        const QJsonObject limit = json.value(text("settings")).toObject().value(text("parallel-fetch-limit")).toObject();
        QCOMPARE(limit.value(text("value")).toString(), text("7"));
        QCOMPARE(limit.value(text("origin")).toString(), text("file"));
        QVERIFY(run({text("config"), text("check")}).exitCode == 0);
        // What was shown is a file itself.
        const QByteArray shown = run({text("config"), text("show")}).out;
        writeTo(config(), shown);
        QCOMPARE(run({text("config"), text("show")}).out, shown);
    }
    void aFileThatOthersWroteKeepsItsComments() {
        const QByteArray mine = "# do not touch\r\nname = \"w\"     # loud\r\n\r\n[environment]\r\nFIL_PROOFS_X = \"1\"\r\n";
        writeTo(config(), mine);
        QVERIFY(::chmod(QFile::encodeName(config()).constData(), 0640) == 0);
        QCOMPARE(run({text("set"), text("name=v")}).exitCode, 0);
        QCOMPARE(contentOf(config()), QByteArray(mine).replace("\"w\"", "\"v\""));
        QCOMPARE(modeOf(config()), mode_t{0640});
        QCOMPARE(run({text("set"), text("name=w")}).exitCode, 0);
        QCOMPARE(contentOf(config()), mine);
    }
    void nonsenseIsRefusedAndNothingIsWritten_data() {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* before, const QStringList& words, const char* says) {
            QTest::newRow(name) << QByteArray(before) << (QStringList{text("set")} + words) << QByteArray(says);
        };
        row("no value", "", {text("listen")}, "\"listen\" is no KEY=VALUE");
        row("no key", "", {text("=5")}, "is no KEY=VALUE");
        row("a misspelt key", "", {text("lisen=0.0.0.0:1")}, "the nearest is \"listen\"");
        row("a value that does not fit", "", {text("nice=20")}, "nice is \"20\", but it needs a whole number from 0 to 19");
        row("one of several", "", {text("nice=5"), text("no-swap=maybe")}, "no-swap is \"maybe\"");
        row("what does not go together", "", {text("windowpost=true"), text("winningpost=true")}, "expected all task types to be for");
        row("an unknown variable", "", {text("environment.PASSWORD=x")}, "PASSWORD is no variable that is taken from the file");
        row("a file that is wrong already", "nise = 1\n", {text("nice=5")}, "line 1: there is no setting \"nise\"");
        row("a file that is no TOML", "nice = \n", {text("nice=5")}, "line 1, column");
        row("a table in its place", "[nice]\nx = 1\n", {text("nice=5")}, "nice is a table");
        row("both forms", "", {text("--enabled"), text("nice=5")}, "give one of them");
    }
    void nonsenseIsRefusedAndNothingIsWritten() {
        QFETCH(QByteArray, before);
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        if (!before.isEmpty()) writeTo(config(), before);
        const ProgramRun set = run(arguments);
        QVERIFY2(set.exitCode == 2 && set.err.contains(says), set.describe().constData());
        QVERIFY2(set.err.count('\n') <= 2, set.err.constData());
        QCOMPARE(contentOf(config()), before.isEmpty() ? QByteArray("none") : before);
    }
    void aFaultyFileIsToldByEveryCommand() {
        writeTo(config(), "nise = 1\nlisten = 5\nrole = \"pc1\"\n");
        const ProgramRun check = run({text("config"), text("check")});
        QVERIFY2(check.exitCode == 2, check.describe().constData());
        QVERIFY2(check.err.contains("file, line 1: there is no setting \"nise\"; the nearest is \"nice\"") && check.err.contains("file, line 2: listen is 5"), check.err.constData());
        const QJsonObject json = run({text("config"), text("check"), text("--json")}).jsonLines().value(0);
        QVERIFY(!json.value(text("ok")).toBool(true) && json.value(text("faults")).toArray().size() == 2);
        const ProgramRun show = run({text("config"), text("show")});
        QVERIFY2(show.exitCode == 2 && show.out.contains("precommit1 = true") && show.out.contains("commit = false"), show.describe().constData());
        const ProgramRun start = run({text("run")});
        QVERIFY2(start.exitCode == 2 && start.err.contains("line 1: there is no setting \"nise\"") && start.err.contains("and 1 more"), start.describe().constData());
    }
    void aFullDiskKeepsTheOldFile() {
        writeTo(config(), "nice = 3\n");
        const ProgramRun set = runProgram(text("/bin/sh"), {text("-c"), text("ulimit -f 0; exec \"$0\" set name=w"), kProgram}, m_home->path());
        QVERIFY2(set.exitCode == 12, set.describe().constData());
        QCOMPARE(contentOf(config()), QByteArray("nice = 3\n"));
        QCOMPARE(QDir(QFileInfo(config()).path()).entryList(QDir::Files | QDir::Hidden), QStringList{text("config.toml")});
    }
    void ofManyWritersNoneIsLost() {
        QVERIFY(run({text("set"), text("nice=1")}).exitCode == 0);
        const QStringList keys{text("name"), text("nice"), text("parallel-fetch-limit"), text("post-parallel-reads"), text("max-pc1"), text("max-pc2"), text("max-c2"), text("no-swap")};
        std::vector<std::future<ProgramRun>> runs;
        for (const QString& key : keys)
            runs.push_back(std::async(std::launch::async, [this, key] { return run({text("set"), key + (key == text("no-swap") ? text("=true") : text("=9"))}); }));
        QStringList written;
        for (qsizetype i = 0; i < keys.size(); ++i) {
            const ProgramRun one = runs[static_cast<std::size_t>(i)].get();
            QVERIFY2(one.exitCode == 0 || (one.exitCode == 1 && one.err.contains("nothing was written")), one.describe().constData());
            if (one.exitCode == 0) written.append(keys[i]);
        }
        QVERIFY(!written.isEmpty());
        const QJsonObject values = run({text("config"), text("show"), text("--json")}).jsonLines().value(0).value(text("settings")).toObject();
        for (const QString& key : written) {
            const QString value = values.value(key).toObject().value(text("value")).toString();
            QVERIFY2(value == text("9") || value == text("true"), qPrintable(key));
        }
    }
    void aLotusWorkerIsTakenOverOnRequest() {
        const QString repo = m_home->filePath(text("stock")), own = repo + text("/lotus-seal-worker/"), unit = m_home->filePath(text("lotus-worker.service"));
        writeTo(unit, "[Service]\nEnvironment=MINER_API_INFO=eyJhIjoxfQ.eyJiIjoyfQ.c2ln:/ip4/10.0.0.1/tcp/2345/http\nExecStart=/x/lotus-worker --worker-repo=" + repo.toUtf8() +
                          " run --listen 10.0.0.2:3456 --commit=false --dance\n");
        const QStringList words{text("config"), text("import"), unit};
        ProgramRun import = run(words);
        QVERIFY2(import.exitCode == 0, import.describe().constData());
        QVERIFY2(import.out.contains("Taken:\n") && import.out.contains("listen = 10.0.0.2:3456") && import.out.contains("--dance") && import.err.contains("--yes"), import.out.constData());
        QVERIFY(!QFile::exists(own));
        import = run(words + QStringList{text("--yes")});
        QVERIFY2(import.exitCode == 0, import.describe().constData());
        for (const QByteArray& said : {import.out, import.err}) QVERIFY2(!said.contains("eyJ"), said.constData());
        const QString kept = m_home->filePath(text(".config/lotus-seal-worker/token"));
        QCOMPARE(contentOf(kept), QByteArray("eyJhIjoxfQ.eyJiIjoyfQ.c2ln:/ip4/10.0.0.1/tcp/2345/http\n"));
        QCOMPARE(modeOf(kept), mode_t{0600});
        QVERIFY(!contentOf(own + text("config.toml")).contains("eyJ"));
        const ProgramRun show = run({text("config"), text("show"), text("--origin"), text("--worker-repo"), repo});
        QVERIFY2(show.out.contains("listen = \"10.0.0.2:3456\"") && show.out.contains("commit = false") && show.out.contains("# The miner: /ip4/10.0.0.1/tcp/2345/http, from the file "), show.describe().constData());
        const QJsonObject miner = run({text("config"), text("show"), text("--json"), text("--worker-repo"), repo}).jsonLines().value(0).value(text("miner")).toObject();
        QCOMPARE(miner.value(text("address")).toString(), text("/ip4/10.0.0.1/tcp/2345/http"));
        QVERIFY(miner.value(text("has_token")).toBool());
        // A folder that the settings named would come before it.
        QCOMPARE(run({text("set"), text("--worker-repo"), repo, text("miner-repo=/nowhere")}).exitCode, 0);
        QCOMPARE(run(words + QStringList{text("--yes")}).exitCode, 0);
        QVERIFY(run({text("config"), text("show"), text("--origin"), text("--worker-repo"), repo}).out.contains("# The miner: /ip4/10.0.0.1/tcp/2345/http, from the file "));
        // Once more changes nothing.
        const QByteArray written = contentOf(own + text("config.toml"));
        const QJsonObject again = run(words + QStringList{text("--yes"), text("--json")}).jsonLines().value(0);
        QVERIFY(again.value(text("ok")).toBool() && again.value(text("unknown")).toArray().size() == 1);
        QCOMPARE(contentOf(own + text("config.toml")), written);
        QCOMPARE(run({text("config"), text("import"), text("/nowhere.service")}).exitCode, 2);
    }
    void aRunningWorkerTakesOverWhatItCan() {
        Stage stage;
        QVERIFY(stage.minerStarted);
        writeTo(stage.config(), "max-c2 = 1\n");
        stage.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
        const double memory = stage.info().value(text("mem_physical")).toDouble();
        QVERIFY(memory > double(2LL << 30));
        QVERIFY(stage.offers("seal/v0/precommit/1"));
        // One C2 runs, the second waits for its slot.
        for (const std::uint64_t number : {1, 2}) stage.call(commit2(number));
        QTRY_VERIFY_WITH_TIMEOUT(stage.ids.size() == 2 && stage.children().size() == 1, kProgramWait);
        QTRY_VERIFY_WITH_TIMEOUT(stage.log().contains("at most 1 may"), kProgramWait);

        // Sealing and proofs of storage are different workers to a miner.
        const ProgramRun kind = stage.command({text("set"), text("windowpost=true")});
        QVERIFY2(kind.exitCode == 0 && kind.err.contains("takes effect after a restart"), kind.describe().constData());
        QVERIFY(!stage.offers("post/v0/windowproof") && stage.offers("seal/v0/precommit/1"));
        QCOMPARE(stage.command({text("set"), text("windowpost=false")}).exitCode, 0);

        const ProgramRun set = stage.command({text("set"), text("max-c2=2"), text("leave-memory=1GiB"), text("precommit1=false"), text("nice=11"), text("no-swap=false"), text("name=other")});
        QVERIFY2(set.exitCode == 0, set.describe().constData());
        const auto after = [&](const char* key) { return set.err.mid(set.err.indexOf(QByteArray(QByteArray(key) + " = "))).split('\n').value(1); };
        for (const char* key : {"max-c2", "leave-memory", "precommit1"}) QCOMPARE(after(key), QByteArray("  in effect now"));
        QCOMPARE(after("nice"), QByteArray("  takes effect after a restart of the worker"));
        for (const char* key : {"no-swap", "name"}) QVERIFY2(after(key).contains("changes nothing in the running worker"), set.err.constData());
        QTRY_VERIFY_WITH_TIMEOUT(stage.children().size() == 2, kProgramWait);
        QVERIFY(!stage.offers("seal/v0/precommit/1"));
        QTRY_COMPARE_WITH_TIMEOUT(stage.info().value(text("mem_physical")).toDouble(), memory - double(1LL << 30), kProgramWait);

        const QJsonObject json = stage.command({text("set"), text("precommit1=true"), text("engine=official"), text("--json")}).jsonLines().value(0);
        QCOMPARE(json.value(text("applied")).toArray(), QJsonArray{text("precommit1")});
        QCOMPARE(json.value(text("restart")).toArray(), (QJsonArray{text("engine"), text("nice")}));
        QVERIFY(stage.offers("seal/v0/precommit/1"));
    }
    void commit2WaitsForItsParametersAndPreCommit1DoesNot() {
        Stage stage;
        QVERIFY(stage.minerStarted);
        writeTo(stage.config(), "fetch-parameters = true\nparameter-cache = \"" + stage.file("parameters").toUtf8() + "\"\n");
        stage.variables.insert(text("IPFS_GATEWAY"), text("http://127.0.0.1:9/ipfs/")); // where nobody listens
        stage.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
        stage.call(commit2(1));
        QTRY_VERIFY_WITH_TIMEOUT(stage.log().contains("C2 of s-t01000-1 waits: proof parameters: "), kProgramWait);
        protocol::SealPreCommit1Call first;
        first.sector = {{1000, 2}, sector::SealProof{5}};
        first.ticket = Bytes(32, 1);
        stage.call(first);
        QTRY_VERIFY_WITH_TIMEOUT(stage.log().contains("PC1 of s-t01000-2 runs."), kProgramWait);
        const QJsonObject task = stage.info().value(text("tasks")).toArray().at(0).toObject();
        QCOMPARE(task.value(text("wait_reason")).toString(), text("params"));
        QVERIFY(!stage.log().contains("C2 of s-t01000-1 runs."));
    }
    void sighupReadsTheConfigurationAgain() {
        Stage stage;
        QVERIFY(stage.minerStarted);
        stage.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
        const auto hangup = [&](const QByteArray& file, const char* says) {
            const auto from = stage.log().size();
            writeTo(stage.config(), file);
            QVERIFY(::kill(static_cast<pid_t>(stage.process.processId()), SIGHUP) == 0);
            QTRY_VERIFY2_WITH_TIMEOUT(stage.log().mid(from).contains(says), stage.log().constData(), kProgramWait);
        };
        hangup("", "The configuration was read again: nothing has changed.");
        hangup("unseal = false\nparallel-fetch-limit = 9\n", "The configuration was read again; in effect now: unseal.");
        QTRY_VERIFY_WITH_TIMEOUT(stage.log().contains("Takes effect after a restart: parallel-fetch-limit."), kProgramWait);
        QVERIFY(!stage.offers("seal/v0/unseal"));
        hangup("unsael = true\n", "not taken over: ");
        QVERIFY(stage.log().contains("the nearest is \"unseal\""));
        QVERIFY(!stage.offers("seal/v0/unseal"));
        hangup("role = \"pc1\"\n", "in effect now:");
        QVERIFY(stage.offers("seal/v0/unseal") && stage.offers("seal/v0/precommit/1") && !stage.offers("seal/v0/commit/2"));
        QVERIFY(stage.isRunning() && stage.connected());
    }
    void aRoleByFlagIsTold() {
        Stage stage;
        QVERIFY(stage.minerStarted);
        stage.start(kProgram, stage.arguments() + QStringList{text("--role"), text("pc2c2"), text("--precommit1"), text("--leave-memory"), text("0")});
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kProgramWait);
        QVERIFY2(stage.log().contains("Note: precommit1 = true (flag --precommit1) wins over the role pc2c2, which has false."), stage.log().constData());
        QVERIFY(stage.offers("seal/v0/precommit/1") && stage.offers("seal/v0/commit/2") && !stage.offers("seal/v0/addpiece"));
    }
};

QTEST_GUILESS_MAIN(ConfigCommandTest)
#include "tst_config_command.moc"
