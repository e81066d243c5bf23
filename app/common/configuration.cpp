// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/configuration.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "setup/edited_file.h"
#include "setup/roles.h"
#include "tasks/resource_variables.h"
#include "worker/repo_layout.h"
#include "worker/worker_service.h"

namespace lsw::common {
namespace {

constexpr std::int64_t kSchema = 1;
constexpr const char* kVariableTable = "environment";

std::string lineText(int line) { return "line " + std::to_string(line); }

/// What the provers and the official crate read.
bool isProverVariable(std::string_view name) {
    return std::ranges::any_of(std::initializer_list<std::string_view>{"FIL_PROOFS_", "BELLMAN_", "RUST_", "EC_GPU_", "CUDA_", "LSW_KERNEL"},
                               [&](std::string_view begin) { return name.starts_with(begin); });
}

bool isResourceVariable(const std::string& name) {
    static const std::set<std::string> names = [] {
        std::set<std::string> out;
        for (const auto& one : tasks::resourceVariables([](const std::string&) { return std::string(); })) out.insert(one.name);
        return out;
    }();
    return names.contains(name);
}

class Reader {
public:
    Reader(const ConfigurationSources& sources, Configuration& out) : m_sources(sources), m_out(out) {}

    void read() {
        m_out.file = m_sources.file;
        for (const Setting& setting : settings()) m_out.values[setting.key] = {setting.fallback, {}};
        readFile();
        readEnvironment();
        for (const auto& [key, text] : m_sources.flags)
            if (const Setting* setting = settingNamed(key)) put(*setting, settingText(*setting, text), {Layer::Flag, "--" + key});
        applyRole();
    }

private:
    void fault(const std::string& text) { m_out.faults.push_back(text); }

    void put(const Setting& setting, Expected<std::string> text, SettingOrigin origin) {
        if (!text) return fault(origin.text() + ": " + text.error().message());
        m_out.values[setting.key] = {std::move(*text), std::move(origin)};
    }

    void readFile() {
        const auto file = setup::EditedFile::read(m_sources.file);
        if (!file) return fault(file.error().message());
        m_out.isFileThere = file->exists();
        const auto parsed = setup::TomlEdit::parse(m_sources.text.value_or(file->text()));
        if (!parsed) return fault("the configuration cannot be read: " + parsed.error().message());
        for (const setup::TomlEntry& entry : parsed->entries()) readEntry(entry);
    }

    void readEntry(const setup::TomlEntry& entry) {
        const std::string name = setup::tomlPathText(entry.path);
        const SettingOrigin origin{Layer::File, lineText(entry.line)};
        if (entry.path.front() == kVariableTable) return readVariable(entry);
        if (entry.path.size() == 1 && entry.path.front() == "schema") {
            const auto* schema = entry.value ? std::get_if<std::int64_t>(&*entry.value) : nullptr;
            if (!schema || *schema < 1) fault(origin.text() + ": schema is the number of the form of this file, which is 1");
            else if (*schema > kSchema) fault(origin.text() + ": the file was written by a newer version of this program, in form " + std::to_string(*schema) + "; this one reads 1");
            return;
        }
        const Setting* setting = entry.path.size() == 1 ? settingNamed(entry.path.front()) : nullptr;
        if (!setting) return fault(origin.text() + ": " + noSuchSetting(name) + (entry.path.size() > 1 ? "; settings stand at the top of the file, in no table" : ""));
        put(*setting, settingText(*setting, entry), origin);
    }

    void readVariable(const setup::TomlEntry& entry) {
        const std::string where = SettingOrigin{Layer::File, lineText(entry.line)}.text() + ": ";
        if (entry.path.size() == 1) return; // without any
        const std::string& name = entry.path.back();
        const auto* text = entry.value ? std::get_if<std::string>(&*entry.value) : nullptr;
        const auto* count = entry.value ? std::get_if<std::int64_t>(&*entry.value) : nullptr;
        if (entry.path.size() != 2 || (!text && !count)) return fault(where + setup::tomlPathText(entry.path) + " needs a text in quotes or a whole number");
        if (!isProverVariable(name) && !isResourceVariable(name)) {
            const auto near = tasks::misspeltResources({name});
            return fault(where + (near.empty() ? name + " is no variable that is taken from the file: those are FIL_PROOFS_…, BELLMAN_…, RUST_…, CUDA_… and the ones of `lotus-seal-worker resources --all`"
                                               : near.front()));
        }
        if (m_sources.environment && !m_sources.environment(name).empty()) {
            m_out.notes.push_back(name + " of the environment wins over the one of the file (" + lineText(entry.line) + ").");
            return;
        }
        m_out.variables[name] = {text ? *text : std::to_string(*count), entry.line};
    }

    void readEnvironment() {
        if (!m_sources.environment) return;
        for (const Setting& setting : settings()) {
            for (const std::string& name : setting.variables) {
                const std::string text = m_sources.environment(name);
                if (trimmed(text).empty()) continue;
                put(setting, settingText(setting, text), {Layer::Environment, name});
                break;
            }
        }
    }

