// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/return_queue.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <future>
#include <set>

#include <sys/resource.h>

#include <boost/json.hpp>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "practice/practice_miner.h"
#include "protocol/http_server.h"
#include "protocol/lotus_json.h"
#include "support/patience.h"

using namespace lsw;
using namespace lsw::tasks;
using lsw::test::kPatienceMs;
using practice::ArrivedReturn;
using practice::PracticeMiner;

namespace {

constexpr int kRetryMs = 10;

CallRecord call(int i, const char* method) {
    CallRecord record;
    char uuid[40];
    std::snprintf(uuid, sizeof uuid, "00000000-0000-4000-8000-%012d", i);
    record.id = {{1000, static_cast<std::uint64_t>(i)}, uuid};
    record.method = method;
    record.params = "[]";
    record.taskType = "seal/v0/fetch";
    record.proof = 5;
    return record;
}

} // namespace

class TestReturnQueue : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<PracticeMiner> m_miner;
    std::unique_ptr<protocol::RpcClient> m_client;
    std::unique_ptr<CallJournal> m_journal;
    std::unique_ptr<ReturnQueue> m_queue;
    std::vector<ArrivedReturn> m_arrived;

    std::filesystem::path journalFile() const { return m_dir->filePath(QStringLiteral("journal.sqlite")).toStdString(); }

    void startMiner(std::uint16_t port) {
        PracticeMiner::Settings settings;
        settings.repo = m_dir->filePath(QStringLiteral("miner")).toStdString();
        settings.port = port;
        m_miner = std::make_unique<PracticeMiner>(settings);
        connect(m_miner.get(), &PracticeMiner::returned, this, [this](const ArrivedReturn& result) { m_arrived.push_back(result); });
        const auto started = m_miner->start();
        QVERIFY2(started.hasValue(), started ? "" : started.error().message().c_str());
    }
    void makeQueue() { m_queue = std::make_unique<ReturnQueue>(*m_client, *m_journal, kRetryMs); }
    /// A call that is Finished in the journal, as it must be before it is delivered.
    CallRecord finished(int i, const char* method = "FinalizeSector") {
        CallRecord record = call(i, method);
        const bool hasValue = record.method == "SealCommit2";
        boost::json::array params{protocol::toJson(record.id)};
        if (hasValue) params.push_back("cHJvb2Y=");
        params.push_back(nullptr);
        record.returnParams = boost::json::serialize(params);
        m_journal->begin(record, [](Expected<void>) {});
        m_journal->finish(record.id, record.returnParams, true, "", 0, [](Expected<void>) {});
        return record;
    }
    std::size_t unfinishedInJournal() {
        std::promise<std::size_t> answer;
        m_journal->unfinished([&](Expected<std::vector<CallRecord>> records) { answer.set_value(records ? records->size() : 999); });
        return answer.get_future().get();
    }
    int calls(const char* method) const {
        const auto counts = m_miner->callCounts();
        const auto it = counts.find(method);
        return it == counts.end() ? 0 : it->second;
    }

