// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/task_bench.h"

using namespace lsw;
using namespace lsw::tests;
using sector::Run;
using sector::RunSet;

class UnsealedTasksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstPieceMakesTheFile();
    void aLaterPieceGoesBehindTheOthers();
    void aLaterPieceNeedsTheEarlierOnes();
    void whatDoesNotFitIsRefusedBeforeAnythingIsTouched_data();
    void whatDoesNotFitIsRefusedBeforeAnythingIsTouched();
    void aFullDiskLeavesNoFirstPieceBehind();
    void aFullDiskLeavesEarlierPiecesAsTheyWere();
    void aBrokenTransferIsTheReason();
    void dataCidHasTheSizeOfThePiece();
    void anUnsealedRangeThatIsThereIsLeftAlone();
    void unsealingMakesTheFileAndMarksTheRange();
    void onlyWhatIsMissingIsUnsealedInOneGo();
    void aFailedUnsealingLeavesNothing();
    void unsealingWithoutAReplicaSaysSo();
    void aRangeThatIsNoPieceIsRefused_data();
    void aRangeThatIsNoPieceIsRefused();
    void releasingAllRemovesTheFile();
    void releasingKeepsWhatIsAskedFor();
    void releasingWhatIsNotThereIsFine();
};

void UnsealedTasksTest::theFirstPieceMakesTheFile() {
    TaskBench bench;
    const auto result = bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, TaskBench::bytes(508));
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(std::get<PieceInfo>(*result) == (PieceInfo{{512}, filled(0x11)}));
    QVERIFY(bench.allocated() == RunSet({Run{0, 512}}));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Unsealed), std::size_t(1));
    QCOMPARE(bench.engine.addPieces.at(0).unsealed.string(), bench.file(FileType::Unsealed).string());
}

void UnsealedTasksTest::aLaterPieceGoesBehindTheOthers() {
    TaskBench bench;
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, TaskBench::zeros()));
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {508}, 508, {}}, TaskBench::bytes(508)));
    const auto result = bench.run(AddPieceCall{bench.sectorRef, {508, 508}, 1016, {}}, TaskBench::zeros());
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(bench.engine.addPieces.at(1).offset.value, std::uint64_t(512));
    QCOMPARE(bench.engine.addPieces.at(2).offset.value, std::uint64_t(1024));
    QVERIFY(bench.engine.addPieces.at(2).source.isZeros());
    QVERIFY(bench.allocated() == RunSet({Run{0, 2048}}));
}

void UnsealedTasksTest::aLaterPieceNeedsTheEarlierOnes() {
    TaskBench bench;
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, TaskBench::zeros()));
    const auto result = bench.run(AddPieceCall{bench.sectorRef, {508, 508}, 508, {}}, TaskBench::zeros());
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::Corrupt);
    QVERIFY(bench.allocated() == RunSet({Run{0, 512}}));
}

void UnsealedTasksTest::whatDoesNotFitIsRefusedBeforeAnythingIsTouched_data() {
    QTest::addColumn<QList<quint64>>("existing");
    QTest::addColumn<quint64>("size");
    QTest::addColumn<QString>("said");
    QTest::newRow("full") << QList<quint64>{2032} << quint64(127)
                          << "can't add 127 byte piece to sector {{1000 1} 5} with 2032 bytes of existing pieces";
    QTest::newRow("too large") << QList<quint64>{} << quint64(4064)
                               << "can't add 4064 byte piece to sector {{1000 1} 5} with 0 bytes of existing pieces";
    QTest::newRow("no piece size") << QList<quint64>{} << quint64(500) << "500 bytes are no piece size";
    QTest::newRow("nothing") << QList<quint64>{} << quint64(0) << "0 bytes are no piece size";
    QTest::newRow("overflow") << QList<quint64>{~quint64(0)} << quint64(127) << "cannot be in the sector";
}

void UnsealedTasksTest::whatDoesNotFitIsRefusedBeforeAnythingIsTouched() {
    QFETCH(QList<quint64>, existing);
    QFETCH(quint64, size);
    QFETCH(QString, said);
    TaskBench bench;
    const int before = bench.index.finds;
    const auto result = bench.run(AddPieceCall{bench.sectorRef, {existing.begin(), existing.end()}, size, {}}, TaskBench::zeros());
    QVERIFY(!result);
    QVERIFY2(messageOf(result).contains(said), qPrintable(messageOf(result)));
    QCOMPARE(bench.index.finds, before);
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Unsealed)));
}

