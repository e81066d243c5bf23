// SPDX-License-Identifier: MIT OR Apache-2.0
// Default < role < file < environment < flag, for every setting; what people write wrongly; what a worker is told in the end.
#include "common/configuration.h"
#include "common/token_store.h"
#include "common/worker_start.h"

#include <fstream>
#include <map>

#include <sys/stat.h>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::common;
using worker::WorkerSettings;

namespace {

/// Three values of a setting that differ from its default and from each other.
std::vector<std::string> valuesOf(const Setting& setting) {
    switch (setting.kind) {
    case SettingKind::Switch: return {setting.fallback == "true" ? "false" : "true", setting.fallback, setting.fallback == "true" ? "false" : "true"};
    case SettingKind::Number: return {"7", "8", "9"};
    case SettingKind::Duration: return {"7s", "1m8s", "9ms"};
    case SettingKind::Size: return {"7GiB", "8 MiB", "9"};
    case SettingKind::Word: return setting.key == "role" ? std::vector<std::string>{"pc1", "pc2c2", "all"} : std::vector<std::string>{setting.words[1], setting.words[2], setting.words[1]};
    case SettingKind::Text: break;
    case SettingKind::Path: return {"/seven/a b", "~/eight", "nine"};
    }
    if (setting.key == "name" || setting.key == "external-pc2") return {"seven # \"and\" a half", "eight", "nine"};
    return {"127.0.0.1:7", "[::1]:8", "0.0.0.0:9"};
}

/// Where each setting arrives, as text; those that are for somebody else are not here.
const std::map<std::string, std::function<std::string(const WorkerSettings&)>>& arrivals() {
    const auto yes = [](bool on) { return std::string(on ? "true" : "false"); };
    static const std::map<std::string, std::function<std::string(const WorkerSettings&)>> table = [&] {
        std::map<std::string, std::function<std::string(const WorkerSettings&)>> out{
            {"name", [](const auto& s) { return s.name; }},
            {"listen", [](const auto& s) { return s.listen; }},
            {"advertise", [](const auto& s) { return s.advertise; }},
            {"http-server-timeout", [](const auto& s) { return std::to_string(s.httpHeadTimeoutMs); }},
            {"parallel-fetch-limit", [](const auto& s) { return std::to_string(s.parallelFetchLimit); }},
            {"no-default", [=](const auto& s) { return yes(s.switches.noDefault); }},
            {"max-pc1", [](const auto& s) { return s.environment.at("PC1_MAX_CONCURRENT"); }},
            {"max-pc2", [](const auto& s) { return s.environment.at("PC2_MAX_CONCURRENT"); }},
            {"max-c2", [](const auto& s) { return s.environment.at("C2_MAX_CONCURRENT"); }},
            {"external-pc2", [](const auto& s) { return s.externalPc2; }},
            {"post-parallel-reads", [](const auto& s) { return std::to_string(s.postParallelReads); }},
            {"post-read-timeout", [](const auto& s) { return std::to_string(s.postReadTimeoutMs); }},
            {"no-swap", [=](const auto& s) { return yes(s.noSwap); }},
            {"leave-memory", [](const auto& s) { return std::to_string(s.leaveMemory); }},
            {"nice", [](const auto& s) { return std::to_string(s.prover.niceness); }},
            {"history-rows", [](const auto& s) { return std::to_string(s.historyRows); }},
            {"engine", [](const auto& s) { return s.prover.engine; }},
            {"pc1-batch", [](const auto& s) { return s.preCommit1Batch; }},
            {"pc1-memory", [](const auto& s) { return std::to_string(s.preCommit1Memory); }},
            {"enable-gpu-proving", [=](const auto& s) { return yes(!s.prover.environment.contains("BELLMAN_NO_GPU")); }},
            {"prover-folder", [](const auto& s) { return s.prover.folder.string(); }},
            {"parameter-cache", [](const auto& s) { return s.prover.parameterCache.string(); }},
            {"fetch-parameters", [=](const auto& s) { return yes(s.fetchParameters); }},
            {"parent-cache", [](const auto& s) { return s.prover.parentCache.string(); }},
            {"no-local-storage", [=](const auto& s) { return yes(s.noLocalStorage); }},
        };
        for (const tasks::TaskFlag& flag : tasks::taskFlags())
            out[std::string(flag.flag)] = [flag, yes](const WorkerSettings& s) { return yes(s.switches.*flag.value); };
        return out;
    }();
    return table;
}

/// A text of a setting as it arrives.
std::string arrived(const std::string& text) {
    static const std::map<std::string, std::string> changed{{"7s", "7000"}, {"1m8s", "68000"}, {"9ms", "9"}, {"7GiB", "7516192768"}, {"8 MiB", "8388608"}, {"~/eight", std::string(std::getenv("HOME") ? std::getenv("HOME") : "") + "/eight"}};
    const auto found = changed.find(text);
    return found == changed.end() ? text : found->second;
}

} // namespace

