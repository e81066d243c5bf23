// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/script_server.h"
#include "support/test_paths.h"
#include "tasks/recorded_index_calls.h"
#include "tasks/task_bench.h"

using namespace lsw;
using namespace lsw::tests;
using sector::Run;
using sector::RunSet;

namespace {

constexpr FileType kAll = FileType::Unsealed | FileType::Sealed | FileType::Cache | FileType::Update | FileType::UpdateCache;

/// A bench whose sector has these files in the sealing path.
struct UpdateBench : TaskBench {
    explicit UpdateBench(FileType types) {
        for (const FileType one : sector::kFileTypes)
            if (any(one & types)) lay(one);
        if (any(types & FileType::Unsealed)) {
            auto file = sector::PartialFile::create(this->file(FileType::Unsealed), {2048});
            if (!file || !file->markAllocated({0}, {2048})) qFatal("no unsealed file");
        }
        (void)index.takeCalls();
    }
    QByteArray calls() { return joinedLines(index.takeCalls()); }
};

std::string httpAnswer(const std::string& status, const std::string& type, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

} // namespace

class UpdateTasksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anUpdateTakesTheNewPieces();
    void aFailedUpdateSaysOfWhichSector();
    void vanillaProofsAreThoseOfTheEngine();
    void theSnarkTakesTheProofsOfTheCall();
    void finalizingClearsBothCaches();
    void theKeyComesBackFromTheData();
    void unsealingAnUpdateDecodesIt();
    void aReleasedKeyIsLabelledAnew();
    void withoutTheCacheThereIsNoKey();
    void anUpdateThatCannotBeDecodedLeavesNothing();
    void downloadedFilesLieInTheirPlaces();
    void whatCannotBeDownloadedIsToldAsLotusTellsIt();
    void aDownloadSaysWhatItIsTold();
    void aHeaderIsNoMoreThanOne();
};

void UpdateTasksTest::anUpdateTakesTheNewPieces() {
    UpdateBench bench(FileType::Unsealed | FileType::Sealed | FileType::Cache);
    const std::vector<PieceInfo> pieces{{{1024}, filled(1)}, {{1024}, filled(2)}};
    const auto result = bench.run(ReplicaUpdateCall{bench.sectorRef, pieces});
    QVERIFY2(result, qPrintable(messageOf(result)));
    const auto& made = std::get<ReplicaUpdateOut>(*result);
    QVERIFY(made.newSealed == filled(0x66) && made.newUnsealed == filled(0x77));
    QCOMPARE(bench.calls(), joinedLines(recordedIndexCalls("ReplicaUpdate")));
    const auto& order = bench.engine.replicaUpdates.at(0);
    QVERIFY(order.pieces == pieces && order.proof == SealProof{5});
    QCOMPARE(order.unsealed.string(), bench.file(FileType::Unsealed).string());
    QCOMPARE(order.sealed.string(), bench.file(FileType::Sealed).string());
    QCOMPARE(order.cache.string(), bench.file(FileType::Cache).string());
    QCOMPARE(order.update.string(), bench.file(FileType::Update).string());
    QCOMPARE(order.updateCache.string(), bench.file(FileType::UpdateCache).string());
    QVERIFY(!bench.index.isPrimary(bench.sectorRef.id, FileType::Update, "sealing-path"));
}

void UpdateTasksTest::aFailedUpdateSaysOfWhichSector() {
    UpdateBench bench(FileType::Unsealed | FileType::Sealed | FileType::Cache);
    bench.engine.fail("replicaUpdate", ErrorCode::Io, "it cannot be");
    const auto result = bench.run(ReplicaUpdateCall{bench.sectorRef, {}});
    QVERIFY(!result);
    QCOMPARE(messageOf(result), QStringLiteral("failed to update replica 1 with new deal data: it cannot be"));
    // What was not made is not declared.
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Update), std::size_t(0));
}

