// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>

namespace lsw::cli {

/// One line of what a worker tells while it runs.
struct LogLine {
    enum class Level { Error = 3, Warning = 4, Notice = 5, Info = 6 }; ///< as syslog counts
    Level level = Level::Info;
    std::string text;               ///< one sentence
    std::string sector, task, call; ///< "s-t01000-1", "PC1", uuid; empty where it is about none
};

/// Writes it to where standard error goes: into the journal of systemd with its level and LSW_SECTOR, LSW_TASK, LSW_CALL beside the text, elsewhere as
/// one dated line.
/// source  JOURNAL_STREAM in systemd.exec(5), sd_journal_send(3)
void log(const LogLine& line);

} // namespace lsw::cli
