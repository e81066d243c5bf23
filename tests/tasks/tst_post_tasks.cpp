// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/script_server.h"
#include "tasks/post_tasks.h"
#include "tasks/recorded_index_calls.h"
#include "tasks/task_bench.h"

using namespace lsw;
using namespace lsw::tests;

namespace {

constexpr int kManySectors = 40;

PostCall callFor(const std::vector<std::uint64_t>& sectors, std::int64_t proof = 10) {
    PostCall call;
    call.proof = PostProof{proof};
    call.miner = 1000;
    call.randomness = Bytes(32, 5);
    for (const std::uint64_t number : sectors) call.sectors.push_back({SealProof{5}, number, filled(static_cast<std::uint8_t>(number)), {37, 36, 44}, false});
    return call;
}

/// The token, the body and the answer of a holder elsewhere.
std::string answerOf(const std::string& status, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

struct PostBench : TaskBench {
    tasks::PostTools tools{engine, store, 32, std::chrono::milliseconds(0)};

    SectorId idOf(std::uint64_t number) const { return {1000, number}; }
    void layReplica(std::uint64_t number, FileType replica = FileType::Sealed, FileType cache = FileType::Cache) {
        const SectorId before = std::exchange(sectorRef.id, idOf(number));
        lay(replica);
        lay(cache);
        sectorRef.id = before;
    }
    void elsewhere(std::uint64_t number, const std::string& id, const std::string& url) {
        index.addOther(id, url);
        for (const FileType one : {FileType::Sealed, FileType::Cache}) (void)index.declare(id, idOf(number), one, true, {});
    }
};

} // namespace

class PostTasksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWindowProofTakesEverySectorInItsPlace();
    void anUpdatedSectorIsReadWhereItsDataAre();
    void whatCannotBeReadIsSkipped();
    void whoHasItIsAsked();
    void whatTheHoldersSaidIsTold();
    void aWinningProofNamesWhatItCouldNotRead();
    void aSnarkThatFailsIsAnError();
    void readsAreLimited();
    void aReadThatTakesTooLongIsSkipped();
    void stoppingIsNoSkipping();
    void nonsenseIsRefused();
    void othersGetWhatLiesHere();
    void othersGetTheOpeningsOfC1();
};

void PostTasksTest::aWindowProofTakesEverySectorInItsPlace() {
    PostBench bench;
    for (const std::uint64_t number : {3, 1, 2}) bench.layReplica(number);
    auto call = callFor({3, 1, 2});
    call.partition = 4;
    const auto result = tasks::windowPost(call, bench.tools, {});
    QVERIFY2(result, result ? "" : result.error().message().c_str());
    QVERIFY(result->skipped.empty());
    QVERIFY(result->proof.proof == PostProof{10});
    QCOMPARE(result->proof.bytes.size(), std::size_t(192));
    const auto& order = bench.engine.windowPosts.at(0);
    QVERIFY(order.vanillaProofs == (std::vector<Bytes>{{3}, {1}, {2}}));
    QCOMPARE(order.partition, std::uint64_t(4));
    QCOMPARE(order.miner, std::uint64_t(1000));
    QVERIFY(order.randomness == filled(5));
    for (const auto& one : bench.engine.vanillaPosts) {
        QVERIFY(one.commR == filled(static_cast<std::uint8_t>(one.sectorNumber)));
        QVERIFY(one.challenges == (std::vector<std::uint64_t>{37, 36, 44}));
        QVERIFY(one.sealed.string().ends_with("/sealed/s-t01000-" + std::to_string(one.sectorNumber)));
    }
}

void PostTasksTest::anUpdatedSectorIsReadWhereItsDataAre() {
    PostBench bench;
    bench.layReplica(1, FileType::Update, FileType::UpdateCache);
    auto call = callFor({1}, 0);
    call.sectors[0].update = true;
    const auto result = tasks::winningPost(call, bench.tools, {});
    QVERIFY2(result, result ? "" : result.error().message().c_str());
    QCOMPARE(result->size(), std::size_t(1));
    QVERIFY(result->front().proof == PostProof{0});
    QVERIFY(bench.engine.vanillaPosts.at(0).sealed.string().ends_with("/update/s-t01000-1"));
    QVERIFY(bench.engine.vanillaPosts.at(0).cache.string().ends_with("/update-cache/s-t01000-1"));
}

