// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_repo.h"

#include <map>

#include <sys/stat.h>
#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;

namespace {

const QByteArray kToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJBbGxvdyI6WyJyZWFkIl19.c2VjcmV0LXNlY3JldC1zZWNyZXQ";

void write(const QString& path, const QByteArray& content, unsigned mode = 0600) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
}

QString notesOf(const FoundMiner& found) {
    QStringList notes;
    for (const std::string& note : found.notes) notes << QString::fromStdString(note);
    return notes.join(QLatin1Char('\n'));
}

} // namespace

class TestMinerRepo : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::map<std::string, std::string> m_variables;

    QString at(const char* name) const { return m_dir->filePath(QString::fromLatin1(name)); }
    std::filesystem::path pathOf(const char* name) const { return at(name).toStdString(); }
    /// A repo as a running miner leaves it, listening on `port`.
    void makeRepo(const char* name, int port) const {
        QVERIFY(QDir().mkpath(at(name) + QStringLiteral("/keystore")));
        write(at(name) + QStringLiteral("/api"), "/ip4/127.0.0.1/tcp/" + QByteArray::number(port) + "/http", 0644);
        write(at(name) + QStringLiteral("/token"), kToken);
    }
    Expected<FoundMiner> find(const std::string& repoFlag = {}, const std::string& apiInfoFlag = {}) const {
        MinerQuery query;
        query.repoFlag = repoFlag;
        query.apiInfoFlag = apiInfoFlag;
        query.home = m_dir->path().toStdString();
        query.environment = [this](const std::string& name) {
            const auto it = m_variables.find(name);
            return it == m_variables.end() ? std::string() : it->second;
        };
        return find(query);
    }
    /// As findMiner; no message and no note may hold a token or a part of one.
    static Expected<FoundMiner> find(const MinerQuery& query) {
        auto found = findMiner(query);
        const QString said = found ? notesOf(*found) : QString::fromStdString(found.error().forLog());
        if (said.contains(QStringLiteral("eyJ")) || said.contains(QStringLiteral("c2Vjcm")))
            return Error(ErrorCode::Internal, "a token was told");
        return found;
    }

