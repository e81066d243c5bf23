// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "protocol/multiaddr.h"
#include "sector/proof_type.h"
#include "storage/leftovers.h"
#include "storage/sector_index.h"
#include "storage/storage_config.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <set>

namespace lsw::storage {

/// Bytes that a type may need: sealing (while layers and trees are made) or finalized, in tenths of the sector size.
/// source  lotus storage/sealer/storiface/filetype.go, FSOverheadSeal and FsOverheadFinalized
std::uint64_t spaceNeeded(protocol::FileType one, protocol::PathType kind, std::uint64_t sectorSize);

/// Acquired paths of one sector: while it lives, the space of what is to be made is reserved. Destroying it frees the
/// reservation and declares the allocated types to the index (also when the task failed: that is what lotus does); when the
/// task was aborted, it removes them.
class SectorLease {
public:
    SectorLease(); ///< holds nothing
    SectorLease(SectorLease&&) noexcept;
    SectorLease& operator=(SectorLease&&) noexcept;
    ~SectorLease();
    /// The file or folder of one type; empty when the type was not asked for.
    std::filesystem::path path(FileType one) const;
    std::string storageId(FileType one) const;
    /// The root of the storage path that holds the type (for scratch folders).
    std::filesystem::path root(FileType one) const;
    /// Frees and declares now, so that an error can be seen; the destructor then does nothing. Cancelled when the task was aborted.
    Expected<void> release();

private:
    friend class LocalStore;
    class Private;
    std::unique_ptr<Private> m_private;
};

/// The storage paths of this worker and the sector files in them: open and declare, reserve, acquire (fetching what is elsewhere), move, remove.
///
/// thread  io and seal threads; methods block on the index, the disk and the network
class LocalStore {
public:
    struct Settings {
        std::filesystem::path repo;         ///< holds storage.json
        std::string remoteUrl;              ///< "http://HOST:PORT/remote", how others reach our files
        std::string token;                  ///< for fetching from others
        int parallelFetches = 5;
    };
    LocalStore(Settings settings, SectorIndex& index);
    ~LocalStore();

    /// Opens every path of storage.json: reads its metadata, makes the type folders, attaches, declares what lies there. The first failure ends it and names the path.
    /// NotFound without storage.json, Corrupt, StorageUnavailable for a path that cannot be written or that another instance has, and what the index says.
    Expected<void> openAll(std::stop_token stop);
    Expected<void> openPath(const std::filesystem::path& path, bool addToConfig, std::stop_token stop);
    Expected<void> detachPath(const std::filesystem::path& path, std::stop_token stop);
    Expected<void> detachAll(std::stop_token stop);
    /// Attaches and declares all paths (or one) anew; `dropMissing` drops what the index has and the disk has not.
    Expected<void> redeclare(const std::optional<std::string>& id, bool dropMissing, std::stop_token stop);
    /// The regular word to the miner about every path; what a failing disk kept from being removed goes now, too.
    Expected<void> reportHealth(std::stop_token stop);

    struct OpenPath {
        std::string id;
        std::filesystem::path path;
        PathMetadata metadata;
        FsStat stat;
        std::vector<std::string> notes; ///< what lies there and was not declared, one sentence each
        std::string error;              ///< why there are no statistics; empty when all is well
    };
    /// The open paths with fresh statistics; does not ask the miner.
    std::vector<OpenPath> openPaths() const;
    /// Statistics of one path; NotFound.
    Expected<FsStat> stat(const std::string& id) const;

    /// Makes `existing` available (fetched from whoever has them) and `allocate` writable in a path of the kind.
    /// NotFound "sector not found", NoSpace (→ code 102), Cancelled, Remote.
    /// `fetchMode` absent: what is fetched is declared not primary and stays where it was, as a computing task does it.
    Expected<SectorLease> acquire(const protocol::SectorRef& sector, FileType existing, FileType allocate, PathType kind,
                                  std::optional<protocol::AcquireMode> fetchMode, const TaskContext& context);
    /// What lies here of `existing`, by the index; nothing is fetched. NotFound "fsstat: path not found" when one of them is missing.
    Expected<SectorLease> acquireHere(const protocol::SectorRef& sector, FileType existing, std::stop_token stop);
    /// POSTs `body` to `route` ("vanilla/single") below the /remote of those who hold one of the types, until one gives an answer.
    /// NotFound "sector not found" when nobody has it, Remote with what each said, Cancelled.
    Expected<Bytes> askHolders(SectorId sector, FileType types, const std::string& route, const std::string& body, std::stop_token stop);
    /// Only looks: the path of one type of a sector when it lies here (asks no one).
    std::optional<std::filesystem::path> localPath(SectorId sector, FileType one) const;

    /// Removes one type everywhere (ours and others' copies), except in the paths of `keepIn`. `force`: not being there is no error.
    Expected<void> remove(SectorId sector, FileType one, bool force, std::stop_token stop, const std::vector<std::string>& keepIn = {});
    /// Removes ours only, except in the paths of `keepIn`. NotFound when not here.
    Expected<void> removeLocal(SectorId sector, FileType one, const std::vector<std::string>& keepIn, std::stop_token stop);
    /// Drops every copy that is not primary when there is a primary one.
    Expected<void> removeCopies(SectorId sector, FileType one, std::stop_token stop);
    /// Brings the types into a path that may store, fetching if they are elsewhere. Copies that remain elsewhere are for removeCopies().
    /// Can be repeated after any interruption: at every moment one of the places holds the file whole.
    Expected<void> moveToStorage(const protocol::SectorRef& sector, FileType types, const TaskContext& context);

    /// What lies in the open paths and belongs to no call. `owned`: the sectors of the calls that are not over yet. Asks the index what it knows.
    Expected<std::vector<Leftover>> leftovers(const std::set<SectorId>& owned, std::stop_token stop) const;
    /// Deletes one of them as it was found just now; a copy is taken out of the index first.
    Expected<void> removeLeftover(const Leftover& leftover, std::stop_token stop);

private:
    friend class SectorLease;
    class Private;
    std::shared_ptr<Private> m_private;
};

} // namespace lsw::storage