void UnsealedTasksTest::aFullDiskLeavesNoFirstPieceBehind() {
    TaskBench bench;
    bench.engine.fail("addPiece", ErrorCode::NoSpace, "writing: No space left on device");
    const auto result = bench.run(AddPieceCall{bench.sectorRef, {}, 1016, {}}, TaskBench::bytes(1016));
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::NoSpace);
    QCOMPARE(tasks::callErrorFor(result.error(), "w1").code, 102);
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Unsealed)));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Unsealed), std::size_t(0));
    bench.engine.heal();
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 1016, {}}, TaskBench::bytes(1016)));
}

void UnsealedTasksTest::aFullDiskLeavesEarlierPiecesAsTheyWere() {
    TaskBench bench;
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, TaskBench::bytes(508)));
    bench.engine.fail("addPiece", ErrorCode::NoSpace, "writing: No space left on device");
    QVERIFY(!bench.run(AddPieceCall{bench.sectorRef, {508}, 508, {}}, TaskBench::bytes(508)));
    QVERIFY(bench.allocated() == RunSet({Run{0, 512}}));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Unsealed), std::size_t(1));
}

void UnsealedTasksTest::aBrokenTransferIsTheReason() {
    TaskBench bench;
    const auto result =
        bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, TaskBench::bytes(100, Error(ErrorCode::Io, "unexpected EOF")));
    QVERIFY(!result);
    QVERIFY2(messageOf(result).endsWith(QLatin1String("pr read error: unexpected EOF")), qPrintable(messageOf(result)));
    bench.engine.fail("addPiece", ErrorCode::NoSpace, "No space left on device");
    const auto full = bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, TaskBench::bytes(100, Error(ErrorCode::Io, "broken pipe")));
    QCOMPARE(full.error().code(), ErrorCode::NoSpace);
    bench.engine.heal();
    // A sender that goes on after the whole piece does no harm.
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, TaskBench::bytes(600, Error(ErrorCode::Io, "broken pipe"))));
    QVERIFY(!bench.run(AddPieceCall{bench.sectorRef, {}, 508, {}}, nullptr));
}

void UnsealedTasksTest::dataCidHasTheSizeOfThePiece() {
    TaskBench bench;
    const auto zeros = bench.run(DataCidCall{2032, {}}, TaskBench::zeros());
    QVERIFY(std::get<PieceInfo>(*zeros) == (PieceInfo{{2048}, filled(0x22)}));
    const auto pushed = bench.run(DataCidCall{2032, {}}, TaskBench::bytes(7));
    QVERIFY(std::get<PieceInfo>(*pushed) == (PieceInfo{{2048}, filled(0x33)}));
    QVERIFY(!bench.run(DataCidCall{2000, {}}, TaskBench::zeros()));
    // What did not come because the sender broke off is not zeros; what it would have sent beyond the piece does not matter.
    const auto broken = bench.run(DataCidCall{2032, {}}, TaskBench::bytes(7, Error(ErrorCode::Io, "unexpected EOF")));
    QVERIFY(!broken);
    QCOMPARE(broken.error().message(), std::string("pr read error: unexpected EOF"));
    QVERIFY(bench.run(DataCidCall{2032, {}}, TaskBench::bytes(2032, Error(ErrorCode::Io, "unexpected EOF"))));
}

void UnsealedTasksTest::anUnsealedRangeThatIsThereIsLeftAlone() {
    TaskBench bench;
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 1016, {}}, TaskBench::zeros()));
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, 508, 508, asVector(filled(1)), filled(2)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(std::holds_alternative<std::monostate>(*result));
    QVERIFY(bench.engine.unseals.empty());
}

void UnsealedTasksTest::unsealingMakesTheFileAndMarksTheRange() {
    TaskBench bench;
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, 1016, 508, asVector(filled(1)), filled(2)});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QCOMPARE(bench.engine.unseals.size(), std::size_t(1));
    const UnsealOrder& order = bench.engine.unseals[0];
    QCOMPARE(order.offset.value, std::uint64_t(1016));
    QCOMPARE(order.size.value, std::uint64_t(508));
    QVERIFY(order.padded && order.ticket == filled(1) && order.commD == filled(2));
    QCOMPARE(order.sealed.string(), bench.file(FileType::Sealed).string());
    QCOMPARE(order.output.string(), bench.file(FileType::Unsealed).string());
    QVERIFY(order.scratch.string().starts_with((bench.folder() / "sealing-path").string()) && bench.engine.scratchWasThere);
    QCOMPARE(bench.strays(), std::size_t(0));
    QVERIFY(bench.allocated() == RunSet({Run{1024, 1536}}));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Unsealed), std::size_t(1));
    QVERIFY(std::filesystem::exists(bench.file(FileType::Sealed))); // the only copy stays
}