private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_variables.clear();
    }

    /// One after the other the sources are taken away: what is left must win in that order and name its losers.
    void theOrderOfTheSourcesIsThatOfLotus() {
        makeRepo("flag", 1);
        makeRepo("env", 2);
        makeRepo("old", 3);
        makeRepo(".lotusminer", 4);
        makeRepo(".lotusstorage", 5);
        const std::string token = kToken.toStdString();
        m_variables = {{"MINER_API_INFO", token + ":/ip4/127.0.0.1/tcp/6/http"},
                       {"STORAGE_API_INFO", token + ":/ip4/127.0.0.1/tcp/7/http"},
                       {"LOTUS_MINER_PATH", pathOf("env").string()},
                       {"LOTUS_STORAGE_PATH", pathOf("old").string()}};
        const std::string flag = pathOf("flag").string();
        const auto check = [](const Expected<FoundMiner>& found, const char* source, int port, const char* notes) {
            QVERIFY2(found.hasValue(), found ? "" : found.error().message().c_str());
            QCOMPARE(found->source, std::string(source));
            QCOMPARE(int(found->api.endpoint.port), port);
            QCOMPARE(found->api.token, kToken.toStdString());
            QCOMPARE(notesOf(*found), QString::fromLatin1(notes));
        };
        check(find(flag, token + ":/ip4/127.0.0.1/tcp/8/http"), "--api-info", 8,
              "MINER_API_INFO, STORAGE_API_INFO, --miner-repo, LOTUS_MINER_PATH and LOTUS_STORAGE_PATH are passed over, because --api-info "
              "comes first.");
        check(
            find(flag), "MINER_API_INFO", 6,
            "STORAGE_API_INFO, --miner-repo, LOTUS_MINER_PATH and LOTUS_STORAGE_PATH are passed over, because MINER_API_INFO comes first.");
        m_variables.erase("MINER_API_INFO");
        check(find(flag), "STORAGE_API_INFO", 7,
              "STORAGE_API_INFO is the old name of MINER_API_INFO; it is accepted.\n"
              "--miner-repo, LOTUS_MINER_PATH and LOTUS_STORAGE_PATH are passed over, because STORAGE_API_INFO comes first.");
        m_variables.erase("STORAGE_API_INFO");
        check(find(flag), "--miner-repo", 1, "LOTUS_MINER_PATH and LOTUS_STORAGE_PATH are passed over, because --miner-repo comes first.");
        check(find(), "LOTUS_MINER_PATH", 2, "LOTUS_STORAGE_PATH is passed over, because LOTUS_MINER_PATH comes first.");
        m_variables.erase("LOTUS_MINER_PATH");
        check(find(), "LOTUS_STORAGE_PATH", 3, "LOTUS_STORAGE_PATH is the old name of LOTUS_MINER_PATH; it is accepted.");
        m_variables.clear();
        check(find(), "~/.lotusminer", 4, "~/.lotusstorage is passed over, because ~/.lotusminer comes first.");
        QCOMPARE(find()->repo, pathOf(".lotusminer"));
        QVERIFY(QDir(at(".lotusminer")).removeRecursively());
        check(find(), "~/.lotusstorage", 5, "~/.lotusstorage is the old name of ~/.lotusminer; it is accepted.");
        QVERIFY(QDir(at(".lotusstorage")).removeRecursively());
        const auto none = find();
        QVERIFY(!none);
        QCOMPARE(none.error().code(), ErrorCode::NotConfigured);
        for (const char* looked : {"MINER_API_INFO", "STORAGE_API_INFO", "--miner-repo", "LOTUS_MINER_PATH", "LOTUS_STORAGE_PATH",
                                   "/.lotusminer", "/.lotusstorage"})
            QVERIFY2(none.error().message().find(looked) != std::string::npos, looked);
    }
    void blankValuesCountAsNotGiven() {
        makeRepo(".lotusminer", 4);
        m_variables = {{"MINER_API_INFO", "  "}, {"LOTUS_MINER_PATH", "\n"}};
        QCOMPARE(find()->source, std::string("~/.lotusminer"));
        QVERIFY(find()->notes.empty());
    }
    void theHomeFolderIsWrittenAsATilde() {
        makeRepo("miners/first", 9);
        QCOMPARE(find("~/miners/first")->repo, pathOf("miners/first"));
        QCOMPARE(find("~/miners/../miners/first/")->repo, pathOf("miners/first"));
        makeRepo(".", 10);
        QCOMPARE(int(find("~")->api.endpoint.port), 10);
        MinerQuery homeless;
        homeless.repoFlag = "~/miners/first";
        QCOMPARE(find(homeless).error().code(), ErrorCode::NotFound);
        QCOMPARE(find(MinerQuery{}).error().code(), ErrorCode::NotConfigured);
    }
    /// Kept here by a person: after what is named, before what only lies in the home folder.
    void whatWasKeptHasItsPlace() {
        makeRepo("env", 2);
        makeRepo(".lotusminer", 4);
        MinerQuery query;
        query.home = m_dir->path().toStdString();
        query.environment = [this](const std::string& name) { return m_variables[name]; };
        query.kept = [](std::vector<std::string>& notes) -> Expected<std::optional<KeptMiner>> {
            notes.push_back("A note of the keeper.");
            return std::optional(KeptMiner{{kToken.toStdString(), {"http", "10.0.0.1", 5, {}}}, "the keeper"});
        };
        auto found = find(query);
        QCOMPARE(found->source, std::string("the keeper"));
        QCOMPARE(notesOf(*found), QStringLiteral("A note of the keeper.\n~/.lotusminer is passed over, because the keeper comes first."));
        QCOMPARE(int(found->api.endpoint.port), 5);
        m_variables = {{"LOTUS_MINER_PATH", pathOf("env").string()}};
        QCOMPARE(find(query)->source, std::string("LOTUS_MINER_PATH"));
        QVERIFY(find(query)->notes.empty()); // whole as it is: nobody is asked
        // Without a token it gets the kept one, but only for the very address.
        m_variables = {{"MINER_API_INFO", "http://10.0.0.1:5"}};
        QCOMPARE(find(query)->api.token, kToken.toStdString());
        QVERIFY(notesOf(*find(query)).contains(QStringLiteral("the one kept for this address in the keeper is used")));
        m_variables = {{"MINER_API_INFO", "http://10.0.0.1:6"}};
        QVERIFY(find(query)->api.token.empty());
        QVERIFY(notesOf(*find(query)).contains(QStringLiteral("for another address")));
        query.kept = [](std::vector<std::string>&) -> Expected<std::optional<KeptMiner>> { return Error(ErrorCode::Io, "a broken keeper"); };
        QVERIFY(notesOf(*find(query)).contains(QStringLiteral("a broken keeper")));
        m_variables.clear();
        QCOMPARE(find(query).error().code(), ErrorCode::Io); // what a person kept is not silently passed over
        query.kept = [](std::vector<std::string>&) -> Expected<std::optional<KeptMiner>> { return std::optional<KeptMiner>(); };
        QCOMPARE(find(query)->source, std::string("~/.lotusminer"));
    }
    void whatIsNamedButWrongIsAnErrorAndNothingElseIsTried_data() {
        QTest::addColumn<QString>("make"); ///< what is at the path
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("told");
        QTest::newRow("nothing") << QString() << QStringLiteral("NotFound") << QStringLiteral("does not exist");
        QTest::newRow("file") << QStringLiteral("file") << QStringLiteral("InvalidArgument") << QStringLiteral("is no folder");
        QTest::newRow("empty folder") << QStringLiteral("folder") << QStringLiteral("InvalidArgument") << QStringLiteral("is no lotus repo");
        QTest::newRow("miner not running") << QStringLiteral("stopped") << QStringLiteral("MinerUnreachable")
                                           << QStringLiteral("is not running");
        QTest::newRow("garbage as address") << QStringLiteral("api garbage") << QStringLiteral("InvalidArgument")
                                            << QStringLiteral("/api does not hold an address");
        QTest::newRow("empty address") << QStringLiteral("api empty") << QStringLiteral("InvalidArgument")
                                       << QStringLiteral("/api does not hold an address");
        QTest::newRow("token as address") << QStringLiteral("api token") << QStringLiteral("InvalidArgument")
                                          << QStringLiteral("/api does not hold an address");
        QTest::newRow("huge address") << QStringLiteral("api huge") << QStringLiteral("InvalidArgument")
                                      << QStringLiteral("/api does not hold an address");
        QTest::newRow("address is a folder") << QStringLiteral("api folder") << QStringLiteral("Io") << QStringLiteral("cannot be read");
        QTest::newRow("token with a line break")
            << QStringLiteral("token broken") << QStringLiteral("InvalidArgument") << QStringLiteral("/token does not hold a token");
        QTest::newRow("token of bytes") << QStringLiteral("token bytes") << QStringLiteral("InvalidArgument")
                                        << QStringLiteral("/token does not hold a token");
        QTest::newRow("token unreadable") << QStringLiteral("token locked") << QStringLiteral("PermissionDenied")
                                          << QStringLiteral("may not read the token");
        QTest::newRow("folder unreadable") << QStringLiteral("locked") << QStringLiteral("PermissionDenied")
                                           << QStringLiteral("may not look into");
    }
    void whatIsNamedButWrongIsAnErrorAndNothingElseIsTried() {
        QFETCH(QString, make);
        QFETCH(QString, code);
        QFETCH(QString, told);
        if (make.contains(QStringLiteral("locked")) && ::geteuid() == 0) QSKIP("root may read everything");
        makeRepo(".lotusminer", 4); // would do, but was not asked for
        const QString repo = at("repo"), api = repo + QStringLiteral("/api"), token = repo + QStringLiteral("/token");
        if (make == QStringLiteral("file"))
            write(repo, "x");
        else if (make == QStringLiteral("folder"))
            QVERIFY(QDir().mkpath(repo));
        else if (!make.isEmpty())
            makeRepo("repo", 1);
        if (make == QStringLiteral("stopped")) QVERIFY(QFile::remove(api));
        if (make == QStringLiteral("api garbage")) write(api, "127.0.0.1 at 2345");
        if (make == QStringLiteral("api empty")) write(api, "\n");
        if (make == QStringLiteral("api token")) write(api, kToken);
        if (make == QStringLiteral("api huge")) write(api, "/ip4/127.0.0.1/tcp/1" + QByteArray(100000, ' '));
        if (make == QStringLiteral("api folder")) QVERIFY(QFile::remove(api) && QDir().mkpath(api));
        if (make == QStringLiteral("token broken")) write(token, kToken + "\r\nX-Header: 1");
        if (make == QStringLiteral("token bytes")) write(token, QByteArray("eyJ\0\x80\xff", 6));
        if (make == QStringLiteral("token locked")) write(token, kToken, 0);
        if (make == QStringLiteral("locked")) QCOMPARE(::chmod(QFile::encodeName(repo).constData(), 0), 0);
        const auto byFlag = find(repo.toStdString());
        m_variables = {{"LOTUS_MINER_PATH", repo.toStdString()}};
        const auto byVariable = find();
        if (make == QStringLiteral("locked")) QCOMPARE(::chmod(QFile::encodeName(repo).constData(), 0700), 0);
        for (const auto* found : {&byFlag, &byVariable}) {
            QVERIFY(!*found);
            const Error& error = found->error();
            QCOMPARE(QString::fromStdString(std::string(errorCodeName(error.code()))), code);
            QVERIFY2(error.message().find(told.toStdString()) != std::string::npos, error.message().c_str());
            QVERIFY2(error.message().find(repo.toStdString()) != std::string::npos, error.message().c_str());
        }
    }
    void aWrongApiInfoIsNamedWithoutItsToken_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("no address") << QByteArray(kToken + ":");
        QTest::newRow("host and port") << QByteArray(kToken + ":127.0.0.1:2345");
        QTest::newRow("no tcp") << QByteArray(kToken + ":/ip4/127.0.0.1/udp/1");
        QTest::newRow("token alone") << kToken;
        QTest::newRow("port out of range") << QByteArray(kToken + ":/ip4/127.0.0.1/tcp/66000");
    }
    void aWrongApiInfoIsNamedWithoutItsToken() {
        QFETCH(QByteArray, value);
        makeRepo(".lotusminer", 4);
        m_variables = {{"MINER_API_INFO", value.toStdString()}};
        const auto found = find();
        QVERIFY(!found);
        QVERIFY2(found.error().code() == ErrorCode::InvalidArgument, found.error().message().c_str());
        QVERIFY2(found.error().message().find("MINER_API_INFO") != std::string::npos, found.error().message().c_str());
    }
    void peculiaritiesOfAnApiInfoAreNoted() {
        m_variables = {{"MINER_API_INFO", "/ip4/127.0.0.1/tcp/6/http"}};
        QCOMPARE(notesOf(*find()), QStringLiteral("MINER_API_INFO holds no token, and a miner refuses a worker without one."));
        m_variables = {{"MINER_API_INFO", kToken.toStdString() + ":/ip4/127.0.0.1/tcp/6/http,/ip4/127.0.0.1/tcp/7/http\n"}};
        QCOMPARE(notesOf(*find()), QStringLiteral("MINER_API_INFO holds several addresses; the first is used."));
        QCOMPARE(int(find()->api.endpoint.port), 6);
    }
    void aTokenThatOthersCanReadIsNoted() {
        makeRepo("repo", 1);
        write(at("repo/token"), kToken + '\n', 0644);
        const auto found = find(pathOf("repo").string());
        QCOMPARE(found->api.token, kToken.toStdString());
        QVERIFY(notesOf(*found).contains(QStringLiteral("chmod 600")));
    }
    void aRepoWithoutATokenIsFoundAndNoted() {
        makeRepo("repo", 1);
        QVERIFY(QFile::remove(at("repo/token")));
        const auto found = find(pathOf("repo").string());
        QVERIFY(found.hasValue());
        QVERIFY(found->api.token.empty());
        QVERIFY(notesOf(*found).contains(QStringLiteral("holds no token")));
    }
    void aFolderThatIsNoRepoIsNoDefault() {
        QVERIFY(QDir().mkpath(at(".lotusminer/logs")));
        makeRepo(".lotusstorage", 5);
        QCOMPARE(find()->source, std::string("~/.lotusstorage"));
    }
    void anAddressForAllInterfacesIsReadAsTheLoopback_data() {
        QTest::addColumn<QByteArray>("api");
        QTest::addColumn<QString>("url");
        QTest::newRow("IPv4") << QByteArray("/ip4/0.0.0.0/tcp/2345/http\n") << QStringLiteral("http://127.0.0.1:2345/rpc/v0");
        QTest::newRow("IPv6") << QByteArray("/ip6/::/tcp/2345/http") << QStringLiteral("http://[::1]:2345/rpc/v0");
        QTest::newRow("one interface") << QByteArray("/ip4/192.168.1.7/tcp/3456") << QStringLiteral("http://192.168.1.7:3456/rpc/v0");
        QTest::newRow("a name") << QByteArray("/dns4/miner/tcp/2345/http") << QStringLiteral("http://miner:2345/rpc/v0");
    }
    void anAddressForAllInterfacesIsReadAsTheLoopback() {
        QFETCH(QByteArray, api);
        QFETCH(QString, url);
        makeRepo("repo", 1);
        write(at("repo/api"), api);
        const auto found = readRepoEndpoint(pathOf("repo"));
        QVERIFY2(found.hasValue(), found ? "" : found.error().message().c_str());
        QCOMPARE(QString::fromStdString(found->endpoint.url("/rpc/v0")), url);
    }
    void aWorkerThatDoesNotRunIsToldApart() {
        makeRepo("worker", 1);
        QVERIFY(QFile::remove(at("worker/api")));
        QCOMPARE(readRepoEndpoint(pathOf("worker")).error().code(), ErrorCode::NotRunning);
    }
};

QTEST_GUILESS_MAIN(TestMinerRepo)
#include "tst_miner_repo.moc"
