// SPDX-License-Identifier: MIT OR Apache-2.0
#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

#include <unistd.h>

#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QtTest>

#include "practice/practice_miner.h"
#include "protocol/http_server.h"
#include "protocol/jwt.h"
#include "protocol/lotus_json.h"
#include "protocol/miner_client.h"
#include "protocol/push_stream.h"
#include "storage/remote_fetch.h"
#include "support/patience.h"

using namespace lsw;
using namespace lsw::practice;
using lsw::test::kPatienceMs;
using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

constexpr const char* kSession = "11111111-1111-4111-8111-111111111111";

/// Answers the four questions of a registration; everything else is a real worker's business.
class Answerer {
public:
    Answerer()
        : m_server(
              {},
              [this](const std::string& token, const auto& done) {
                  note(token);
                  done(protocol::Permissions{"admin"});
              },
              routes()) {
        add("Filecoin.Version", [this] { return value(version.load()); });
        add("Filecoin.Session", [this] { const std::lock_guard lock(m_mutex); return value(m_session); });
        add("Filecoin.Info", [] { return protocol::toJson(protocol::WorkerInfo{"answerer", false, 1, 0, 0, 0, 1, {}, {}}); });
        add("Filecoin.TaskTypes", [] { return value(object{{"seal/v0/fetch", object()}, {"seal/v0/precommit/1", object()}}); });
        m_methods.add("Filecoin.Fetch", 4, "admin", [](const array&, const protocol::RpcRespond& respond) {
            respond(protocol::toJson(protocol::CallId{{1000, 1}, "22222222-2222-4222-8222-222222222222"}));
        });
        m_port = m_server.start().valueOr(0);
    }
    void setSession(const std::string& session) { const std::lock_guard lock(m_mutex); m_session = session; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port) + "/rpc/v0"; }
    std::string lastToken() { const std::lock_guard lock(m_mutex); return m_token; }
    void stop() { m_server.stop(std::chrono::milliseconds(0)); }

    std::atomic<std::uint64_t> version = protocol::kWorkerApiVersion;
    protocol::PushStreams streams;

private:
    void note(const std::string& token) {
        const std::lock_guard lock(m_mutex);
        if (!token.empty()) m_token = token;
    }
    void add(const char* name, std::function<value()> answer) {
        m_methods.add(name, 0, "admin",
                      [answer = std::move(answer)](const array&, const protocol::RpcRespond& respond) { respond(answer()); });
    }
    std::vector<protocol::HttpRoute> routes() {
        protocol::HttpRoute rpc;
        rpc.prefix = "/rpc/v0";
        rpc.handle = [this](const protocol::HttpHead&, const std::string& body, const protocol::Permissions& permissions,
                            const std::function<void(protocol::HttpReply)>& reply) {
            m_methods.dispatch(body, permissions, [reply](const protocol::RpcReply& answer) {
                reply({answer.httpStatus, "application/json", answer.body, {}});
            });
        };
        return {rpc, streams.route()};
    }

    std::mutex m_mutex; // the session and the token are set by the test and read on the server's thread
    std::string m_session = kSession, m_token;
    protocol::MethodTable m_methods;
    protocol::HttpServer m_server;
    std::uint16_t m_port = 0;
};

array idParams(const char* uuid) { return {protocol::toJson(protocol::CallId{{1000, 1}, uuid})}; }

array attachParams() {
    protocol::StorageInfo info;
    info.id = "path-1";
    info.urls = {"http://127.0.0.1:3456/remote"};
    return {protocol::toJson(info), protocol::toJson(protocol::FsStat{})};
}

QString words(const Error& error) { return QString::fromStdString(error.message()); }

} // namespace

class TestPracticeMiner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void answersTheQuestionsOfAStart();
    void tokensAreVerifiedInTheirOwnOrder();
    void authNewMakesATokenOfTheGivenPermissions();
    void aReadTokenMayNotAttachStorage();
    void aForeignTokenGets401();
    void itsRepoSaysWhereItListens();
    void faultsHappenAsOftenAsAsked_data();
    void faultsHappenAsOftenAsAsked();
    void aDroppedConnectionGivesNoByte();
    void aDroppedReplyWasDoneAllTheSame();
    void aLateAnswerComesAfterAll();
    void aReturnIsTakenOnce_data();
    void aReturnIsTakenOnce();
    void aFailedReturnCarriesItsError();
    void aWorkerThatConnectsIsAskedAndListed();
    void workersThatCannotBeUsedAreRefused_data();
    void workersThatCannotBeUsedAreRefused();
    void aWorkerWithAnotherSessionIsDropped();
    void aWorkerThatDoesNotAnswerIsDisabledAndKept();
    void aRestartForgetsWorkersAndKeepsPortAndTokens();
    void aStoppedMinerStartsAgainWhereItWas();
    void aCallGoesToTheWorkerAndComesBackWithItsId();
    void aPushedPieceArrivesWithZerosAtItsEnd();
    void itsOwnStoragePathIsServedAndListed();

