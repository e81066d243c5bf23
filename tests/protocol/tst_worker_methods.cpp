// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/lotus_json.h"
#include "protocol/recorded_traffic.h"
#include "protocol/worker_methods.h"

#include <QtCore/QThread>
#include <QtTest/QtTest>

#include <algorithm>
#include <thread>

#include "support/patience.h"

using namespace lsw;
using namespace lsw::protocol;
using lsw::test::kPatienceMs;
using lsw::test::Exchange;

namespace {

/// A worker that answers what it was told to answer.
class ScriptedWorker final : public WorkerMethods {
public:
    Json result = true;             ///< of the next call, as on the wire
    std::optional<Error> error;     ///< instead of it
    std::vector<std::string> calls; ///< "setEnabled false", in order
    std::optional<TaskCall> task;
    std::optional<PostCall> post;
    std::shared_ptr<PieceData> data;
    QThread* taskThread = nullptr;

    void taskTypes(Reply<std::vector<std::string>> reply) override {
        std::vector<std::string> types;
        if (result.is_object())
            for (const auto& type : result.get_object()) types.emplace_back(type.key());
        std::reverse(types.begin(), types.end()); // their order is not the worker's business
        give("taskTypes", std::move(types), reply);
    }
    void paths(Reply<std::vector<StoragePath>> reply) override { giveDecoded("paths", reply); }
    void info(Reply<WorkerInfo> reply) override { giveDecoded("info", reply); }
    void session(Reply<std::string> reply) override { giveDecoded("session", reply); }
    void processSession(Reply<std::string> reply) override { giveDecoded("processSession", reply); }
    void enabled(Reply<bool> reply) override { giveDecoded("enabled", reply); }
    void setEnabled(bool on, Reply<Nothing> reply) override { give(on ? "setEnabled true" : "setEnabled false", Nothing{}, reply); }
    void waitQuiet(Reply<Nothing> reply) override { give("waitQuiet", Nothing{}, reply); }
    void taskDisable(std::string type, Reply<Nothing> reply) override { give("taskDisable " + type, Nothing{}, reply); }
    void taskEnable(std::string type, Reply<Nothing> reply) override { give("taskEnable " + type, Nothing{}, reply); }
    void remove(SectorId id, Reply<Nothing> reply) override { give("remove " + sector::sectorName(id), Nothing{}, reply); }
    void storageLocal(Reply<std::map<std::string, std::string>> reply) override {
        std::map<std::string, std::string> paths;
        if (result.is_object())
            for (const auto& path : result.get_object()) paths[path.key()] = std::string(path.value().as_string());
        give("storageLocal", std::move(paths), reply);
    }
    void storageAddLocal(std::string path, Reply<Nothing> reply) override { give("storageAddLocal " + path, Nothing{}, reply); }
    void storageDetachLocal(std::string path, Reply<Nothing> reply) override { give("storageDetachLocal " + path, Nothing{}, reply); }
    void storageDetachAll(Reply<Nothing> reply) override { give("storageDetachAll", Nothing{}, reply); }
    void storageRedeclareLocal(std::optional<std::string> id, bool dropMissing, Reply<Nothing> reply) override {
        give("storageRedeclareLocal " + id.value_or("all") + (dropMissing ? " drop" : " keep"), Nothing{}, reply);
    }
    void shutdown(Reply<Nothing> reply) override { give("shutdown", Nothing{}, reply); }
    void abortTask(std::string id, Reply<Nothing> reply) override { give("abortTask " + id, Nothing{}, reply); }
    void setMode(std::string mode, Reply<Nothing> reply) override { give("setMode " + mode, Nothing{}, reply); }
    void stopWorker(std::string how, Reply<Nothing> reply) override { give("stopWorker " + how, Nothing{}, reply); }
    void startTask(TaskCall call, std::shared_ptr<PieceData> piece, Reply<CallId> reply) override {
        taskThread = QThread::currentThread();
        calls.push_back("startTask " + std::string(callMethod(call)));
        task = std::move(call);
        data = std::move(piece);
        answer(fromJson<CallId>(result), reply);
    }
    void generateWinningPost(PostCall call, Reply<std::vector<PostProofBytes>> reply) override {
        post = std::move(call);
        giveDecoded("generateWinningPost", reply);
    }
    void generateWindowPost(PostCall call, Reply<WindowPostResult> reply) override {
        post = std::move(call);
        giveDecoded("generateWindowPost", reply);
    }
    void reload(Reply<boost::json::value> reply) override { give("reload", result, reply); }
    void snapshot(Reply<boost::json::value> reply) override { give("snapshot", result, reply); }
    void leftovers(std::vector<std::string> toDelete, Reply<boost::json::value> reply) override {
        give("leftovers " + std::to_string(toDelete.size()), result, reply);
    }

private:
    template <typename T>
    void answer(Expected<T> value, const Reply<T>& reply) {
        if (error) reply(*error);
        else reply(std::move(value));
    }
    template <typename T>
    void give(std::string call, T value, const Reply<T>& reply) {
        calls.push_back(std::move(call));
        answer(Expected<T>(std::move(value)), reply);
    }
    template <typename T>
    void giveDecoded(std::string call, const Reply<T>& reply) {
        calls.push_back(std::move(call));
        answer(fromJson<T>(result), reply);
    }
};

const Permissions kAll{"admin", "read", "sign", "write"};

Permissions permissionsOf(const Exchange& e) {
    if (e.token == "<TOKEN>" || e.line.find("token=<TOKEN>") != std::string::npos) return kAll;
    if (e.token == "<TOKEN:admin>") return {"admin"};
    return {"read"}; // a read-only token, or none
}

QByteArray bytes(const std::string& text) { return QByteArray::fromStdString(text); }

std::string request(std::string_view method, std::string_view params) {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":)" + std::string(params) + "}";
}

} // namespace

