// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "params/gateways.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lsw::params {

/// The gateways that somebody chose for a folder of parameters: FOLDER/lotus-seal-worker-gateways, one address in a line. With the folder, because whoever
/// fetches into it (the command line, the window, a worker) uses them, and a fetch that runs goes over to them.
///
/// Empty when there are none. InvalidArgument names the file and what is wrong in it; Io.
Expected<std::vector<Gateway>> keptGateways(const std::filesystem::path& folder);
/// Takes the place of an earlier choice; with none the choice is taken back. Makes the folder. PermissionDenied, NoSpace, Io.
Expected<void> keepGateways(const std::filesystem::path& folder, const std::vector<Gateway>& gateways);

/// How fast somebody wants the files of a folder to come: FOLDER/lotus-seal-worker-pace, for whoever fetches into it, and while it does.
struct Pace {
    bool isPaused = false;       ///< nothing more is asked for; what was asked for still comes
    std::uint64_t maxRate = 0;   ///< bytes a second of all together; 0: no limit
};
/// What cannot be read, or is no pace, is none. (The file has the lines "paused" and "limit 10485760".)
Pace keptPace(const std::filesystem::path& folder);
/// One without pause and limit is taken back. Makes the folder. PermissionDenied, NoSpace, Io.
Expected<void> keepPace(const std::filesystem::path& folder, const Pace& pace);

/// The pace of a folder, read again when it has changed.
class PaceWatch {
public:
    explicit PaceWatch(std::filesystem::path folder);
    Pace now();

private:
    std::filesystem::path m_folder;
    std::string m_seen;
    Pace m_pace;
};

/// Sees when another choice was made.
class GatewayWatch {
public:
    explicit GatewayWatch(std::filesystem::path folder);
    /// The choice when it is another than at the last call; empty when it was taken back. A file that cannot be read is no choice.
    std::optional<std::vector<Gateway>> changed();

private:
    std::filesystem::path m_folder;
    std::string m_seen; ///< what tells one writing of the file from another
};

} // namespace lsw::params
