// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/multiaddr.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

/// All miners of this machine, for people to choose from. (Which one `run` takes is decided by miner_repo.h, in lotus' order.)
namespace lsw::setup {

enum class MinerState {
    Running,     ///< its lock is held and its address is there
    Starting,    ///< its lock is held, but there is no address yet (or another lotus program holds the repo)
    Stopped,     ///< neither
    Stale,       ///< an address is there, but nobody holds the lock: it did not end cleanly
    NotReadable, ///< this user may not look into the folder
    NoRepo,      ///< a folder, or a file, that is no lotus repo
    Missing,     ///< named, but not there
    Elsewhere,   ///< in a container, whose folders are not those of this machine
};

enum class TokenFile { Readable, Missing, NotReadable, Damaged };

/// How the folder came to be looked at.
struct MinerPlace {
    enum class Kind { Flag, MinerPath, StoragePath, HomeMiner, HomeStorage, Process } kind = Kind::Flag;
    pid_t pid = 0;       ///< of a process
    std::string program; ///< of a process
    std::string user;    ///< of a process
    /// "--miner-repo", "LOTUS_MINER_PATH", "~/.lotusminer", "lotus-miner (pid 4711, user fil)"
    std::string text() const;
};

struct LocalMiner {
    std::filesystem::path repo;                    ///< empty for a process that does not show it
    std::vector<MinerPlace> places;                ///< one or more
    MinerState state = MinerState::Missing;
    std::string owner;                             ///< user of the folder; empty when it cannot be seen
    pid_t holder = 0;                              ///< who holds the lock; 0 unknown or nobody
    std::optional<protocol::Endpoint> endpoint;    ///< what its `api` file says, as it stands there
    TokenFile tokenFile = TokenFile::Missing;
    bool othersCanReadToken = false;
    std::vector<std::string> permissions;          ///< what the token says it allows
    std::string sentence;                          ///< state and token in English, for the command line
};

struct MinerSearch {
    std::string repoFlag;                                       ///< --miner-repo; empty: not given
    std::function<std::string(const std::string&)> environment; ///< "" when unset
    std::filesystem::path home;                                 ///< empty: there is none
    std::filesystem::path proc = "/proc";                       ///< for tests
};

/// What is named (also when it is not there), what lies in the home folder, and what runs; each folder once, in that order.
/// thread  any but the service thread: reads files and /proc
std::vector<LocalMiner> findLocalMiners(const MinerSearch& search);

std::string_view nameOf(MinerState state); ///< for `--json`: "running", "not-readable"
std::string_view nameOf(TokenFile file);

} // namespace lsw::setup
