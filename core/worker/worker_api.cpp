// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/worker_api.h"

#include <array>
#include <utility>

namespace lsw::worker {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<ConnectionState, std::string_view>, 9> kConnections{{
    {ConnectionState::NotStarted, "not_started"},
    {ConnectionState::Connecting, "connecting"},
    {ConnectionState::Refused, "refused"},
    {ConnectionState::Incompatible, "incompatible"},
    {ConnectionState::Registering, "registering"},
    {ConnectionState::Connected, "connected"},
    {ConnectionState::Lost, "lost"},
    {ConnectionState::Stopping, "stopping"},
    {ConnectionState::Stopped, "stopped"},
}};

constexpr std::array<std::pair<TaskState, std::string_view>, 5> kStates{{
    {TaskState::Waiting, "waiting"},
    {TaskState::Running, "running"},
    {TaskState::Undelivered, "undelivered"},
    {TaskState::Done, "done"},
    {TaskState::Failed, "failed"},
}};

constexpr std::array<std::pair<WorkMode, std::string_view>, 3> kModes{{
    {WorkMode::Working, "working"},
    {WorkMode::Paused, "paused"},
    {WorkMode::Draining, "draining"},
}};

template <typename Enum, std::size_t n>
std::string_view nameOf(const std::array<std::pair<Enum, std::string_view>, n>& table, Enum value) {
    for (const auto& row : table)
        if (row.first == value) return row.second;
    return "";
}

json::object taskJson(const TaskView& task) {
    return {{"call", task.call},
            {"sector", task.sector},
            {"sectors", task.sectors},
            {"type", task.type},
            {"short_name", task.shortName},
            {"sector_size", task.sectorSize},
            {"state", nameOf(kStates, task.state)},
            {"wait_reason", task.waitReason},
            {"wait_detail", task.waitDetail},
            {"progress",
             {{"phase", task.progress.phase},
              {"step", task.progress.step},
              {"done", task.progress.done},
              {"total", task.progress.total},
              {"unit", task.progress.unit}}},
            {"begun_ms", task.begunMs},
            {"started_ms", task.startedMs},
            {"finished_ms", task.finishedMs},
            {"active_ms", task.activeMs},
            {"forecast",
             {{"remaining_ms", task.forecast.remainingMs},
              {"finish_ms", task.forecast.finishMs},
              {"earliest_ms", task.forecast.earliestMs},
              {"latest_ms", task.forecast.latestMs},
              {"runs", task.forecast.runs},
              {"usual_ms", task.forecast.usualMs},
              {"resumed_at", task.forecast.resumedAt},
              {"kept_ms", task.forecast.keptMs},
              {"bytes_per_second", task.forecast.bytesPerSecond}}},
            {"error", task.error},
            {"peak_memory", task.peakMemory}};
}

json::array taskArray(const std::vector<TaskView>& tasks) {
    json::array out;
    for (const auto& task : tasks) out.push_back(taskJson(task));
    return out;
}

/// Reads members of one object; the first that is wrong is kept as the error. Members that are absent keep their default,
/// so that a newer window understands an older worker.
class Reader {
public:
    Reader(const json::value& value, std::string where, std::optional<Error>& error) : m_where(std::move(where)), m_error(error) {
        m_object = value.if_object();
        if (!m_object) fail("", "an object");
    }

    const json::value* find(std::string_view key) const { return m_object ? m_object->if_contains(key) : nullptr; }