private:
    Expected<value> askAs(const std::string& token, const char* method, array params = {});
    Expected<value> ask(const char* method, array params = {}) {
        return askAs(m_miner->tokenWith({"read", "write", "sign", "admin"}), method, std::move(params));
    }
    /// All that came back on a connection of its own: an HTTP library may ask again by itself when a connection drops.
    QByteArray rawAnswer(const char* method, const array& params);
    void connectWorker(Answerer& worker);

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<PracticeMiner> m_miner;
};

void TestPracticeMiner::init() {
    m_temporary = std::make_unique<QTemporaryDir>();
    PracticeMiner::Settings settings;
    settings.repo = std::filesystem::path(m_temporary->path().toStdString()) / "miner";
    settings.sessionPollMs = 50;
    m_miner = std::make_unique<PracticeMiner>(settings);
    QVERIFY(m_miner->start());
}

void TestPracticeMiner::cleanup() { m_miner.reset(); }

Expected<value> TestPracticeMiner::askAs(const std::string& token, const char* method, array params) {
    protocol::RpcClient client({token, {"http", "127.0.0.1", m_miner->port(), {}}});
    std::optional<Expected<value>> got;
    client.call(std::string("Filecoin.") + method, std::move(params), [&](Expected<value> answer) { got = std::move(answer); });
    if (!QTest::qWaitFor([&] { return got.has_value(); }, kPatienceMs)) return Error(ErrorCode::Timeout, "no answer came");
    return *std::move(got);
}

QByteArray TestPracticeMiner::rawAnswer(const char* method, const array& params) {
    const std::string body = protocol::makeRequest(1, std::string("Filecoin.") + method, params);
    const std::string head =
        "POST /rpc/v0 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer " +
        m_miner->tokenWith({"admin"}) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_miner->port());
    socket.write(QByteArray::fromStdString(head + body));
    if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; }, kPatienceMs)) return "the connection stayed open";
    return socket.readAll();
}

void TestPracticeMiner::connectWorker(Answerer& worker) {
    QVERIFY(ask("WorkerConnect", {value(worker.url())}));
    QCOMPARE(m_miner->workers().size(), 1U);
}

void TestPracticeMiner::answersTheQuestionsOfAStart() {
    const auto version = ask("Version");
    QVERIFY(version);
    QCOMPARE(version->at("APIVersion").to_number<std::uint64_t>(), 66816U);
    QCOMPARE(version->as_object().size(), 4U);
    const auto session = ask("Session");
    QVERIFY(session);
    QCOMPARE(session->as_string().size(), 36U);
    QVERIFY(*ask("Session") == *session);
    QVERIFY(*ask("ActorAddress") == value("f01000"));
    QVERIFY(*ask("ActorSectorSize", {"f01000"}) == value(2048));
}

void TestPracticeMiner::tokensAreVerifiedInTheirOwnOrder() {
    QVERIFY(*ask("AuthVerify", {value(m_miner->tokenWith({"read", "write", "sign", "admin"}))}) ==
            value(array{"read", "write", "sign", "admin"}));
    QVERIFY(*ask("AuthVerify", {value(m_miner->workerToken())}) == value(array{"admin"}));
    const auto foreign = ask("AuthVerify", {value(protocol::makeToken(Bytes(32, 7), {"admin"}))});
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().code(), ErrorCode::Remote);
    QVERIFY(words(foreign.error()).contains(QStringLiteral("JWT Verification failed")));
}

void TestPracticeMiner::authNewMakesATokenOfTheGivenPermissions() {
    const auto made = ask("AuthNew", {array{"read"}});
    QVERIFY(made);
    const auto token = fromBase64(std::string_view(made->as_string()));
    QVERIFY(token);
    QCOMPARE(std::string(asText(*token)), m_miner->tokenWith({"read"}));
}

void TestPracticeMiner::aReadTokenMayNotAttachStorage() {
    const auto attached = askAs(m_miner->tokenWith({"read"}), "StorageAttach", attachParams());
    QVERIFY(!attached);
    QVERIFY(words(attached.error()).contains(QStringLiteral("missing permission to invoke 'StorageAttach' (need 'admin')")));
    QVERIFY(!askAs("", "StorageAttach", attachParams()));
    QVERIFY(askAs("", "Version"));
}

