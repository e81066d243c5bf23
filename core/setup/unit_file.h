// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lsw::setup {

/// What a systemd unit says about the program it starts, as far as it matters to somebody who takes the service over.
struct UnitFile {
    std::vector<std::string> command;                                ///< words of the last ExecStart; empty: none
    std::vector<std::pair<std::string, std::string>> environment;    ///< in the order of the file; a later one of the same name wins
    std::vector<std::string> environmentFiles;                       ///< without the "-" before those that may be missing
    std::string user;                                                ///< empty: root, or that of the manager
};

/// Reads the text of a unit, or several one after the other as `systemctl cat` prints them. What it does not know it passes over.
/// Continued lines, quotes and escapes are those of systemd; `%h` is the home folder, other specifiers stay as they are.
/// source  systemd.syntax(7), systemd.service(5), systemd.exec(5)
UnitFile readUnitFile(std::string_view text, std::string_view home);
/// Whether a text is a unit and no file of variables.
bool looksLikeUnit(std::string_view text);

/// NAME=VALUE lines of an EnvironmentFile, or of a shell script that exports them.
std::vector<std::pair<std::string, std::string>> readEnvironmentFile(std::string_view text);

/// The command with its variables replaced (the last of a name counts): `${NAME}` within a word, `$NAME` by as many words as it has. The
/// command that a shell is given with -c is taken apart as well.
std::vector<std::string> expandedCommand(const std::vector<std::string>& command, const std::vector<std::pair<std::string, std::string>>& environment);

} // namespace lsw::setup
