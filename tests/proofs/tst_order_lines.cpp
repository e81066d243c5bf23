// SPDX-License-Identifier: MIT OR Apache-2.0
#include <filesystem>
#include <sys/stat.h>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "proofs/order_lines.h"

using namespace lsw;
using namespace lsw::proofs;

namespace {

Bytes32 filled(std::uint8_t v) {
    Bytes32 out{};
    out.fill(v);
    return out;
}

const SealProof kProof{5};
const SectorId kSector{1000, 0xffffffffffffffffULL};
const std::vector<PieceInfo> kPieces{{{1024}, filled(1)}, {{1024}, filled(2)}};

std::vector<Order> everyOrder() {
    return {
        AddPieceOrder{kProof, "/s/unsealed \"1\"", {1024}, {1016}, {3, true}},
        PieceCommitmentOrder{{127}, {}},
        PreCommit1Order{kProof, kSector, filled(7), kPieces, "/u", "/s", "/c", 1ULL << 40, {3, 64}},
        PreCommit1BatchOrder{{{kProof, kSector, filled(7), kPieces, "/u", "/s", "/c"}, {kProof, {1000, 2}, filled(8), {}, "/u2", "/s2", "/c2"}}},
        PreCommit2Order{"{\"a\":\"ü\\n\"}", "/s", "/c", false},
        SyntheticProofsOrder{kProof, kSector, filled(7), kPieces, filled(8), filled(9), "/s", "/c"},
        Commit1Order{kProof, kSector, filled(7), filled(6), kPieces, filled(8), filled(9), "/s", "/c"},
        Commit2Order{"{}", kSector},
        VerifySealOrder{kProof, kSector, filled(1), filled(2), filled(3), filled(4), Bytes{0, 255}},
        ClearCacheOrder{"/c", true},
        UnsealOrder{kProof, kSector, filled(1), filled(2), "/s", "/c", "/tmp", "/o", false, {127}, {254}},
        ReplicaUpdateOrder{kProof, kPieces, "/u", "/s", "/c", "/up", "/uc"},
        DecodeUpdateOrder{kProof, filled(1), "/up", "/s", "/c", "/o"},
        RegenerateKeyOrder{kProof, filled(1), "/u", "/up", "/s", "/c", "/tmp"},
        RegenerateReplicaOrder{kProof, kSector, filled(1), "/s", "/tmp"},
        ProveUpdate1Order{kProof, filled(1), filled(2), filled(3), "/s", "/c", "/up", "/uc"},
        ProveUpdate2Order{kProof, filled(1), filled(2), filled(3), {{0, 255}, {}, {7}}},
        VerifyUpdateOrder{kProof, filled(1), filled(2), filled(3), {0, 255}},
        VanillaPostOrder{PostProof{10}, 0xffffffffffffffffULL, {0, 63, 0xffffffffffffffffULL}, filled(1), "/s", "/c"},
        WinningPostOrder{PostProof{0}, 1000, filled(1), {{1, 2}}},
        WindowPostOrder{PostProof{10}, 1000, filled(1), {{1, 2}, {3}}, 4},
        VerifyPostOrder{PostProof{10}, 1000, filled(1), {{5, filled(2)}, {6, filled(3)}}, {0, 255}},
        TestParametersOrder{{2048}, Circuit::WindowPost},
    };
}

template <typename T>
T throughALine(const Order& order) {
    return std::get<T>(decodeOrder(*encodeOrder({order, {}, "official"}))->order);
}

} // namespace

class OrderLinesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOrderComesBackAsItWas_data();
    void everyOrderComesBackAsItWas();
    void theValuesArrive();
    void aWrongLineNamesTheField_data();
    void aWrongLineNamesTheField();
    void anUnknownOrderIsUnsupported();
    void pathsNeedNotBeUtf8();
    void longTextsTravelAsPrivateFiles();
    void bulkWithoutAScratchFolderIsAnError();
    void answersComeBackAsTheyWere();
    void eachMemberOfABatchHasLinesOfItsOwn();
    void anAnswerOfAnotherOrderIsRefused();
    void aWrongAnswerNamesTheField_data();
    void aWrongAnswerNamesTheField();
};