void UpdateTasksTest::vanillaProofsAreThoseOfTheEngine() {
    UpdateBench bench(kAll);
    const auto result = bench.run(ProveReplicaUpdate1Call{bench.sectorRef, filled(1), filled(2), filled(3)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(std::get<ReplicaVanillaProofs>(*result) == (ReplicaVanillaProofs{{1, 2}, {3}}));
    QCOMPARE(bench.calls(), joinedLines(recordedIndexCalls("ProveReplicaUpdate1")));
    const auto& order = bench.engine.proveUpdate1s.at(0);
    QVERIFY(order.sectorKey == filled(1) && order.commR == filled(2) && order.commD == filled(3));
    QCOMPARE(order.updateCache.string(), bench.file(FileType::UpdateCache).string());
    bench.engine.fail("proveUpdate1", ErrorCode::Corrupt, "wrong");
    QCOMPARE(messageOf(bench.run(ProveReplicaUpdate1Call{bench.sectorRef, {}, {}, {}})),
             QStringLiteral("failed to generate proof of replica update for sector 1: wrong"));
}

void UpdateTasksTest::theSnarkTakesTheProofsOfTheCall() {
    UpdateBench bench(FileType::None);
    const auto result = bench.run(ProveReplicaUpdate2Call{bench.sectorRef, filled(1), filled(2), filled(3), {Bytes{5}, Bytes{6, 7}}});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(std::get<Bytes>(*result).size(), std::size_t(192));
    QCOMPARE(bench.calls(), QByteArray()); // it needs no files
    const auto& order = bench.engine.proveUpdate2s.at(0);
    QVERIFY(order.vanillaProofs == (std::vector<Bytes>{{5}, {6, 7}}));
    QVERIFY(order.sectorKey == filled(1) && order.commR == filled(2) && order.commD == filled(3));
}

void UpdateTasksTest::finalizingClearsBothCaches() {
    UpdateBench bench(kAll);
    QVERIFY(bench.run(FinalizeReplicaUpdateCall{bench.sectorRef}));
    QCOMPARE(bench.calls(), joinedLines(recordedIndexCalls("FinalizeReplicaUpdate")));
    QCOMPARE(bench.engine.clears.size(), std::size_t(2));
    QCOMPARE(bench.engine.clears[0].cache.string(), bench.file(FileType::Cache).string());
    QCOMPARE(bench.engine.clears[1].cache.string(), bench.file(FileType::UpdateCache).string());
    // A synthetic sector has proofs of its own in its cache.
    bench.engine.clears.clear();
    bench.sectorRef.proof = SealProof{10};
    QVERIFY(bench.run(FinalizeReplicaUpdateCall{bench.sectorRef}));
    QCOMPARE(bench.engine.clears.size(), std::size_t(3));
    QVERIFY(bench.engine.clears[0].syntheticOnly && !bench.engine.clears[1].syntheticOnly);
}

void UpdateTasksTest::theKeyComesBackFromTheData() {
    UpdateBench bench(kAll & ~FileType::Sealed);
    const auto result = bench.run(GenerateSectorKeyCall{bench.sectorRef, filled(3)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    // Recorded with both caches elsewhere: what lies here already needs no search for a place and no transfer.
    auto wanted = recordedIndexCalls("GenerateSectorKeyFromData");
    wanted.erase(wanted.begin() + 6, wanted.end() - 1);
    QCOMPARE(bench.calls(), joinedLines(wanted));
    const auto& order = bench.engine.regeneratedKeys.at(0);
    QVERIFY(order.commD == filled(3));
    QCOMPARE(order.sealed.string(), bench.file(FileType::Sealed).string());
    QCOMPARE(order.update.string(), bench.file(FileType::Update).string());
    QVERIFY(bench.engine.scratchWasThere);
    QCOMPARE(bench.strays(), std::size_t(0));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Sealed), std::size_t(1));
}

void UpdateTasksTest::unsealingAnUpdateDecodesIt() {
    UpdateBench bench(kAll & ~FileType::Unsealed);
    // The copies were fetched from a miner that keeps its own.
    bench.index.addOther("a-miner", "http://127.0.0.1:1/remote");
    for (const FileType one : {FileType::Sealed, FileType::Cache, FileType::Update, FileType::UpdateCache})
        (void)bench.index.declare("a-miner", bench.sectorRef.id, one, true, {});
    (void)bench.index.takeCalls();
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, 0, 2032, asVector(filled(4)), filled(5)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(bench.calls(), joinedLines(recordedIndexCalls("UnsealPiece of an update")));
    const auto& order = bench.engine.decodes.at(0);
    QVERIFY(order.commD == filled(5));
    QCOMPARE(order.output.string(), bench.file(FileType::Unsealed).string());
    QVERIFY(bench.allocated() == RunSet({Run{0, 2048}}));
    QVERIFY(bench.engine.unseals.empty());
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Update)) && !std::filesystem::exists(bench.file(FileType::Sealed)));
}

void UpdateTasksTest::aReleasedKeyIsLabelledAnew() {
    UpdateBench bench(FileType::Cache | FileType::Update | FileType::UpdateCache);
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, 0, 508, asVector(filled(4)), filled(5)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    const auto& labels = bench.engine.regeneratedReplicas.at(0);
    QVERIFY(labels.ticket == filled(4) && labels.sector == bench.sectorRef.id);
    QVERIFY(bench.engine.scratchWasThere);
    QCOMPARE(QString::fromStdString(bench.engine.keyWas), QStringLiteral("labelled anew"));
    QVERIFY(bench.allocated() == RunSet({Run{0, 2048}})); // decoding gives all of it
    QCOMPARE(bench.strays(), std::size_t(0));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Sealed), std::size_t(0));
}

void UpdateTasksTest::withoutTheCacheThereIsNoKey() {
    UpdateBench bench(FileType::Update | FileType::UpdateCache);
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, 0, 2032, asVector(filled(4)), filled(5)});
    QVERIFY(!result);
    QVERIFY2(messageOf(result).contains(QStringLiteral("without its cache it cannot be made again")), qPrintable(messageOf(result)));
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Unsealed)));
}

