// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>
#include <string>

/// Starting with the login or with the computer: the window by a file of the desktop, which this program writes; the worker without a window by a service of
/// systemd, which a person sets up himself.
namespace lsw::common {

/// `$XDG_CONFIG_HOME/autostart/lotus-seal-worker.desktop`, else below ~/.config.
std::filesystem::path loginStartFile();
bool startsAtLogin();
/// Writes or removes it. NotInstalled when there is no window beside this program; PermissionDenied, NoSpace, Io.
Expected<void> startAtLogin(bool on);
/// What to type so that the worker of this folder runs as a service of this user, from the start of the computer on.
std::string userServiceLines(const std::filesystem::path& workerRepo);

} // namespace lsw::common