void PostTasksTest::whatCannotBeReadIsSkipped() {
    PostBench bench;
    bench.layReplica(1);
    bench.layReplica(2);
    bench.engine.fail("vanillaPost 2", ErrorCode::Io, "unreadable");
    (void)bench.index.takeCalls();
    const auto nobody = tasks::windowPost(callFor({99}), bench.tools, {});
    QVERIFY(nobody);
    QVERIFY(nobody->skipped == (std::vector<SectorId>{{1000, 99}}));
    QCOMPARE(joinedLines(bench.index.takeCalls()), joinedLines(recordedIndexCalls("GenerateWindowPoSt")));
    QCOMPARE(QByteArray::fromStdString(toGoJson(toJson(*nobody))),
             QByteArray(R"({"PoStProofs":{"PoStProof":0,"ProofBytes":null},"Skipped":[{"Miner":1000,"Number":99}]})"));
    const auto some = tasks::windowPost(callFor({1, 2, 99}), bench.tools, {});
    QVERIFY(some);
    QVERIFY(some->skipped == (std::vector<SectorId>{{1000, 2}, {1000, 99}}));
    QVERIFY(bench.engine.windowPosts.empty());
}

void PostTasksTest::whoHasItIsAsked() {
    const test::ScriptServer gone([](int, const std::string&, bool&) { return answerOf("404 Not Found", ""); });
    const test::ScriptServer holder([](int, const std::string&, bool&) { return answerOf("200 OK", "\x2a"); });
    PostBench bench;
    bench.elsewhere(7, "a-gone", gone.url("/remote"));
    bench.elsewhere(7, "b-holder", holder.url("/remote"));
    const auto result = tasks::windowPost(callFor({7}), bench.tools, {});
    QVERIFY2(result, result ? "" : result.error().message().c_str());
    QVERIFY(result->skipped.empty());
    QVERIFY(bench.engine.windowPosts.at(0).vanillaProofs == (std::vector<Bytes>{{42}}));
    const std::string head = holder.heads().at(0);
    QVERIFY(head.starts_with("POST /remote/vanilla/single HTTP/1.1\r\n"));
    QVERIFY(head.find("Authorization: Bearer no-token\r\n") != std::string::npos);
    QVERIFY(head.find("Content-Type") == std::string::npos);
    const std::string body = toGoJson(toJson(SingleVanillaRequest{1000, callFor({7}).sectors[0], PostProof{10}}));
    QVERIFY2(head.ends_with("\r\n\r\n" + body), head.c_str());
    QCOMPARE(gone.heads().size(), std::size_t(1));
}

void PostTasksTest::whatTheHoldersSaidIsTold() {
    const test::ScriptServer holder([](int, const std::string&, bool&) { return answerOf("500 Internal Server Error", "the disk is broken\n"); });
    PostBench bench;
    bench.elsewhere(7, "a-holder", holder.url("/remote"));
    const auto result = tasks::winningPost(callFor({7}, 0), bench.tools, {});
    QVERIFY(!result);
    QCOMPARE(result.error().message(), "1 error occurred:\n\t* get winning sector:7,vanilla failed: 2 errors occurred:\n\t* sector not found\n\t* non-200 code from " +
                                           holder.url("/remote/vanilla/single") + ": 'the disk is broken'\n\n\n\n");
}

void PostTasksTest::aWinningProofNamesWhatItCouldNotRead() {
    PostBench bench;
    (void)bench.index.takeCalls();
    const auto one = tasks::winningPost(callFor({99}, 0), bench.tools, {});
    QVERIFY(!one);
    QCOMPARE(QString::fromStdString(one.error().message()), QStringLiteral("1 error occurred:\n\t* get winning sector:99,vanilla failed: sector not found\n\n"));
    QCOMPARE(joinedLines(bench.index.takeCalls()), joinedLines(recordedIndexCalls("GenerateWinningPoSt")));
    const auto two = tasks::winningPost(callFor({98, 99}, 0), bench.tools, {});
    QCOMPARE(QString::fromStdString(two.error().message()),
             QStringLiteral("2 errors occurred:\n\t* get winning sector:98,vanilla failed: sector not found\n\t* get winning sector:99,vanilla failed: sector not found\n\n"));
}

void PostTasksTest::aSnarkThatFailsIsAnError() {
    PostBench bench;
    bench.layReplica(1);
    bench.engine.fail("windowPost", ErrorCode::NotInstalled, "No cached parameters found");
    bench.engine.fail("winningPost", ErrorCode::NotInstalled, "No cached parameters found");
    QCOMPARE(QString::fromStdString(tasks::windowPost(callFor({1}), bench.tools, {}).error().message()),
             QStringLiteral("generate window PoSt with vanilla proofs: No cached parameters found"));
    QCOMPARE(QString::fromStdString(tasks::winningPost(callFor({1}, 0), bench.tools, {}).error().message()), QStringLiteral("No cached parameters found"));
}