void TestPracticeMiner::aForeignTokenGets401() {
    const auto version = askAs(protocol::makeToken(Bytes(32, 7), {"read", "admin"}), "Version");
    QVERIFY(!version);
    QCOMPARE(version.error().code(), ErrorCode::PermissionDenied);
}

void TestPracticeMiner::itsRepoSaysWhereItListens() {
    std::ifstream api(m_temporary->path().toStdString() + "/miner/api");
    std::string line;
    std::getline(api, line);
    QCOMPARE(line, "/ip4/127.0.0.1/tcp/" + std::to_string(m_miner->port()) + "/http");
    QCOMPARE(m_miner->apiInfo(), m_miner->tokenWith({"read", "write", "sign", "admin"}) + ':' + line);
}

void TestPracticeMiner::faultsHappenAsOftenAsAsked_data() {
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("code");
    QTest::newRow("refused") << 0 << static_cast<int>(ErrorCode::Remote);
    QTest::newRow("unauthorized") << 1 << static_cast<int>(ErrorCode::PermissionDenied);
}

void TestPracticeMiner::faultsHappenAsOftenAsAsked() {
    QFETCH(int, fault);
    QFETCH(int, code);
    Faults& faults = m_miner->faults();
    (fault == 0 ? faults.refuse : faults.unauthorized)["ActorAddress"] = 2;
    for (int i = 0; i < 2; ++i) {
        const auto answer = ask("ActorAddress");
        QVERIFY(!answer);
        QCOMPARE(static_cast<int>(answer.error().code()), code);
        QVERIFY(ask("Session"));
    }
    QVERIFY(ask("ActorAddress"));
    QCOMPARE(m_miner->callCounts()["ActorAddress"], 3);
}

void TestPracticeMiner::aDroppedConnectionGivesNoByte() {
    m_miner->faults().dropConnection["StorageAttach"] = 2;
    QCOMPARE(rawAnswer("StorageAttach", attachParams()), QByteArray());
    QCOMPARE(rawAnswer("StorageAttach", attachParams()), QByteArray());
    QVERIFY(!ask("StorageInfo", {"path-1"}));
    QVERIFY(rawAnswer("StorageAttach", attachParams()).startsWith("HTTP/1.1 200"));
    QCOMPARE(m_miner->callCounts()["StorageAttach"], 3);
}

void TestPracticeMiner::aDroppedReplyWasDoneAllTheSame() {
    m_miner->faults().dropAfterDoing["StorageAttach"] = 1;
    QCOMPARE(rawAnswer("StorageAttach", attachParams()), QByteArray());
    QVERIFY(ask("StorageInfo", {"path-1"}));
}

void TestPracticeMiner::aLateAnswerComesAfterAll() {
    m_miner->faults().lateMs["Session"] = 300;
    protocol::RpcClient client({m_miner->tokenWith({"read", "admin"}), {"http", "127.0.0.1", m_miner->port(), {}}});
    QStringList order;
    client.call("Filecoin.Session", {},
                [&](const Expected<value>& answer) { order << (answer ? QStringLiteral("Session") : QStringLiteral("failed")); });
    client.call("Filecoin.StorageList", {},
                [&](const Expected<value>& answer) { order << (answer ? QStringLiteral("StorageList") : QStringLiteral("failed")); });
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 2, kPatienceMs);
    QCOMPARE(order, (QStringList{QStringLiteral("StorageList"), QStringLiteral("Session")}));
}

void TestPracticeMiner::aReturnIsTakenOnce_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("refusal");
    QTest::newRow("kept work") << QByteArray("ReturnSealPreCommit1") << QStringLiteral("already reported");
    QTest::newRow("simple call") << QByteArray("ReturnFetch") << QStringLiteral("callRes channel already has a response");
}

void TestPracticeMiner::aReturnIsTakenOnce() {
    QFETCH(QByteArray, method);
    QFETCH(QString, refusal);
    QSignalSpy spy(m_miner.get(), &PracticeMiner::returned);
    array params = idParams("22222222-2222-4222-8222-222222222222");
    if (method != "ReturnFetch") params.push_back("AQID");
    params.push_back(nullptr);
    const auto first = ask(method.constData(), params);
    QVERIFY(first);
    QVERIFY(first->is_null());
    const auto second = ask(method.constData(), params);
    QVERIFY(!second);
    QVERIFY(words(second.error()).contains(refusal));
    QCOMPARE(spy.count(), 1);
    const auto result = spy.first().first().value<ArrivedReturn>();
    QCOMPARE(result.method, method.toStdString());
    QVERIFY(!result.error);
    if (method != "ReturnFetch") QCOMPARE(std::get<Bytes>(result.value), (Bytes{1, 2, 3}));
}

