// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_config.h"

#include "base/sync_folder.h"
#include "base/text.h"
#include "setup/toml_edit.h"
#include "setup/unified_diff.h"
#include "storage/durable_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListen = "ListenAddress", kRemote = "RemoteListenAddress";
constexpr std::string_view kListenDefault = "/ip4/127.0.0.1/tcp/2345/http", kRemoteDefault = "127.0.0.1:2345";

bool isSame(std::string_view a, std::string_view b) { return lowerCase(a) == lowerCase(b); }

std::string lineText(int line) { return "line " + std::to_string(line); }

/// The keys of `API.<key>` as the file spells them, where lotus would find them; what is not there is spelled as lotus does.
Expected<TomlPath> spelledPath(const TomlEdit& edit, std::string_view key) {
    std::string table;
    std::optional<TomlEntry> found;
    for (const TomlEntry& one : edit.entries()) {
        if (!isSame(one.path.front(), "API")) continue;
        if (!table.empty() && table != one.path.front())
            return Error(ErrorCode::Unsupported, "the file has the table API twice, as \"" + table + "\" and \"" + one.path.front() + "\" (" + lineText(one.line) + "): leave one");
        table = one.path.front();
        if (one.path.size() < 2 || !isSame(one.path[1], key)) continue;
        if (found && found->path[1] != one.path[1])
            return Error(ErrorCode::Unsupported, "the file has " + std::string(key) + " twice in two spellings, " + lineText(found->line) + " and " + lineText(one.line) + ": leave one");
        found = one;
    }
    return TomlPath{table.empty() ? "API" : table, found ? found->path[1] : std::string(key)};
}

std::optional<TomlEntry> entryOf(const std::string& text, std::string_view key) {
    const auto edit = TomlEdit::parse(text);
    if (!edit) return std::nullopt;
    const auto path = spelledPath(*edit, key);
    if (!path) return std::nullopt;
    return edit->find(*path);
}

std::string textOf(const std::optional<TomlEntry>& entry) {
    const auto* text = entry && entry->value ? std::get_if<std::string>(&*entry->value) : nullptr;
    return text ? *text : std::string();
}

std::string upperCase(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

MinerSetting settingOf(const std::string& text, std::string_view key, std::string_view defaultValue, const MinerOverrides& overrides) {
    MinerSetting out;
    const auto entry = entryOf(text, key);
    out.inFile = textOf(entry);
    const std::string variable = "LOTUS_API_" + upperCase(key);
    if (const auto set = overrides.variables.find(variable); set != overrides.variables.end() && !set->second.empty()) {
        out.value = set->second;
        out.origin = SettingOrigin::Variable;
        out.name = variable;
    } else if (!out.inFile.empty()) {
        out.value = out.inFile;
        out.origin = SettingOrigin::File;
        out.name = "config.toml " + lineText(entry->line);
    } else {
        out.value = defaultValue;
    }
    return out;
}

/// "config.toml.bak-20261201-103000", with the time of this machine; a further number when that is taken.
Expected<fs::path> writeBackup(const fs::path& file, std::string_view text) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return errnoError(errno, "cannot look at " + file.string());
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    std::array<char, 32> stamp{};
    std::strftime(stamp.data(), stamp.size(), ".bak-%Y%m%d-%H%M%S", &local);
    for (int i = 0; i < 100; ++i) {
        const fs::path path = file.string() + stamp.data() + (i ? "-" + std::to_string(i) : std::string());
        const storage::FileHandle handle(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!handle && errno == EEXIST) continue;
        if (!handle) return storage::writeError(errno, "cannot keep the old file as " + path.string() + "; nothing was changed");
        auto written = storage::writeAll(handle.get(), text.data(), text.size(), path);
        // Owner first: the mode is only widened for whom it was meant.
        const bool isSameOwner = info.st_uid == ::geteuid() || ::fchown(handle.get(), info.st_uid, info.st_gid) == 0;
        if (written && isSameOwner && ::fchmod(handle.get(), info.st_mode & 0777) == 0 && ::fsync(handle.get()) == 0) return path;
        const int reason = errno;
        ::unlink(path.c_str());
        if (!written) return std::move(written).error();
        return storage::writeError(reason, "cannot keep the old file as " + path.string() + "; nothing was changed");
    }
    return Error(ErrorCode::AlreadyExists, "there are too many copies of " + file.string() + " of this second; nothing was changed");
}

} // namespace

