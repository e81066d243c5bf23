// SPDX-License-Identifier: MIT OR Apache-2.0
// Miners that are found: folders in every state, and a process that is called lotus-miner (this program under another name).
#include "other_miner.h"

#include "setup/miner_finder.h"
#include "setup/miner_process.h"

#include "protocol/jwt.h"

#include <fstream>
#include <map>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;
using namespace lsw::test;
namespace fs = std::filesystem;

namespace {

const std::string kToken = protocol::makeToken(Bytes(32, 7), {"read", "write", "sign", "admin"});

void write(const fs::path& path, const std::string& text, unsigned mode = 0644) {
    std::ofstream(path, std::ios::binary) << text;
    QCOMPARE(::chmod(path.c_str(), mode), 0);
}

} // namespace

class MinerFinderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::map<std::string, std::string> m_variables;

    fs::path at(const std::string& name) const { return fs::canonical(m_dir->path().toStdString()) / name; }
    void makeRepo(const std::string& name, bool isRunning = true) const {
        fs::create_directories(at(name) / "keystore");
        if (isRunning) write(at(name) / "api", "/ip4/0.0.0.0/tcp/2345/http");
        write(at(name) / "token", kToken, 0600);
    }
    std::vector<LocalMiner> found(const fs::path& proc = "/proc/self/none") const {
        MinerSearch search;
        search.home = at("home");
        search.environment = [this](const std::string& name) {
            const auto it = m_variables.find(name);
            return it == m_variables.end() ? std::string() : it->second;
        };
        search.proc = proc;
        return findLocalMiners(search);
    }
    static std::string placesOf(const LocalMiner& miner) {
        std::string out;
        for (const MinerPlace& one : miner.places) out += (out.empty() ? "" : ", ") + one.text();
        return out;
    }

