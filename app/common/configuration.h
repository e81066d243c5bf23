// SPDX-License-Identifier: MIT OR Apache-2.0
// What a worker is told, put together from default, role, file, environment and flags, each value with its origin.
#pragma once

#include "common/settings.h"

#include <filesystem>
#include <map>

namespace lsw::common {

/// Who gave a value; a later one wins.
enum class Layer { Default, Role, File, Environment, Flag };

struct SettingOrigin {
    Layer layer = Layer::Default;
    std::string where; ///< "pc1", "line 12", "LOTUS_WORKER_LISTEN", "--listen"; empty for a default
    /// "default", "role pc1", "file, line 12", "environment, LOTUS_WORKER_LISTEN", "flag --listen"
    std::string text() const;
};

struct SettingChoice {
    std::string text; ///< as settingText() gives it
    SettingOrigin origin;
};

/// A variable of the table [environment] of the file.
struct FileVariable {
    std::string text;
    int line = 0;
};

struct Configuration {
    std::filesystem::path file;
    bool isFileThere = false;
    std::map<std::string, SettingChoice, std::less<>> values; ///< one for each row of settings()
    std::map<std::string, FileVariable> variables;            ///< those that the real environment does not have
    std::vector<std::string> faults;                          ///< one sentence each: with any, nothing may be started
    std::vector<std::string> notes;                           ///< one sentence each: what wins over what

    const SettingChoice& at(std::string_view key) const { return values.find(key)->second; }
};

struct ConfigurationSources {
    std::filesystem::path file;
    std::function<std::string(const std::string&)> environment; ///< "" when unset
    std::map<std::string, std::string> flags;                   ///< by key: what the command line said
    std::optional<std::string> text{};                          ///< what the file will hold, instead of what it holds
};

/// `lotus-seal-worker/config.toml` in the worker's folder.
std::filesystem::path configurationFile(const std::filesystem::path& workerRepo);
/// The variables of this process.
std::string environmentVariable(const std::string& name);

/// Reads all of it; what is wrong stands in `faults`, with its line. A file that is not there is an empty one.
/// thread  any but the service thread: reads a file
Configuration readConfiguration(const ConfigurationSources& sources);
/// The same where only a sound one is of use. InvalidArgument tells the first fault and how many there are besides.
Expected<Configuration> soundConfiguration(const ConfigurationSources& sources);

/// One value that is to be written into the file: a key of settings(), or "environment.NAME".
struct ConfigurationChange {
    std::string key, text;
};
/// The text of a file with these changes; an empty one becomes emptyConfiguration() first. InvalidArgument for a key that there is not or a
/// value that does not fit; the errors of setup::TomlEdit.
Expected<std::string> changedConfiguration(const std::string& text, const std::vector<ConfigurationChange>& changes);

/// What a worker is told by it, without the miner and the folder. InvalidArgument for tasks that do not go together.
Expected<worker::WorkerSettings> workerSettings(const Configuration& configuration);

} // namespace lsw::common
