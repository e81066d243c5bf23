// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/lotus_import.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.h"
#include "protocol/api_info.h"
#include "protocol/listen_plan.h"
#include "setup/unit_file.h"
#include "storage/durable_files.h"
#include "storage/storage_config.h"
#include "tasks/resource_variables.h"

namespace lsw::common {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSourceLimit = 256U << 10;

struct KnownName {
    std::string_view begin; ///< of a name; with a "=" at its end the whole name
    std::string_view why;
};
/// What a service has beside its worker, or has for lotus alone.
constexpr std::array kNotNeeded{
    KnownName{"FULLNODE_API_INFO=", "a worker does not talk to the full node"},
    KnownName{"LOTUS_PATH=", "a worker does not talk to the full node"},
    KnownName{"LOTUS_WORKER_TIMEOUT=", "the miner is dialled until it answers"},
    KnownName{"--timeout=", "the miner is dialled until it answers"},
    KnownName{"LOTUS_PANIC_REPORT_PATH=", "this program ends with a sentence, not with a report of a panic"},
    KnownName{"--panic-reports=", "this program ends with a sentence, not with a report of a panic"},
    KnownName{"WORKER_API_INFO=", "for commands that talk to a worker elsewhere"},
    KnownName{"GOLOG_", "of Go's log"},
    KnownName{"GODEBUG=", "of Go"},
    KnownName{"GOMAXPROCS=", "of Go"},
    KnownName{"GOGC=", "of Go"},
    KnownName{"LOTUS_BACKUP_BASE_PATH=", "a worker makes no backups of metadata"},
    KnownName{"TRUST_PARAMS=", "parameters that were hashed once are trusted until they change"},
    KnownName{"IPFS_GATEWAY=", "read from the environment by `params fetch`, which takes several at once"},
    KnownName{"RUSTFLAGS=", "of a build"},
    KnownName{"FFI_", "of a build"},
    KnownName{"CGO_", "of a build"},
    KnownName{"--color=", "standard error has no colours"},
    KnownName{"--vv=", "of Go's log"},
    KnownName{"PATH=", "belongs into the service"},
    KnownName{"HOME=", "belongs into the service"},
    KnownName{"USER=", "belongs into the service"},
    KnownName{"LANG=", "belongs into the service"},
    KnownName{"LC_", "belongs into the service"},
    KnownName{"TMPDIR=", "belongs into the service, where this program reads it"},
    KnownName{"LD_LIBRARY_PATH=", "belongs into the service"},
};

std::string_view whyNotNeeded(const std::string& name) {
    const std::string whole = name + '=';
    for (const KnownName& one : kNotNeeded)
        if (one.begin.ends_with('=') ? whole == one.begin : name.starts_with(one.begin)) return one.why;
    return {};
}

bool isOfProvers(const std::string& name) {
    for (const std::string_view begin : {"FIL_PROOFS_", "BELLMAN_", "RUST_", "EC_GPU_", "CUDA_"})
        if (name.starts_with(begin)) return true;
    const auto all = tasks::resourceVariables([](const std::string&) { return std::string(); });
    return std::ranges::find(all, name, &tasks::ResourceVariable::name) != all.end();
}

/// A setting by the name of lotus-worker's flag.
const Setting* settingOfFlag(const std::string& flag) {
    if (flag == "address") return settingNamed("listen");
    if (flag == "storagerepo") return settingNamed("miner-repo");
    return settingNamed(flag);
}

const Setting* settingOfVariable(const std::string& name) {
    for (const Setting& setting : settings())
        if (std::ranges::find(setting.variables, name) != setting.variables.end()) return &setting;
    return nullptr;
}

class Importer {
public:
    Importer(const ImportRequest& request) : m_request(request) {}

    Expected<LotusImport> read() {
        auto sources = m_request.sources;
        if (sources.empty()) sources = usualPlaces();
        if (sources.empty())
            return Error(ErrorCode::NotFound, "no lotus-worker was found (looked at: " + m_request.systemFolder.string() + "/*lotus-worker*.service, " + m_request.repo.string() +
                                                  "); name its unit, its file of variables or its folder");
        for (const fs::path& source : sources) LSW_TRY(readSource(source));
        LSW_TRY(useVariables());
        LSW_TRY(useCommand());
        finish();
        return std::move(m_out);
    }

private:
    std::vector<fs::path> usualPlaces() const {
        std::vector<fs::path> out;
        std::error_code ignored;
        for (fs::directory_iterator it(m_request.systemFolder, ignored), end; !ignored && it != end; it.increment(ignored)) {
            const std::string name = it->path().filename().string();
            if (name.find("lotus-worker") != std::string::npos && name.ends_with(".service")) out.push_back(it->path());
        }
        std::ranges::sort(out);
        if (out.empty() && fs::is_directory(m_request.repo, ignored)) out.push_back(m_request.repo);
        return out;
    }

