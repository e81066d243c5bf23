// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/method_answers.h"

#include <algorithm>

#include "protocol/lotus_json.h"
#include "worker/worker_core.h"

namespace lsw::worker {

using protocol::Nothing;
using protocol::Reply;

void MethodAnswers::onService(const char* name, std::function<void()> answer) {
    QMetaObject::invokeMethod(
        &m_core,
        [this, name, answer = std::move(answer)] {
            const ServiceWatchdog::Operation operation(m_core.watchdog(), name);
            answer();
        },
        Qt::AutoConnection); // at once when this already is the service thread
}

void MethodAnswers::withStore(const char* name, std::function<Expected<void>(storage::LocalStore&, std::stop_token)> work, Reply<Nothing> reply) {
    onService(name, [this, work = std::move(work), reply = std::move(reply)] {
        m_core.withStore(work, [reply](Expected<void> result) {
            if (result) reply(Nothing{});
            else reply(std::move(result).error());
        });
    });
}

void MethodAnswers::taskTypes(Reply<std::vector<std::string>> reply) {
    onService("TaskTypes", [this, reply = std::move(reply)] { reply(m_core.offeredTypes()); });
}

void MethodAnswers::paths(Reply<std::vector<protocol::StoragePath>> reply) {
    // From what the paths were attached with: the miner asks this in every scheduling round and waits 5 s at most.
    onService("Paths", [this, reply = std::move(reply)] {
        std::vector<protocol::StoragePath> out;
        for (const auto& path : m_core.paths())
            out.push_back({path.id, path.metadata.weight, path.path.string(), path.metadata.canSeal, path.metadata.canStore});
        reply(std::move(out));
    });
}

void MethodAnswers::info(Reply<protocol::WorkerInfo> reply) {
    onService("Info", [this, reply = std::move(reply)] { reply(m_core.info()); });
}

void MethodAnswers::session(Reply<std::string> reply) {
    onService("Session", [this, reply = std::move(reply)] {
        if (!m_core.enabled() && !m_core.isStopping()) return reply(Error(ErrorCode::Cancelled, "worker disabled"));
        reply(m_core.sessionForMiner());
    });
}

void MethodAnswers::processSession(Reply<std::string> reply) {
    onService("ProcessSession", [this, reply = std::move(reply)] { reply(m_core.session()); });
}

void MethodAnswers::enabled(Reply<bool> reply) {
    onService("Enabled", [this, reply = std::move(reply)] { reply(m_core.enabled()); });
}

void MethodAnswers::setEnabled(bool enabled, Reply<Nothing> reply) {
    onService("SetEnabled", [this, enabled, reply = std::move(reply)] {
        m_core.setEnabled(enabled);
        reply(Nothing{});
    });
}

void MethodAnswers::waitQuiet(Reply<Nothing> reply) {
    onService("WaitQuiet", [this, reply = std::move(reply)] {
        if (auto* calls = m_core.calls()) calls->whenQuiet([reply] { reply(Nothing{}); });
        else reply(Nothing{});
    });
}

void MethodAnswers::taskDisable(std::string type, Reply<Nothing> reply) {
    onService("TaskDisable", [this, type = std::move(type), reply = std::move(reply)] {
        std::erase(m_core.taskTypes(), type);
        m_core.changed(true);
        reply(Nothing{});
    });
}

void MethodAnswers::taskEnable(std::string type, Reply<Nothing> reply) {
    onService("TaskEnable", [this, type = std::move(type), reply = std::move(reply)] {
        auto& types = m_core.taskTypes();
        if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
        m_core.changed(true);
        reply(Nothing{});
    });
}

void MethodAnswers::remove(protocol::SectorId sector, Reply<Nothing> reply) {
    withStore(
        "Remove",
        [sector](storage::LocalStore& store, const std::stop_token& stop) -> Expected<void> {
            std::optional<Error> first;
            for (const auto one : {sector::FileType::Sealed, sector::FileType::Cache, sector::FileType::Unsealed}) {
                auto removed = store.remove(sector, one, true, stop);
                if (!removed && !first) first = std::move(removed).error().whileDoing("removing " + std::string(sector::fileTypeName(one)));
            }
            if (first) return std::move(*first);
            return {};
        },
        std::move(reply));
}

void MethodAnswers::storageLocal(Reply<std::map<std::string, std::string>> reply) {
    onService("StorageLocal", [this, reply = std::move(reply)] {
        std::map<std::string, std::string> out;
        for (const auto& path : m_core.paths()) out[path.id] = path.path.string();
        reply(std::move(out));
    });
}

void MethodAnswers::storageAddLocal(std::string path, Reply<Nothing> reply) {
    withStore(
        "StorageAddLocal",
        [path](storage::LocalStore& store, std::stop_token stop) {
            return store.openPath(storage::expandHome(path), true, std::move(stop));
        },
        std::move(reply));
}

void MethodAnswers::storageDetachLocal(std::string path, Reply<Nothing> reply) {
    withStore(
        "StorageDetachLocal",
        [path](storage::LocalStore& store, std::stop_token stop) { return store.detachPath(storage::expandHome(path), std::move(stop)); },
        std::move(reply));
}

void MethodAnswers::storageDetachAll(Reply<Nothing> reply) {
    withStore("StorageDetachAll", [](storage::LocalStore& store, std::stop_token stop) { return store.detachAll(std::move(stop)); }, std::move(reply));
}

void MethodAnswers::storageRedeclareLocal(std::optional<std::string> id, bool dropMissing, Reply<Nothing> reply) {
    withStore(
        "StorageRedeclareLocal",
        [id = std::move(id), dropMissing](storage::LocalStore& store, std::stop_token stop) { return store.redeclare(id, dropMissing, std::move(stop)); },
        std::move(reply));
}

void MethodAnswers::shutdown(Reply<Nothing> reply) {
    onService("Shutdown", [this, reply = std::move(reply)] {
        if (m_core.isStopping()) return reply(Error(ErrorCode::Cancelled, "this worker is shutting down already"));
        reply(Nothing{});
        m_core.stop(m_core.settings().shutdownLingerMs, true);
    });
}

void MethodAnswers::startTask(protocol::TaskCall call, std::shared_ptr<protocol::PieceData> data, Reply<protocol::CallId> reply) {
    // Written out here: a large call comes on an io thread, and its JSON is made there as well.
    auto params = boost::json::serialize(protocol::callParams(call));
    onService("starting a task", [this, call = std::move(call), params = std::move(params), data = std::move(data), reply = std::move(reply)]() mutable {
        auto* calls = m_core.calls();
        if (!calls) return reply(Error(ErrorCode::NotRunning, "this worker is still starting"));
        calls->begin(std::move(call), std::move(params), std::move(data), std::move(reply));
    });
}

void MethodAnswers::generateWinningPost(protocol::PostCall call, Reply<std::vector<protocol::PostProofBytes>> reply) {
    onService("GenerateWinningPoSt", [this, call = std::move(call), reply = std::move(reply)] { m_core.winningPost(call, reply); });
}

void MethodAnswers::generateWindowPost(protocol::PostCall call, Reply<protocol::WindowPostResult> reply) {
    onService("GenerateWindowPoSt", [this, call = std::move(call), reply = std::move(reply)] { m_core.windowPost(call, reply); });
}

void MethodAnswers::leftovers(std::vector<std::string> toDelete, Reply<boost::json::value> reply) {
    onService("Leftovers", [this, toDelete = std::move(toDelete), reply = std::move(reply)] { m_core.leftovers(toDelete, reply); });
}

void MethodAnswers::abortTask(std::string callUuid, Reply<Nothing> reply) {
    onService("TaskAbort", [this, uuid = std::move(callUuid), reply = std::move(reply)] {
        if (auto* calls = m_core.calls()) calls->abort(uuid, reply);
        else reply(Error(ErrorCode::NotRunning, "this worker is still starting"));
    });
}

void MethodAnswers::setMode(std::string mode, Reply<Nothing> reply) {
    onService("SetMode", [this, mode = std::move(mode), reply = std::move(reply)] {
        const auto known = workModeNamed(mode);
        if (!known) return reply(Error(ErrorCode::InvalidArgument, "a worker can be told \"working\", \"paused\" or \"draining\", not \"" + mode + '"'));
        m_core.setMode(*known, [reply](Expected<void> kept) {
            if (kept) reply(Nothing{});
            else reply(std::move(kept).error());
        });
    });
}

void MethodAnswers::stopWorker(std::string how, Reply<Nothing> reply) {
    onService("Stop", [this, how = std::move(how), reply = std::move(reply)] {
        if (how != "now" && how != "finish") return reply(Error(ErrorCode::InvalidArgument, "a worker stops \"now\" or by \"finish\", not by \"" + how + '"'));
        reply(Nothing{});
        if (how == "now") m_core.stop(0, false);
        else m_core.finishThenStop();
    });
}

void MethodAnswers::reload(Reply<boost::json::value> reply) {
    onService("Reload", [this, reply = std::move(reply)] {
        m_core.reload([reply](const Expected<ReloadResult>& result) {
            if (result) reply(toJson(*result));
            else reply(result.error());
        });
    });
}

void MethodAnswers::snapshot(Reply<boost::json::value> reply) {
    onService("Snapshot", [this, reply = std::move(reply)] { reply(toJson(m_core.currentView())); });
}

} // namespace lsw::worker
