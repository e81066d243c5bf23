// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/json_rpc.h"
#include "protocol/lotus_post.h"
#include "protocol/recorded_traffic.h"

#include <QtTest/QtTest>

#include <functional>

using namespace lsw;
using namespace lsw::protocol;
using lsw::test::Exchange;

namespace {

using Params = boost::json::array;

QByteArray bytes(const std::string& text) { return QByteArray::fromStdString(text); }

/// The miner's answers have [] where a worker sends null; the two are the same to both.
Json emptyToNull(Json json) {
    if (json.is_array()) {
        if (json.get_array().empty()) return nullptr;
        for (Json& one : json.get_array()) one = emptyToNull(one);
    } else if (json.is_object()) {
        for (auto& member : json.get_object()) member.value() = emptyToNull(member.value());
    }
    return json;
}

/// Decodes as T and encodes again; null with a message in `why` when it does not decode.
template <typename T>
Json through(const Json& json, std::string& why) {
    const auto value = fromJson<T>(json);
    if (!value) {
        why = value.error().message();
        return nullptr;
    }
    if constexpr (std::is_same_v<T, Bytes>) {
        return bytesToJson(*value);
    } else if constexpr (std::is_same_v<T, std::optional<CallError>>) {
        return *value ? toJson(**value) : Json();
    } else if constexpr (requires { toJson(*value); }) {
        return toJson(*value);
    } else if constexpr (std::is_constructible_v<Json, T>) {
        return Json(*value);
    } else {
        Params list;
        for (const auto& one : *value) {
            if constexpr (std::is_constructible_v<Json, decltype(one)>) list.emplace_back(one);
            else list.push_back(toJson(one));
        }
        return list;
    }
}

using Through = Json (*)(const Json&, std::string&);

Json asIs(const Json& json, std::string&) { return json; }

/// What each parameter and the result of the miner's methods are.
struct Shape {
    std::vector<Through> params;
    Through result = asIs;
};

const std::map<std::string, Shape>& minerMethods() {
    static const std::map<std::string, Shape> all{
        {"Version", {{}, asIs}},
        {"Session", {{}, through<std::string>}},
        {"ActorAddress", {{}, through<std::string>}},
        {"ActorSectorSize", {{through<std::string>}, through<std::uint64_t>}},
        {"AuthVerify", {{through<std::string>}, through<std::vector<std::string>>}},
        {"WorkerConnect", {{through<std::string>}, asIs}},
        {"StorageAttach", {{through<StorageInfo>, through<FsStat>}, asIs}},
        {"StorageDetach", {{through<std::string>, through<std::string>}, asIs}},
        {"StorageReportHealth", {{through<std::string>, through<HealthReport>}, asIs}},
        {"StorageDeclareSector", {{through<std::string>, through<SectorId>, through<std::uint64_t>, through<bool>}, asIs}},
        {"StorageDropSector", {{through<std::string>, through<SectorId>, through<std::uint64_t>}, asIs}},
        {"StorageFindSector", {{through<SectorId>, through<std::uint64_t>, through<std::uint64_t>, through<bool>}, through<std::vector<SectorStorageInfo>>}},
        {"StorageBestAlloc", {{through<std::uint64_t>, through<std::uint64_t>, through<std::string>, through<std::uint64_t>}, through<std::vector<StorageInfo>>}},
        {"StorageInfo", {{through<std::string>}, through<StorageInfo>}},
        {"StorageList", {{}, asIs}},
    };
    return all;
}

std::string shortName(const std::string& method) { return method.substr(method.rfind('.') + 1); }

} // namespace

/// Everything a stock worker and a stock miner were seen to send is read, kept and written again byte for byte.
class TestLotusTraffic : public QObject {
    Q_OBJECT

    std::vector<Exchange> m_all;

    void rows(const std::function<bool(const Exchange&)>& wanted) {
        QTest::addColumn<int>("index");
        int count = 0;
        for (std::size_t i = 0; i < m_all.size(); ++i) {
            if (!wanted(m_all[i])) continue;
            QTest::newRow((m_all[i].name + ' ' + m_all[i].method).c_str()) << int(i);
            ++count;
        }
        QVERIFY(count > 0);
    }
    const Exchange& row() const {
        QFETCH(int, index);
        return m_all[std::size_t(index)];
    }

    static bool isCall(const Exchange& e) {
        return !e.method.empty() && e.hasRequest && e.request.starts_with('{') && e.request.ends_with('}') && parseGoJson(e.request);
    }

private Q_SLOTS:
    void initTestCase() { m_all = lsw::test::recordedExchanges(); }

    void requestsAreWrittenAsGoWroteThem_data() {
        rows([](const Exchange& e) { return isCall(e) && e.request.find("}{") == std::string::npos; });
    }
    void requestsAreWrittenAsGoWroteThem() {
        const Exchange& e = row();
        QCOMPARE(bytes(toGoJson(*parseGoJson(e.request))), bytes(e.request));
    }