void OrderLinesTest::everyOrderComesBackAsItWas_data() {
    QTest::addColumn<int>("index");
    int i = 0;
    for (const Order& order : everyOrder()) QTest::newRow(std::string(orderName(order)).c_str()) << i++;
    QCOMPARE(std::size_t(i), std::variant_size_v<Order>);
}

void OrderLinesTest::everyOrderComesBackAsItWas() {
    QFETCH(int, index);
    const OrderLine line{everyOrder()[std::size_t(index)], "/scratch", "native"};
    const auto text = encodeOrder(line);
    QVERIFY(text);
    QVERIFY(text->find('\n') == std::string::npos);
    const auto read = decodeOrder(*text);
    QVERIFY2(read, read ? "" : read.error().message().c_str());
    QCOMPARE(read->order.index(), line.order.index());
    QCOMPARE(read->scratch.string(), std::string("/scratch"));
    QCOMPARE(read->engine, std::string("native"));
    QCOMPARE(*encodeOrder(*read), *text);
}

void OrderLinesTest::theValuesArrive() {
    const auto orders = everyOrder();
    const auto add = throughALine<AddPieceOrder>(orders[0]);
    QCOMPARE(add.unsealed.string(), std::string("/s/unsealed \"1\""));
    QCOMPARE(add.offset.value, std::uint64_t(1024));
    QCOMPARE(add.size.value, std::uint64_t(1016));
    QCOMPARE(add.source.descriptor, 3);
    QVERIFY(add.source.isPadded);
    QVERIFY(throughALine<PieceCommitmentOrder>(orders[1]).source.isZeros());
    const auto c1 = throughALine<Commit1Order>(orders[6]);
    QCOMPARE(c1.sector.number, std::uint64_t(0xffffffffffffffffULL));
    QVERIFY(c1.ticket == filled(7) && c1.seed == filled(6) && c1.commR == filled(8) && c1.commD == filled(9));
    QVERIFY(c1.pieces == kPieces);
    QVERIFY(!throughALine<PreCommit2Order>(orders[4]).keepsCheckpoint);
    QCOMPARE(throughALine<PreCommit2Order>(orders[4]).phase1Output, std::string("{\"a\":\"ü\\n\"}"));
    const auto pc1 = throughALine<PreCommit1Order>(orders[2]);
    QVERIFY((pc1.memory == 1ULL << 40 && pc1.processors == Processors{3, 64}));
    const auto batch = throughALine<PreCommit1BatchOrder>(orders[3]);
    QVERIFY(batch.orders.size() == 2 && batch.orders[0].pieces == kPieces && batch.orders[1].ticket == filled(8) && batch.orders[1].cache == "/c2");
    const auto update2 = throughALine<ProveUpdate2Order>(orders[16]);
    QVERIFY(update2.sectorKey == filled(1) && update2.commR == filled(2) && update2.commD == filled(3));
    QVERIFY((update2.vanillaProofs == std::vector<Bytes>{{0, 255}, {}, {7}}));
    QVERIFY((throughALine<VanillaPostOrder>(orders[18]).challenges == std::vector<std::uint64_t>{0, 63, 0xffffffffffffffffULL}));
    QVERIFY((throughALine<VerifyPostOrder>(orders[21]).sectors == std::vector<PostSector>{{5, filled(2)}, {6, filled(3)}}));
    QVERIFY(throughALine<TestParametersOrder>(orders[22]).circuit == Circuit::WindowPost);
}