    Expected<void> readSource(const fs::path& source) {
        std::error_code ignored;
        if (fs::is_directory(source, ignored)) {
            if (!m_folder.empty() && m_folder != source) return Error(ErrorCode::InvalidArgument, "two folders of workers are named: " + m_folder.string() + " and " + source.string());
            m_folder = source;
            return {};
        }
        const auto text = storage::readFileWhole(source, kSourceLimit);
        if (!text) return text.error();
        if (!setup::looksLikeUnit(*text)) {
            addVariables(setup::readEnvironmentFile(*text), source.string());
            return {};
        }
        return readUnit(source, *text);
    }

    Expected<void> readUnit(const fs::path& source, std::string text) {
        // What `systemctl edit` adds.
        std::vector<fs::path> parts;
        std::error_code ignored;
        for (fs::directory_iterator it(source.string() + ".d", ignored), end; !ignored && it != end; it.increment(ignored))
            if (it->path().extension() == ".conf") parts.push_back(it->path());
        std::ranges::sort(parts);
        for (const fs::path& part : parts) {
            const auto more = storage::readFileWhole(part, kSourceLimit);
            if (!more) return more.error();
            text += '\n' + *more;
        }
        const setup::UnitFile unit = setup::readUnitFile(text, m_request.home.string());
        addVariables(unit.environment, source.string());
        for (const std::string& file : unit.environmentFiles) {
            const auto more = storage::readFileWhole(file, kSourceLimit);
            if (more) addVariables(setup::readEnvironmentFile(*more), file);
            else m_out.unknown.push_back({file, source.string(), "the file of variables cannot be read: " + more.error().message()});
        }
        if (!unit.user.empty()) m_out.notNeeded.push_back({"User=" + unit.user, source.string(), "belongs into the service: run this program as the same user"});
        if (unit.command.empty()) return {};
        if (!m_command.empty()) return Error(ErrorCode::InvalidArgument, "two units that start something are named; import one worker after the other");
        m_command = unit.command;
        m_commandFrom = source.string();
        return {};
    }

    void addVariables(const std::vector<std::pair<std::string, std::string>>& variables, const std::string& where) {
        for (const auto& [name, value] : variables) {
            m_variables.emplace_back(name, value);
            m_from[name] = where;
        }
    }

    /// A later one of the same key wins.
    Expected<void> take(const Setting& setting, const std::string& name, const std::string& where, const std::string& given) {
        const auto text = settingText(setting, given);
        if (!text) return Error(text.error()).whileDoing("reading " + name + " of " + where);
        for (auto& [key, item] : m_taken)
            if (key == setting.key) m_out.notNeeded.push_back({item.name, item.where, name + " wins over it"});
        std::erase_if(m_taken, [&](const auto& one) { return one.first == setting.key; });
        m_taken.emplace_back(setting.key, ImportedItem{name, where, setting.key + " = " + *text});
        std::erase_if(m_out.changes, [&](const ConfigurationChange& one) { return one.key == setting.key; });
        m_out.changes.push_back({setting.key, *text});
        return {};
    }

    Expected<void> useVariables() {
        std::set<std::string> seen;
        for (auto it = m_variables.rbegin(); it != m_variables.rend(); ++it) {
            const auto& [name, value] = *it;
            if (!seen.insert(name).second || trimmed(value).empty()) continue;
            const std::string& where = m_from[name];
            if (name == "LOTUS_WORKER_PATH" || name == "WORKER_PATH") {
                if (name == "LOTUS_WORKER_PATH" || m_folder.empty()) m_folder = storage::expandHome(value);
                m_taken.emplace_back("", ImportedItem{name, where, "the worker's folder: give it to this program in the same way"});
            } else if (name == "MINER_API_INFO" || name == "STORAGE_API_INFO") {
                LSW_TRY(takeMiner(name, where, value));
            } else if (const Setting* setting = settingOfVariable(name)) {
                const std::string& modern = setting->variables.front();
                if (name != modern && m_from.contains(modern)) m_out.notNeeded.push_back({name, where, modern + " wins over it"});
                else LSW_TRY(take(*setting, name, where, value));
            } else if (const auto why = whyNotNeeded(name); !why.empty()) {
                m_out.notNeeded.push_back({name, where, std::string(why)});
            } else if (isOfProvers(name)) {
                m_out.changes.push_back({"environment." + name, value});
                m_taken.emplace_back("", ImportedItem{name, where, "environment." + name + " = " + value});
            } else {
                m_out.unknown.push_back({name, where, "no variable that this program knows"});
            }
        }
        return {};
    }

