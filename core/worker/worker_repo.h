// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/multiaddr.h"
#include "worker/repo_layout.h"

#include <filesystem>
#include <memory>

namespace lsw::worker {

/// The worker's own folder (~/.lotusworker), held for one instance while this lives.
///
/// A new one is filled as lotus-worker does it: keystore/, datastore/, an empty config.toml, storage.json, and (unless
/// `noLocalStorage`) sectorstore.json, which makes the folder itself a sealing path. Locking excludes lotus-worker too. One that
/// lotus-worker has used is taken as it is, and can be given back: only the own folder is added to it.
///
/// thread  io threads
/// source  lotus v1.36 node/repo/fsrepo.go
class WorkerRepo {
public:
    /// StorageUnavailable when another instance holds it or it cannot be written; NotFound when storage.json is missing from an old one.
    static Expected<std::unique_ptr<WorkerRepo>> open(const std::filesystem::path& folder, bool noLocalStorage);
    /// Removes `api` and `repo.lock` and lets go.
    ~WorkerRepo();
    WorkerRepo(const WorkerRepo&) = delete;
    WorkerRepo& operator=(const WorkerRepo&) = delete;

    const std::filesystem::path& folder() const { return m_folder; }
    /// What lotus-worker does not know: journal, state, scratch; laid out as worker/repo_layout.h says.
    std::filesystem::path ownFolder() const { return m_folder / kOwnFolder; }
    std::filesystem::path journalFile() const { return ownFolder() / "calls.sqlite"; }
    /// Of finished tasks, for people; nothing hangs on it (history/history_keeper.h).
    std::filesystem::path historyFile() const { return ownFolder() / kHistoryFile; }
    /// For large results on their way from a prover; every start removes what an ended worker left there.
    std::filesystem::path scratchFolder() const { return ownFolder() / "scratch"; }
    /// For large inputs and results of calls; the journal names those that count.
    std::filesystem::path spoolFolder() const { return ownFolder() / "spool"; }

    /// Writes `api` (a multiaddr) and `token` (0600), by which `info`, `tasks` and `stop` find and may talk to this worker.
    Expected<void> announce(const protocol::Endpoint& own, const std::string& token);

private:
    WorkerRepo(std::filesystem::path folder, int lock) : m_folder(std::move(folder)), m_lock(lock) {}
    std::filesystem::path m_folder;
    int m_lock;
};

} // namespace lsw::worker