void PostTasksTest::readsAreLimited() {
    PostBench bench;
    std::vector<std::uint64_t> sectors;
    for (std::uint64_t number = 1; number <= kManySectors; ++number) {
        bench.layReplica(number);
        sectors.push_back(number);
    }
    bench.tools.parallelReads = 8;
    bench.engine.readersToMeet = 8; // each waits for the others: they are side by side
    QVERIFY(tasks::windowPost(callFor(sectors), bench.tools, {}));
    QCOMPARE(bench.engine.mostReaders, 8);
    // Without a limit all of them are, and a winning proof is never limited.
    bench.tools.parallelReads = 0;
    bench.engine.readersToMeet = kManySectors;
    QVERIFY(tasks::windowPost(callFor(sectors), bench.tools, {}));
    QCOMPARE(bench.engine.mostReaders, kManySectors);
    bench.engine.mostReaders = 0;
    bench.tools.parallelReads = 1;
    QVERIFY(tasks::winningPost(callFor(sectors, 0), bench.tools, {}));
    QCOMPARE(bench.engine.mostReaders, kManySectors);
}

void PostTasksTest::aReadThatTakesTooLongIsSkipped() {
    PostBench bench;
    bench.layReplica(1);
    bench.layReplica(2);
    bench.engine.hangsAt = 2;
    bench.tools.readTimeout = std::chrono::milliseconds(300);
    const auto window = tasks::windowPost(callFor({2}), bench.tools, {});
    QVERIFY(window);
    QVERIFY(window->skipped == (std::vector<SectorId>{{1000, 2}}));
    const auto winning = tasks::winningPost(callFor({2}, 0), bench.tools, {});
    QVERIFY(!winning);
    QVERIFY(winning.error().message().find("vanilla failed: failed to generate vanilla proof before context cancellation: context deadline exceeded") !=
            std::string::npos);
}

void PostTasksTest::stoppingIsNoSkipping() {
    PostBench bench;
    bench.layReplica(2);
    bench.engine.hangsAt = 2;
    std::stop_source stop;
    std::jthread stopper([&] {
        while (bench.index.takeCalls().empty()) std::this_thread::yield();
        stop.request_stop();
    });
    (void)bench.index.takeCalls();
    const auto result = tasks::windowPost(callFor({2, 3}), bench.tools, {stop.get_token(), [](const Progress&) {}});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Cancelled);
}

void PostTasksTest::nonsenseIsRefused() {
    PostBench bench;
    QCOMPARE(tasks::windowPost(callFor({1}, 15), bench.tools, {}).error().code(), ErrorCode::Unsupported);
    QCOMPARE(tasks::winningPost(callFor({1}, -1), bench.tools, {}).error().code(), ErrorCode::Unsupported);
    auto call = callFor({1});
    call.randomness.resize(31);
    QCOMPARE(tasks::windowPost(call, bench.tools, {}).error().code(), ErrorCode::InvalidArgument);
    call = callFor({1});
    call.partition = -1;
    QCOMPARE(tasks::windowPost(call, bench.tools, {}).error().code(), ErrorCode::InvalidArgument);
    QVERIFY(bench.engine.vanillaPosts.empty());
}

void PostTasksTest::othersGetWhatLiesHere() {
    PostBench bench;
    bench.layReplica(1);
    (void)bench.index.takeCalls();
    const auto call = callFor({1, 2});
    const auto here = tasks::vanillaProofHere({1000, call.sectors[0], PostProof{10}}, bench.tools, {});
    QVERIFY(here);
    QVERIFY(*here == Bytes{1});
    const auto missing = tasks::vanillaProofHere({1000, call.sectors[1], PostProof{10}}, bench.tools, {});
    QCOMPARE(QString::fromStdString(missing.error().message()), QStringLiteral("fsstat: path not found"));
    QVERIFY(bench.index.takeCalls().empty()); // a proof must be had while the miner restarts
}

void PostTasksTest::othersGetTheOpeningsOfC1() {
    PostBench bench;
    bench.layReplica(1);
    const PorepVanillaRequest request{{{1000, 1}, SealProof{5}}, filled(1), filled(2), Bytes(32, 3), Bytes(32, 4)};
    const auto made = tasks::porepVanillaHere(request, bench.tools, {});
    QVERIFY(made);
    QCOMPARE(QString::fromStdString(*made), QStringLiteral("c1-output"));
    const auto& order = bench.engine.commit1s.at(0);
    QVERIFY(order.commR == filled(1) && order.commD == filled(2) && order.ticket == filled(3) && order.seed == filled(4));
    QVERIFY(order.pieces == (std::vector<PieceInfo>{{{2048}, filled(2)}}));
    auto missing = request;
    missing.sector.id.number = 9;
    QCOMPARE(QString::fromStdString(tasks::porepVanillaHere(missing, bench.tools, {}).error().message()), QStringLiteral("fsstat: path not found"));
}

QTEST_GUILESS_MAIN(PostTasksTest)
#include "tst_post_tasks.moc"
