// SPDX-License-Identifier: MIT OR Apache-2.0
// The one table of what a worker can be told. The configuration file, the environment, the flags of `run`, `set`, `config show` and the
// wizard all read it: a setting is a row here and nothing else.
#pragma once

#include "setup/toml_edit.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::worker {
struct WorkerSettings;
}

namespace lsw::common {

enum class SettingKind {
    Switch,   ///< true or false
    Number,
    Duration, ///< "1m30s"
    Size,     ///< "8GiB"
    Text,
    Path,     ///< "~" is the home folder
    Word,     ///< one of a few
};

/// Whether a worker that runs takes a changed value over.
enum class Takes { Live, Restart };

struct Setting {
    std::string key;                    ///< in the file and for `set`; with two dashes before it the flag of `run`
    SettingKind kind = SettingKind::Text;
    std::string about;                  ///< for help and the file
    std::string fallback;               ///< the value when nobody says one
    std::vector<std::string> variables; ///< of the environment; the first that is set counts
    Takes takes = Takes::Restart;
    std::vector<std::string> words{};   ///< of a Word
    std::int64_t least = 0, most = std::numeric_limits<std::int32_t>::max(); ///< of a Number
    std::string otherFlags{};           ///< ",--address"
    /// Puts a checked value into what the worker is told; null: the value is for somebody else (miner-repo, role).
    std::function<void(worker::WorkerSettings&, const std::string&)> put{};
    /// What the kind does not tell; null: nothing.
    std::function<Expected<void>(const std::string&)> check{};
};

/// All of them in the order of `config show`.
std::span<const Setting> settings();
const Setting* settingNamed(std::string_view key);
/// "there is no setting "lisen"; the nearest is "listen"", or without the nearest where none is near.
std::string noSuchSetting(std::string_view key);

/// A value as it is written anywhere, in its one form ("yes" → "true"). InvalidArgument says what the setting needs.
Expected<std::string> settingText(const Setting& setting, std::string_view given);
/// The same for a value of the file, where a number is a number and a text stands in quotes.
Expected<std::string> settingText(const Setting& setting, const setup::TomlEntry& entry);
/// A text of settingText() as it is written into the file.
setup::TomlValue settingValue(const Setting& setting, const std::string& text);

/// A file in which every setting stands as a comment with its default, for one that is not there yet.
std::string emptyConfiguration();

} // namespace lsw::common