class TestConfiguration : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::map<std::string, std::string> m_variables, m_flags;

    std::filesystem::path repo() const { return m_dir->path().toStdString(); }
    void write(const std::string& text) const {
        const QString file = QString::fromStdString(configurationFile(repo()).string());
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QByteArray::fromStdString(text));
    }
    std::function<std::string(const std::string&)> environment() const {
        return [this](const std::string& name) {
            const auto found = m_variables.find(name);
            return found == m_variables.end() ? std::string() : found->second;
        };
    }
    Configuration read() const { return readConfiguration({configurationFile(repo()), environment(), m_flags}); }

private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_variables.clear();
        m_flags.clear();
    }

    void everySettingHasItsOrderOfOrigins_data() {
        QTest::addColumn<QString>("key");
        for (const Setting& setting : settings()) QTest::newRow(setting.key.c_str()) << QString::fromStdString(setting.key);
    }
    void everySettingHasItsOrderOfOrigins() {
        QFETCH(QString, key);
        const Setting& setting = *settingNamed(key.toStdString());
        const auto values = valuesOf(setting);
        const auto check = [&](const std::string& text, Layer layer, const std::string& where) {
            const Configuration now = read();
            QVERIFY2(now.faults.empty(), now.faults.empty() ? "" : now.faults.front().c_str());
            QCOMPARE(now.at(setting.key).text, text);
            QCOMPARE(static_cast<int>(now.at(setting.key).origin.layer), static_cast<int>(layer));
            QCOMPARE(now.at(setting.key).origin.where, where);
            const auto told = workerSettings(now);
            QVERIFY(told);
            QCOMPARE(told->told.at(setting.key).text, text);
            const auto arrival = arrivals().find(setting.key);
            QCOMPARE(arrival != arrivals().end(), setting.put != nullptr); // a setting that arrives nowhere, or one that is not tested
            if (arrival != arrivals().end() && setting.kind != SettingKind::Word && layer != Layer::Default) QCOMPARE(arrival->second(*told), arrived(text));
            if ((setting.key == "engine" || setting.key == "pc1-batch") && layer != Layer::Default) QCOMPARE(arrival->second(*told), text);
        };
        check(setting.fallback, Layer::Default, "");
        write("# mine\n\n" + setting.key + " = " + setup::tomlValueText(settingValue(setting, values[0])) + "\n");
        check(values[0], Layer::File, "line 3");
        m_variables[setting.variables.back()] = values[1]; // an old name, where there is one
        check(values[1], Layer::Environment, setting.variables.back());
        if (setting.variables.size() > 1) {
            m_variables[setting.variables.front()] = values[2];
            check(values[2], Layer::Environment, setting.variables.front());
        }
        m_flags[setting.key] = values[2];
        check(values[2], Layer::Flag, "--" + setting.key);
        m_variables.clear();
        write("");
        check(values[2], Layer::Flag, "--" + setting.key);
    }
    void theEmptyFileSaysTheDefaults() {
        const std::string text = emptyConfiguration();
        write(text);
        Configuration now = read();
        QVERIFY2(now.faults.empty(), now.faults.empty() ? "" : now.faults.front().c_str());
        for (const Setting& setting : settings()) QVERIFY(now.at(setting.key).origin.layer == Layer::Default);
        // With its comments undone it is a file that says what holds anyway.
        std::string said;
        for (const QByteArray& line : QByteArray::fromStdString(text).split('\n')) {
            const bool isSetting = line.startsWith('#') && !line.startsWith("# ") && !line.startsWith("#[");
            said += (isSetting ? line.mid(1) : line).toStdString() + '\n';
        }
        write(said);
        now = read();
        QVERIFY2(now.faults.empty(), now.faults.empty() ? "" : now.faults.front().c_str());
        for (const Setting& setting : settings()) {
            QVERIFY2(now.at(setting.key).origin.layer == Layer::File, setting.key.c_str());
            QCOMPARE(now.at(setting.key).text, setting.fallback);
        }
    }
    void whatIsWrongIsToldWithItsPlace_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* file, const char* says, const char* variable = "") {
            QTest::newRow(name) << QByteArray(file) << QByteArray(variable) << QByteArray(says);
        };
        row("a letter left out", "\nlisen = \"0.0.0.0:1\"\n", "file, line 2: there is no setting \"lisen\"; the nearest is \"listen\"");
        row("underscores", "parallel_fetch_limit = 3\n", "the nearest is \"parallel-fetch-limit\"");
        row("capitals", "Listen = \"0.0.0.0:1\"\n", "the nearest is \"listen\"");
        row("in a table", "[worker]\nlisten = \"0.0.0.0:1\"\n", "line 2: there is no setting \"worker.listen\"; the nearest is \"listen\"; settings stand at the top");
        row("nothing near", "colour = 1\n", "there is no setting \"colour\"");
        row("a table without anything", "[worker]\n", "line 1: there is no setting \"worker\"");
        row("a number in quotes", "parallel-fetch-limit = \"five\"\n", "line 1: parallel-fetch-limit is \"five\", but it needs a whole number from 1 to 1000");
        row("a number out of range", "a = 1\nparallel-fetch-limit = 0\n", "parallel-fetch-limit is 0, but it needs a whole number from 1 to 1000");
        row("a number too large", "nice = 99999999999\n", "nice is 99999999999, but it needs a whole number from 0 to 19");
        row("a broken number", "nice = 1.5\n", "nice is 1.5, but it needs a whole number");
        row("a switch in quotes", "no-swap = \"true\"\n", "no-swap is \"true\", but it needs true or false");
        row("a switch that is a number", "precommit1 = 1\n", "precommit1 is 1, but it needs true or false");
        row("a duration without a unit", "post-read-timeout = 30\n", "post-read-timeout is 30, but it needs a duration in quotes");
        row("a duration that is none", "post-read-timeout = \"soon\"\n", "needs a duration in quotes");
        row("a size that is none", "leave-memory = \"much\"\n", "leave-memory is \"much\", but it needs a size in quotes");
        row("a size without a unit", "leave-memory = 8\n", "needs a size in quotes");
        row("an address that is none", "listen = \"here\"\n", "reading listen");
        row("a list", "name = [\"a\"]\n", "name is [\"a\"], but it needs a text in quotes");
        row("a date", "name = 2020-01-06\n", "needs a text in quotes");
        row("a table as a value", "name = { a = 1 }\n", "there is no setting \"name.a\"");
        row("a line break in a name", "name = \"a\\nb\"\n", "name has a line break in it");
        row("no such role", "role = \"pc3\"\n", "role is \"pc3\", but it needs one of all, pc1, pc2c2, windowpost, winningpost, practice");
        row("no such engine", "engine = \"abacus\"\n", "engine is \"abacus\", but it needs one of auto, native, official");
        row("tasks that do not go together", "windowpost = true\nwinningpost = true\n", "expected all task types to be for");
        row("a role and a stranger", "role = \"pc1\"\nwindowpost = true\n", "windowpost (file, line 2) does not go with the role pc1");
        row("a role and no defaults", "role = \"pc1\"\nno-default = true\n", "leave one of them out");
        row("no TOML", "listen = \n", "the configuration cannot be read: line 1, column");
        row("twice", "nice = 1\nnice = 2\n", "line 2, column");
        row("a newer file", "schema = 2\n", "line 1: the file was written by a newer version of this program");
        row("a schema that is none", "schema = \"x\"\n", "schema is the number of the form of this file");
        row("an unknown variable", "[environment]\nHELLO = \"x\"\n", "line 2: HELLO is no variable that is taken from the file");
        row("a misspelt variable", "[environment]\nPC1_32GiB_MAX_CONCURRENT = \"2\"\n", "PC1_32G_MAX_CONCURRENT");
        row("a variable that is a list", "[environment]\nFIL_PROOFS_X = [1]\n", "needs a text in quotes or a whole number");
        row("a variable of the environment", "", "environment, LOTUS_WORKER_PARALLEL_FETCH_LIMIT: parallel-fetch-limit is \"0\", but it needs a whole number", "LOTUS_WORKER_PARALLEL_FETCH_LIMIT=0");
        row("a switch of the environment", "", "no-swap is \"maybe\", but it needs true or false", "LOTUS_WORKER_NO_SWAP=maybe");
    }
    void whatIsWrongIsToldWithItsPlace() {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, variable);
        QFETCH(QByteArray, says);
        write(file.toStdString());
        if (!variable.isEmpty()) m_variables[variable.split('=')[0].toStdString()] = variable.split('=')[1].toStdString();
        const Configuration now = read();
        QByteArray all;
        for (const std::string& fault : now.faults) all += QByteArray::fromStdString(fault) + '\n';
        QVERIFY2(all.contains(says), all.constData());
        const auto sound = soundConfiguration({configurationFile(repo()), environment(), m_flags});
        QVERIFY(!sound);
        QCOMPARE(sound.error().code(), ErrorCode::InvalidArgument);
        QVERIFY(!QByteArray::fromStdString(sound.error().message()).contains('\n'));
    }
    void severalFaultsAreCounted() {
        write("a = 1\nb = 2\nnice = 3\nc = 4\n");
        QCOMPARE(read().faults.size(), std::size_t{3});
        const auto sound = soundConfiguration({configurationFile(repo()), environment(), m_flags});
        QVERIFY2(sound.error().message().find("line 1") != std::string::npos && sound.error().message().find("and 2 more") != std::string::npos, sound.error().message().c_str());
    }
    void aRoleFillsInWhatNobodySaid() {
        write("role = \"pc2c2\"\n# the second machine\nmax-pc2 = 2\naddpiece = true\n");
        m_variables["LOTUS_WORKER_REPLICA_UPDATE"] = "false";
        const Configuration now = read();
        QVERIFY2(now.faults.empty(), now.faults.empty() ? "" : now.faults.front().c_str());
        const auto is = [&](const char* key, const char* text, const char* origin) {
            QCOMPARE(now.at(key).text, std::string(text));
            QCOMPARE(now.at(key).origin.text(), std::string(origin));
        };
        is("precommit1", "false", "role pc2c2");
        is("precommit2", "true", "role pc2c2");
        is("commit", "true", "role pc2c2");
        is("max-c2", "1", "role pc2c2");
        is("leave-memory", "4GiB", "role pc2c2");
        is("max-pc2", "2", "file, line 3");
        is("addpiece", "true", "file, line 4");
        is("replica-update", "false", "environment, LOTUS_WORKER_REPLICA_UPDATE");
        QCOMPARE(now.notes.size(), std::size_t{3});
        for (const std::string& note : now.notes) QVERIFY2(note.find("wins over the role pc2c2") != std::string::npos, note.c_str());
        const auto told = workerSettings(now);
        QVERIFY(told);
        const auto types = tasks::offeredTypes(told->switches);
        QVERIFY(types);
        std::string offered;
        for (const std::string& type : *types) offered += std::string((*tasks::taskType(type))->shortName) + ' ';
        QCOMPARE(offered, std::string("GET C1 PR1 FIN FUS FRU AP DC PC2 C2 PR2 GSK "));
        QCOMPARE(told->leaveMemory, std::uint64_t{4} << 30);
    }
    void variablesOfTheFileReachProversAndTable() {
        write("[environment]\nFIL_PROOFS_USE_MULTICORE_SDR = 1\nPC1_32G_MAX_CONCURRENT = \"3\"\nBELLMAN_CUSTOM_GPU = \"A:1\"\n");
        m_variables["BELLMAN_CUSTOM_GPU"] = "B:2";
        const Configuration now = read();
        QVERIFY2(now.faults.empty(), now.faults.empty() ? "" : now.faults.front().c_str());
        const auto told = workerSettings(now);
        QVERIFY(told);
        QCOMPARE(told->environment.at("PC1_32G_MAX_CONCURRENT"), std::string("3"));
        QCOMPARE(told->prover.environment, (std::map<std::string, std::string>{{"FIL_PROOFS_USE_MULTICORE_SDR", "1"}}));
        QVERIFY(told->told.at("environment.PC1_32G_MAX_CONCURRENT").isLive && !told->told.at("environment.FIL_PROOFS_USE_MULTICORE_SDR").isLive);
        QCOMPARE(now.notes, std::vector<std::string>{"BELLMAN_CUSTOM_GPU of the environment wins over the one of the file (line 4)."});
    }
    void changesKeepTheRestOfTheFile() {
        const std::string mine = "# my worker\r\nname = \"w\"   # the loud one\r\n[environment]\r\nFIL_PROOFS_X = \"1\" # why\r\n";
        const auto text = changedConfiguration(mine, {{"name", "v"}, {"nice", "5"}, {"environment.FIL_PROOFS_Y", "2"}, {"no-swap", "yes"}});
        QVERIFY2(text.hasValue(), text ? "" : text.error().message().c_str());
        QCOMPARE(*text, std::string("# my worker\r\nname = \"v\"   # the loud one\r\nnice = 5\r\nno-swap = true\r\n[environment]\r\nFIL_PROOFS_X = \"1\" # why\r\nFIL_PROOFS_Y = \"2\"\r\n"));
        QCOMPARE(changedConfiguration(mine, {{"nise", "5"}}).error().message(), std::string("there is no setting \"nise\"; the nearest is \"nice\""));
        QCOMPARE(changedConfiguration(mine, {{"nice", "50"}}).error().code(), ErrorCode::InvalidArgument);
        const auto fresh = changedConfiguration("", {{"listen", "127.0.0.1:7"}, {"environment.FIL_PROOFS_Y", "2"}});
        QVERIFY(fresh);
        QVERIFY2(fresh->find("\n#listen = \"0.0.0.0:3456\"\nlisten = \"127.0.0.1:7\"\n") != std::string::npos, fresh->c_str());
        QVERIFY2(fresh->ends_with("#[environment]\n\n[environment]\nFIL_PROOFS_Y = \"2\"\n"), fresh->c_str());
    }
    void theMinerOfTheConfigurationComesBeforeTheKeptOneAndBehindVariables() {
        QTemporaryDir kept;
        qputenv("XDG_CONFIG_HOME", kept.path().toUtf8());
        const auto reset = qScopeGuard([] { qunsetenv("XDG_CONFIG_HOME"); });
        StartRequest request;
        request.repo = repo();
        request.environment = environment();
        QCOMPARE(prepareWorker(request).error().code(), ErrorCode::NotConfigured);
        QVERIFY(keepConnection({"abc.def.ghi", *protocol::parseEndpoint("/ip4/10.0.0.1/tcp/2345/http")}, TokenPlace::File));
        auto prepared = prepareWorker(request);
        QVERIFY2(prepared.hasValue(), prepared ? "" : prepared.error().message().c_str());
        QCOMPARE(prepared->minerSource, sentenceOf(TokenPlace::File));
        QCOMPARE(prepared->settings.miner.token, std::string("abc.def.ghi"));
        QCOMPARE(prepared->settings.miner.endpoint.host, std::string("10.0.0.1"));
        const auto miner = repo() / "miner";
        std::filesystem::create_directories(miner);
        const auto put = [&](const char* name, const char* text) { std::ofstream(miner / name) << text; };
        put("api", "/ip4/10.0.0.3/tcp/2345/http");
        put("token", "j.k.l");
        put("config.toml", "");
        std::filesystem::create_directories(miner / "keystore");
        std::filesystem::create_directories(miner / "datastore");
        write("miner-repo = \"" + miner.string() + "\"\n");
        prepared = prepareWorker(request);
        QVERIFY2(prepared.hasValue(), prepared ? "" : prepared.error().message().c_str());
        QCOMPARE(prepared->minerSource, std::string("miner-repo of the configuration"));
        QCOMPARE(prepared->settings.miner.endpoint.host, std::string("10.0.0.3"));
        m_variables["MINER_API_INFO"] = "x.y.z:/ip4/10.0.0.2/tcp/2345/http";
        prepared = prepareWorker(request);
        QVERIFY(prepared);
        QCOMPARE(prepared->minerSource, std::string("MINER_API_INFO"));
        QCOMPARE(prepared->settings.miner.endpoint.host, std::string("10.0.0.2"));
        // What a file of before says elsewhere is named, not passed over.
        write("miner-address = \"/ip4/10.0.0.1/tcp/2345/http\"\n");
        QVERIFY(prepareWorker(request).error().message().find("miner-address") != std::string::npos);
    }
    void aReloadReadsWhatTheStartRead() {
        write("nice = 5\n");
        m_variables["MINER_API_INFO"] = "x.y.z:/ip4/10.0.0.2/tcp/2345/http";
        StartRequest request;
        request.repo = repo();
        request.environment = environment();
        request.flags = {{"listen", "127.0.0.1:7"}};
        const auto prepared = prepareWorker(request);
        QVERIFY(prepared && prepared->settings.reread);
        QCOMPARE(prepared->settings.prover.niceness, 5);
        write("nice = 6\nlisten = \"127.0.0.1:8\"\n");
        const auto again = prepared->settings.reread();
        QVERIFY(again);
        QCOMPARE(again->prover.niceness, 6);
        QCOMPARE(again->listen, std::string("127.0.0.1:7"));
        write("nise = 6\n");
        QCOMPARE(prepared->settings.reread().error().code(), ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestConfiguration)
#include "tst_configuration.moc"
