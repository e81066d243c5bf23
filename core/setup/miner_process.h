// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace lsw::setup {

/// A lotus-miner (or lotus-storage-miner of 2020) that runs on this machine.
struct MinerProcess {
    pid_t pid = 0;
    std::string program;                          ///< "lotus-miner"
    std::string user;                             ///< whom it runs as
    std::filesystem::path repo;                   ///< empty when it does not show: another user's
    bool isElsewhere = false;                     ///< in a container: `repo` is a path there, not here
    std::string apiFlag;                          ///< --miner-api/--api PORT, which beats everything and forces 127.0.0.1; empty: not given
    std::map<std::string, std::string> variables; ///< of its environment those that begin with LOTUS_API_
};

/// Every miner that runs here, by /proc: command line, environment, the repo.lock it has open. Of other users' processes only what they show.
/// `proc`: for tests.
std::vector<MinerProcess> minerProcesses(const std::filesystem::path& proc = "/proc");

/// Who holds the repo's lock: the process, 0 when it is not visible from here; nothing when nobody does or it cannot be known.
/// Never opens a lock that this very process holds (closing it would give it up).
std::optional<pid_t> repoHolder(const std::filesystem::path& repo);

/// The name of a user; the number when there is none.
std::string userName(uid_t user);

} // namespace lsw::setup