    void read(std::string_view key, std::string& out) {
        if (const auto* value = find(key)) {
            if (const auto* text = value->if_string()) out.assign(text->data(), text->size());
            else fail(key, "a text");
        }
    }
    void read(std::string_view key, bool& out) {
        if (const auto* value = find(key)) {
            if (const auto* flag = value->if_bool()) out = *flag;
            else fail(key, "true or false");
        }
    }
    template <typename Number>
        requires std::is_integral_v<Number>
    void read(std::string_view key, Number& out) {
        if (const auto* value = find(key)) {
            boost::system::error_code wrong;
            const auto number = value->to_number<Number>(wrong);
            if (wrong) fail(key, "a whole number");
            else out = number;
        }
    }
    template <typename Enum, std::size_t n>
    void read(std::string_view key, const std::array<std::pair<Enum, std::string_view>, n>& table, Enum& out) {
        std::string text;
        read(key, text);
        for (const auto& row : table)
            if (row.second == text) {
                out = row.first;
                return;
            }
        if (find(key)) fail(key, "a known state");
    }
    template <typename Each>
    void each(std::string_view key, Each read) {
        const auto* value = find(key);
        if (!value) return;
        const auto* list = value->if_array();
        if (!list) {
            fail(key, "a list");
            return;
        }
        for (std::size_t i = 0; i < list->size(); ++i) read((*list)[i], m_where + std::string(key) + '[' + std::to_string(i) + "].");
    }
    void texts(std::string_view key, std::vector<std::string>& out) {
        each(key, [&](const json::value& one, const std::string& where) {
            if (const auto* text = one.if_string()) out.emplace_back(text->data(), text->size());
            else if (!m_error) m_error = Error(ErrorCode::Corrupt, "the worker's state: " + where.substr(0, where.size() - 1) + " is not a text");
        });
    }
    void fail(std::string_view key, const char* wanted) {
        if (!m_error) m_error = Error(ErrorCode::Corrupt, "the worker's state: " + m_where + std::string(key) + " is not " + wanted);
    }

private:
    std::string m_where;
    std::optional<Error>& m_error;
    const json::object* m_object = nullptr;
};

TaskView readTask(const json::value& value, std::string where, std::optional<Error>& error) {
    TaskView out;
    Reader in(value, where, error);
    in.read("call", out.call);
    in.read("sector", out.sector);
    in.read("sectors", out.sectors);
    in.read("type", out.type);
    in.read("short_name", out.shortName);
    in.read("sector_size", out.sectorSize);
    in.read("state", kStates, out.state);
    in.read("wait_reason", out.waitReason);
    in.read("wait_detail", out.waitDetail);
    if (const auto* progress = in.find("progress")) {
        Reader inside(*progress, where + "progress.", error);
        inside.read("phase", out.progress.phase);
        inside.read("step", out.progress.step);
        inside.read("done", out.progress.done);
        inside.read("total", out.progress.total);
        inside.read("unit", out.progress.unit);
    }
    in.read("begun_ms", out.begunMs);
    in.read("started_ms", out.startedMs);
    in.read("finished_ms", out.finishedMs);
    in.read("active_ms", out.activeMs);
    if (const auto* forecast = in.find("forecast")) {
        Reader inside(*forecast, where + "forecast.", error);
        inside.read("remaining_ms", out.forecast.remainingMs);
        inside.read("finish_ms", out.forecast.finishMs);
        inside.read("earliest_ms", out.forecast.earliestMs);
        inside.read("latest_ms", out.forecast.latestMs);
        inside.read("runs", out.forecast.runs);
        inside.read("usual_ms", out.forecast.usualMs);
        inside.read("resumed_at", out.forecast.resumedAt);
        inside.read("kept_ms", out.forecast.keptMs);
        inside.read("bytes_per_second", out.forecast.bytesPerSecond);
    }
    in.read("error", out.error);
    in.read("peak_memory", out.peakMemory);
    return out;
}

} // namespace

std::string_view workModeName(WorkMode mode) { return nameOf(kModes, mode); }

std::optional<WorkMode> workModeNamed(std::string_view name) {
    for (const auto& [mode, text] : kModes)
        if (text == name) return mode;
    return std::nullopt;
}

json::value toJson(const WorkerView& view) {
    const auto textArray = [](const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); };
    json::array types, paths, gpus, remarks;
    for (const auto& note : view.notes) remarks.emplace_back(note);
    for (const auto& type : view.taskTypes) types.emplace_back(type);
    for (const auto& gpu : view.gpus) gpus.emplace_back(gpu);
    for (const auto& path : view.paths) {
        json::array notes;
        for (const auto& note : path.notes) notes.emplace_back(note);
        paths.push_back({{"id", path.id},
                         {"path", path.path},
                         {"can_seal", path.canSeal},
                         {"can_store", path.canStore},
                         {"capacity", path.capacity},
                         {"available", path.available},
                         {"reserved", path.reserved},
                         {"weight", path.weight},
                         {"limit", path.limit},
                         {"used", path.used},
                         {"groups", textArray(path.groups)},
                         {"allow_to", textArray(path.allowTo)},
                         {"allow_types", textArray(path.allowTypes)},
                         {"deny_types", textArray(path.denyTypes)},
                         {"allow_miners", textArray(path.allowMiners)},
                         {"deny_miners", textArray(path.denyMiners)},
                         {"error", path.error},
                         {"notes", std::move(notes)}});
    }
    return json::object{{"schema", 1},
                        {"connection", nameOf(kConnections, view.connection)},
                        {"connection_detail", view.connectionDetail},
                        {"miner", view.miner},
                        {"miner_version", view.minerVersion},
                        {"miner_actor", view.minerActor},
                        {"sector_size", view.sectorSize},
                        {"name", view.name},
                        {"session", view.session},
                        {"listen", view.listen},
                        {"advertise", view.advertise},
                        {"repo", view.repo},
                        {"version", view.version},
                        {"connected_since_ms", view.connectedSinceMs},
                        {"enabled", view.enabled},
                        {"mode", nameOf(kModes, view.mode)},
                        {"finishing", view.finishing},
                        {"task_types", std::move(types)},
                        {"tasks", taskArray(view.tasks)},
                        {"finished", taskArray(view.finished)},
                        {"paths", std::move(paths)},
                        {"mem_physical", view.memPhysical},
                        {"mem_used", view.memUsed},
                        {"mem_budget_used", view.memBudgetUsed},
                        {"cpus", view.cpus},
                        {"cpus_used", view.cpusUsed},
                        {"gpus", std::move(gpus)},
                        {"engine", view.engine},
                        {"pc1_batch", view.preCommit1Batch},
                        {"notes", std::move(remarks)},
                        {"service_blocked", view.serviceBlocked},
                        {"service_blocked_by", view.serviceBlockedBy}};
}