    void makeRequestMakesTheRequestsOfTheWorker_data() {
        rows([](const Exchange& e) { return isCall(e) && !e.toWorker; });
    }
    void makeRequestMakesTheRequestsOfTheWorker() {
        const Exchange& e = row();
        const Json json = *parseGoJson(e.request);
        const auto& object = json.get_object();
        const std::string made = makeRequest(object.at("id").to_number<std::uint64_t>(), e.method, object.at("params").get_array());
        const std::string withoutMeta = e.request.substr(0, e.request.find(R"(,"meta":)")) + '}';
        QCOMPARE(bytes(made), bytes(withoutMeta));
    }

    void answersAreWrittenAsGoWroteThem_data() {
        rows([](const Exchange& e) { return e.hasAnswer && e.answer.starts_with('{') && e.answer.find("\"jsonrpc\"") != std::string::npos; });
    }
    void answersAreWrittenAsGoWroteThem() {
        const Exchange& e = row();
        const Json json = *parseGoJson(e.answer);
        const auto& object = json.get_object();
        const auto parsed = parseAnswer(e.answer);
        if (parsed) {
            QCOMPARE(bytes(makeAnswer(object.at("id"), *parsed)), bytes(e.answer));
        } else {
            QCOMPARE(parsed.error().code(), ErrorCode::Remote);
            const int code = object.at("error").at("code").to_number<int>();
            QCOMPARE(bytes(makeErrorAnswer(object.at("id"), {code, parsed.error().message(), e.status})), bytes(e.answer));
        }
    }

    void callsOfTheMinerAreDecodedAndWrittenAgain_data() {
        rows([](const Exchange& e) {
            const auto& known = callMethods();
            const bool task = std::any_of(known.begin(), known.end(), [&](const CallMethod& m) { return e.method == "Filecoin." + std::string(m.name); });
            return task && isCall(e) && e.status == 200;
        });
    }
    void callsOfTheMinerAreDecodedAndWrittenAgain() {
        const Exchange& e = row();
        const Json json = *parseGoJson(e.request);
        const Params& params = json.get_object().at("params").get_array();
        const auto call = decodeCall(shortName(e.method), params);
        QVERIFY2(call, call ? "" : call.error().message().c_str());
        QCOMPARE(std::string(callMethod(*call)), shortName(e.method));
        QCOMPARE(bytes(toGoJson(callParams(*call))), bytes(toGoJson(params)));
        if (shortName(e.method) == "DataCid") QVERIFY(callSector(*call) == SectorRef{});
        else QVERIFY(toJson(callSector(*call)) == params.at(0));
        // The answer is the call's id.
        std::string why;
        const auto answer = parseAnswer(e.answer);
        QVERIFY(answer);
        QCOMPARE(bytes(toGoJson(through<CallId>(*answer, why))), bytes(toGoJson(*answer)));
        QVERIFY2(why.empty(), why.c_str());
    }

    void returnsOfTheWorkerAreMadeAgain_data() {
        rows([](const Exchange& e) { return isCall(e) && e.method.starts_with("Filecoin.Return"); });
    }
    void returnsOfTheWorkerAreMadeAgain() {
        const Exchange& e = row();
        const Json json = *parseGoJson(e.request);
        const Params& params = json.get_object().at("params").get_array();
        const auto call = fromJson<CallId>(params.front());
        const auto error = fromJson<std::optional<CallError>>(params.back());
        QVERIFY(call && error);
        TaskResult result;
        if (params.size() == 3 && params[1].is_string()) result = *fromJson<Bytes>(params[1]);
        else if (params.size() == 3 && params[1].is_object() && params[1].get_object().contains("Size")) result = *fromJson<PieceInfo>(params[1]);
        else if (params.size() == 3 && params[1].is_object() && params[1].get_object().contains("NewSealed")) result = *fromJson<ReplicaUpdateOut>(params[1]);
        else if (params.size() == 3 && params[1].is_object()) result = *fromJson<SectorCids>(params[1]);
        else if (params.size() == 3 && params[1].is_array()) result = *fromJson<ReplicaVanillaProofs>(params[1]);
        QCOMPARE(bytes(toGoJson(returnParams(shortName(e.method), *call, result, *error))), bytes(toGoJson(params)));
        // A failed one carries a zero value whatever the task had.
        if (*error) QCOMPARE(bytes(toGoJson(returnParams(shortName(e.method), *call, {}, *error))), bytes(toGoJson(params)));
    }

