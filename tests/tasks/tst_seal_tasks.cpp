// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/checkpoint_file.h"
#include "proofs/native/replica_id.h"
#include "tasks/task_bench.h"

using namespace lsw;
using namespace lsw::tests;

namespace {

const Bytes kTicket = asVector(filled(7));
const std::string kPhase1 = R"({"_lotus_SealRandomness":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=","registered_proof":"x"})";
Bytes bytesOf(const std::string& text) { return Bytes(text.begin(), text.end()); }

const std::vector<PieceInfo> kWhole{{{2048}, filled(1)}};
constexpr auto kSealedAndCache = FileType::Sealed | FileType::Cache;

} // namespace

class SealTasksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void preCommit1GivesSortedJsonWithTheTicket();
    void preCommit1RemovesWhatAnEarlierAttemptLeft();
    void preCommit1GoesOnWhereTheSameOrderWasInterrupted_data();
    void preCommit1GoesOnWhereTheSameOrderWasInterrupted();
    void preCommit1RefusesPiecesThatDoNotFillTheSector();
    void aTicketOfTheWrongLengthIsRefused();
    void preCommit1WithoutTheDataSaysSo();
    void preCommit2ChecksWhatItMade();
    void preCommit2OfSyntheticProofsMakesThemAndClears();
    void preCommit2WithoutATicketIsNotChecked();
    void aFailedCheckFailsPreCommit2();
    void commit1PassesItsInputs();
    void commit2IsTheEnginesProof();
    void finalizingClearsTheCache_data();
    void finalizingClearsTheCache();
    void movingBringsTheFilesIntoStorage();
    void fetchingWhatNobodyHasSaysSo();
    void aStoppedTaskDoesNotBegin();
    void anExceptionIsAnError();
    void errorsReachTheMinerAsLotusWritesThem();
};

void SealTasksTest::preCommit1GivesSortedJsonWithTheTicket() {
    TaskBench bench;
    bench.labelMemory = 5ULL << 30;
    bench.lay(FileType::Unsealed);
    const auto result = bench.run(SealPreCommit1Call{bench.sectorRef, kTicket, kWhole});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(std::string(asText(std::get<Bytes>(*result))),
             std::string(R"({"_lotus_SealRandomness":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=","comm_d":[1,2],)"
                         R"("labels":{"a":[{"id":"x","size":64}],"b":1},"registered_proof":"StackedDrg2KiBV1_1"})"));
    const PreCommit1Order& order = bench.engine.preCommit1s.at(0);
    QCOMPARE(order.unsealed.string(), bench.file(FileType::Unsealed).string());
    QCOMPARE(order.sealed.string(), bench.file(FileType::Sealed).string());
    QCOMPARE(order.cache.string(), bench.file(FileType::Cache).string());
    QVERIFY(order.ticket == filled(7) && order.pieces == kWhole);
    QCOMPARE(order.memory, bench.labelMemory);
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Sealed), std::size_t(1));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Cache), std::size_t(1));
}

void SealTasksTest::preCommit1RemovesWhatAnEarlierAttemptLeft() {
    TaskBench bench;
    bench.lay(FileType::Unsealed);
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    const auto result = bench.run(SealPreCommit1Call{bench.sectorRef, kTicket, kWhole});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Cache) / "p_aux"));
    QVERIFY(std::filesystem::exists(bench.file(FileType::Cache) / "layer"));
}

void SealTasksTest::preCommit1GoesOnWhereTheSameOrderWasInterrupted_data() {
    QTest::addColumn<int>("ticket");
    QTest::addColumn<quint64>("number");
    QTest::addColumn<int>("proof");
    QTest::addColumn<int>("commitment");
    QTest::addColumn<bool>("isDeclared");
    QTest::addColumn<bool>("isKept");
    QTest::newRow("the same") << 7 << quint64(1) << 5 << 1 << true << true;
    QTest::newRow("another ticket") << 8 << quint64(1) << 5 << 1 << true << false;
    QTest::newRow("another sector") << 7 << quint64(2) << 5 << 1 << true << false;
    QTest::newRow("another proof") << 7 << quint64(1) << 0 << 1 << true << false;
    QTest::newRow("other pieces") << 7 << quint64(1) << 5 << 2 << true << false;
    QTest::newRow("the miner knows of none here") << 7 << quint64(1) << 5 << 1 << false << false;
}