void TestPracticeMiner::aFailedReturnCarriesItsError() {
    QSignalSpy spy(m_miner.get(), &PracticeMiner::returned);
    array params = idParams("22222222-2222-4222-8222-222222222222");
    params.push_back(object{{"Unsealed", nullptr}, {"Sealed", nullptr}});
    params.push_back(object{{"Code", 101}, {"Message", "worker [name: w1] restarted"}});
    QVERIFY(ask("ReturnSealPreCommit2", params));
    const auto result = spy.first().first().value<ArrivedReturn>();
    QVERIFY(result.error);
    QCOMPARE(result.error->code, 101);
    QCOMPARE(result.id.sector, (protocol::SectorId{1000, 1}));
}

void TestPracticeMiner::aWorkerThatConnectsIsAskedAndListed() {
    Answerer worker;
    QSignalSpy spy(m_miner.get(), &PracticeMiner::workerConnected);
    connectWorker(worker);
    QCOMPARE(spy.count(), 1);
    const ConnectedWorker listed = m_miner->workers().front();
    QCOMPARE(listed.session, std::string(kSession));
    QCOMPARE(listed.info.hostname, std::string("answerer"));
    QCOMPARE(listed.taskTypes, (std::set<std::string>{"seal/v0/fetch", "seal/v0/precommit/1"}));
    QCOMPARE(worker.lastToken(), m_miner->tokenWith({"admin"}));
    const auto stats = ask("WorkerStats");
    QVERIFY(stats);
    QCOMPARE(stats->at(kSession).at("Enabled").as_bool(), true);
    QVERIFY(ask("WorkerConnect", {value(worker.url())}));
    QCOMPARE(m_miner->workers().size(), 1U);
}

void TestPracticeMiner::workersThatCannotBeUsedAreRefused_data() {
    QTest::addColumn<quint64>("version");
    QTest::addColumn<QString>("session");
    QTest::addColumn<bool>("reachable");
    QTest::addColumn<QString>("reason");
    const quint64 good = protocol::kWorkerApiVersion;
    QTest::newRow("another version") << good + 0x100 << QString::fromLatin1(kSession) << true
                                     << QStringLiteral("unsupported worker api version: 1.8.0 (expected 1.7.0)");
    QTest::newRow("closed") << good << QString::fromLatin1(protocol::kZeroUuid) << true << QStringLiteral("worker already closed");
    QTest::newRow("not there") << good << QString::fromLatin1(kSession) << false << QStringLiteral("connecting remote storage failed");
}

void TestPracticeMiner::workersThatCannotBeUsedAreRefused() {
    QFETCH(quint64, version);
    QFETCH(QString, session);
    QFETCH(bool, reachable);
    QFETCH(QString, reason);
    Answerer worker;
    worker.version = version;
    worker.setSession(session.toStdString());
    if (!reachable) worker.stop();
    const auto answer = ask("WorkerConnect", {value(worker.url())});
    QVERIFY(!answer);
    QVERIFY2(words(answer.error()).contains(reason), qPrintable(words(answer.error())));
    QVERIFY(m_miner->workers().empty());
}

void TestPracticeMiner::aWorkerWithAnotherSessionIsDropped() {
    Answerer worker;
    connectWorker(worker);
    QSignalSpy spy(m_miner.get(), &PracticeMiner::workerLost);
    worker.setSession("33333333-3333-4333-8333-333333333333");
    QTRY_COMPARE_WITH_TIMEOUT(spy.count(), 1, kPatienceMs);
    QCOMPARE(spy.first().first().toString(), QString::fromLatin1(kSession));
    QVERIFY(m_miner->workers().empty());
}

void TestPracticeMiner::aWorkerThatDoesNotAnswerIsDisabledAndKept() {
    Answerer worker;
    connectWorker(worker);
    worker.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!m_miner->workers().front().enabled, kPatienceMs);
    QCOMPARE(m_miner->workers().size(), 1U);
}

void TestPracticeMiner::aRestartForgetsWorkersAndKeepsPortAndTokens() {
    Answerer worker;
    connectWorker(worker);
    const auto session = ask("Session");
    QVERIFY(session);
    const std::uint16_t port = m_miner->port();
    const std::string token = m_miner->workerToken();
    QVERIFY(ask("StorageAttach", attachParams()));
    QVERIFY(m_miner->restart());
    QCOMPARE(m_miner->port(), port);
    QCOMPARE(m_miner->workerToken(), token);
    QVERIFY(m_miner->workers().empty());
    QVERIFY(*ask("Session") != *session);
    QVERIFY(!ask("StorageInfo", {"path-1"}));
}