    void proofsOfStorageAreDecodedAndWrittenAgain_data() {
        rows([](const Exchange& e) { return isCall(e) && e.method.ends_with("PoSt"); });
    }
    void proofsOfStorageAreDecodedAndWrittenAgain() {
        const Exchange& e = row();
        const Json json = *parseGoJson(e.request);
        const Params& params = json.get_object().at("params").get_array();
        const auto call = decodePostCall(shortName(e.method), params);
        QVERIFY2(call, call ? "" : call.error().message().c_str());
        const bool isWindow = shortName(e.method) == "GenerateWindowPoSt";
        QCOMPARE(bytes(toGoJson(isWindow ? windowPostParams(*call) : winningPostParams(*call))), bytes(toGoJson(params)));
        const auto answer = parseAnswer(e.answer);
        if (!answer) return;
        const auto result = fromJson<WindowPostResult>(*answer);
        QVERIFY(result);
        QCOMPARE(bytes(toGoJson(toJson(*result))), bytes(toGoJson(*answer)));
    }

    void requestsForVanillaProofsAreDecodedAndWrittenAgain() {
        int single = 0, porep = 0;
        for (const Exchange& e : m_all) {
            if (!e.line.starts_with("POST /remote/vanilla/") || e.request.empty()) continue;
            const Json json = *parseGoJson(e.request);
            const bool isPorep = e.line.find("porep") != std::string::npos;
            std::string why;
            const Json again = isPorep ? through<PorepVanillaRequest>(json, why) : through<SingleVanillaRequest>(json, why);
            QVERIFY2(why.empty(), why.c_str());
            QCOMPARE(bytes(toGoJson(again)), bytes(e.request));
            ++(isPorep ? porep : single);
        }
        QVERIFY(single > 0 && porep > 0);
    }

    void callsToTheMinerKeepTheirValues_data() {
        rows([](const Exchange& e) { return isCall(e) && !e.toWorker && !e.method.starts_with("Filecoin.Return"); });
    }
    void callsToTheMinerKeepTheirValues() {
        const Exchange& e = row();
        const auto shape = minerMethods().find(shortName(e.method));
        QVERIFY2(shape != minerMethods().end(), e.method.c_str());
        const Json json = *parseGoJson(e.request);
        const Params& params = json.get_object().at("params").get_array();
        QCOMPARE(params.size(), shape->second.params.size());
        std::string why;
        for (std::size_t i = 0; i < params.size(); ++i) {
            QCOMPARE(bytes(toGoJson(shape->second.params[i](params[i], why))), bytes(toGoJson(params[i])));
            QVERIFY2(why.empty(), why.c_str());
        }
        const auto answer = parseAnswer(e.answer);
        if (!answer) return; // errors have their own test
        const Json again = shape->second.result(*answer, why);
        QVERIFY2(why.empty(), why.c_str());
        QCOMPARE(bytes(toGoJson(emptyToNull(again))), bytes(toGoJson(emptyToNull(*answer))));
    }

    void theMinersVersionIsRead() {
        for (const Exchange& e : m_all) {
            if (e.toWorker || e.method != "Filecoin.Version") continue;
            const auto version = fromJson<MinerVersion>(*parseAnswer(e.answer));
            QVERIFY(version);
            QCOMPARE(version->apiVersion, kMinerApiVersion);
            QCOMPARE(version->version, std::string("v1.36.2-dev+mainnet"));
            return;
        }
        QFAIL("no Version in the recording");
    }

    void theStorageListIsRead() {
        int lists = 0;
        for (const Exchange& e : m_all) {
            if (e.method != "Filecoin.StorageList") continue;
            const Json answer = *parseAnswer(e.answer);
            for (const auto& path : answer.get_object()) {
                std::string why;
                QCOMPARE(bytes(toGoJson(emptyToNull(through<std::vector<SectorDeclaration>>(path.value(), why)))), bytes(toGoJson(emptyToNull(path.value()))));
                QVERIFY2(why.empty(), why.c_str());
                ++lists;
            }
        }
        QVERIFY(lists > 0);
    }

    void theWholeInfoOfAWorkerIsMadeAgain() {
        int infos = 0;
        for (const Exchange& e : m_all) {
            if (e.method != "Filecoin.Info" || !e.hasAnswer) continue;
            const Json answer = *parseAnswer(e.answer);
            const auto info = fromJson<WorkerInfo>(answer);
            QVERIFY(info);
            QCOMPARE(info->hostname, std::string("w1"));
            QVERIFY(info->table.size() >= 14);
            QCOMPARE(bytes(toGoJson(toJson(*info))), bytes(toGoJson(answer)));
            ++infos;
        }
        QVERIFY(infos > 0);
    }

    void thePathsOfAWorkerAreMadeAgain() {
        int lists = 0;
        for (const Exchange& e : m_all) {
            if (e.method != "Filecoin.Paths") continue;
            const Json answer = *parseAnswer(e.answer);
            const auto paths = fromJson<std::vector<StoragePath>>(answer);
            QVERIFY(paths);
            QCOMPARE(bytes(toGoJson(toJson(*paths))), bytes(toGoJson(answer)));
            ++lists;
        }
        QVERIFY(lists > 0);
    }
};

QTEST_GUILESS_MAIN(TestLotusTraffic)
#include "tst_lotus_traffic.moc"