void SealTasksTest::preCommit1GoesOnWhereTheSameOrderWasInterrupted() {
    QFETCH(int, ticket);
    QFETCH(quint64, number);
    QFETCH(int, proof);
    QFETCH(int, commitment);
    QFETCH(bool, isDeclared);
    QFETCH(bool, isKept);
    TaskBench bench;
    bench.lay(FileType::Unsealed);
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    if (!isDeclared) (void)bench.index.drop("sealing-path", bench.sectorRef.id, FileType::Cache, {});
    const auto id = replicaId(SealProof{proof}, {1000, number}, filled(static_cast<std::uint8_t>(ticket)), filled(static_cast<std::uint8_t>(commitment)));
    const auto begun = CheckpointFile{id, {"layer 1 64 x"}}.write(bench.file(FileType::Cache) / sector::kLabelCheckpointName);
    QVERIFY(begun);
    const auto result = bench.run(SealPreCommit1Call{bench.sectorRef, kTicket, kWhole});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(std::filesystem::exists(bench.file(FileType::Cache) / sector::kLabelCheckpointName), isKept);
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Cache), std::size_t(1));
    QCOMPARE(bench.engine.preCommit1s.at(0).cache.string(), bench.file(FileType::Cache).string());
}

void SealTasksTest::preCommit1RefusesPiecesThatDoNotFillTheSector() {
    TaskBench bench;
    bench.lay(FileType::Unsealed);
    const auto result = bench.run(SealPreCommit1Call{bench.sectorRef, kTicket, {kWhole[0], kWhole[0]}});
    QCOMPARE(messageOf(result), QStringLiteral("aggregated piece sizes don't match sector size: 4064 != 2032 (-2032)"));
    const auto none = bench.run(SealPreCommit1Call{bench.sectorRef, kTicket, {}});
    QCOMPARE(messageOf(none), QStringLiteral("aggregated piece sizes don't match sector size: 0 != 2032 (2032)"));
    QVERIFY(bench.engine.preCommit1s.empty());
}

void SealTasksTest::aTicketOfTheWrongLengthIsRefused() {
    TaskBench bench;
    const auto result = bench.run(SealPreCommit1Call{bench.sectorRef, Bytes(31), kWhole});
    QCOMPARE(messageOf(result), QStringLiteral("the ticket must have 32 bytes, but it has 31"));
    const auto seed = bench.run(SealCommit1Call{bench.sectorRef, kTicket, Bytes(33), kWhole, {}});
    QCOMPARE(messageOf(seed), QStringLiteral("the seed must have 32 bytes, but it has 33"));
}

void SealTasksTest::preCommit1WithoutTheDataSaysSo() {
    TaskBench bench;
    const auto result = bench.run(SealPreCommit1Call{bench.sectorRef, kTicket, kWhole});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::NotFound);
    QVERIFY2(messageOf(result).contains(QLatin1String("sector not found")), qPrintable(messageOf(result)));
}

void SealTasksTest::preCommit2ChecksWhatItMade() {
    TaskBench bench;
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    std::vector<std::string> steps;
    bench.context.report = [&](const Progress& p) { steps.push_back(p.phase + " " + p.step); };
    const auto result = bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf(kPhase1)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(std::get<SectorCids>(*result).sealed == filled(0x44) && std::get<SectorCids>(*result).unsealed == filled(0x55));
    QCOMPARE(bench.engine.preCommit2s.at(0).phase1Output, kPhase1);
    QCOMPARE(bench.engine.commit1s.size(), std::size_t(3));
    const auto& checks = bench.engine.commit1s;
    QVERIFY(checks[0].seed != checks[1].seed && checks[1].seed != checks[2].seed);
    QVERIFY(checks[0].ticket == filled(7) && checks[0].commR == filled(0x44) && checks[0].commD == filled(0x55));
    QVERIFY(checks[0].pieces == (std::vector<PieceInfo>{{{2048}, filled(0x55)}}));
    QVERIFY(bench.engine.clears.empty() && bench.engine.synthetics.empty());
    QVERIFY(steps == (std::vector<std::string>{"pc2 check 1 of 3", "pc2 check 2 of 3", "pc2 check 3 of 3"}));
}