void OrderLinesTest::aWrongLineNamesTheField_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("said");
    const auto line = [](const char* order, const QByteArray& rest) -> QByteArray {
        return QByteArray(R"({"engine":"official","bulk_folder":"/x","order":")") + order + "\"," + rest + '}';
    };
    QTest::newRow("empty") << QByteArray() << "not JSON";
    QTest::newRow("list") << QByteArray("[]") << "not a JSON object";
    QTest::newRow("no order") << QByteArray("{}") << "'order' is missing";
    QTest::newRow("missing") << line("clear_cache", R"("cache":"/c")") << "'synthetic_only' is missing";
    QTest::newRow("unknown") << line("test_parameters", R"("sector_size":2048,"circuit":"seal","extra":1)") << "'extra' is unknown";
    QTest::newRow("negative") << line("test_parameters", R"("sector_size":-1)") << "'sector_size' is no unsigned number";
    QTest::newRow("fraction") << line("test_parameters", R"("sector_size":2048.0)") << "'sector_size' is no unsigned number";
    QTest::newRow("bool") << line("clear_cache", R"("cache":"/c","synthetic_only":1)") << "'synthetic_only' is neither";
    QTest::newRow("text") << line("clear_cache", R"("cache":7,"synthetic_only":true)") << "'cache' is no text";
    QTest::newRow("nested") << line("c2", R"("commit1_output":"","sector":{"miner":1})") << "'sector.number' is missing";
    QTest::newRow("source") << line("piece_commitment", R"("size":127,"source":{})") << "'source.fd' is missing";
    QTest::newRow("zeros") << line("piece_commitment", R"("size":127,"source":{"zeros":false})") << "'source.zeros' is not true";
    QTest::newRow("bulk") << line("c2", R"("commit1_output":5,"sector":{"miner":1,"number":2})") << "'commit1_output' is neither";
    QTest::newRow("bulk elsewhere") << line("c2", R"("commit1_output":{"file":"/etc/passwd"},"sector":{"miner":1,"number":2})")
                                    << "not in the scratch folder";
    QTest::newRow("circuit") << line("test_parameters", R"("sector_size":2048,"circuit":"porep")") << "'circuit' is no circuit";
    QTest::newRow("challenges") << line("vanilla_post", R"("proof":0,"sector_number":1,"challenges":[1,-1])")
                                << "'challenges' has an element that is no unsigned number";
    QTest::newRow("vanilla proofs") << line("winning_post", R"("proof":0,"miner":1,"randomness":")" + QByteArray(64, '0') +
                                                                R"(","vanilla_proofs":["zz"])")
                                    << "'vanilla_proofs' has an element that is no hex text";
    const QByteArray seal = R"("proof":5,"sector":{"miner":1,"number":2},"unsealed":"","sealed":"","cache":"",)";
    const QByteArray ticket = R"("ticket":")" + QByteArray(64, '0') + R"(",)";
    QTest::newRow("short ticket") << line("pc1", seal + R"("ticket":"00","pieces":[])") << "'ticket' is not 64 hex digits";
    QTest::newRow("pieces") << line("pc1", seal + ticket + R"("pieces":{})") << "'pieces' is no list";
    QTest::newRow("a piece") << line("pc1", seal + ticket + R"("pieces":[{"size":1}])") << "'pieces[0].commitment' is missing";
}

void OrderLinesTest::aWrongLineNamesTheField() {
    QFETCH(QByteArray, line);
    QFETCH(QString, said);
    const auto read = decodeOrder(line.toStdString());
    QVERIFY(!read);
    QCOMPARE(read.error().code(), ErrorCode::Corrupt);
    QVERIFY2(QString::fromStdString(read.error().message()).contains(said), read.error().message().c_str());
}

void OrderLinesTest::anUnknownOrderIsUnsupported() {
    const auto read = decodeOrder(R"({"engine":"official","bulk_folder":"","order":"dance"})");
    QVERIFY(!read);
    QCOMPARE(read.error().code(), ErrorCode::Unsupported);
}

void OrderLinesTest::pathsNeedNotBeUtf8() {
    const std::string odd = "/x/\xff\xfe\x80";
    const auto read = decodeOrder(*encodeOrder({ClearCacheOrder{odd, false}, odd, "official"}));
    QVERIFY2(read, read ? "" : read.error().message().c_str());
    QVERIFY(std::get<ClearCacheOrder>(read->order).cache.string() == odd);
    QVERIFY(read->scratch.string() == odd);
}

