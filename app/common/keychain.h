// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <optional>
#include <string>
#include <string_view>

/// The system's keychain (Secret Service: GNOME Keyring, KWallet, KeePassXC), by QtKeychain. Needs a QCoreApplication; waits in an event loop of its own.
/// thread  main, or another one while the main thread runs its event loop, on which the answers of libsecret come
namespace lsw::common {

/// Found over D-Bus within some milliseconds. QtKeychain alone would say "no such entry" of a keychain that is locked.
enum class KeychainState {
    Ready,
    NoBus,     ///< no session bus: a service, a login over SSH
    NoService, ///< no program that keeps secrets
    NoDefault, ///< one that was never set up
    Locked,    ///< must be unlocked first, for which the system asks when there is a display
};
KeychainState probeKeychain();
std::string_view nameOf(KeychainState state);
/// "the keychain is locked: …", for the command line.
std::string sentenceOf(KeychainState state);

// One secret each under a name. Only in a keychain that is Ready; after 30 seconds Timeout, else Io with QtKeychain's words.
Expected<std::optional<std::string>> readKeychain(const std::string& name);
Expected<void> writeKeychain(const std::string& name, const std::string& secret);
/// That it was not there is no error.
Expected<void> removeFromKeychain(const std::string& name);

} // namespace lsw::common
