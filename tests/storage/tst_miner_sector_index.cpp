// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/miner_sector_index.h"
#include "storage_fixture.h"
#include "support/script_server.h"

#include <future>
#include <mutex>

#include <QtTest/QtTest>

#include "support/patience.h"

using namespace lsw;
using namespace lsw::storage;
using namespace lsw::test;
using namespace std::chrono_literals;

namespace {

std::string json(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string result(const std::string& value) { return json("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":" + value + "}"); }

/// The index on a pool thread, the client on this one.
struct Asked {
    explicit Asked(const ScriptServer& server, std::chrono::milliseconds retry = 1ms) {
        protocol::ApiInfo info;
        info.endpoint = *protocol::parseEndpoint(server.url(""));
        client = std::make_unique<protocol::RpcClient>(info);
        index = std::make_unique<MinerSectorIndex>(*client, retry);
    }
    template <typename Call>
    auto ask(const Call& call) {
        auto future = std::async(std::launch::async, [&] { return call(*index); });
        while (future.wait_for(0ms) != std::future_status::ready) QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        return future.get();
    }
    std::unique_ptr<protocol::RpcClient> client;
    std::unique_ptr<MinerSectorIndex> index;
};

} // namespace

class TestMinerSectorIndex : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersAreRead() {
        std::mutex mutex;
        std::string answer;
        ScriptServer server([&](int, const std::string&, bool&) {
            const std::lock_guard lock(mutex);
            return result(answer);
        });
        const auto setAnswer = [&](const char* text) {
            const std::lock_guard lock(mutex);
            answer = text;
        };
        Asked asked(server);
        setAnswer("[{\"ID\":\"a\",\"URLs\":[\"http://x/remote/sealed/s-t01000-1\"],\"BaseURLs\":[\"http://x/remote\"],"
                  "\"Weight\":18446744073709551615,\"CanSeal\":true,"
                  "\"CanStore\":false,\"Primary\":true,\"AllowTypes\":[],\"DenyTypes\":[],\"AllowMiners\":null,\"DenyMiners\":null}]");
        const auto found = asked.ask([](SectorIndex& index) { return index.find(kSector, FileType::Sealed, 2048, {}); });
        QVERIFY2(found.hasValue(), found ? "" : found.error().message().c_str());
        QCOMPARE(found->size(), std::size_t(1));
        QCOMPARE(found->front().weight, std::uint64_t(18446744073709551615ULL));
        QVERIFY(found->front().primary && found->front().canSeal && !found->front().canStore);
        setAnswer("null");
        QVERIFY(asked.ask([](SectorIndex& index) { return index.find(kSector, FileType::Sealed, 2048, {}); })->empty());
        QVERIFY(asked.ask([](SectorIndex& index) { return index.declare("a", kSector, FileType::Sealed, true, {}); }).hasValue());
        setAnswer("{\"a\":[{\"Miner\":1000,\"Number\":1,\"SectorFileType\":7}],\"b\":null}");
        const auto listed = asked.ask([](SectorIndex& index) { return index.list({}); });
        QCOMPARE(listed->size(), std::size_t(2));
        QVERIFY(listed->at("a").front().sector == kSector && listed->at("a").front().types == static_cast<FileType>(7));
        for (const char* bad : {"[]", "{\"a\":1}", "{\"a\":[1]}", "{\"a\":[{\"Miner\":1}]}", "{\"a\":[{\"Miner\":-1,\"Number\":1,\"SectorFileType\":7}]}"}) {
            setAnswer(bad);
            QVERIFY2(asked.ask([](SectorIndex& index) { return index.list({}); }).error().code() == ErrorCode::Corrupt, bad);
        }
    }
    void errorsOfTheMinerComeBackAsSent() {
        ScriptServer server([](int, const std::string&, bool&) { return json("{\"error\":{\"code\":1,\"message\":\"no good path found\"},\"id\":1,\"jsonrpc\":\"2.0\"}"); });
        Asked asked(server);
        const auto best = asked.ask([](SectorIndex& index) { return index.bestAlloc(FileType::Sealed, 2048, PathType::Storage, 1000, {}); });
        QVERIFY(best.error().code() == ErrorCode::Remote);
        QCOMPARE(best.error().message(), std::string("no good path found"));
        QCOMPARE(server.heads().size(), std::size_t(1));
    }
    void aMinerThatIsAwayIsAskedUntilItAnswers() {
        ScriptServer server([](int number, const std::string&, bool&) { return number < 3 ? std::string() : result("null"); });
        Asked asked(server);
        QVERIFY(asked.ask([](SectorIndex& index) { return index.drop("a", kSector, FileType::Sealed, {}); }).hasValue());
        QVERIFY(server.heads().size() >= 4);
    }
    void aStopEndsTheWaiting() {
        std::stop_source stop;
        ScriptServer server([&](int, const std::string&, bool& hold) {
            stop.request_stop();
            hold = true;
            return std::string();
        });
        Asked asked(server);
        const auto found = asked.ask([&](SectorIndex& index) { return index.find(kSector, FileType::Sealed, 0, stop.get_token()); });
        QVERIFY(found.error().code() == ErrorCode::Cancelled);
        QVERIFY(asked.ask([&](SectorIndex& index) { return index.list(stop.get_token()); }).error().code() == ErrorCode::Cancelled);
        asked.client->cancelAll();
    }
    void aStopEndsTheRepeating() {
        std::stop_source stop;
        ScriptServer server([&](int number, const std::string&, bool&) {
            if (number == 2) stop.request_stop();
            return std::string();
        });
        Asked asked(server);
        QVERIFY(!asked.ask([&](SectorIndex& index) { return index.find(kSector, FileType::Sealed, 0, stop.get_token()); }).hasValue());
    }
    void anAbortedTaskStillTellsWhatItMade() {
        ScriptServer server([](int, const std::string&, bool&) { return result("null"); });
        Asked asked(server);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(asked.ask([&](SectorIndex& index) { return index.declare("a", kSector, FileType::Sealed, false, stop.get_token()); }).hasValue());
        QCOMPARE(server.heads().size(), std::size_t(1));
    }
    void aClientThatIsGoneAnswersEverybody() {
        ScriptServer server([](int, const std::string&, bool& hold) {
            hold = true;
            return std::string();
        });
        Asked asked(server);
        auto waiting = std::async(std::launch::async, [&] { return asked.index->info("a", {}).error().code(); });
        QTRY_COMPARE_WITH_TIMEOUT(server.heads().size(), std::size_t(1), kPatienceMs);
        asked.client.reset();
        QVERIFY(waiting.get() == ErrorCode::Cancelled);
    }
    void askingOnTheClientsThreadIsRefused() {
        ScriptServer server([](int, const std::string&, bool&) { return result("null"); });
        Asked asked(server);
        QVERIFY(asked.index->info("a", {}).error().code() == ErrorCode::Internal);
    }
};

QTEST_GUILESS_MAIN(TestMinerSectorIndex)
#include "tst_miner_sector_index.moc"