void OrderLinesTest::longTextsTravelAsPrivateFiles() {
    const QTemporaryDir dir;
    const std::filesystem::path scratch = dir.path().toStdString();
    const std::string text(kInlineLimit + 1, 'x');
    const auto line = encodeOrder({Commit2Order{text, kSector}, scratch, "official"});
    QVERIFY(line);
    QVERIFY(line->size() < 1000);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(scratch)) {
        ++files;
        struct stat st {};
        QCOMPARE(::stat(entry.path().c_str(), &st), 0);
        QCOMPARE(st.st_mode & 0777U, 0600U);
    }
    QCOMPARE(files, std::size_t(1));
    QVERIFY(std::get<Commit2Order>(decodeOrder(*line)->order).commit1Output == text);
    QVERIFY(encodeOrder({Commit2Order{std::string(kInlineLimit, 'x'), kSector}, scratch, "official"})->size() > kInlineLimit);

    const std::vector<Bytes> proofs{Bytes(kInlineLimit, 7), {}, Bytes(1, 8)};
    const OrderLine post{WindowPostOrder{PostProof{10}, 1000, filled(1), proofs, 4}, scratch, "official"};
    const auto postLine = encodeOrder(post);
    QVERIFY(postLine && postLine->size() < 1000);
    QVERIFY(std::get<WindowPostOrder>(decodeOrder(*postLine)->order).vanillaProofs == proofs);
    const OrderLine update{ProveUpdate1Order{}, scratch, "official"};
    const auto answer = encodeResult(proofs, scratch, 0);
    QVERIFY(answer && answer->size() < 1000);
    QVERIFY(std::get<std::vector<Bytes>>(std::get<OrderResult>(decodeAnswer(*answer, update)->content)) == proofs);
    // A list whose file was cut short.
    for (const auto& entry : std::filesystem::directory_iterator(scratch)) std::filesystem::resize_file(entry.path(), 100);
    QCOMPARE(decodeOrder(*postLine).error().code(), ErrorCode::Corrupt);
}

void OrderLinesTest::bulkWithoutAScratchFolderIsAnError() {
    const std::string text(kInlineLimit + 1, 'x');
    QVERIFY(!encodeOrder({Commit2Order{text, kSector}, {}, "official"}));
    QCOMPARE(encodeOrder({Commit2Order{text, kSector}, "/nowhere/at/all", "official"}).error().code(), ErrorCode::NotFound);
    QVERIFY(!encodeResult(text, {}, 0));
}

void OrderLinesTest::answersComeBackAsTheyWere() {
    const auto orders = everyOrder();
    const std::vector<OrderResult> results{PieceInfo{{2048}, filled(3)}, PieceInfo{{128}, filled(4)}, std::string("{\"x\":[1]}"), {},
                                           PreCommit2Result{filled(1), filled(2)}, {}, std::string("c1"), Bytes{9, 8}, true, {}, {},
                                           PreCommit2Result{filled(3), filled(4)}, {}, {}, {}, std::vector<Bytes>{{1}, {}, {2, 3}}, Bytes{7},
                                           false, Bytes{6}, Bytes{5}, Bytes{4}, true, {}};
    QCOMPARE(results.size(), orders.size());
    const std::uint64_t peak = 1ULL << 40;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        const auto text = encodeResult(results[i], {}, peak);
        QVERIFY(text);
        const auto read = decodeAnswer(*text, {orders[i], {}, "official"});
        QVERIFY2(read, read ? "" : (std::string(orderName(orders[i])) + ": " + read.error().message()).c_str());
        QCOMPARE(read->peakMemory, peak);
        const auto& result = std::get<OrderResult>(read->content);
        QCOMPARE(result.index(), results[i].index());
        QCOMPARE(*encodeResult(result, {}, peak), *text);
    }
    const auto progress =
        std::get<Progress>(decodeAnswer(encodeProgress({"pc1", "layer 3 of 11", 3, 11, "layers"}), {orders[0], {}, ""})->content);
    QCOMPARE(progress.step, std::string("layer 3 of 11"));
    QCOMPARE(progress.total, std::uint64_t(11));
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        const auto read = decodeAnswer(encodeError(Error(code, "inner \"quoted\"").whileDoing("outer"), 5), {orders[0], {}, ""});
        QCOMPARE(std::get<Error>(read->content).code(), code);
        QCOMPARE(std::get<Error>(read->content).message(), std::string("outer: inner \"quoted\""));
    }
}