    Expected<void> takeMiner(const std::string& name, const std::string& where, const std::string& value) {
        if (name == "STORAGE_API_INFO" && m_from.contains("MINER_API_INFO")) {
            m_out.notNeeded.push_back({name, where, "MINER_API_INFO wins over it"});
            return {};
        }
        auto api = protocol::parseApiInfo(trimmed(value));
        if (!api) return std::move(api).error().whileDoing("reading " + name + " of " + where);
        m_taken.emplace_back("", ImportedItem{name, where, "the connection to " + protocol::hostPort(api->endpoint.host, api->endpoint.port) + ", which is kept apart from the settings"});
        m_out.miner = std::move(*api);
        return {};
    }

    Expected<void> useCommand() {
        const auto words = setup::expandedCommand(m_command, m_variables);
        if (words.empty()) return {};
        const std::string where = "ExecStart of " + m_commandFrom;
        if (words[0].find("lotus-worker") == std::string::npos && words[0].find("lotus-seal-worker") == std::string::npos) {
            m_out.unknown.push_back({words[0], where, "not a lotus-worker; its arguments were not read"});
            return {};
        }
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::string& word = words[i];
            if (!word.starts_with('-')) {
                if (word != "run") m_out.unknown.push_back({word, where, "an argument that no `run` of lotus-worker has"});
                continue;
            }
            const auto sign = word.find('=');
            const std::string flag = word.substr(word.find_first_not_of('-') == std::string::npos ? word.size() : word.find_first_not_of('-'), sign == std::string::npos ? sign : sign - word.find_first_not_of('-'));
            std::optional<std::string> value;
            if (sign != std::string::npos) value = word.substr(sign + 1);
            const Setting* setting = settingOfFlag(flag);
            const std::string name = "--" + flag;
            const auto why = whyNotNeeded(name);
            const bool isFolder = flag == "worker-repo" || flag == "workerrepo";
            const bool isSwitch = setting ? setting->kind == SettingKind::Switch : flag == "color" || flag == "vv" || (why.empty() && !isFolder);
            if (!value && !isSwitch && i + 1 < words.size()) value = words[++i];
            if (isFolder) {
                m_folder = storage::expandHome(value.value_or(""));
                m_taken.emplace_back("", ImportedItem{name, where, "the worker's folder: give it to this program in the same way"});
            } else if (setting) {
                LSW_TRY(take(*setting, name, where, value.value_or(isSwitch ? "true" : "")));
            } else if (!why.empty()) {
                m_out.notNeeded.push_back({name, where, std::string(why)});
            } else {
                m_out.unknown.push_back({name, where, "no flag that this program knows"});
            }
        }
        return {};
    }

    void finish() {
        m_out.repo = m_folder.empty() ? m_request.repo : m_folder;
        const std::string folder = m_out.repo.string();
        const auto paths = storage::readStorageConfig(m_out.repo);
        if (paths) m_taken.emplace_back("", ImportedItem{"storage.json", folder, std::to_string(paths->size()) + (paths->size() == 1 ? " storage path" : " storage paths") + ", used as they are"});
        std::error_code ignored;
        if (fs::exists(m_out.repo / "datastore", ignored)) m_taken.emplace_back("", ImportedItem{"datastore", folder, "calls that lotus-worker had begun are answered at the first start"});
        for (const char* name : {"api", "token"})
            if (fs::exists(m_out.repo / name, ignored)) m_out.notNeeded.push_back({name, folder, "written anew at each start"});
        if (fs::exists(m_out.repo / "config.toml", ignored)) m_out.notNeeded.push_back({"config.toml", folder, "lotus-worker has nothing in it"});
        if (m_out.miner && std::erase_if(m_out.changes, [](const ConfigurationChange& one) { return one.key == "miner-repo"; }) > 0)
            for (const auto& [key, item] : m_taken)
                if (key == "miner-repo") m_out.notNeeded.push_back({item.name, item.where, "MINER_API_INFO wins over it"});
        if (m_out.miner) std::erase_if(m_taken, [](const auto& one) { return one.first == "miner-repo"; });
        const auto rank = [](const ConfigurationChange& one) {
            const Setting* setting = settingNamed(one.key);
            return setting ? std::pair(setting - settings().data(), std::string()) : std::pair(static_cast<std::ptrdiff_t>(settings().size()), one.key);
        };
        std::ranges::sort(m_out.changes, {}, rank);
        for (auto& [key, item] : m_taken) m_out.taken.push_back(std::move(item));
    }

    const ImportRequest& m_request;
    LotusImport m_out;
    fs::path m_folder;
    std::vector<std::pair<std::string, std::string>> m_variables; ///< of all sources in their order
    std::map<std::string, std::string> m_from;                    ///< by name: the source that counts
    std::vector<std::string> m_command;
    std::string m_commandFrom;
    std::vector<std::pair<std::string, ImportedItem>> m_taken; ///< with the key of its setting, where it has one
};

} // namespace

Expected<LotusImport> readLotusWorker(const ImportRequest& request) { return Importer(request).read(); }

} // namespace lsw::common