void SealTasksTest::preCommit2OfSyntheticProofsMakesThemAndClears() {
    TaskBench bench;
    bench.sectorRef.proof = SealProof{10};
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    QVERIFY(bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf(kPhase1)}));
    QCOMPARE(bench.engine.synthetics.size(), std::size_t(1));
    QVERIFY(bench.engine.synthetics[0].commR == filled(0x44) && bench.engine.synthetics[0].ticket == filled(7));
    QCOMPARE(bench.engine.clears.size(), std::size_t(1));
    QVERIFY(!bench.engine.clears[0].syntheticOnly);
    QCOMPARE(bench.engine.commit1s.size(), std::size_t(3));

    bench.engine.fail("clearCache", ErrorCode::Io, "busy");
    const auto result = bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf(kPhase1)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(std::get<SectorCids>(*result).sealed == filled(0x44));

    QCOMPARE(messageOf(bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf("{}")})), QStringLiteral("synthetic mode: ticket not found"));
}

void SealTasksTest::preCommit2WithoutATicketIsNotChecked() {
    TaskBench bench;
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    const auto result = bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf("{}")});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(bench.engine.commit1s.empty());
    QVERIFY(!bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf(R"({"_lotus_SealRandomness":"AA=="})")}));
    QVERIFY(!bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf("[]")}));
}

void SealTasksTest::aFailedCheckFailsPreCommit2() {
    TaskBench bench;
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    bench.engine.fail("commit1", ErrorCode::VerificationFailed, "invalid proof");
    const auto result = bench.run(SealPreCommit2Call{bench.sectorRef, bytesOf(kPhase1)});
    QCOMPARE(messageOf(result), QStringLiteral("checking PreCommit failed: invalid proof"));
}

void SealTasksTest::commit1PassesItsInputs() {
    TaskBench bench;
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    const auto result = bench.run(SealCommit1Call{bench.sectorRef, kTicket, asVector(filled(8)), kWhole, {filled(3), filled(4)}});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(std::get<Bytes>(*result), bytesOf("c1-output"));
    const Commit1Order& order = bench.engine.commit1s.at(0);
    QVERIFY(order.seed == filled(8) && order.commD == filled(3) && order.commR == filled(4) && order.pieces == kWhole);
    QVERIFY(bench.run(SealCommit1Call{bench.sectorRef, kTicket, {}, kWhole, {}}));
    QVERIFY(bench.engine.commit1s.at(1).seed == Bytes32{});
}

void SealTasksTest::commit2IsTheEnginesProof() {
    TaskBench bench;
    const auto result = bench.run(SealCommit2Call{bench.sectorRef, bytesOf("c1")});
    QCOMPARE(std::get<Bytes>(*result), bytesOf("c1"));
    bench.engine.fail("commit2", ErrorCode::NotInstalled, "the parameter file is not there: /p");
    QCOMPARE(messageOf(bench.run(SealCommit2Call{bench.sectorRef, bytesOf("c1")})), QStringLiteral("the parameter file is not there: /p"));
}

void SealTasksTest::finalizingClearsTheCache_data() {
    QTest::addColumn<qint64>("proof");
    QTest::addColumn<QString>("failing");
    QTest::addColumn<bool>("works");
    QTest::addColumn<int>("clears");
    QTest::newRow("interactive") << qint64(5) << "" << true << 1;
    QTest::newRow("interactive, cannot") << qint64(5) << "clearCache" << false << 1;
    QTest::newRow("synthetic") << qint64(10) << "" << true << 2;
    QTest::newRow("synthetic, proofs stay") << qint64(10) << "clearSynthetic" << true << 2;
}