    void applyRole() {
        const SettingChoice& chosen = m_out.at("role");
        if (chosen.text.empty()) return;
        const auto role = setup::roleNamed(chosen.text);
        if (!role) return fault(role.error().message());
        const auto fill = [&](const std::string& key, const std::string& text) {
            SettingChoice& value = m_out.values[key];
            if (value.origin.layer == Layer::Default) value = {text, {Layer::Role, chosen.text}};
            else if (value.text == "true" && (key == "windowpost" || key == "winningpost") && text == "false")
                fault(key + " (" + value.origin.text() + ") does not go with the role " + chosen.text + ": a worker is for sealing or for one kind of proofs of storage");
            else if (value.text != text) m_out.notes.push_back(key + " = " + value.text + " (" + value.origin.text() + ") wins over the role " + chosen.text + ", which has " + text + '.');
        };
        for (const tasks::TaskFlag& flag : tasks::taskFlags()) {
            if (flag.flag == "data-cid") continue; // goes with addpiece
            fill(std::string(flag.flag), std::ranges::find((*role)->tasks, flag.flag) != (*role)->tasks.end() ? "true" : "false");
        }
        fill("max-pc1", std::to_string((*role)->maxPreCommit1));
        fill("max-pc2", std::to_string((*role)->maxPreCommit2));
        fill("max-c2", std::to_string((*role)->maxCommit2));
        fill("leave-memory", std::to_string((*role)->leaveMemory >> 30) + "GiB");
        if (m_out.at("no-default").text == "true") fault("a role says which tasks are offered, and no-default that only those are that are named: leave one of them out");
    }

    const ConfigurationSources& m_sources;
    Configuration& m_out;
};

} // namespace

std::string SettingOrigin::text() const {
    switch (layer) {
    case Layer::Default: break;
    case Layer::Role: return "role " + where;
    case Layer::File: return "file, " + where;
    case Layer::Environment: return "environment, " + where;
    case Layer::Flag: return "flag " + where;
    }
    return "default";
}

std::filesystem::path configurationFile(const std::filesystem::path& workerRepo) { return workerRepo / worker::kOwnFolder / "config.toml"; }

std::string environmentVariable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? value : "";
}

Configuration readConfiguration(const ConfigurationSources& sources) {
    Configuration out;
    Reader(sources, out).read();
    if (out.faults.empty())
        if (const auto good = workerSettings(out); !good) out.faults.push_back(good.error().message());
    return out;
}

Expected<Configuration> soundConfiguration(const ConfigurationSources& sources) {
    Configuration out = readConfiguration(sources);
    if (out.faults.empty()) return out;
    std::string text = out.faults.front();
    if (out.faults.size() > 1) text += " (and " + std::to_string(out.faults.size() - 1) + " more: lotus-seal-worker config check)";
    if (text.starts_with("file, ") || text.starts_with("the configuration")) text = sources.file.string() + ": " + text;
    return Error(ErrorCode::InvalidArgument, text);
}

Expected<std::string> changedConfiguration(const std::string& text, const std::vector<ConfigurationChange>& changes) {
    auto edit = setup::TomlEdit::parse(trimmed(text).empty() ? emptyConfiguration() : text);
    if (!edit) return std::move(edit).error().whileDoing("reading the configuration");
    for (const ConfigurationChange& change : changes) {
        if (const std::string table = std::string(kVariableTable) + '.'; change.key.starts_with(table)) {
            LSW_TRY(edit->set({kVariableTable, change.key.substr(table.size())}, change.text));
            continue;
        }
        const Setting* setting = settingNamed(change.key);
        if (!setting) return Error(ErrorCode::InvalidArgument, noSuchSetting(change.key));
        const auto value = settingText(*setting, change.text);
        if (!value) return value.error();
        LSW_TRY(edit->set({change.key}, settingValue(*setting, *value)));
    }
    return edit->text();
}

Expected<worker::WorkerSettings> workerSettings(const Configuration& configuration) {
    worker::WorkerSettings out;
    for (const auto& [name, variable] : configuration.variables) {
        out.environment[name] = variable.text;
        if (isProverVariable(name)) out.prover.environment[name] = variable.text;
        out.told["environment." + name] = {variable.text, !isProverVariable(name)};
    }
    for (const Setting& setting : settings()) {
        const SettingChoice& value = configuration.at(setting.key);
        if (setting.put) setting.put(out, value.text);
        out.told[setting.key] = {value.text, setting.takes == Takes::Live};
        const bool isTask = std::ranges::find(tasks::taskFlags(), setting.key, &tasks::TaskFlag::flag) != tasks::taskFlags().end();
        if (isTask && value.origin.layer > Layer::Role) out.switches.explicitlySet.push_back(setting.key);
    }
    // What cannot be together is said before anything is made or dialled.
    if (auto types = tasks::offeredTypes(out.switches); !types) return std::move(types).error();
    return out;
}

} // namespace lsw::common