MinerOverrides overridesOf(const fs::path& repo, const std::function<std::string(const std::string&)>& environment, const std::vector<MinerProcess>& processes) {
    MinerOverrides out;
    std::error_code ignored;
    const auto running = std::find_if(processes.begin(), processes.end(), [&](const MinerProcess& one) { return !one.repo.empty() && fs::equivalent(one.repo, repo, ignored); });
    if (running != processes.end()) return {running->apiFlag, running->variables, true};
    for (const std::string_view key : {kListen, kRemote}) {
        const std::string name = "LOTUS_API_" + upperCase(key);
        if (const std::string value = environment ? environment(name) : std::string(); !value.empty()) out.variables[name] = value;
    }
    return out;
}

Expected<MinerConfig> MinerConfig::read(const fs::path& repo) {
    auto file = EditedFile::read(repo / "config.toml");
    if (!file) return std::move(file).error();
    if (const auto parsed = TomlEdit::parse(file->text()); !parsed)
        return Error(ErrorCode::InvalidArgument, "the miner's " + file->path().string() + " is no valid TOML, so it is left alone: " + parsed.error().message());
    return MinerConfig(repo, std::move(*file));
}

MinerSetting MinerConfig::listen(const MinerOverrides& overrides) const {
    MinerSetting out = settingOf(m_file.text(), kListen, kListenDefault, overrides);
    if (overrides.apiFlag.empty()) return out;
    out.value = "/ip4/127.0.0.1/tcp/" + overrides.apiFlag;
    out.origin = SettingOrigin::Flag;
    out.name = "--miner-api";
    return out;
}

MinerSetting MinerConfig::remoteListen(const MinerOverrides& overrides) const { return settingOf(m_file.text(), kRemote, kRemoteDefault, overrides); }

Expected<std::string> withListenAddresses(const std::string& text, const std::string& listen, const std::string& remoteListen) {
    auto edit = TomlEdit::parse(text);
    if (!edit) return std::move(edit).error();
    for (const auto& [key, value] : {std::pair{kListen, listen}, std::pair{kRemote, remoteListen}}) {
        const auto path = spelledPath(*edit, key);
        if (!path) return path.error();
        const auto there = edit->find(*path);
        if (there && textOf(there) == value) continue;
        LSW_TRY(edit->set(*path, value));
    }
    return edit->text();
}

Expected<MinerConfig::Change> MinerConfig::planned(const MinerListenPlan& plan) const {
    auto text = withListenAddresses(m_file.text(), plan.listenAddress, plan.remoteListenAddress);
    if (!text) return std::move(text).error().whileDoing("changing " + path().string());
    Change out;
    out.diff = unifiedDiff(m_file.text(), *text, path().string());
    out.text = std::move(*text);
    return out;
}

Expected<fs::path> MinerConfig::write(const Change& change) {
    if (!m_file.exists()) {
        LSW_TRY(m_file.replace(change.text));
        // For a miner of another user, made by root: it has to read it.
        struct stat repo {};
        if (::geteuid() == 0 && ::stat(m_repo.c_str(), &repo) == 0 && ::chown(path().c_str(), repo.st_uid, repo.st_gid) != 0)
            return errnoError(errno, "cannot give " + path().string() + " to the user of the miner");
        return fs::path();
    }
    struct stat info {};
    if (::stat(path().c_str(), &info) == 0 && info.st_nlink > 1)
        return Error(ErrorCode::Unsupported, path().string() + " has a second name (a hard link), which would keep the old text; nothing was written: change it by hand");
    auto backup = writeBackup(path(), m_file.text());
    if (!backup) return backup;
    if (auto replaced = m_file.replace(change.text); !replaced) {
        ::unlink(backup->c_str());
        return std::move(replaced).error();
    }
    return backup;
}

std::string_view nameOf(SettingOrigin origin) {
    switch (origin) {
    case SettingOrigin::Flag: return "flag";
    case SettingOrigin::Variable: return "variable";
    case SettingOrigin::File: return "file";
    case SettingOrigin::Default: return "default";
    }
    return {};
}

} // namespace lsw::setup