class TestWorkerMethods : public QObject {
    Q_OBJECT

    /// The table of a worker, and how to ask it.
    struct Setup {
        ScriptedWorker worker;
        PushStreams streams{std::chrono::milliseconds(20)};
        MethodTable table;
        std::optional<RpcReply> reply;

        Setup() { addWorkerMethods(table, worker, streams); }
        void ask(std::string_view body, const Permissions& permissions = kAll) {
            reply.reset();
            // Another thread may answer; the reply is looked at on this one.
            table.dispatch(body, permissions, [this, home = &receiver](RpcReply got) {
                QMetaObject::invokeMethod(home, [this, got = std::move(got)] { reply = got; });
            });
        }
        QObject receiver;
    };

    std::vector<Exchange> m_all;

private Q_SLOTS:
    void initTestCase() { m_all = lsw::test::recordedExchanges(); }

    void recordedRequestsGetTheRecordedReplies_data() {
        QTest::addColumn<int>("index");
        int count = 0;
        for (std::size_t i = 0; i < m_all.size(); ++i) {
            const Exchange& e = m_all[i];
            const bool ours = e.line.starts_with("POST /rpc/v0 ") || e.line.starts_with("GET /rpc/v0 ") || e.line.starts_with("POST /rpc/v0?");
            if (!ours || !e.toWorker || !e.hasRequest || !e.hasAnswer || e.status == 401) continue; // 401 is the server's, before any method
            const bool pushed = e.request.find("\"Type\":\"") != std::string::npos && e.request.find("\"Type\":\"null\"") == std::string::npos &&
                                e.request.find("\"Type\":\"http\"") == std::string::npos;
            if (pushed && e.status == 200) continue; // needs a sender
            QTest::newRow((e.name + ' ' + e.method).c_str()) << int(i);
            ++count;
        }
        QVERIFY(count > 150);
    }
    void recordedRequestsGetTheRecordedReplies() {
        QFETCH(int, index);
        const Exchange& e = m_all[std::size_t(index)];
        Setup setup;
        if (const auto answer = parseAnswer(e.answer)) setup.worker.result = *answer;
        else if (answer.error().code() == ErrorCode::Remote) setup.worker.error = answer.error(); // else a batch or nothing
        setup.ask(e.request, permissionsOf(e));
        QTRY_VERIFY_WITH_TIMEOUT(setup.reply, kPatienceMs);
        QCOMPARE(bytes(setup.reply->body), bytes(e.answer));
        QCOMPARE(setup.reply->httpStatus, e.status);
    }

