// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/lotus_json.h"

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::protocol;

namespace {

using Params = boost::json::array;

QByteArray go(const Json& json) { return QByteArray::fromStdString(toGoJson(json)); }
Json parsed(std::string_view text) { return boost::json::parse(text); }

Commitment filled(std::uint8_t byte) {
    Commitment out;
    out.fill(byte);
    return out;
}

const SectorRef kSector{{1000, 7}, SealProof{8}};
const Bytes kTicket(32, 9);

/// One call of every kind with every member set.
std::vector<TaskCall> allCalls() {
    const std::vector<PieceInfo> pieces{{{2048}, filled(1)}, {{18446744073709551488ULL}, filled(2)}};
    return {
        AddPieceCall{kSector, {508, 18446744073709551615ULL}, 1016, {"push", "0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"}},
        DataCidCall{2032, {"null", "2032"}},
        SealPreCommit1Call{kSector, kTicket, pieces},
        SealPreCommit2Call{kSector, Bytes{1, 2, 3}},
        SealCommit1Call{kSector, kTicket, Bytes(32, 8), pieces, {filled(3), filled(4)}},
        SealCommit2Call{kSector, Bytes{0}},
        FinalizeSectorCall{kSector},
        ReleaseUnsealedCall{kSector, {{0, 508}, {1016, 18446744073709551615ULL}}},
        MoveStorageCall{kSector, FileType::Sealed | FileType::Cache},
        UnsealPieceCall{kSector, 127, 18446744073709551615ULL, kTicket, filled(5)},
        FetchCall{kSector, FileType::Unsealed, PathType::Storage, AcquireMode::Copy},
        FinalizeReplicaUpdateCall{kSector},
        ReplicaUpdateCall{kSector, pieces},
        ProveReplicaUpdate1Call{kSector, filled(6), filled(7), filled(8)},
        ProveReplicaUpdate2Call{kSector, filled(6), filled(7), filled(8), {Bytes{1, 2, 3}, Bytes{4}}},
        GenerateSectorKeyCall{kSector, filled(9)},
        DownloadSectorCall{kSector, true, {{FileType::Sealed, {false, "https://h/s?a=1&b=2", {{"Authorization", "Bearer x"}, {"X", ""}}}},
                                           {FileType::UpdateCache, {true, "", {}}}}},
    };
}

} // namespace

