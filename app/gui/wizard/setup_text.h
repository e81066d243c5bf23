// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/findings.h"
#include "setup/join_watch.h"
#include "setup/miner_finder.h"
#include "setup/network_interfaces.h"
#include "setup/pasted_info.h"
#include "setup/roles.h"

#include <QtCore/QString>

#include <cstdint>
#include <vector>

namespace lsw::gui {

/// Sentences of the wizard for what core/setup found, in the language in use.

/// "~/.lotusminer — running at 127.0.0.1:2345", with what is wrong with its token.
QString localMinerText(const setup::LocalMiner& miner);
/// What a pasted text was taken for and what was changed, or what is missing. `isPasted`: else typed into two fields.
QString understoodText(const setup::PastedInfo& info, bool isPasted);
QString findingText(const setup::Found& found);
QString fixText(const setup::Found& found);
/// Something to type or to write, and what for.
struct FixLines {
    QString purpose, lines;
};
/// What the sentence of the fix speaks of, ready to be copied: for what is to be done at the miner also where it is written and what comes after it.
std::vector<FixLines> fixLines(const setup::Found& found);
/// "Local 0 / 1, Remote 1 / 2"
QString useText(const setup::WorkerUse& use);
/// Whether the miner counts the worker that was started, with its own view before and after.
QString joinText(const setup::JoinReport& report);
QString checkTitle(std::string_view title);
/// "✓", "!", "✗", "–": never the colour alone.
QString stateSign(setup::CheckState state);
QString stateWord(setup::CheckState state);
QString roleName(std::string_view role);
QString roleText(std::string_view role);
QString interfaceKindText(setup::InterfaceKind kind);
/// "44.1 GiB"
QString bytesText(std::uint64_t bytes);

} // namespace lsw::gui