void SealTasksTest::finalizingClearsTheCache() {
    QFETCH(qint64, proof);
    QFETCH(QString, failing);
    QFETCH(bool, works);
    QFETCH(int, clears);
    TaskBench bench(true);
    bench.sectorRef.proof = SealProof{proof};
    bench.lay(FileType::Cache);
    if (!failing.isEmpty()) bench.engine.fail(failing.toStdString(), ErrorCode::Io, "busy");
    QCOMPARE(bench.run(FinalizeSectorCall{bench.sectorRef}).hasValue(), works);
    QCOMPARE(int(bench.engine.clears.size()), clears);
    QCOMPARE(bench.engine.clears.back().cache.string(), bench.file(FileType::Cache).string());
    QVERIFY(!bench.engine.clears.back().syntheticOnly);
}

void SealTasksTest::movingBringsTheFilesIntoStorage() {
    TaskBench bench(true);
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    const auto result = bench.run(MoveStorageCall{bench.sectorRef, kSealedAndCache});
    QVERIFY2(result, qPrintable(messageOf(result)));
    for (const FileType one : {FileType::Sealed, FileType::Cache}) {
        QVERIFY(std::filesystem::exists(bench.file(one, "storing-path")));
        QVERIFY(!std::filesystem::exists(bench.file(one)));
        QCOMPARE(bench.index.holders(bench.sectorRef.id, one), std::size_t(1));
        QVERIFY(bench.index.isPrimary(bench.sectorRef.id, one, "storing-path"));
    }
}

void SealTasksTest::fetchingWhatNobodyHasSaysSo() {
    TaskBench bench;
    const auto missing = bench.run(FetchCall{bench.sectorRef, FileType::Unsealed, PathType::Sealing, AcquireMode::Move});
    QVERIFY(!missing);
    QVERIFY2(messageOf(missing).contains(QLatin1String("sector not found")), qPrintable(messageOf(missing)));
    bench.lay(FileType::Unsealed);
    const auto here = bench.run(FetchCall{bench.sectorRef, FileType::Unsealed, PathType::Sealing, AcquireMode::Move});
    QVERIFY2(here, qPrintable(messageOf(here)));
}

void SealTasksTest::aStoppedTaskDoesNotBegin() {
    TaskBench bench;
    std::stop_source stop;
    stop.request_stop();
    bench.context.stop = stop.get_token();
    const auto result = bench.run(SealCommit2Call{bench.sectorRef, bytesOf("c1")});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Cancelled);
}

void SealTasksTest::anExceptionIsAnError() {
    TaskBench bench;
    bench.engine.throws = true;
    const auto result = bench.run(SealCommit2Call{bench.sectorRef, bytesOf("c1")});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Internal);
    QVERIFY(messageOf(result).contains(QLatin1String("thrown by a test")));
}

void SealTasksTest::errorsReachTheMinerAsLotusWritesThem() {
    const auto sizes = tasks::callErrorFor(Error(ErrorCode::InvalidArgument, "4064 != 2032").whileDoing("sizes"), "w1");
    QCOMPARE(sizes.code, 0);
    QCOMPARE(sizes.message, std::string("sizes: 4064 != 2032 [name: w1]: sizes: 4064 != 2032"));
    const auto space = tasks::callErrorFor(Error(ErrorCode::NoSpace, "can't reserve 5 bytes in '/p' (id:x), only 3 available").whileDoing("reserving storage space"), "w1");
    QCOMPARE(space.code, 102);
    QCOMPARE(space.message, std::string("can't reserve 5 bytes in '/p' (id:x), only 3 available"));
}

QTEST_GUILESS_MAIN(SealTasksTest)
#include "tst_seal_tasks.moc"