class TestLotusJson : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCallSurvivesTheWire() {
        const auto calls = allCalls();
        QCOMPARE(calls.size(), callMethods().size());
        for (std::size_t i = 0; i < calls.size(); ++i) {
            QCOMPARE(calls[i].index(), i);
            const Params params = callParams(calls[i]);
            QCOMPARE(params.size(), callMethods()[i].paramCount);
            // Through text, as on the wire.
            const Json again = *parseGoJson(toGoJson(params));
            const auto decoded = decodeCall(callMethod(calls[i]), again.get_array());
            QVERIFY2(decoded, decoded ? "" : decoded.error().message().c_str());
            QCOMPARE(decoded->index(), i);
            QCOMPARE(go(callParams(*decoded)), go(params));
            QVERIFY(callSector(*decoded) == (std::holds_alternative<DataCidCall>(*decoded) ? SectorRef{} : kSector));
            const bool isDownload = std::holds_alternative<DownloadSectorCall>(*decoded); // lotus shortens its name on the way back
            QCOMPARE(std::string(returnMethod(*decoded)), isDownload ? "ReturnDownloadSector" : "Return" + std::string(callMethod(*decoded)));
            QCOMPARE(returnMethodOf(callMethod(*decoded)), returnMethod(*decoded));
        }
    }

    void absentListsAreNull() {
        QCOMPARE(go(callParams(AddPieceCall{kSector, {}, 2032, {"null", "2032"}})), QByteArray(R"([{"ID":{"Miner":1000,"Number":7},"ProofType":8},null,2032,{"Type":"null","Info":"2032"}])"));
        QCOMPARE(go(callParams(ReleaseUnsealedCall{kSector, {}})), QByteArray(R"([{"ID":{"Miner":1000,"Number":7},"ProofType":8},null])"));
        QCOMPARE(go(toJson(std::vector<StoragePath>{})), QByteArray("null"));
        QCOMPARE(go(bytesToJson(Bytes())), QByteArray("null"));
        QCOMPARE(go(toJson(StorageInfo{})), QByteArray(R"({"ID":"","URLs":null,"Weight":0,"MaxStorage":0,"CanSeal":false,"CanStore":false,"Groups":null,"AllowTo":null,"AllowTypes":null,"DenyTypes":null,"AllowMiners":null,"DenyMiners":null})"));
        const auto release = decodeCall("ReleaseUnsealed", parsed(R"([{"ID":{"Miner":1,"Number":2},"ProofType":5},[]])").get_array());
        QVERIFY(release && std::get<ReleaseUnsealedCall>(*release).keep.empty());
    }

    void nullsAndMissingMembersAreZeros() {
        const auto commit = decodeCall("SealCommit1", parsed("[null,null,null,null,null]").get_array());
        QVERIFY(commit);
        const auto& call = std::get<SealCommit1Call>(*commit);
        QVERIFY(call.sector == SectorRef{});
        QVERIFY(call.ticket.empty() && call.seed.empty() && call.pieces.empty());
        const auto piece = fromJson<PieceInfo>(parsed(R"({"Size":0,"PieceCID":null,"Unknown":[1,{}]})"));
        QVERIFY(piece && *piece == PieceInfo{});
        QCOMPARE(go(toJson(PieceInfo{})), QByteArray(R"({"Size":0,"PieceCID":null})"));
        const auto id = fromJson<SectorId>(parsed(R"({"MINER":3,"number":4})"));
        QVERIFY(id && *id == (SectorId{3, 4}));
        QCOMPARE(QString::fromStdString(fromJson<CallId>(Json())->uuid), QString::fromLatin1(kZeroUuid));
        QVERIFY(!*fromJson<std::optional<CallError>>(Json()));
        QCOMPARE(*fromJson<bool>(Json()), false);
        QCOMPARE(*fromJson<std::uint64_t>(Json()), std::uint64_t(0));
        QVERIFY(fromJson<std::vector<std::string>>(Json())->empty());
        QVERIFY(fromJson<Bytes>(parsed("\"\""))->empty());
    }

    void returnsCarryAZeroValueWithAnError_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QByteArray>("good");
        QTest::addColumn<QByteArray>("failed");
        const QByteArray id = R"([{"Sector":{"Miner":1000,"Number":7},"ID":"0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"},)";
        const QByteArray error = R"({"Code":101,"Message":"worker [name: \u003cw1\u003e] restarted"}])";
        const auto row = [&](const char* method, const QByteArray& good, const QByteArray& zero) {
            QTest::newRow(method) << QString::fromLatin1(method) << id + good + "null]" << id + zero + error;
        };
        const QByteArray piece = R"({"Size":2048,"PieceCID":{"/":"baga6ea4seaqacaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcai"}},)";
        const QByteArray cids = R"({"Unsealed":{"/":"baga6ea4seaqacaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcai"},"Sealed":{"/":"bagboea4b5abcaaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqc"}},)";
        for (const char* method : {"ReturnAddPiece", "ReturnDataCid"}) row(method, piece, R"({"Size":0,"PieceCID":null},)");
        for (const char* method : {"ReturnSealPreCommit1", "ReturnSealCommit1", "ReturnSealCommit2", "ReturnProveReplicaUpdate2"}) row(method, "\"AQIDBA==\",", "null,");
        row("ReturnSealPreCommit2", cids, R"({"Unsealed":null,"Sealed":null},)");
        row("ReturnReplicaUpdate",
            R"({"NewSealed":{"/":"bagboea4b5abcaaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqc"},"NewUnsealed":{"/":"baga6ea4seaqacaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcai"}},)",
            R"({"NewSealed":null,"NewUnsealed":null},)");
        row("ReturnProveReplicaUpdate1", R"(["AQIDBA==","AQ=="],)", "null,");
        for (const char* method : {"ReturnFinalizeSector", "ReturnReleaseUnsealed", "ReturnMoveStorage", "ReturnUnsealPiece", "ReturnFetch",
                                   "ReturnFinalizeReplicaUpdate", "ReturnGenerateSectorKeyFromData", "ReturnDownloadSector"}) row(method, "", "");
    }
    void returnsCarryAZeroValueWithAnError() {
        QFETCH(QString, method);
        QFETCH(QByteArray, good);
        QFETCH(QByteArray, failed);
        const std::string name = method.toStdString();
        const CallId id{{1000, 7}, "0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"};
        TaskResult result;
        if (good.contains("PieceCID")) result = PieceInfo{{2048}, filled(1)};
        else if (good.contains("NewSealed")) result = ReplicaUpdateOut{filled(2), filled(1)};
        else if (good.contains("[\"AQID")) result = ReplicaVanillaProofs{Bytes{1, 2, 3, 4}, Bytes{1}};
        else if (good.contains("Sealed")) result = SectorCids{filled(1), filled(2)};
        else if (good.contains("AQID")) result = Bytes{1, 2, 3, 4};
        const CallError error{101, "worker [name: <w1>] restarted"};
        QCOMPARE(go(returnParams(name, id, result, std::nullopt)), good);
        QCOMPARE(go(returnParams(name, id, result, error)), failed);
        QCOMPARE(go(returnParams(name, id, std::monostate{}, error)), failed);
    }

    void whatIsNoCallIsRefusedInTheWordsOfGo_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const char* method, const char* params, const char* message) {
            QTest::newRow(name) << QString::fromLatin1(method) << QByteArray(params) << QByteArray(message);
        };
        row("unknown", "Nope", "[]", "method 'Filecoin.Nope' not found");
        row("with namespace", "Filecoin.Fetch", "[]", "method 'Filecoin.Filecoin.Fetch' not found");
        row("none of four", "Fetch", "[]", "wrong param count (method 'Filecoin.Fetch'): 0 != 4");
        row("one too many", "FinalizeSector", "[null,null]", "wrong param count (method 'Filecoin.FinalizeSector'): 2 != 1");
        row("sector a text", "FinalizeSector", R"(["s-t01000-1"])",
            "unmarshaling params for 'Filecoin.FinalizeSector' (param: *storiface.SectorRef): json: cannot unmarshal string into Go value of type storiface.SectorRef");
        row("miner a text", "FinalizeSector", R"([{"ID":{"Miner":"f01000","Number":1}}])",
            "unmarshaling params for 'Filecoin.FinalizeSector' (param: *storiface.SectorRef): json: cannot unmarshal string into Go struct field SectorRef.ID.Miner of type abi.ActorID");
        row("number negative", "FinalizeSector", R"([{"ID":{"Miner":1,"Number":-1}}])",
            "unmarshaling params for 'Filecoin.FinalizeSector' (param: *storiface.SectorRef): json: cannot unmarshal number into Go struct field SectorRef.ID.Number of type abi.SectorNumber");
        row("proof a fraction", "FinalizeSector", R"([{"ProofType":5.5}])",
            "unmarshaling params for 'Filecoin.FinalizeSector' (param: *storiface.SectorRef): json: cannot unmarshal number into Go struct field SectorRef.ProofType of type abi.RegisteredSealProof");
        row("number beyond uint64", "FinalizeSector", R"([{"ID":{"Number":18446744073709551616}}])",
            "unmarshaling params for 'Filecoin.FinalizeSector' (param: *storiface.SectorRef): json: cannot unmarshal number into Go struct field SectorRef.ID.Number of type abi.SectorNumber");
        row("ticket a number", "SealPreCommit1", "[null,5,null]",
            "unmarshaling params for 'Filecoin.SealPreCommit1' (param: *abi.SealRandomness): json: cannot unmarshal number into Go value of type abi.SealRandomness");
        row("ticket no base64", "SealPreCommit1", R"([null,"!!!!",null])",
            "unmarshaling params for 'Filecoin.SealPreCommit1' (param: *abi.SealRandomness): illegal base64 data");
        row("pieces an object", "SealPreCommit1", "[null,null,{}]",
            "unmarshaling params for 'Filecoin.SealPreCommit1' (param: *[]abi.PieceInfo): json: cannot unmarshal object into Go value of type []abi.PieceInfo");
        row("piece size a text", "SealPreCommit1", R"([null,null,[{"Size":"2048"}]])",
            "unmarshaling params for 'Filecoin.SealPreCommit1' (param: *[]abi.PieceInfo): json: cannot unmarshal string into Go struct field PieceInfo.Size of type abi.PaddedPieceSize");
        row("the first of two errors", "SealPreCommit1", "[5,5,5]",
            "unmarshaling params for 'Filecoin.SealPreCommit1' (param: *storiface.SectorRef): json: cannot unmarshal number into Go value of type storiface.SectorRef");
        row("reader a number", "DataCid", "[2032,7]",
            "decoding params for 'Filecoin.DataCid' (param: 1; custom decoder): unmarshaling reader id: json: cannot unmarshal number into Go value of type rpcenc.ReaderStream");
        row("mask too large", "MoveStorage", "[null,64]", "unmarshaling params for 'Filecoin.MoveStorage' (param: *storiface.SectorFileType): unknown sector file types 64");
        row("vanilla proofs a text", "ProveReplicaUpdate2", R"([null,null,null,null,"AQ=="])",
            "unmarshaling params for 'Filecoin.ProveReplicaUpdate2' (param: *storiface.ReplicaVanillaProofs): json: cannot unmarshal string into Go value of type storiface.ReplicaVanillaProofs");
        row("file type no number", "DownloadSectorData", R"([null,true,{"sealed":{}}])",
            "unmarshaling params for 'Filecoin.DownloadSectorData' (param: *map[storiface.SectorFileType]storiface.SectorLocation): json: cannot unmarshal number sealed into Go value of type storiface.SectorFileType");
        row("several file types in one", "DownloadSectorData", R"([null,true,{"6":{}}])",
            "unmarshaling params for 'Filecoin.DownloadSectorData' (param: *map[storiface.SectorFileType]storiface.SectorLocation): unknown sector file type 6");
        row("a header a text", "DownloadSectorData", R"([null,true,{"2":{"Headers":["x"]}}])",
            "unmarshaling params for 'Filecoin.DownloadSectorData' (param: *map[storiface.SectorFileType]storiface.SectorLocation): json: cannot unmarshal string into Go value of type storiface.SecDataHttpHeader");
        row("path type", "Fetch", R"([null,1,"Sealing","move"])", "unmarshaling params for 'Filecoin.Fetch' (param: *storiface.PathType): unknown path type 'Sealing'");
        row("acquire mode", "Fetch", R"([null,1,"sealing",""])", "unmarshaling params for 'Filecoin.Fetch' (param: *storiface.AcquireMode): unknown acquire mode ''");
    }
    void whatIsNoCallIsRefusedInTheWordsOfGo() {
        QFETCH(QString, method);
        QFETCH(QByteArray, params);
        QFETCH(QByteArray, message);
        const auto refused = decodeCall(method.toStdString(), parsed(params.toStdString()).get_array());
        QVERIFY(!refused);
        QCOMPARE(QByteArray::fromStdString(refused.error().message()), message);
    }

    void garbageInAnyPlaceIsRefusedOrZero() {
        const std::vector<Json> garbage{parsed("null"), parsed("true"), parsed("-1"),  parsed("1e300"), parsed("\"\""), parsed("\"\\u0000x\""), parsed("[]"),
                                        parsed("[[[]]]"), parsed("{}"), parsed(R"({"ID":[]})"), parsed(R"({"/":5})"), parsed(R"({"Type":{}})"), parsed(R"([{"Size":-1}])")};
        int refused = 0;
        for (const TaskCall& call : allCalls()) {
            const Params good = callParams(call);
            for (std::size_t place = 0; place < good.size(); ++place) {
                for (const Json& bad : garbage) {
                    Params params = good;
                    params[place] = bad;
                    const auto decoded = decodeCall(callMethod(call), params);
                    if (decoded) continue;
                    ++refused;
                    QCOMPARE(decoded.error().code(), ErrorCode::Corrupt);
                    QVERIFY(decoded.error().message().find(callMethod(call)) != std::string::npos);
                }
            }
        }
        QVERIFY(refused > 200);
    }

    void cidsOfTheWrongKindAreRefused_data() {
        QTest::addColumn<QByteArray>("cid");
        const QByteArray sealed = go(sealedCidToJson(filled(1)));
        QTest::newRow("sealed for unsealed") << sealed;
        QTest::newRow("text") << QByteArray("\"baga6ea4seaqacaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcai\"");
        QTest::newRow("empty object") << QByteArray("{}");
        QTest::newRow("null inside") << QByteArray(R"({"/":null})");
        QTest::newRow("cut") << QByteArray(R"({"/":"baga6ea4seaqacaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqca"})");
        QTest::newRow("other base") << QByteArray(R"({"/":"QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG"})");
        QTest::newRow("garbage") << QByteArray(R"({"/":"b!!!"})");
        QTest::newRow("bytes") << QByteArray(R"({"/":{"bytes":"AAAA"}})");
    }
    void cidsOfTheWrongKindAreRefused() {
        QFETCH(QByteArray, cid);
        const auto refused = unsealedCidFromJson(parsed(cid.toStdString()));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::Corrupt);
    }

    void numbersAreExact() {
        QCOMPARE(*fromJson<std::uint64_t>(parsed("18446744073709551615")), std::uint64_t(18446744073709551615ULL));
        QCOMPARE(*fromJson<std::uint64_t>(parsed("9007199254740993")), std::uint64_t(9007199254740993ULL));
        for (const char* bad : {"-1", "1.0", "1e3", "18446744073709551616", "\"1\"", "true", "[]"}) QVERIFY2(!fromJson<std::uint64_t>(parsed(bad)), bad);
        const auto stat = fromJson<FsStat>(parsed(R"({"Capacity":9223372036854775807,"Available":-1})"));
        QVERIFY(stat);
        QCOMPARE(stat->capacity, std::int64_t(9223372036854775807LL));
        QCOMPARE(stat->available, std::int64_t(-1));
        QVERIFY(!fromJson<FsStat>(parsed(R"({"Capacity":9223372036854775808})")));
    }

    void uuidsAreReadStrictly() {
        QCOMPARE(*parseUuid("0A4E6E05-3A43-4F1C-A7A8-6A9C1B1F2C77"), std::string("0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"));
        QCOMPARE(parseUuid("nope").error().message(), std::string("invalid UUID length: 4"));
        QCOMPARE(parseUuid("0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c7g").error().message(), std::string("invalid UUID format"));
        QCOMPARE(parseUuid("0a4e6e0503a4304f1c0a7a806a9c1b1f2c77").error().message(), std::string("invalid UUID format"));
        QVERIFY(!fromJson<CallId>(parsed(R"({"Sector":{"Miner":1,"Number":2},"ID":"../../etc/passwd"})")));
    }

    void aProofNumberBeyondInt64IsRefused() {
        const auto json = parseGoJson(R"({"Resources":{"Resources":{"seal/v0/precommit/1":{"13580009660978561024":{}}}}})");
        QVERIFY(json);
        QVERIFY(!fromJson<WorkerInfo>(*json));
    }
    void theTableIsSortedAsGoSortsIt() {
        WorkerInfo info;
        info.hostname = "w<1>";
        for (const std::int64_t proof : {0, 2, 10}) info.table["seal/v0/addpiece"][proof].gpuUtilization = 0.5;
        const QByteArray text = go(toJson(info));
        QVERIFY(text.startsWith(R"({"Hostname":"w\u003c1\u003e","IgnoreResources":false,"Resources":{"MemPhysical":0,"MemUsed":0,"MemSwap":0,"MemSwapUsed":0,"CPUs":0,"GPUs":[],"Resources":{"seal/v0/addpiece":{"0":{"MinMemory":0,"MaxMemory":0,"GPUUtilization":0.5,)"));
        QVERIFY(text.indexOf("\"0\":") < text.indexOf("\"10\":") && text.indexOf("\"10\":") < text.indexOf("\"2\":"));
        QVERIFY(go(toJson(WorkerInfo{})).endsWith(R"("GPUs":[],"Resources":null}})"));
        const auto again = fromJson<WorkerInfo>(toJson(info));
        QVERIFY(again);
        QCOMPARE(go(toJson(*again)), text);
    }
};

QTEST_GUILESS_MAIN(TestLotusJson)
#include "tst_lotus_json.moc"
