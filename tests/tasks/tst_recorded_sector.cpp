// SPDX-License-Identifier: MIT OR Apache-2.0
#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include <QtCore/QCryptographicHash>

#include "protocol/lotus_json.h"
#include "support/test_paths.h"
#include "tasks/isolated_engine.h"
#include "tasks/post_tasks.h"
#include "tasks/task_bench.h"

using namespace lsw;
using namespace lsw::tests;
namespace json = boost::json;

namespace {

/// Members called "path" name folders of the machine that was recorded.
json::value withoutPaths(const json::value& value) {
    if (const json::array* list = value.if_array()) {
        json::array out;
        for (const json::value& item : *list) out.push_back(withoutPaths(item));
        return out;
    }
    const json::object* object = value.if_object();
    if (!object) return value;
    json::object out;
    for (const auto& member : *object) {
        if (member.key() != "path") out[member.key()] = withoutPaths(member.value());
    }
    return out;
}

std::string textOf(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string readFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Where a GET wants to begin; 0 when it wants all.
std::size_t rangeBegin(const json::object& request) {
    const std::string prefix = "Range: bytes=";
    for (const json::value& header : request.at("headers").as_array()) {
        const std::string text(header.as_string());
        if (text.starts_with(prefix)) return std::stoul(text.substr(prefix.size()));
    }
    return 0;
}

std::vector<json::object> exchangesOf(const std::string& scenario) {
    std::vector<json::object> out;
    std::ifstream in(std::string(lsw::test::kTestData) + "/rpc/" + scenario + ".jsonl");
    for (std::string line; std::getline(in, line);) out.push_back(json::parse(line).as_object());
    std::stable_sort(out.begin(), out.end(), [](const json::object& a, const json::object& b) {
        return std::pair(a.at("t_ms").to_number<double>(), a.at("seq").to_number<double>()) <
               std::pair(b.at("t_ms").to_number<double>(), b.at("seq").to_number<double>());
    });
    return out;
}

} // namespace

/// Does what stock lotus-worker was asked in recorded runs, with the real prover, and compares every result with what it gave.
class RecordedSectorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resultsAreThoseOfLotus_data();
    void resultsAreThoseOfLotus();

private:
    void compareReturns(const std::string& scenario, const std::string& method, json::value ours, json::value theirs);
};