Expected<WorkerView> workerViewFromJson(const json::value& value) {
    WorkerView out;
    std::optional<Error> error;
    Reader in(value, "", error);
    int schema = 0;
    in.read("schema", schema);
    if (!error && schema != 1)
        return Error(ErrorCode::IncompatibleVersion, "the worker describes itself in schema " + std::to_string(schema) + ", this program reads 1");
    in.read("connection", kConnections, out.connection);
    in.read("connection_detail", out.connectionDetail);
    in.read("miner", out.miner);
    in.read("miner_version", out.minerVersion);
    in.read("miner_actor", out.minerActor);
    in.read("sector_size", out.sectorSize);
    in.read("name", out.name);
    in.read("session", out.session);
    in.read("listen", out.listen);
    in.read("advertise", out.advertise);
    in.read("repo", out.repo);
    in.read("version", out.version);
    in.read("connected_since_ms", out.connectedSinceMs);
    in.read("enabled", out.enabled);
    in.read("mode", kModes, out.mode);
    in.read("finishing", out.finishing);
    in.texts("task_types", out.taskTypes);
    in.each("tasks", [&](const json::value& one, std::string where) { out.tasks.push_back(readTask(one, std::move(where), error)); });
    in.each("finished", [&](const json::value& one, std::string where) { out.finished.push_back(readTask(one, std::move(where), error)); });
    in.each("paths", [&](const json::value& one, std::string where) {
        PathView path;
        Reader inside(one, std::move(where), error);
        inside.read("id", path.id);
        inside.read("path", path.path);
        inside.read("can_seal", path.canSeal);
        inside.read("can_store", path.canStore);
        inside.read("capacity", path.capacity);
        inside.read("available", path.available);
        inside.read("reserved", path.reserved);
        inside.read("weight", path.weight);
        inside.read("limit", path.limit);
        inside.read("used", path.used);
        inside.texts("groups", path.groups);
        inside.texts("allow_to", path.allowTo);
        inside.texts("allow_types", path.allowTypes);
        inside.texts("deny_types", path.denyTypes);
        inside.texts("allow_miners", path.allowMiners);
        inside.texts("deny_miners", path.denyMiners);
        inside.read("error", path.error);
        inside.texts("notes", path.notes);
        out.paths.push_back(std::move(path));
    });
    in.read("mem_physical", out.memPhysical);
    in.read("mem_used", out.memUsed);
    in.read("mem_budget_used", out.memBudgetUsed);
    in.read("cpus", out.cpus);
    in.read("cpus_used", out.cpusUsed);
    in.texts("gpus", out.gpus);
    in.read("engine", out.engine);
    in.read("pc1_batch", out.preCommit1Batch);
    in.texts("notes", out.notes);
    in.read("service_blocked", out.serviceBlocked);
    in.read("service_blocked_by", out.serviceBlockedBy);
    if (error) return std::move(*error);
    return out;
}

json::value toJson(const ReloadResult& result) {
    return {{"schema", 1},
            {"applied", json::array(result.applied.begin(), result.applied.end())},
            {"restart", json::array(result.restart.begin(), result.restart.end())}};
}

Expected<ReloadResult> reloadResultFromJson(const json::value& value) {
    ReloadResult out;
    std::optional<Error> error;
    Reader in(value, "the answer to Reload", error);
    in.texts("applied", out.applied);
    in.texts("restart", out.restart);
    if (error) return std::move(*error);
    return out;
}

} // namespace lsw::worker