void OrderLinesTest::eachMemberOfABatchHasLinesOfItsOwn() {
    const OrderLine batch{PreCommit1BatchOrder{std::vector<PreCommit1Order>(3)}, {}, "native"};
    const auto progress = decodeAnswer(encodeProgress({"pc1", "layer 1 of 2", 1, 2, "nodes"}, 2), batch);
    QVERIFY(progress && progress->isProgress());
    QCOMPARE(progress->of, std::optional<std::uint64_t>(2));
    const auto text = decodeAnswer(*encodeResult(std::string("{}"), {}, 5, 0), batch);
    QVERIFY(text);
    QCOMPARE(text->of, std::optional<std::uint64_t>(0));
    QCOMPARE(std::get<std::string>(std::get<OrderResult>(text->content)), std::string("{}"));
    const auto failed = decodeAnswer(encodeError(Error(ErrorCode::NoSpace, "no room"), 5, 1), batch);
    QVERIFY(failed && failed->of == 1 && std::get<Error>(failed->content).code() == ErrorCode::NoSpace);
    const auto end = decodeAnswer(*encodeResult(std::monostate(), {}, 5), batch); // of the order itself
    QVERIFY(end && !end->of);
    QVERIFY(!decodeAnswer(*encodeResult(std::string("{}"), {}, 5, 3), batch)); // there is no fourth
    QVERIFY(!decodeAnswer(*encodeResult(std::string("{}"), {}, 5), batch));
    QVERIFY(!decodeAnswer(encodeProgress({}, 0), {PreCommit1Order{}, {}, "native"}));
    QCOMPARE(*decodeDrop(encodeDrop(7)), std::uint64_t{7});
    for (const char* wrong : {"", "{}", "{\"drop\":-1}", "{\"drop\":1,\"also\":2}"}) QVERIFY2(!decodeDrop(wrong), wrong);
}

void OrderLinesTest::anAnswerOfAnotherOrderIsRefused() {
    const auto read = decodeAnswer(*encodeResult(true, {}, 0), {Commit2Order{}, {}, "official"});
    QVERIFY(!read);
    QCOMPARE(read.error().code(), ErrorCode::Corrupt);
}

void OrderLinesTest::aWrongAnswerNamesTheField_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("said");
    QTest::newRow("nothing") << QByteArray("{}") << "exactly one";
    QTest::newRow("two") << QByteArray(R"({"result":true,"error":{"code":"Io","message":""}})") << "exactly one";
    QTest::newRow("extra") << QByteArray(R"({"result":true,"x":1})") << "'x' is unknown";
    QTest::newRow("kind") << QByteArray(R"({"result":1})") << "'result' is neither true nor false";
    QTest::newRow("progress") << QByteArray(R"({"progress":{"phase":"pc1"}})") << "'progress.step' is missing";
    QTest::newRow("error") << QByteArray(R"({"error":{"code":"Io"}})") << "'error.message' is missing";
}

void OrderLinesTest::aWrongAnswerNamesTheField() {
    QFETCH(QByteArray, line);
    QFETCH(QString, said);
    const auto read = decodeAnswer(line.toStdString(), {VerifySealOrder{}, {}, "official"});
    QVERIFY(!read);
    QCOMPARE(read.error().code(), ErrorCode::Corrupt);
    QVERIFY2(QString::fromStdString(read.error().message()).contains(said), read.error().message().c_str());
}

QTEST_GUILESS_MAIN(OrderLinesTest)
#include "tst_order_lines.moc"