private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_variables.clear();
        fs::create_directory(at("home"));
    }

    void whereNothingIsNothingIsFound() { QVERIFY(found().empty()); }

    void everyPlaceIsLookedAtAndEachFolderIsToldOnce() {
        makeRepo("home/.lotusminer", false);
        makeRepo("home/.lotusstorage", false);
        makeRepo("other", false);
        fs::create_symlink(at("home/.lotusminer"), at("link"));
        m_variables = {{"LOTUS_MINER_PATH", at("link").string()}, {"LOTUS_STORAGE_PATH", at("other").string()}};
        const auto miners = found();
        QCOMPARE(miners.size(), std::size_t(3));
        QCOMPARE(placesOf(miners[0]), std::string("LOTUS_MINER_PATH, ~/.lotusminer"));
        QCOMPARE(placesOf(miners[1]), std::string("LOTUS_STORAGE_PATH"));
        QCOMPARE(placesOf(miners[2]), std::string("~/.lotusstorage"));
        m_variables = {{"LOTUS_MINER_PATH", "~/.lotusminer"}};
        QCOMPARE(found().size(), std::size_t(2));
    }

    void stateAndTokenAreTold_data() {
        QTest::addColumn<QString>("make");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* make, const char* state, const char* token, const char* words) {
            QTest::newRow(make) << QString::fromUtf8(make) << QString::fromUtf8(state) << QString::fromUtf8(token) << QString::fromUtf8(words);
        };
        row("running", "running", "readable", "running (pid ");
        row("locked", "starting", "readable", "does not listen yet");
        row("stopped", "stopped", "readable", "not running");
        row("stale", "stale", "readable", "did not end cleanly");
        row("api garbage", "stopped", "readable", "does not hold an address");
        row("no token", "stopped", "missing", "no token file");
        row("token damaged", "stopped", "damaged", "does not hold a token");
        row("token for all", "stopped", "readable", "chmod 600");
        row("missing", "missing", "missing", "does not exist");
        row("file", "no-repo", "missing", "is no folder");
        row("empty folder", "no-repo", "missing", "is no lotus repo");
        row("token unreadable", "stopped", "not-readable", "may not read its token");
        row("folder unreadable", "not-readable", "missing", "may not look into");
    }
    void stateAndTokenAreTold() {
        QFETCH(QString, make);
        QFETCH(QString, state);
        QFETCH(QString, token);
        QFETCH(QString, words);
        if (make.contains(QStringLiteral("unreadable")) && ::geteuid() == 0) QSKIP("root may read everything");
        const bool hasApi = make == QStringLiteral("running") || make == QStringLiteral("stale");
        if (make == QStringLiteral("file")) write(at("repo"), "x");
        else if (make == QStringLiteral("empty folder")) fs::create_directory(at("repo"));
        else if (make != QStringLiteral("missing")) makeRepo("repo", hasApi);
        if (make == QStringLiteral("api garbage")) write(at("repo/api"), "here and there");
        if (make == QStringLiteral("no token")) fs::remove(at("repo/token"));
        if (make == QStringLiteral("token damaged")) write(at("repo/token"), kToken + "\nX: 1", 0600);
        if (make == QStringLiteral("token for all")) write(at("repo/token"), kToken, 0644);
        if (make == QStringLiteral("token unreadable")) write(at("repo/token"), kToken, 0);
        if (make == QStringLiteral("folder unreadable")) QCOMPARE(::chmod(at("repo").c_str(), 0), 0);
        std::optional<OtherMiner> holder;
        if (state == QStringLiteral("running") || state == QStringLiteral("starting")) {
            holder.emplace("lotus-miner", std::vector<std::string>{"run"}, std::vector<std::string>{}, at("repo"));
            QVERIFY(holder->isReady());
        }
        m_variables = {{"LOTUS_MINER_PATH", at("repo").string()}};
        const auto miners = found();
        if (make == QStringLiteral("folder unreadable")) QCOMPARE(::chmod(at("repo").c_str(), 0700), 0);
        QCOMPARE(miners.size(), std::size_t(1));
        const LocalMiner& miner = miners.front();
        QCOMPARE(QString::fromStdString(std::string(nameOf(miner.state))), state);
        QCOMPARE(QString::fromStdString(std::string(nameOf(miner.tokenFile))), token);
        QVERIFY2(QString::fromStdString(miner.sentence).contains(words), miner.sentence.c_str());
        QVERIFY(miner.sentence.find("eyJ") == std::string::npos);
        QCOMPARE(miner.endpoint.has_value(), hasApi);
        if (hasApi) QCOMPARE(miner.endpoint->host, std::string("0.0.0.0"));
        if (token == QStringLiteral("readable")) QCOMPARE(miner.permissions.size(), std::size_t(4));
        if (holder) QCOMPARE(miner.holder, holder->pid());
        QCOMPARE(miner.othersCanReadToken, make == QStringLiteral("token for all"));
    }

    void aRunningMinerIsFoundByWhatItShows_data() {
        QTest::addColumn<QString>("how");
        for (const char* how : {"lock", "flag", "flag with equals", "old flag", "variable", "old variable", "home", "old home"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void aRunningMinerIsFoundByWhatItShows() {
        QFETCH(QString, how);
        const bool isOld = how.startsWith(QStringLiteral("old"));
        const std::string name = how == QStringLiteral("home") ? "miner/.lotusminer" : how == QStringLiteral("old home") ? "miner/.lotusstorage" : "repo";
        makeRepo(name);
        const std::string repo = at(name).string();
        std::vector<std::string> arguments, variables{"HOME=" + at("miner").string(), "LOTUS_API_LISTENADDRESS=/ip4/0.0.0.0/tcp/9/http", "SECRET=1"};
        if (how == QStringLiteral("flag")) arguments = {"--miner-repo", repo};
        if (how == QStringLiteral("flag with equals")) arguments = {"-miner-repo=" + repo};
        if (how == QStringLiteral("old flag")) arguments = {"--storagerepo", repo};
        if (how == QStringLiteral("variable")) variables.push_back("LOTUS_MINER_PATH=" + repo);
        if (how == QStringLiteral("old variable")) variables.push_back("LOTUS_STORAGE_PATH=" + repo);
        arguments.insert(arguments.end(), {"run", "--miner-api", "9999"});
        const OtherMiner miner(isOld ? "lotus-storage-miner" : "lotus-miner", arguments, variables,
                               how == QStringLiteral("lock") ? fs::path(repo) : fs::path());
        QVERIFY(miner.isReady());
        const auto processes = minerProcesses();
        const auto mine = std::find_if(processes.begin(), processes.end(), [&](const MinerProcess& one) { return one.pid == miner.pid(); });
        QVERIFY(mine != processes.end());
        QCOMPARE(mine->repo.string(), repo);
        QCOMPARE(mine->apiFlag, std::string("9999"));
        QCOMPARE(mine->variables.size(), std::size_t(1));
        QCOMPARE(mine->user, userName(::geteuid()));
        QVERIFY(!mine->isElsewhere);
        const auto miners = found("/proc");
        const auto same = std::find_if(miners.begin(), miners.end(), [&](const LocalMiner& one) { return one.repo == repo; });
        QVERIFY(same != miners.end());
        QVERIFY2(placesOf(*same).find("(pid " + std::to_string(miner.pid())) != std::string::npos, placesOf(*same).c_str());
        QCOMPARE(same->state, how == QStringLiteral("lock") ? MinerState::Running : MinerState::Stale);
    }

    void otherProgramsAreNoMiners() {
        makeRepo("repo");
        const OtherMiner command("lotus-miner", {"info"}, {"LOTUS_MINER_PATH=" + at("repo").string()});
        const OtherMiner worker("lotus-worker", {"run"}, {"LOTUS_MINER_PATH=" + at("repo").string()});
        QVERIFY(command.isReady() && worker.isReady());
        for (const MinerProcess& one : minerProcesses()) QVERIFY(one.pid != command.pid() && one.pid != worker.pid());
    }

    void anotherUsersMinerIsSaidToBeOne() {
        // A process whose environment and descriptors do not show.
        fs::create_directories(at("proc/4711"));
        write(at("proc/4711/cmdline"), std::string("lotus-miner\0run\0", 16));
        const auto miners = found(at("proc"));
        QCOMPARE(miners.size(), std::size_t(1));
        QCOMPARE(miners[0].state, MinerState::NotReadable);
        QVERIFY(miners[0].repo.empty() && miners[0].holder == 4711);
        QVERIFY2(miners[0].sentence.find("another user") != std::string::npos, miners[0].sentence.c_str());
    }

    /// The window has a practice miner in its own process: to look at its lock must not give it up.
    void lookingAtAnOwnLockKeepsIt() {
        makeRepo("repo");
        const int own = lockOf(at("repo"));
        QVERIFY(own >= 0);
        QCOMPARE(repoHolder(at("repo")).value_or(-1), ::getpid());
        const pid_t child = ::fork();
        if (child == 0) ::_exit(lockOf(at("repo")) < 0 ? 0 : 1);
        int status = -1;
        ::waitpid(child, &status, 0);
        ::close(own);
        QCOMPARE(status, 0);
        QVERIFY(!repoHolder(at("repo")));
        QVERIFY(!repoHolder(at("nowhere")));
    }
};

int main(int argc, char** argv) {
    if (OtherMiner::isThis()) return OtherMiner::live();
    QCoreApplication application(argc, argv);
    MinerFinderTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_miner_finder.moc"