    void everyMethodNeedsAdmin() {
        Setup setup;
        for (const char* method : {"Version", "TaskTypes", "Paths", "Info", "Session", "ProcessSession", "Enabled", "WaitQuiet", "StorageLocal", "StorageDetachAll", "Shutdown"}) {
            setup.ask(request("Filecoin." + std::string(method), "[]"), {"read", "write", "sign"});
            QVERIFY(setup.reply);
            QCOMPARE(bytes(setup.reply->body), "{\"error\":{\"code\":1,\"message\":\"missing permission to invoke '" + QByteArray(method) + "' (need 'admin')\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        }
        for (const CallMethod& method : callMethods()) {
            std::string params = "[";
            for (std::size_t i = 0; i < method.paramCount; ++i) params += i ? ",null" : "null";
            setup.ask(request("Filecoin." + std::string(method.name), params + ']'), {"read"});
            QVERIFY(setup.reply && setup.reply->body.find("missing permission") != std::string::npos);
        }
        setup.ask(request("LotusSealWorker.Snapshot", "[]"), {"read"});
        QVERIFY(setup.reply && setup.reply->body.find("missing permission to invoke 'Snapshot'") != std::string::npos);
        QVERIFY(setup.worker.calls.empty());
    }

    void commandsArriveWithTheirValues_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("params");
        QTest::addColumn<QString>("call");
        const auto row = [](const char* method, const char* params, const char* call) {
            QTest::newRow(call) << QString::fromLatin1(method) << QString::fromLatin1(params) << QString::fromLatin1(call);
        };
        row("SetEnabled", "[true]", "setEnabled true");
        row("SetEnabled", "[null]", "setEnabled false");
        row("TaskDisable", R"(["seal/v0/commit/2"])", "taskDisable seal/v0/commit/2");
        row("TaskEnable", R"(["seal/v0/unseal"])", "taskEnable seal/v0/unseal");
        row("Remove", R"([{"Miner":1000,"Number":18446744073709551615}])", "remove s-t01000-18446744073709551615");
        row("StorageAddLocal", R"(["/a b"])", "storageAddLocal /a b");
        row("StorageDetachLocal", R"(["/a"])", "storageDetachLocal /a");
        row("StorageDetachAll", "[]", "storageDetachAll");
        row("StorageRedeclareLocal", "[null,true]", "storageRedeclareLocal all drop");
        row("StorageRedeclareLocal", R"(["id-1",false])", "storageRedeclareLocal id-1 keep");
        row("WaitQuiet", "null", "waitQuiet");
        row("Shutdown", "[]", "shutdown");
    }
    void commandsArriveWithTheirValues() {
        QFETCH(QString, method);
        QFETCH(QString, params);
        QFETCH(QString, call);
        Setup setup;
        setup.ask(request("Filecoin." + method.toStdString(), params.toStdString()));
        QVERIFY(setup.reply);
        QCOMPARE(bytes(setup.reply->body), QByteArray("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":null}\n"));
        QCOMPARE(setup.worker.calls, std::vector<std::string>{call.toStdString()});
    }

    void unreadableValuesNeverReachTheWorker_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("params");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* method, const char* params, const char* message) {
            QTest::addRow("%s %s", method, params) << QString::fromLatin1(method) << QString::fromLatin1(params) << QString::fromLatin1(message);
        };
        row("SetEnabled", R"(["x"])", "unmarshaling params for 'Filecoin.SetEnabled' (param: *bool): json: cannot unmarshal string into Go value of type bool");
        row("TaskDisable", "[5]", "unmarshaling params for 'Filecoin.TaskDisable' (param: *sealtasks.TaskType): json: cannot unmarshal number into Go value of type string");
        row("Remove", "[7]", "unmarshaling params for 'Filecoin.Remove' (param: *abi.SectorID): json: cannot unmarshal number into Go value of type abi.SectorID");
        row("StorageRedeclareLocal", "[5,true]", "unmarshaling params for 'Filecoin.StorageRedeclareLocal' (param: **storiface.ID): json: cannot unmarshal number into Go value of type string");
        row("StorageRedeclareLocal", "[null,5]", "unmarshaling params for 'Filecoin.StorageRedeclareLocal' (param: *bool): json: cannot unmarshal number into Go value of type bool");
        row("DataCid", R"([2032,{"Type":"null","Info":"1.5"}])", "decoding params for 'Filecoin.DataCid' (param: 1; custom decoder): parsing null byte count: strconv.ParseInt: parsing \"1.5\": invalid syntax");
        row("DataCid", R"([2032,{"Type":"null","Info":"99999999999999999999"}])", "decoding params for 'Filecoin.DataCid' (param: 1; custom decoder): parsing null byte count: strconv.ParseInt: parsing \"99999999999999999999\": value out of range");
        row("AddPiece", R"([null,null,2032,null])", "decoding params for 'Filecoin.AddPiece' (param: 3; custom decoder): parsing reader UUDD: invalid UUID length: 0");
        row("AddPiece", R"([null,null,-1,{"Type":"null","Info":"1"}])", "unmarshaling params for 'Filecoin.AddPiece' (param: *abi.UnpaddedPieceSize): json: cannot unmarshal number into Go value of type abi.UnpaddedPieceSize");
    }
    void unreadableValuesNeverReachTheWorker() {
        QFETCH(QString, method);
        QFETCH(QString, params);
        QFETCH(QString, message);
        Setup setup;
        setup.ask(request("Filecoin." + method.toStdString(), params.toStdString()));
        QTRY_VERIFY_WITH_TIMEOUT(setup.reply, kPatienceMs);
        QCOMPARE(setup.reply->httpStatus, 500);
        QCOMPARE(bytes(setup.reply->body), bytes(makeErrorAnswer(1, {-32700, message.toStdString(), 500})));
        QVERIFY(setup.worker.calls.empty());
    }