void TestPracticeMiner::aStoppedMinerStartsAgainWhereItWas() {
    const std::uint16_t port = m_miner->port();
    const std::string token = m_miner->workerToken();
    m_miner->stop();
    QVERIFY(m_miner->restart());
    QCOMPARE(m_miner->port(), port);
    QCOMPARE(m_miner->workerToken(), token);
    QVERIFY(ask("Session"));
}

void TestPracticeMiner::aCallGoesToTheWorkerAndComesBackWithItsId() {
    Answerer worker;
    connectWorker(worker);
    std::optional<Expected<protocol::CallId>> got;
    const protocol::FetchCall call{
        {{1000, 1}, protocol::SealProof{5}}, protocol::FileType::Sealed, protocol::PathType::Sealing, protocol::AcquireMode::Move};
    m_miner->callWorker(kSession, call, [&](Expected<protocol::CallId> id) { got = std::move(id); });
    QTRY_VERIFY_WITH_TIMEOUT(got.has_value(), kPatienceMs);
    QVERIFY(*got);
    QCOMPARE((*got)->uuid, std::string("22222222-2222-4222-8222-222222222222"));
    const auto jobs = ask("WorkerJobs");
    QVERIFY(jobs);
    QVERIFY(jobs->at(kSession).at(0).at("Task") == value("seal/v0/fetch"));
    got.reset();
    m_miner->callWorker("no such session", call, [&](Expected<protocol::CallId> id) { got = std::move(id); });
    QTRY_VERIFY_WITH_TIMEOUT(got.has_value(), kPatienceMs);
    QVERIFY(!*got);
    QCOMPARE(got->error().code(), ErrorCode::NotFound);
}

void TestPracticeMiner::aPushedPieceArrivesWithZerosAtItsEnd() {
    Answerer worker;
    connectWorker(worker);
    const std::string file = m_temporary->path().toStdString() + "/data";
    std::ofstream(file) << "twelve bytes";
    const protocol::ReaderStream stream = m_miner->pushFile(kSession, file, 508);
    QCOMPARE(stream.type, std::string("push"));
    std::string bytes;
    std::atomic<bool> done = false;
    worker.streams.resolve(stream, [&](Expected<std::shared_ptr<protocol::PieceData>> data) {
        std::thread([&bytes, &done, data = std::move(data)] {
            const auto descriptor = data ? (*data)->open({}) : Expected<int>(data.error());
            char buffer[256];
            for (ssize_t got = 0; descriptor && (got = ::read(*descriptor, buffer, sizeof(buffer))) > 0;)
                bytes.append(buffer, static_cast<std::size_t>(got));
            if (descriptor) ::close(*descriptor);
            done = true;
        }).detach();
    });
    QTRY_VERIFY_WITH_TIMEOUT(done.load(), kPatienceMs);
    QCOMPARE(bytes.size(), 508U);
    QCOMPARE(bytes.substr(0, 12), std::string("twelve bytes"));
    QCOMPARE(bytes.substr(12), std::string(496, '\0'));
}

void TestPracticeMiner::itsOwnStoragePathIsServedAndListed() {
    m_miner.reset();
    const std::filesystem::path root(m_temporary->path().toStdString());
    PracticeMiner::Settings settings;
    settings.repo = root / "miner";
    settings.storagePath = root / "store";
    std::filesystem::create_directories(root / "store" / "sealed");
    std::ofstream(root / "store" / "sealed" / "s-t01000-1") << "sealed bytes";
    m_miner = std::make_unique<PracticeMiner>(settings);
    QVERIFY(m_miner->start());
    const auto holders = m_miner->holders({1000, 1});
    QCOMPARE(holders.size(), 1U);
    const protocol::SectorStorageInfo& holder = holders.at("sealed").front();
    QVERIFY(holder.primary);
    QVERIFY(holder.canStore);
    // The server answers on its own threads.
    QVERIFY(storage::fetchFile(holder.urls, m_miner->tokenWith({"read", "write", "sign", "admin"}), root / "part", root / "copy", {}));
    std::string text;
    std::getline(std::ifstream(root / "copy"), text);
    QCOMPARE(text, std::string("sealed bytes"));
    QVERIFY(!storage::fetchFile(holder.urls, m_miner->tokenWith({"read"}), root / "part", root / "copy2", {}));
}

QTEST_GUILESS_MAIN(TestPracticeMiner)
#include "tst_practice_miner.moc"
