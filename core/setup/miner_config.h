// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/edited_file.h"
#include "setup/listen_plan.h"
#include "setup/miner_process.h"

#include <functional>

/// [API] ListenAddress and RemoteListenAddress in a miner's config.toml: what is in force, and changing it in those bytes alone.
namespace lsw::setup {

/// Who says it, the strongest first.
enum class SettingOrigin { Flag, Variable, File, Default };

struct MinerSetting {
    std::string value;
    SettingOrigin origin = SettingOrigin::Default;
    std::string name;  ///< "--miner-api", "LOTUS_API_LISTENADDRESS", "config.toml line 7"; empty for the default
    std::string inFile; ///< what the file says, also when it is beaten; empty: nothing
};

/// What beats the file: of the process that runs on this repo, else of `environment` (it may be started from here).
struct MinerOverrides {
    std::string apiFlag;
    std::map<std::string, std::string> variables;
    bool isRunning = false;
};
MinerOverrides overridesOf(const std::filesystem::path& repo, const std::function<std::string(const std::string&)>& environment,
                           const std::vector<MinerProcess>& processes);

class MinerConfig {
public:
    /// `config.toml` of the repo; one that is not there is an empty one, as for lotus.
    /// errors  NotFound, PermissionDenied, InvalidArgument (no TOML, with the line), Io
    static Expected<MinerConfig> read(const std::filesystem::path& repo);

    const std::filesystem::path& path() const { return m_file.path(); }
    MinerSetting listen(const MinerOverrides& overrides) const;
    MinerSetting remoteListen(const MinerOverrides& overrides) const;

    struct Change {
        std::string text;  ///< the new file
        std::string diff;  ///< as diff -u; empty: it says so already
    };
    /// Nothing is written. InvalidArgument or Unsupported in one sentence when it cannot be done without changing more.
    Expected<Change> planned(const MinerListenPlan& plan) const;

    /// Keeps the old file beside it ("config.toml.bak-20261201-103000"), then replaces it whole; mode and owner stay. Returns the backup's path, empty when
    /// there was no file.
    /// errors  AlreadyExists when the file is no longer as it was read; PermissionDenied, NoSpace, Io: the old file stays
    Expected<std::filesystem::path> write(const Change& change);

private:
    MinerConfig(std::filesystem::path repo, EditedFile file) : m_repo(std::move(repo)), m_file(std::move(file)) {}

    std::filesystem::path m_repo;
    EditedFile m_file;
};

/// The text with both addresses in it, everything else byte for byte. Lotus takes the keys in any case ("listenaddress"), so they are looked for so.
Expected<std::string> withListenAddresses(const std::string& text, const std::string& listen, const std::string& remoteListen);

std::string_view nameOf(SettingOrigin origin);

} // namespace lsw::setup