void UpdateTasksTest::anUpdateThatCannotBeDecodedLeavesNothing() {
    UpdateBench bench(kAll & ~FileType::Unsealed);
    bench.engine.fail("decodeUpdate", ErrorCode::VerificationFailed, "other data");
    QVERIFY(!bench.run(UnsealPieceCall{bench.sectorRef, 0, 2032, asVector(filled(4)), filled(5)}));
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Unsealed)));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Unsealed), std::size_t(0));
    QVERIFY(std::filesystem::exists(bench.file(FileType::Update))); // and takes nothing
}

void UpdateTasksTest::downloadedFilesLieInTheirPlaces() {
    std::ifstream tar(std::string(lsw::test::kTestData) + "/storage/go-cache.tar", std::ios::binary);
    const std::string cache{std::istreambuf_iterator<char>(tar), {}}, sealed(2048, 's');
    const test::ScriptServer server([&](int, const std::string& head, bool&) {
        if (head.starts_with("GET /sealed ")) return httpAnswer("200 OK", "application/octet-stream", sealed);
        if (head.starts_with("GET /cache ")) return httpAnswer("200 OK", "application/x-tar", cache);
        return httpAnswer("404 Not Found", "text/plain", "no");
    });
    TaskBench bench(true);
    (void)bench.index.takeCalls();
    const auto result = bench.run(DownloadSectorCall{
        bench.sectorRef, true, {{FileType::Sealed, {false, server.url("/sealed"), {{"X-Test", "1"}, {"X-Empty", ""}}}}, {FileType::Cache, {false, server.url("/cache"), {}}}}});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(joinedLines(bench.index.takeCalls()), joinedLines(recordedIndexCalls("DownloadSectorData")));
    std::ifstream in(bench.file(FileType::Sealed, "storing-path"), std::ios::binary);
    QVERIFY((std::string{std::istreambuf_iterator<char>(in), {}}) == sealed);
    for (const char* name : {"p_aux", "t_aux", "sc-02-data-tree-r-last.dat"})
        QVERIFY2(std::filesystem::exists(bench.file(FileType::Cache, "storing-path") / name), name);
    const auto heads = server.heads();
    QCOMPARE(heads.size(), std::size_t(2));
    QVERIFY(heads[0].find("X-Test: 1\r\n") != std::string::npos && heads[0].find("X-Empty:\r\n") != std::string::npos);
    // Our token is the miner's business and that of its workers.
    for (const std::string& head : heads) QVERIFY(head.find("Authorization") == std::string::npos);
}

void UpdateTasksTest::whatCannotBeDownloadedIsToldAsLotusTellsIt() {
    const test::ScriptServer server([](int, const std::string&, bool&) { return httpAnswer("404 Not Found", "text/plain", "404 page not found\n"); });
    TaskBench bench;
    bench.sectorRef.id.number = 3;
    const std::string url = server.url("/nope");
    const auto result = bench.run(DownloadSectorCall{bench.sectorRef, false, {{FileType::Sealed, {false, url, {}}}}});
    QVERIFY(!result);
    const std::string at = (bench.folder() / "sealing-path/sealed/fetching/s-t01000-3").string();
    QCOMPARE(result.error().message(), "downloading sector data: failed to fetch sector file (tried [" + url + "]): 1 error occurred:\n\t* fetch error " + url +
                                           " -> " + at + ": non-200 code: 404\n\n");
    QVERIFY(!std::filesystem::exists(at));
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Sealed)));
}

void UpdateTasksTest::aDownloadSaysWhatItIsTold() {
    TaskBench bench;
    const auto result = bench.run(DownloadSectorCall{bench.sectorRef, false, {{FileType::Cache, {true, "", {}}}}});
    QVERIFY(!result);
    QCOMPARE(messageOf(result), QStringLiteral("sector 1 is to be downloaded, but its cache is said to be here already"));
}

void UpdateTasksTest::aHeaderIsNoMoreThanOne() {
    const test::ScriptServer server([](int, const std::string&, bool&) { return httpAnswer("200 OK", "application/octet-stream", "x"); });
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"X", "1\r\nHost: other"}, {"X\r\nY", "1"}, {"", "1"}, {"X: 1\r\n", ""}, {"X Y", "1"}}) {
        TaskBench bench;
        const auto result = bench.run(DownloadSectorCall{bench.sectorRef, false, {{FileType::Sealed, {false, server.url("/"), {{name, value}}}}}});
        QVERIFY(!result);
        QCOMPARE(result.error().code(), ErrorCode::InvalidArgument);
    }
    QVERIFY(server.heads().empty());
}

QTEST_GUILESS_MAIN(UpdateTasksTest)
#include "tst_update_tasks.moc"