    void dataOfZerosComeWithTheirCall() {
        Setup setup;
        setup.worker.result = boost::json::parse(R"({"Sector":{"Miner":1000,"Number":1},"ID":"0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"})");
        setup.ask(request("Filecoin.AddPiece", R"([{"ID":{"Miner":1000,"Number":1},"ProofType":5},null,2032,{"Type":"null","Info":"2032"}])"));
        QTRY_VERIFY_WITH_TIMEOUT(setup.reply, kPatienceMs);
        QVERIFY(setup.worker.data && setup.worker.data->isZeros());
        setup.ask(request("Filecoin.FinalizeSector", R"([{"ID":{"Miner":1000,"Number":1},"ProofType":5}])"));
        QTRY_VERIFY_WITH_TIMEOUT(setup.reply, kPatienceMs);
        QVERIFY(!setup.worker.data);
        QVERIFY(std::holds_alternative<FinalizeSectorCall>(*setup.worker.task));
    }

    void aTaskWithPushedDataStartsOnTheThreadOfItsCall() {
        Setup setup;
        setup.worker.result = boost::json::parse(R"({"Sector":{"Miner":0,"Number":0},"ID":"0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"})");
        HttpHead head;
        head.method = "HEAD";
        head.path = "/rpc/streams/v0/push/0A4E6E05-3A43-4F1C-A7A8-6A9C1B1F2C77"; // another spelling of the same uuid
        PushStreams patient;
        MethodTable table;
        addWorkerMethods(table, setup.worker, patient);
        std::optional<RpcReply> reply;
        table.dispatch(request("Filecoin.DataCid", R"([2032,{"Type":"push","Info":"0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"}])"), kAll, [&](RpcReply got) { reply = std::move(got); });
        QVERIFY(!reply);
        std::jthread sender([&] { patient.route().handle(head, {}, {}, [](HttpReply) {}); });
        QTRY_VERIFY_WITH_TIMEOUT(reply, kPatienceMs);
        QCOMPARE(setup.worker.taskThread, QThread::currentThread());
        QVERIFY(setup.worker.data && !setup.worker.data->isZeros());
        QCOMPARE(std::get<DataCidCall>(*setup.worker.task).data.type, std::string("push"));
    }

    void aSenderThatNeverComesEndsTheCallOnItsOwnThread() {
        Setup setup;
        setup.ask(request("Filecoin.DataCid", R"([2032,{"Type":"push","Info":"0a4e6e05-3a43-4f1c-a7a8-6a9c1b1f2c77"}])"));
        QVERIFY(!setup.reply);
        QTRY_VERIFY_WITH_TIMEOUT(setup.reply, kPatienceMs);
        QCOMPARE(setup.reply->httpStatus, 500);
        QVERIFY(setup.reply->body.find("(param: 1; custom decoder): context deadline exceeded") != std::string::npos);
        QVERIFY(setup.worker.calls.empty());
    }

    void theSnapshotIsPassedOn() {
        Setup setup;
        setup.worker.result = boost::json::parse(R"({"schema":1,"tasks":[]})");
        setup.ask(request("LotusSealWorker.Snapshot", "[]"));
        QVERIFY(setup.reply);
        QCOMPARE(bytes(setup.reply->body), QByteArray("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{\"schema\":1,\"tasks\":[]}}\n"));
        setup.ask(request("LotusSealWorker.Leftovers", "[[\"/a\",\"/b\"]]"));
        QCOMPARE(bytes(setup.worker.calls.back()), QByteArray("leftovers 2"));
        setup.ask(request("LotusSealWorker.Leftovers", "[5]"));
        QVERIFY(setup.reply->body.find("cannot unmarshal number") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestWorkerMethods)
#include "tst_worker_methods.moc"
