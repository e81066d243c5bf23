// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/settings.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/go_duration.h"
#include "base/letter_distance.h"
#include "base/text.h"
#include "common/storage_path.h"
#include "protocol/multiaddr.h"
#include "setup/roles.h"
#include "storage/storage_config.h"
#include "tasks/engine_choice.h"
#include "worker/worker_service.h"

namespace lsw::common {
namespace {

using worker::WorkerSettings;

bool isOn(const std::string& text) { return text == "true"; }

int number(const std::string& text) {
    int out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

int milliseconds(const std::string& text) {
    const auto parsed = parseGoDuration(text);
    return parsed ? static_cast<int>(parsed->count()) : 0;
}

std::filesystem::path pathOf(const std::string& text) { return text.empty() ? std::filesystem::path() : storage::expandHome(text); }

Expected<void> checkHostPort(const std::string& text) {
    if (text.empty()) return {};
    if (auto parsed = protocol::parseHostPort(text); !parsed) return std::move(parsed).error();
    return {};
}

/// "LSW_MAX_PC1", for what lotus has no variable of.
std::string ownVariable(std::string_view key) {
    std::string out = "LSW_";
    for (const char c : key) out += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

std::vector<Setting> makeSettings() {
    std::vector<Setting> out;
    const auto add = [&](Setting row) -> Setting& {
        if (row.variables.empty()) row.variables.push_back(ownVariable(row.key));
        return out.emplace_back(std::move(row));
    };
    using enum SettingKind;

    add({"role", Word, "What this machine is for; fills in what is not said otherwise", "", {}, Takes::Live}).words.emplace_back("");
    for (const setup::Role& role : setup::roles()) out.back().words.emplace_back(role.name);
    add({"name", Text, "Name of this worker (empty: the host name)", "", {"LOTUS_WORKER_NAME"}}).put = [](WorkerSettings& s, const std::string& v) { s.name = v; };

    add({"miner-repo", Path, "Folder of a miner on this machine, where its address and token are read (empty: the connection that `token set` keeps)", "", {"LOTUS_MINER_PATH", "LOTUS_STORAGE_PATH"}});

    Setting& listen = add({"listen", Text, "HOST:PORT to listen on; 0.0.0.0 alone takes the address that faces the miner", "0.0.0.0:3456", {"LOTUS_WORKER_LISTEN"}});
    listen.otherFlags = ",--address";
    listen.check = checkHostPort;
    listen.put = [](WorkerSettings& s, const std::string& v) { s.listen = v; };
    Setting& advertise = add({"advertise", Text, "HOST:PORT the miner shall use; with it, listen 0.0.0.0:P binds all addresses", "", {"LOTUS_WORKER_ADVERTISE"}});
    advertise.check = checkHostPort;
    advertise.put = [](WorkerSettings& s, const std::string& v) { s.advertise = v; };
    add({"http-server-timeout", Duration, "How long the head of a request may take", "30s", {}}).put = [](WorkerSettings& s, const std::string& v) { s.httpHeadTimeoutMs = milliseconds(v); };
    Setting& fetches = add({"parallel-fetch-limit", Number, "Transfers at the same time", "5", {"LOTUS_WORKER_PARALLEL_FETCH_LIMIT"}});
    fetches.least = 1;
    fetches.most = 1000;
    fetches.put = [](WorkerSettings& s, const std::string& v) { s.parallelFetchLimit = number(v); };

    for (const tasks::TaskFlag& row : tasks::taskFlags()) {
        const std::string flag(row.flag);
        const bool isDefault = tasks::TaskSwitches{}.*row.value;
        Setting& task = add({flag, Switch, "Offer this task", isDefault ? "true" : "false", {}, Takes::Live});
        if (!row.variable.empty()) task.variables = {std::string(row.variable)};
        task.put = [value = row.value](WorkerSettings& s, const std::string& v) { s.switches.*value = isOn(v); };
    }
    add({"no-default", Switch, "Offer only the tasks that are named", "false", {"LOTUS_WORKER_NO_DEFAULT"}, Takes::Live}).put = [](WorkerSettings& s, const std::string& v) {
        s.switches.noDefault = isOn(v);
    };
    for (const auto& [key, name, type] : {std::tuple{"max-pc1", "PreCommit 1", "PC1"}, std::tuple{"max-pc2", "PreCommit 2", "PC2"}, std::tuple{"max-c2", "Commit 2", "C2"}}) {
        const std::string variable = std::string(type) + "_MAX_CONCURRENT";
        add({key, Number, std::string(name) + " at once (0: as memory and cores allow)", "0", {variable}, Takes::Live}).put = [variable](WorkerSettings& s, const std::string& v) {
            s.environment[variable] = v;
        };
    }
    add({"external-pc2", Text, "Shell command that does PreCommit 2 instead of this program; the sector is in EXTSEAL_PC2_* of its environment", "", {}}).put =
        [](WorkerSettings& s, const std::string& v) { s.externalPc2 = v; };
    add({"post-parallel-reads", Number, "Sectors read at the same time for a window PoSt; 0: all", "32", {"LOTUS_WORKER_POST_PARALLEL_READS"}, Takes::Live}).put =
        [](WorkerSettings& s, const std::string& v) { s.postParallelReads = number(v); };
    add({"post-read-timeout", Duration, "How long reading one sector for a PoSt may take (0s: as long as it takes)", "0s", {"LOTUS_WORKER_POST_READ_TIMEOUT"}, Takes::Live}).put =
        [](WorkerSettings& s, const std::string& v) { s.postReadTimeoutMs = milliseconds(v); };

    add({"no-swap", Switch, "Do not count swap as memory", "false", {"LOTUS_WORKER_NO_SWAP"}, Takes::Live}).put = [](WorkerSettings& s, const std::string& v) { s.noSwap = isOn(v); };
    add({"leave-memory", Size, "Memory that is left to other programs", "0", {}, Takes::Live}).put = [](WorkerSettings& s, const std::string& v) {
        const auto bytes = parseByteSize(v);
        s.leaveMemory = bytes ? *bytes : 0;
    };
    Setting& nice = add({"nice", Number, "How nice the provers are to other programs, as nice(1) counts", "10", {}});
    nice.most = 19;
    nice.put = [](WorkerSettings& s, const std::string& v) { s.prover.niceness = number(v); };
    Setting& engine = add({"engine", Word, "Who computes: auto, native (our kernels; proofs by the official crate) or official (the official crate alone)", "auto", {}});
    engine.words = {"auto", "native", "official"};
    engine.put = [](WorkerSettings& s, const std::string& v) {
        if (auto chosen = tasks::chosenEngine(v)) s.prover.engine = *chosen;
    };
    Setting& batch = add({"pc1-batch", Word, "How many PC1 that wait are labelled together by one core (auto: as many as that makes faster, while no core is free)", "auto", {}});
    batch.words = {"auto", "1", "2", "4", "16", "32"};
    batch.put = [](WorkerSettings& s, const std::string& v) { s.preCommit1Batch = v; };
    add({"pc1-memory", Size, "Memory that one PreCommit 1 may take; where it does not hold two layers (64 GiB for sectors of 32 GiB), layers are read from the disk again and again (0: what is free)", "0", {}}).put =
        [](WorkerSettings& s, const std::string& v) {
            const auto bytes = parseByteSize(v);
            s.preCommit1Memory = bytes ? *bytes : 0;
        };
    Setting& gpu = add({"enable-gpu-proving", Switch, "Use a GPU for proofs where there is one", "true", {"LOTUS_WORKER_ENABLE_GPU_PROVING"}});
    gpu.put = [](WorkerSettings& s, const std::string& v) {
        if (!isOn(v)) s.prover.environment["BELLMAN_NO_GPU"] = "true";
    };
    add({"prover-folder", Path, "Folder of lotus-seal-prover, when it is not beside this program", "", {}}).put = [](WorkerSettings& s, const std::string& v) { s.prover.folder = pathOf(v); };
    add({"parameter-cache", Path, "Folder of the proof parameters (empty: /var/tmp/filecoin-proof-parameters)", "", {"FIL_PROOFS_PARAMETER_CACHE"}}).put =
        [](WorkerSettings& s, const std::string& v) { s.prover.parameterCache = pathOf(v); };
    add({"fetch-parameters", Switch, "Fetch missing proof parameters in the background; Commit 2 and proofs of updates wait for them, a worker for proofs of storage registers when they are there", "false", {}}).put =
        [](WorkerSettings& s, const std::string& v) { s.fetchParameters = isOn(v); };
    Setting& rows = add({"history-rows", Number, "Finished tasks kept for `history` and for estimates (0: none)", "20000", {}});
    rows.most = 1000000;
    rows.put = [](WorkerSettings& s, const std::string& v) { s.historyRows = number(v); };
    add({"parent-cache", Path, "Folder of the parent graphs, 56 GiB for sectors of 32 GiB (empty: /var/tmp/filecoin-parents)", "", {"FIL_PROOFS_PARENT_CACHE"}}).put =
        [](WorkerSettings& s, const std::string& v) { s.prover.parentCache = pathOf(v); };
    add({"no-local-storage", Switch, "A new worker folder gets no storage path of its own", "false", {"LOTUS_WORKER_NO_LOCAL_STORAGE"}}).put =
        [](WorkerSettings& s, const std::string& v) { s.noLocalStorage = isOn(v); };
    return out;
}

/// "needs a whole number from 1 to 1000", for a sentence that begins with the setting.
std::string needs(const Setting& setting, bool inFile) {
    switch (setting.kind) {
    case SettingKind::Switch: return "needs true or false";
    case SettingKind::Number: return "needs a whole number from " + std::to_string(setting.least) + " to " + std::to_string(setting.most);
    case SettingKind::Duration: return std::string("needs a duration") + (inFile ? " in quotes, such as \"30s\" or \"1m30s\"" : " such as 30s or 1m30s");
    case SettingKind::Size: return std::string("needs a size") + (inFile ? " in quotes, such as \"8GiB\"" : " such as 8GiB");
    case SettingKind::Text:
    case SettingKind::Path: return "needs a text in quotes";
    case SettingKind::Word: break;
    }
    std::string known;
    for (const std::string& word : setting.words)
        if (!word.empty()) known += (known.empty() ? "" : ", ") + word;
    return "needs one of " + known + (inFile ? ", in quotes" : "");
}

/// A value of the file as people see it there.
std::string shown(const setup::TomlEntry& entry) { return entry.value ? setup::tomlValueText(*entry.value) : "a table, a date or a list"; }

} // namespace

std::span<const Setting> settings() {
    static const std::vector<Setting> table = makeSettings();
    return table;
}

const Setting* settingNamed(std::string_view key) {
    const auto found = std::ranges::find(settings(), key, &Setting::key);
    return found == settings().end() ? nullptr : &*found;
}

std::string noSuchSetting(std::string_view key) {
    std::string out = "there is no setting \"" + std::string(key) + '"';
    std::string plain = lowerCase(key);
    if (const auto dot = plain.rfind('.'); dot != std::string::npos) plain.erase(0, dot + 1);
    std::ranges::replace(plain, '_', '-');
    const Setting* nearest = nullptr;
    std::size_t best = 1 + plain.size() / 3;
    for (const Setting& setting : settings())
        if (const std::size_t away = letterDistance(plain, setting.key); away <= best && (!nearest || away < best)) {
            best = away;
            nearest = &setting;
        }
    if (nearest) out += "; the nearest is \"" + nearest->key + '"';
    return out;
}

Expected<std::string> settingText(const Setting& setting, std::string_view given) {
    const std::string text(setting.kind == SettingKind::Text ? given : trimmed(given));
    const auto wrong = [&] { return Error(ErrorCode::InvalidArgument, setting.key + " is \"" + text + "\", but it " + needs(setting, false)); };
    std::string out = text;
    switch (setting.kind) {
    case SettingKind::Switch: {
        const std::string word = lowerCase(text);
        if (word == "true" || word == "1" || word == "yes" || word == "on" || word == "t") out = "true";
        else if (word == "false" || word == "0" || word == "no" || word == "off" || word == "f") out = "false";
        else return wrong();
        break;
    }
    case SettingKind::Number: {
        std::int64_t value = 0;
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (status != std::errc() || end != text.data() + text.size() || value < setting.least || value > setting.most) return wrong();
        out = std::to_string(value);
        break;
    }
    case SettingKind::Duration:
        if (!parseGoDuration(text)) return wrong();
        break;
    case SettingKind::Size:
        if (!parseByteSize(text)) return wrong();
        break;
    case SettingKind::Word:
        if (std::ranges::find(setting.words, text) == setting.words.end()) return wrong();
        break;
    case SettingKind::Text:
    case SettingKind::Path:
        if (text.find_first_of(std::string_view("\0\n\r", 3)) != std::string::npos) return Error(ErrorCode::InvalidArgument, setting.key + " has a line break in it");
        break;
    }
    if (setting.check)
        if (auto good = setting.check(out); !good) return std::move(good).error().whileDoing("reading " + setting.key);
    return out;
}

Expected<std::string> settingText(const Setting& setting, const setup::TomlEntry& entry) {
    const Error wrong(ErrorCode::InvalidArgument, setting.key + " is " + shown(entry) + ", but it " + needs(setting, true));
    if (!entry.value) return wrong;
    switch (setting.kind) {
    case SettingKind::Switch:
        if (const auto* on = std::get_if<bool>(&*entry.value)) return settingText(setting, *on ? "true" : "false");
        return wrong;
    case SettingKind::Number:
        if (const auto* value = std::get_if<std::int64_t>(&*entry.value)) {
            if (*value < setting.least || *value > setting.most) return wrong;
            return std::to_string(*value);
        }
        return wrong;
    default: break;
    }
    const auto* text = std::get_if<std::string>(&*entry.value);
    if (!text) return wrong;
    auto out = settingText(setting, *text);
    const bool isKindWrong = setting.kind != SettingKind::Text && setting.kind != SettingKind::Path;
    if (!out && isKindWrong) return wrong;
    return out;
}

setup::TomlValue settingValue(const Setting& setting, const std::string& text) {
    if (setting.kind == SettingKind::Switch) return text == "true";
    if (setting.kind == SettingKind::Number) return std::int64_t{number(text)};
    return text;
}

std::string emptyConfiguration() {
    std::string out = "# What this worker is told. A variable of the environment wins over this file, a flag of `run` over both.\n"
                      "# See: lotus-seal-worker config show --origin\n"
                      "schema = 1\n";
    for (const Setting& setting : settings())
        out += "\n# " + setting.about + " (" + setting.variables.front() + ")\n#" + setting.key + " = " + setup::tomlValueText(settingValue(setting, setting.fallback)) + '\n';
    return out + "\n# Variables for the provers (FIL_PROOFS_…, BELLMAN_…) and lotus' resource table (PC1_32G_MAX_CONCURRENT = \"2\"), as if they were set.\n#[environment]\n";
}

} // namespace lsw::common