void UnsealedTasksTest::onlyWhatIsMissingIsUnsealedInOneGo() {
    TaskBench bench;
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    QVERIFY(bench.run(UnsealPieceCall{bench.sectorRef, 0, 127, asVector(filled(1)), filled(2)}));
    QVERIFY(bench.run(UnsealPieceCall{bench.sectorRef, 1016, 127, asVector(filled(1)), filled(2)}));
    QVERIFY(bench.run(UnsealPieceCall{bench.sectorRef, 0, 2032, asVector(filled(1)), filled(2)}));
    QCOMPARE(bench.engine.unseals.size(), std::size_t(3));
    QCOMPARE(bench.engine.unseals[2].offset.value, std::uint64_t(127));
    QCOMPARE(bench.engine.unseals[2].size.value, std::uint64_t(1905));
    QVERIFY(bench.allocated() == RunSet({Run{0, 2048}}));
}

void UnsealedTasksTest::aFailedUnsealingLeavesNothing() {
    TaskBench bench;
    bench.lay(FileType::Sealed);
    bench.lay(FileType::Cache);
    bench.engine.fail("unseal", ErrorCode::ChildDied, "the prover ended");
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, 0, 508, asVector(filled(1)), filled(2)});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::ChildDied);
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Unsealed)));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Unsealed), std::size_t(0));
    QCOMPARE(bench.strays(), std::size_t(0));
}

void UnsealedTasksTest::unsealingWithoutAReplicaSaysSo() {
    TaskBench bench;
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, 0, 508, asVector(filled(1)), filled(2)});
    QVERIFY(!result);
    QVERIFY2(messageOf(result).contains(QLatin1String("sector not found")), qPrintable(messageOf(result)));
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Unsealed)));
}

void UnsealedTasksTest::aRangeThatIsNoPieceIsRefused_data() {
    QTest::addColumn<quint64>("offset");
    QTest::addColumn<quint64>("size");
    QTest::newRow("nothing") << quint64(0) << quint64(0);
    QTest::newRow("not aligned") << quint64(5) << quint64(127);
    QTest::newRow("no whole group") << quint64(0) << quint64(128);
    QTest::newRow("beyond the end") << quint64(1016) << quint64(2032);
    QTest::newRow("overflow") << quint64(127) << ~quint64(0) / 127 * 127;
}

void UnsealedTasksTest::aRangeThatIsNoPieceIsRefused() {
    QFETCH(quint64, offset);
    QFETCH(quint64, size);
    TaskBench bench;
    const auto result = bench.run(UnsealPieceCall{bench.sectorRef, offset, size, asVector(filled(1)), filled(2)});
    QVERIFY(!result);
    QCOMPARE(result.error().code(), ErrorCode::InvalidArgument);
}

void UnsealedTasksTest::releasingAllRemovesTheFile() {
    TaskBench bench;
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 2032, {}}, TaskBench::zeros()));
    const auto result = bench.run(ReleaseUnsealedCall{bench.sectorRef, {}});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(!std::filesystem::exists(bench.file(FileType::Unsealed)));
    QCOMPARE(bench.index.holders(bench.sectorRef.id, FileType::Unsealed), std::size_t(0));
    QVERIFY(bench.run(ReleaseUnsealedCall{bench.sectorRef, {}}));
}

void UnsealedTasksTest::releasingKeepsWhatIsAskedFor() {
    TaskBench bench(true);
    QVERIFY(bench.run(AddPieceCall{bench.sectorRef, {}, 2032, {}}, TaskBench::zeros()));
    const auto result = bench.run(ReleaseUnsealedCall{bench.sectorRef, {{0, 508}, {1016, 1016}}});
    QVERIFY2(result, qPrintable(messageOf(result)));
    QVERIFY(bench.allocated() == RunSet({Run{0, 512}, Run{1024, 2048}}));
    QVERIFY(!bench.run(ReleaseUnsealedCall{bench.sectorRef, {{1016, 2032}}}));
}

void UnsealedTasksTest::releasingWhatIsNotThereIsFine() {
    TaskBench bench(true);
    const auto result = bench.run(ReleaseUnsealedCall{bench.sectorRef, {{0, 508}}});
    QVERIFY2(result, qPrintable(messageOf(result)));
}

QTEST_GUILESS_MAIN(UnsealedTasksTest)
#include "tst_unsealed_tasks.moc"
