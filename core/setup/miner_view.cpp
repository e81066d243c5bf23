// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_view.h"

#include "base/text.h"
#include "protocol/go_json.h"
#include "protocol/lotus_json.h"
#include "setup/miner_version.h"

#include <algorithm>

namespace lsw::setup {
namespace {

using boost::json::array;
using protocol::Json;
using protocol::memberOf;

std::uint64_t countOf(const Json& json) {
    if (json.is_uint64()) return json.get_uint64();
    return json.is_int64() && json.get_int64() > 0 ? static_cast<std::uint64_t>(json.get_int64()) : 0;
}

std::string textOf(const Json& json) { return json.is_string() ? std::string(json.get_string()) : std::string(); }

void readWorkers(MinerView& view, const boost::json::object& stats) {
    for (const auto& [session, one] : stats) {
        const auto* worker = one.if_object();
        if (!worker) continue;
        MinerView::Worker out;
        out.session = std::string(session);
        if (const auto* info = memberOf(*worker, "Info").if_object()) out.hostname = textOf(memberOf(*info, "Hostname"));
        if (const auto* tasks = memberOf(*worker, "Tasks").if_array()) out.taskTypes = tasks->size();
        if (const auto& enabled = memberOf(*worker, "Enabled"); enabled.is_bool()) out.enabled = enabled.get_bool();
        if (const auto* counts = memberOf(*worker, "TaskCounts").if_object())
            for (const auto& [task, count] : *counts) out.running += countOf(count);
        view.workers.push_back(std::move(out));
    }
}

/// "10445360463872" in bytes as a size; a number that is none stays as it is.
std::string powerText(const std::string& decimal) {
    const auto bytes = sector::parseUnsigned(decimal, "power");
    return bytes ? byteText(*bytes) : decimal;
}

std::string useText(std::size_t busy, std::size_t all) { return std::to_string(busy) + " / " + std::to_string(all); }

} // namespace

bool MinerView::isOurWorkerRegistered() const {
    return !ourSession.empty() && std::any_of(workers.begin(), workers.end(), [this](const Worker& one) { return one.session == ourSession; });
}

bool MinerView::isLocal(const Worker& worker) const { return isOnThisMachine && worker.hostname == hostname && worker.session != ourSession; }

void askMiner(MinerView& view, const RpcQuestion& miner, const std::optional<RpcQuestion>& fullNode, const std::stop_token& stop) {
    const RpcAnswer sectors = askRpc(miner, "Filecoin.SectorsSummary", {}, stop);
    const auto* summary = sectors.result ? sectors.result->if_object() : nullptr;
    if (summary)
        for (const auto& [state, count] : *summary) view.sectors[std::string(state)] = countOf(count);
    else if (!sectors.result) view.sectorsUnknown = whyNot(sectors);

    const RpcAnswer workers = askRpc(miner, "Filecoin.WorkerStats", {}, stop);
    if (const auto* stats = workers.result ? workers.result->if_object() : nullptr) readWorkers(view, *stats);
    else if (!workers.result) view.workersUnknown = whyNot(workers);

    if (!fullNode) return;
    const RpcAnswer network = askRpc(*fullNode, "Filecoin.StateNetworkName", {}, stop);
    if (network.result) view.network = textOf(*network.result);
    const RpcAnswer power = askRpc(*fullNode, "Filecoin.StateMinerPower", array{Json(view.address), Json(nullptr)}, stop);
    const auto* both = power.result ? power.result->if_object() : nullptr;
    if (!both) return;
    if (const auto* own = memberOf(*both, "MinerPower").if_object()) view.minerPower = textOf(memberOf(*own, "QualityAdjPower"));
    if (const auto* all = memberOf(*both, "TotalPower").if_object()) view.totalPower = textOf(memberOf(*all, "QualityAdjPower"));
}

WorkerUse workerUse(const MinerView& view) {
    WorkerUse out;
    out.isLocalKnown = view.isOnThisMachine;
    for (const MinerView::Worker& one : view.workers) {
        const bool isLocal = view.isLocal(one);
        ++(isLocal ? out.local : out.remote);
        if (one.running > 0) ++(isLocal ? out.localBusy : out.remoteBusy);
    }
    return out;
}

std::string WorkerUse::text() const {
    return (isLocalKnown ? "Local " + useText(localBusy, local) + ", Remote " : "Local and remote ") + useText(remoteBusy, remote);
}

std::vector<std::string> infoLines(const MinerView& view) {
    std::vector<std::string> out;
    out.push_back("Miner: " + view.address + (view.sectorSize ? " (" + byteText(*view.sectorSize) + " sectors)" : " (sector size unknown)"));
    out.push_back("Version: " + view.version + ", API " + apiVersionText(view.apiVersion));
    if (!view.network.empty()) out.push_back("Network: " + view.network);
    if (!view.minerPower.empty()) out.push_back("Power: " + powerText(view.minerPower) + " / " + powerText(view.totalPower));
    std::uint64_t total = 0;
    for (const auto& [state, count] : view.sectors) total += count;
    out.push_back(view.sectorsUnknown.empty() ? "Sectors: " + std::to_string(total) : "Sectors: not told (" + view.sectorsUnknown + ')');
    for (const auto& [state, count] : view.sectors) out.push_back("    " + state + ": " + std::to_string(count));

    if (!view.workersUnknown.empty()) {
        out.push_back("Worker use: not told (" + view.workersUnknown + ')');
        return out;
    }
    const WorkerUse use = workerUse(view);
    out.emplace_back("Worker use:");
    if (use.isLocalKnown) out.push_back("    Local: " + useText(use.localBusy, use.local));
    out.push_back((use.isLocalKnown ? "    Remote: " : "    Local and remote: ") + useText(use.remoteBusy, use.remote));
    for (const MinerView::Worker& one : view.workers) {
        const bool isOurs = one.session == view.ourSession && !view.ourSession.empty();
        out.push_back("    " + (one.hostname.empty() ? "a worker without name" : one.hostname) + ": " + std::to_string(one.taskTypes) + " kinds of task, " +
                      std::to_string(one.running) + " running" + (one.enabled ? "" : ", disabled") + (isOurs ? " (this worker)" : ""));
    }
    const bool runs = !view.ourSession.empty();
    out.emplace_back(!runs ? "This worker: does not run" : view.isOurWorkerRegistered() ? "This worker: registered" : "This worker: runs, and is not registered");
    return out;
}

} // namespace lsw::setup
