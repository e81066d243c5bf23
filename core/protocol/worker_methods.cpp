// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/worker_methods.h"

#include "protocol/lotus_json.h"

#include <QtCore/QObject>
#include <QtCore/QThread>

namespace lsw::protocol {
namespace {

using Params = boost::json::array;
constexpr const char* kAdmin = "admin";

RpcError unreadable(std::string message) { return {-32700, std::move(message), 500}; }

template <typename T, typename Encode>
Reply<T> replyBy(RpcRespond respond, Encode encode) {
    return [respond = std::move(respond), encode](Expected<T> result) {
        if (result) respond(encode(*result));
        else respond(std::move(result).error());
    };
}

Reply<Nothing> replyNull(RpcRespond respond) {
    return replyBy<Nothing>(std::move(respond), [](const Nothing&) { return Json(); });
}
Reply<std::string> replyText(RpcRespond respond) {
    return replyBy<std::string>(std::move(respond), [](const std::string& text) { return Json(text); });
}

/// Reads one parameter; answers and gives nothing when it cannot be read.
template <typename T>
std::optional<T> param(const std::string& method, const Params& params, std::size_t place, const char* goType, const RpcRespond& respond) {
    auto value = fromJson<T>(params.at(place));
    if (value) return std::move(*value);
    respond(unreadable("unmarshaling params for '" + method + "' (param: *" + goType + "): " + value.error().message()));
    return std::nullopt;
}

std::string fullName(std::string_view method) { return "Filecoin." + std::string(method); }

void add(MethodTable& table, std::string_view name, void (WorkerMethods::*method)(Reply<Nothing>), WorkerMethods& worker) {
    table.add(fullName(name), 0, kAdmin, [method, &worker](Params, RpcRespond respond) { (worker.*method)(replyNull(std::move(respond))); });
}

void add(MethodTable& table, std::string_view name, void (WorkerMethods::*method)(std::string, Reply<Nothing>), const char* goType, WorkerMethods& worker) {
    table.add(fullName(name), 1, kAdmin, [method, goType, full = fullName(name), &worker](Params params, RpcRespond respond) {
        auto text = param<std::string>(full, params, 0, goType, respond);
        if (text) (worker.*method)(std::move(*text), replyNull(std::move(respond)));
    });
}

void addQueries(MethodTable& table, WorkerMethods& worker) {
    table.add("Filecoin.Version", 0, kAdmin, [](Params, RpcRespond respond) { respond(Json(kWorkerApiVersion)); });
    table.add("Filecoin.TaskTypes", 0, kAdmin, [&worker](Params, RpcRespond respond) {
        worker.taskTypes(replyBy<std::vector<std::string>>(std::move(respond), [](const std::vector<std::string>& types) {
            boost::json::object out;
            for (const std::string& type : std::set<std::string>(types.begin(), types.end())) out.emplace(type, boost::json::object{});
            return Json(std::move(out));
        }));
    });
    table.add("Filecoin.Paths", 0, kAdmin, [&worker](Params, RpcRespond respond) {
        worker.paths(replyBy<std::vector<StoragePath>>(std::move(respond), [](const std::vector<StoragePath>& paths) { return toJson(paths); }));
    });
    table.add("Filecoin.Info", 0, kAdmin, [&worker](Params, RpcRespond respond) {
        worker.info(replyBy<WorkerInfo>(std::move(respond), [](const WorkerInfo& info) { return toJson(info); }));
    });
    table.add("Filecoin.Session", 0, kAdmin, [&worker](Params, RpcRespond respond) { worker.session(replyText(std::move(respond))); });
    table.add("Filecoin.ProcessSession", 0, kAdmin, [&worker](Params, RpcRespond respond) { worker.processSession(replyText(std::move(respond))); });
    table.add("Filecoin.Enabled", 0, kAdmin, [&worker](Params, RpcRespond respond) {
        worker.enabled(replyBy<bool>(std::move(respond), [](bool on) { return Json(on); }));
    });
    table.add("Filecoin.StorageLocal", 0, kAdmin, [&worker](Params, RpcRespond respond) {
        using Paths = std::map<std::string, std::string>;
        worker.storageLocal(replyBy<Paths>(std::move(respond), [](const Paths& paths) {
            boost::json::object out;
            for (const auto& [id, path] : paths) out.emplace(id, path);
            return Json(std::move(out));
        }));
    });
    table.add("LotusSealWorker.Snapshot", 0, kAdmin, [&worker](Params, RpcRespond respond) {
        worker.snapshot([respond = std::move(respond)](Expected<boost::json::value> view) { respond(std::move(view)); });
    });
    table.add("LotusSealWorker.Reload", 0, kAdmin, [&worker](Params, RpcRespond respond) {
        worker.reload([respond = std::move(respond)](Expected<boost::json::value> result) { respond(std::move(result)); });
    });
    table.add("LotusSealWorker.Leftovers", 1, kAdmin, [&worker](Params params, RpcRespond respond) {
        auto toDelete = param<std::vector<std::string>>("LotusSealWorker.Leftovers", params, 0, "[]string", respond);
        if (toDelete) worker.leftovers(std::move(*toDelete), [respond](Expected<boost::json::value> found) { respond(std::move(found)); });
    });
}

/// What lotus-worker does not have.
void addOwnCommands(MethodTable& table, WorkerMethods& worker) {
    struct Row {
        const char* name;
        void (WorkerMethods::*method)(std::string, Reply<Nothing>);
    };
    for (const Row& row : {Row{"LotusSealWorker.TaskAbort", &WorkerMethods::abortTask}, Row{"LotusSealWorker.SetMode", &WorkerMethods::setMode},
                           Row{"LotusSealWorker.Stop", &WorkerMethods::stopWorker}})
        table.add(row.name, 1, kAdmin, [row, &worker](Params params, RpcRespond respond) {
            auto text = param<std::string>(row.name, params, 0, "string", respond);
            if (text) (worker.*row.method)(std::move(*text), replyNull(std::move(respond)));
        });
}

void addCommands(MethodTable& table, WorkerMethods& worker) {
    add(table, "WaitQuiet", &WorkerMethods::waitQuiet, worker);
    add(table, "StorageDetachAll", &WorkerMethods::storageDetachAll, worker);
    add(table, "Shutdown", &WorkerMethods::shutdown, worker);
    add(table, "TaskDisable", &WorkerMethods::taskDisable, "sealtasks.TaskType", worker);
    add(table, "TaskEnable", &WorkerMethods::taskEnable, "sealtasks.TaskType", worker);
    add(table, "StorageAddLocal", &WorkerMethods::storageAddLocal, "string", worker);
    add(table, "StorageDetachLocal", &WorkerMethods::storageDetachLocal, "string", worker);
    table.add("Filecoin.SetEnabled", 1, kAdmin, [&worker](Params params, RpcRespond respond) {
        const auto on = param<bool>("Filecoin.SetEnabled", params, 0, "bool", respond);
        if (on) worker.setEnabled(*on, replyNull(std::move(respond)));
    });
    table.add("Filecoin.Remove", 1, kAdmin, [&worker](Params params, RpcRespond respond) {
        const auto sector = param<SectorId>("Filecoin.Remove", params, 0, "abi.SectorID", respond);
        if (sector) worker.remove(*sector, replyNull(std::move(respond)));
    });
    table.add("Filecoin.StorageRedeclareLocal", 2, kAdmin, [&worker](Params params, RpcRespond respond) {
        const std::string name = "Filecoin.StorageRedeclareLocal";
        auto id = param<std::string>(name, params, 0, "*storiface.ID", respond);
        if (!id) return;
        const auto dropMissing = param<bool>(name, params, 1, "bool", respond);
        if (!dropMissing) return;
        std::optional<std::string> one;
        if (!params[0].is_null()) one = std::move(*id);
        worker.storageRedeclareLocal(std::move(one), *dropMissing, replyNull(std::move(respond)));
    });
}

const ReaderStream* streamOf(const TaskCall& call) {
    if (const auto* piece = std::get_if<AddPieceCall>(&call)) return &piece->data;
    if (const auto* cid = std::get_if<DataCidCall>(&call)) return &cid->data;
    return nullptr;
}

Reply<CallId> replyCall(RpcRespond respond) {
    return replyBy<CallId>(std::move(respond), [](const CallId& id) { return toJson(id); });
}

/// Waits for the sender of the data as lotus does, before the call is journaled, then starts the task on the thread of the call.
void startWithData(TaskCall call, const ReaderStream& stream, WorkerMethods& worker, PushStreams& streams, RpcRespond respond) {
    const std::string start = "decoding params for '" + fullName(callMethod(call)) + "' (param: " + std::to_string(callParams(call).size() - 1) + "; custom decoder): ";
    auto* home = new QObject; // lives on this thread, which may not be the one the sender shows up on
    streams.resolve(stream, [home, start, call = std::move(call), &worker, respond = std::move(respond)](Expected<std::shared_ptr<PieceData>> data) mutable {
        auto go = [home, start = std::move(start), call = std::move(call), &worker, respond = std::move(respond), data = std::move(data)]() mutable {
            home->deleteLater();
            if (data) worker.startTask(std::move(call), std::move(*data), replyCall(std::move(respond)));
            else respond(unreadable(start + data.error().message()));
        };
        if (QThread::currentThread() == home->thread()) return go();
        QMetaObject::invokeMethod(home, std::move(go), Qt::QueuedConnection);
    });
}

void addTasks(MethodTable& table, WorkerMethods& worker, PushStreams& streams) {
    for (const CallMethod& method : callMethods()) {
        table.add(fullName(method.name), method.paramCount, kAdmin, [name = method.name, &worker, &streams](Params params, RpcRespond respond) {
            auto call = decodeCall(name, params);
            if (!call) return respond(unreadable(call.error().message()));
            if (const ReaderStream* stream = streamOf(*call)) {
                const ReaderStream copy = *stream;
                return startWithData(std::move(*call), copy, worker, streams, std::move(respond));
            }
            worker.startTask(std::move(*call), nullptr, replyCall(std::move(respond)));
        });
    }
}

template <typename Result>
void addPost(MethodTable& table, std::string_view name, std::size_t paramCount, void (WorkerMethods::*method)(PostCall, Reply<Result>), WorkerMethods& worker) {
    table.add(fullName(name), paramCount, kAdmin, [name, method, &worker](Params params, RpcRespond respond) {
        auto call = decodePostCall(name, params);
        if (!call) return respond(unreadable(call.error().message()));
        (worker.*method)(std::move(*call), replyBy<Result>(std::move(respond), [](const Result& result) { return toJson(result); }));
    });
}

} // namespace

void addWorkerMethods(MethodTable& table, WorkerMethods& worker, PushStreams& streams) {
    addQueries(table, worker);
    addCommands(table, worker);
    addOwnCommands(table, worker);
    addTasks(table, worker, streams);
    addPost(table, "GenerateWinningPoSt", 4, &WorkerMethods::generateWinningPost, worker);
    addPost(table, "GenerateWindowPoSt", 5, &WorkerMethods::generateWindowPost, worker);
}

} // namespace lsw::protocol