private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_arrived.clear();
        startMiner(0);
        m_client = std::make_unique<protocol::RpcClient>(*protocol::parseApiInfo(m_miner->apiInfo()));
        auto journal = CallJournal::open(journalFile());
        QVERIFY(journal.hasValue());
        m_journal = std::move(journal).value();
        makeQueue();
    }
    void cleanup() {
        m_queue.reset();
        m_client.reset();
        m_journal.reset();
        m_miner.reset();
        m_dir.reset();
    }

    void whatIsDeliveredArrivesAndIsNoted() {
        QSignalSpy delivered(m_queue.get(), &ReturnQueue::delivered);
        for (int i = 0; i < 20; ++i) m_queue->deliver(finished(i, i % 2 ? "SealCommit2" : "FinalizeSector"));
        QCOMPARE(m_queue->undelivered(), 20);
        QTRY_COMPARE_WITH_TIMEOUT(delivered.count(), 20, kPatienceMs);
        QCOMPARE(m_queue->undelivered(), 0);
        QCOMPARE(m_arrived.size(), std::size_t(20));
        QCOMPARE(unfinishedInJournal(), std::size_t(0));
        for (const ArrivedReturn& result : m_arrived) {
            QCOMPARE(result.method, std::string(result.id.sector.number % 2 ? "ReturnSealCommit2" : "ReturnFinalizeSector"));
            if (const auto* bytes = std::get_if<Bytes>(&result.value)) QCOMPARE(asText(*bytes), std::string_view("proof"));
            QVERIFY(!result.error);
        }
    }
    void whateverGoesWrongItIsTriedAgainUntilItArrivesOnce_data() {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("method");
        QTest::newRow("refused") << QStringLiteral("refuse") << QStringLiteral("FinalizeSector");
        QTest::newRow("unauthorized") << QStringLiteral("unauthorized") << QStringLiteral("FinalizeSector");
        QTest::newRow("connection dropped") << QStringLiteral("drop") << QStringLiteral("FinalizeSector");
        QTest::newRow("reply lost, call of the channel") << QStringLiteral("lose") << QStringLiteral("FinalizeSector");
        QTest::newRow("reply lost, call of the work list") << QStringLiteral("lose") << QStringLiteral("SealCommit2");
    }
    void whateverGoesWrongItIsTriedAgainUntilItArrivesOnce() {
        QFETCH(QString, fault);
        QFETCH(QString, method);
        const std::string returnMethod = "Return" + method.toStdString();
        auto& faults = m_miner->faults();
        auto& counts = fault == QStringLiteral("refuse")         ? faults.refuse
                       : fault == QStringLiteral("unauthorized") ? faults.unauthorized
                       : fault == QStringLiteral("drop")         ? faults.dropConnection
                                                                 : faults.dropAfterDoing;
        // Qt itself sends a request again when a connection ends without an answer, a few times.
        const int times = fault == QStringLiteral("lose") ? 1 : fault == QStringLiteral("drop") ? 20 : 3;
        counts[returnMethod] = times;
        QSignalSpy delivered(m_queue.get(), &ReturnQueue::delivered), retrying(m_queue.get(), &ReturnQueue::retrying);
        const CallRecord record = finished(1, method.toLatin1().constData());
        m_queue->deliver(record);
        QTRY_COMPARE_WITH_TIMEOUT(delivered.count(), 1, kPatienceMs);
        QCOMPARE(delivered.at(0).at(0).toString().toStdString(), record.id.uuid);
        if (fault != QStringLiteral("lose")) {
            QVERIFY(retrying.count() > 0);
            QCOMPARE(retrying.at(0).at(0).toString().toStdString(), record.id.uuid);
            QVERIFY(!retrying.at(0).at(1).toString().isEmpty());
        }
        QCOMPARE(m_arrived.size(), std::size_t(1));
        QCOMPARE(unfinishedInJournal(), std::size_t(0));
        QVERIFY(calls(returnMethod.c_str()) >= times + 1);
    }
    void aMinerThatIsAwayGetsEverythingWhenItIsBack() {
        const std::uint16_t port = m_miner->port();
        m_miner.reset();
        QSignalSpy delivered(m_queue.get(), &ReturnQueue::delivered), retrying(m_queue.get(), &ReturnQueue::retrying);
        for (int i = 0; i < 10; ++i) m_queue->deliver(finished(i));
        QTRY_VERIFY_WITH_TIMEOUT(retrying.count() >= 12, kPatienceMs);
        QCOMPARE(m_queue->undelivered(), 10);
        startMiner(port);
        QTRY_COMPARE_WITH_TIMEOUT(delivered.count(), 10, kPatienceMs);
        QCOMPARE(m_arrived.size(), std::size_t(10));
        QCOMPARE(unfinishedInJournal(), std::size_t(0));
    }
    void atMostFourAreOnTheirWayAndTheOldestAreFirst() {
        m_miner->faults().lateMs["ReturnFinalizeSector"] = 300;
        for (int i = 0; i < 9; ++i) m_queue->deliver(finished(i));
        QTRY_COMPARE_WITH_TIMEOUT(calls("ReturnFinalizeSector"), 4, kPatienceMs);
        // The heartbeat goes through meanwhile, and nothing came after the four before it.
        bool answered = false;
        m_client->call("Filecoin.Version", {}, [&](Expected<boost::json::value> answer) { answered = answer.hasValue(); });
        QTRY_VERIFY_WITH_TIMEOUT(answered, kPatienceMs);
        if (m_arrived.empty()) QCOMPARE(calls("ReturnFinalizeSector"), 4);
        QTRY_VERIFY_WITH_TIMEOUT(m_arrived.size() >= 4, kPatienceMs);
        std::set<std::uint64_t> first;
        for (std::size_t i = 0; i < 4; ++i) first.insert(m_arrived[i].id.sector.number);
        QVERIFY((first == std::set<std::uint64_t>{0, 1, 2, 3}));
        QTRY_COMPARE_WITH_TIMEOUT(m_queue->undelivered(), 0, kPatienceMs);
    }
    void stoppingLeavesTheRestInTheJournal() {
        m_miner->faults().refuse["ReturnFinalizeSector"] = 1000000;
        QSignalSpy retrying(m_queue.get(), &ReturnQueue::retrying);
        for (int i = 0; i < 6; ++i) m_queue->deliver(finished(i));
        QTRY_VERIFY_WITH_TIMEOUT(retrying.count() >= 6, kPatienceMs);
        m_queue->stop();
        m_queue.reset();
        QCOMPARE(unfinishedInJournal(), std::size_t(6));
        // The next start delivers them from what the journal holds.
        m_miner->faults().refuse.clear();
        makeQueue();
        std::promise<std::vector<CallRecord>> answer;
        m_journal->unfinished([&](Expected<std::vector<CallRecord>> records) { answer.set_value(std::move(records).value()); });
        for (CallRecord& record : answer.get_future().get()) m_queue->deliver(std::move(record));
        QTRY_COMPARE_WITH_TIMEOUT(m_queue->undelivered(), 0, kPatienceMs);
        QCOMPARE(m_arrived.size(), std::size_t(6));
    }
    void theSameResultIsDeliveredOnce() {
        const CallRecord record = finished(1);
        m_queue->deliver(record);
        m_queue->deliver(record);
        QCOMPARE(m_queue->undelivered(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(m_queue->undelivered(), 0, kPatienceMs);
        QCOMPARE(calls("ReturnFinalizeSector"), 1);
    }
    void hangingReturnsHoldUpNobodyElse() {
        constexpr int kNever = 24 * 3600 * 1000;
        m_miner->faults().lateMs["ReturnFinalizeSector"] = kNever;
        for (int i = 0; i < 10; ++i) m_queue->deliver(finished(i));
        QTRY_COMPARE_WITH_TIMEOUT(calls("ReturnFinalizeSector"), 4, kPatienceMs);
        // What a miner must be asked at once is answered while all four hang, many times over.
        int answered = 0;
        const std::string token = m_client->server().token;
        for (int i = 0; i < 20; ++i) {
            const auto count = [&](const Expected<boost::json::value>& answer) { answered += answer.hasValue(); };
            m_client->call("Filecoin.Session", {}, count);
            m_client->call("Filecoin.AuthVerify", {boost::json::string(token)}, count);
            m_client->call("Filecoin.StorageList", {}, count);
        }
        QTRY_COMPARE_WITH_TIMEOUT(answered, 60, kPatienceMs);
        QCOMPARE(calls("ReturnFinalizeSector"), 4);
        QCOMPARE(m_queue->undelivered(), 10);
        QVERIFY(m_arrived.empty());
    }
    void aHundredMebibytesArriveWhole() {
        constexpr std::size_t kSize = std::size_t{100} << 20;
        std::atomic<std::size_t> received = 0;
        std::atomic<int> sum = 0;
        protocol::HttpRoute route;
        route.prefix = "/rpc/v0";
        route.bodyLimit = 2 * kSize;
        route.handle = [&](const protocol::HttpHead&, const std::string& body, const protocol::Permissions&,
                           const std::function<void(protocol::HttpReply)>& reply) {
            sum = static_cast<int>(std::count(body.begin(), body.end(), 'Q'));
            received = body.size();
            reply({200, "application/json", R"({"jsonrpc":"2.0","result":null,"id":1})", {}});
        };
        const auto anyone = [](const std::string&, const std::function<void(Expected<protocol::Permissions>)>& done) { done(protocol::Permissions{"admin"}); };
        protocol::HttpServer server({}, anyone, {route});
        const auto port = server.start();
        QVERIFY(port.hasValue());
        protocol::ApiInfo api = m_client->server();
        api.endpoint.port = *port;
        protocol::RpcClient client(api);
        ReturnQueue queue(client, *m_journal, kRetryMs);
        CallRecord record = finished(1, "SealCommit1");
        record.returnParams = "[{},\"" + std::string(kSize, 'Q') + "\",null]";
        queue.deliver(record);
        QTRY_COMPARE_WITH_TIMEOUT(queue.undelivered(), 0, kPatienceMs);
        QVERIFY(received > kSize);
        QCOMPARE(sum.load(), static_cast<int>(kSize));
    }
    void aMinerThatIsAwayForLongGetsEverythingWhenItIsBack() {
        const auto port = m_miner->port();
        m_miner->stop();
        QSignalSpy retrying(m_queue.get(), &ReturnQueue::retrying), delivered(m_queue.get(), &ReturnQueue::delivered);
        for (int i = 0; i < 6; ++i) m_queue->deliver(finished(i));
        QTRY_VERIFY_WITH_TIMEOUT(retrying.count() >= 100, kPatienceMs);
        QCOMPARE(m_queue->undelivered(), 6);
        startMiner(port);
        QTRY_COMPARE_WITH_TIMEOUT(delivered.count(), 6, kPatienceMs);
        QCOMPARE(m_arrived.size(), std::size_t(6));
        QCOMPARE(unfinishedInJournal(), std::size_t(0));
    }
    void destroyedInTheMiddleItLeavesNothingBehind() {
        m_miner->faults().lateMs["ReturnFinalizeSector"] = 20;
        for (int i = 0; i < 8; ++i) m_queue->deliver(finished(i));
        QTRY_VERIFY_WITH_TIMEOUT(calls("ReturnFinalizeSector") >= 4, kPatienceMs);
        m_queue.reset(); // answers come to the client later
        QTRY_VERIFY_WITH_TIMEOUT(m_arrived.size() >= 4, kPatienceMs);
        bool answered = false;
        m_client->call("Filecoin.Version", {}, [&](Expected<boost::json::value>) { answered = true; });
        QTRY_VERIFY_WITH_TIMEOUT(answered, kPatienceMs);
        QVERIFY(unfinishedInJournal() >= 4);
    }
    void aFullDiskAfterTheMinerAcceptedDoesNotDeliverTwice() {
        std::signal(SIGXFSZ, SIG_IGN);
        const CallRecord record = finished(1);
        m_journal->flush();
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const rlimit none{1, before.rlim_max}; // no file may grow: neither may the journal
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &none), 0);
        QSignalSpy retrying(m_queue.get(), &ReturnQueue::retrying);
        m_queue->deliver(record);
        const bool retried = QTest::qWaitFor([&] { return retrying.count() >= 2; }, kPatienceMs);
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(retried);
        QVERIFY2(retrying.at(0).at(1).toString().contains(QStringLiteral("journal")), retrying.at(0).at(1).toByteArray());
        QTRY_COMPARE_WITH_TIMEOUT(m_queue->undelivered(), 0, kPatienceMs);
        QCOMPARE(calls("ReturnFinalizeSector"), 1);
        QCOMPARE(unfinishedInJournal(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestReturnQueue)
#include "tst_return_queue.moc"