void RecordedSectorTest::resultsAreThoseOfLotus_data() {
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<QStringList>("methods"); // that must have been run
    QTest::addColumn<int>("reads");           // of the unsealed file, compared byte for byte
    QTest::addColumn<int>("failures");        // that must be those of lotus
    const auto methods = [](const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
    QTest::newRow("a sector of zeros") << "life-cc" << methods("AddPiece SealPreCommit1 SealPreCommit2 SealCommit1 FinalizeSector") << 0
                                       << 0;
    QTest::newRow("three pieces") << "life-data"
                                  << methods("AddPiece SealPreCommit1 SealPreCommit2 SealCommit1 ReleaseUnsealed FinalizeSector") << 3 << 0;
    QTest::newRow("unsealed again") << "unseal" << methods("AddPiece SealPreCommit1 SealPreCommit2 SealCommit1 FinalizeSector UnsealPiece")
                                    << 1 << 1;
    QTest::newRow("updated with other data")
        << "snap"
        << methods("AddPiece SealPreCommit1 SealPreCommit2 SealCommit1 FinalizeSector ReplicaUpdate ProveReplicaUpdate1 ReleaseUnsealed "
                   "FinalizeReplicaUpdate UnsealPiece GenerateSectorKeyFromData")
        << 0 << 0;
    QTest::newRow("mistakes") << "errors" << methods("AddPiece Fetch SealPreCommit1 SealPreCommit2 SealCommit1") << 0 << 6;
}

void RecordedSectorTest::compareReturns(const std::string& scenario, const std::string& method, json::value ours, json::value theirs) {
    if (method == "SealPreCommit1") {
        ours = withoutPaths(json::parse(std::string(asText(*fromBase64(ours.as_string())))));
        theirs = withoutPaths(json::parse(std::string(asText(*fromBase64(theirs.as_string())))));
    }
    if (ours != theirs)
        qWarning("%s", (scenario + ' ' + method + ": ours " + json::serialize(ours) + ", lotus' " + json::serialize(theirs)).c_str());
    QVERIFY(ours == theirs);
}

void RecordedSectorTest::resultsAreThoseOfLotus() {
    QFETCH(QString, scenario);
    QFETCH(QStringList, methods);
    QFETCH(int, reads);
    QFETCH(int, failures);
    const auto exchanges = exchangesOf(scenario.toStdString());
    QVERIFY(!exchanges.empty());

    std::map<std::string, std::string> pushed;         // uuid → bytes
    std::map<std::string, json::array> returned;       // uuid of the call → parameters of its Return
    for (const json::object& exchange : exchanges) {
        const json::object& request = exchange.at("req").as_object();
        const std::string line = textOf(request, "line"), method = textOf(exchange, "rpc_method");
        if (const std::string prefix = "POST /rpc/streams/v0/push/"; line.starts_with(prefix)) {
            const auto body = fromBase64(textOf(request, "body_b64"));
            pushed[line.substr(prefix.size(), 36)] = std::string(asText(*body));
        }
        if (method.starts_with("Filecoin.Return") && request.contains("body")) {
            const json::array params = json::parse(textOf(request, "body")).at("params").as_array();
            returned[std::string(params.at(0).at("ID").as_string())] = params;
        }
    }

    // In that run finished files go to the miner and come back. Here the miner's path is one of ours.
    const bool isSnap = scenario == QLatin1String("snap");
    TaskBench bench(isSnap);
    std::string sealedAtFirst, dataBefore;
    tasks::ProverSettings settings;
    settings.scratch = bench.folder() / "scratch";
    settings.parentCache = bench.folder() / "parents";
    tasks::IsolatedEngine engine(settings);
    std::set<std::string> ran, compared;
    bool isReleased = false;
    int readsCompared = 0, failuresCompared = 0, vanillaCompared = 0;
    for (const json::object& exchange : exchanges) {
        if (textOf(exchange, "dir") != "M>W") continue;
        const json::object& request = exchange.at("req").as_object();
        const json::object& response = exchange.at("resp").as_object();
        const std::string line = textOf(request, "line");
        const std::filesystem::path unsealed = bench.file(FileType::Unsealed);
        if (const std::string prefix = "DELETE /remote/"; isSnap && line.starts_with(prefix) && line.find("?keep=") != std::string::npos) {
            const auto type = sector::fileTypeFromName(line.substr(prefix.size(), line.find('/', prefix.size()) - prefix.size()));
            QVERIFY(type);
            if (*type == FileType::Sealed) sealedAtFirst = readFile(bench.file(FileType::Sealed));
            std::filesystem::rename(bench.file(*type), bench.file(*type, "storing-path"));
            (void)bench.index.drop("sealing-path", bench.sectorRef.id, *type, {});
            (void)bench.index.declare("storing-path", bench.sectorRef.id, *type, true, {});
        } else if (line.starts_with("DELETE /remote/unsealed/")) {
            (void)bench.store.removeLocal(bench.sectorRef.id, FileType::Unsealed, {}, {});
        } else if (line.starts_with("GET /remote/unsealed/s-t01000-1 ") && !isReleased) {
            const auto body = fromBase64(textOf(response, "body_b64"));
            QVERIFY(body && !body->empty());
            const std::string ours = readFile(unsealed).substr(rangeBegin(request), body->size());
            QCOMPARE(QByteArray::fromStdString(ours).toHex(), QByteArray::fromStdString(std::string(asText(*body))).toHex());
            ++readsCompared;
        }
        if (const std::string prefix = "POST /remote/vanilla/"; line.starts_with(prefix) && textOf(response, "line").find(" 200 ") != std::string::npos) {
            const tasks::PostTools tools{engine, bench.store, 0, std::chrono::milliseconds(0)};
            const Json body = *parseGoJson(textOf(request, "body"));
            QByteArray ours;
            if (line.starts_with(prefix + "porep")) {
                const auto made = tasks::porepVanillaHere(*fromJson<PorepVanillaRequest>(body), tools, {});
                QVERIFY2(made, made ? "" : made.error().message().c_str());
                ours = QByteArray::fromStdString(*made);
            } else {
                const auto made = tasks::vanillaProofHere(*fromJson<SingleVanillaRequest>(body), tools, {});
                QVERIFY2(made, made ? "" : made.error().message().c_str());
                ours = QByteArray(reinterpret_cast<const char*>(made->data()), static_cast<qsizetype>(made->size()));
            }
            if (const std::string whole = textOf(response, "body_b64"); !whole.empty())
                QCOMPARE(ours.toBase64(), QByteArray::fromStdString(whole));
            else
                QCOMPARE(QCryptographicHash::hash(ours, QCryptographicHash::Sha256).toHex(), QByteArray::fromStdString(textOf(response, "body_sha256")));
            ++vanillaCompared;
        }
        const std::string method = textOf(exchange, "rpc_method");
        if (!method.starts_with("Filecoin.") || !request.contains("body")) continue;
        const auto call = decodeCall(method.substr(9), json::parse(textOf(request, "body")).at("params").as_array());
        if (!call) continue; // synchronous methods
        std::shared_ptr<PieceData> data;
        if (const auto* add = std::get_if<AddPieceCall>(&*call)) {
            data = add->data.type == "null" ? TaskBench::zeros() : std::make_shared<TestData>(pushed[add->data.info]);
        }
        const auto* release = std::get_if<ReleaseUnsealedCall>(&*call);
        if (release) isReleased = !release->keep.empty(); // where lotus leaves everything as it was
        if (std::holds_alternative<UnsealPieceCall>(*call)) isReleased = false;

        if (isSnap && std::holds_alternative<UnsealPieceCall>(*call)) { // what was released at the miner since
            dataBefore = readFile(bench.file(FileType::Unsealed, "storing-path")).substr(0, 2048);
            bench.remove(FileType::Unsealed, "storing-path");
        }
        if (std::holds_alternative<GenerateSectorKeyCall>(*call)) bench.remove(FileType::Sealed, "storing-path");

        const auto result = tasks::runTask(*call, data, {engine, bench.store}, {});
        ran.insert(method.substr(9));
        const std::string uuid(json::parse(textOf(response, "body")).at("result").at("ID").as_string());
        if (returned.contains(uuid) && !returned[uuid].back().is_null()) {
            QVERIFY(!result);
            const CallError ours = tasks::callErrorFor(result.error(), "w1");
            const json::object& theirs = returned[uuid].back().as_object();
            QCOMPARE(std::int64_t(ours.code), theirs.at("Code").as_int64());
            // What comes from inside the proofs is said in other words.
            const bool isOfTheProofs = std::holds_alternative<SealPreCommit2Call>(*call) || std::holds_alternative<SealCommit1Call>(*call);
            if (!isOfTheProofs) QCOMPARE(ours.message, std::string(theirs.at("Message").as_string()));
            ++failuresCompared;
            continue;
        }
        QVERIFY2(result, qPrintable(QString::fromStdString(method + ": ") + messageOf(result)));
        if (isSnap && std::holds_alternative<UnsealPieceCall>(*call)) {
            QVERIFY(!dataBefore.empty());
            QVERIFY(readFile(unsealed).substr(0, 2048) == dataBefore);
        }
        // The stock worker makes another file here, with which nothing can be decoded any more.
        if (std::holds_alternative<GenerateSectorKeyCall>(*call)) QVERIFY(readFile(bench.file(FileType::Sealed)) == sealedAtFirst);
        if (std::holds_alternative<ProveReplicaUpdate1Call>(*call)) {
            const auto& proofs = std::get<ReplicaVanillaProofs>(*result);
            QCOMPARE(proofs.size(), std::size_t(1));
            const QByteArray bytes(reinterpret_cast<const char*>(proofs[0].data()), static_cast<qsizetype>(proofs[0].size()));
            QCOMPARE(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex(),
                     QByteArray("24111e5e5d7b28fc936bf3e13907afca129791c87db91028089bfa789b3b4ef1"));
        }
        if (!returned.contains(uuid) || returned[uuid].size() != 3) continue; // its body was too long to be kept, or it has no value
        const json::array ours = returnParams(returnMethod(*call), {bench.sectorRef.id, uuid}, *result, std::nullopt);
        compareReturns(scenario.toStdString(), method.substr(9), ours.at(1), returned[uuid].at(1));
        if (QTest::currentTestFailed()) return;
        compared.insert(method.substr(9));
    }
    for (const QString& method : methods) QVERIFY2(ran.contains(method.toStdString()), qPrintable(method));
    for (const char* method : {"AddPiece", "SealPreCommit1", "SealPreCommit2"}) QVERIFY2(compared.contains(method), method);
    QCOMPARE(readsCompared, reads);
    QCOMPARE(failuresCompared, failures);
    if (scenario == QLatin1String("life-cc")) QCOMPARE(vanillaCompared, 2);
}

QTEST_GUILESS_MAIN(RecordedSectorTest)
#include "tst_recorded_sector.moc"
