// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "storage/local_store.h"
#include "storage/path_lock.h"
#include "storage/path_probe.h"

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

namespace lsw::storage {

/// Where one type of a sector is or will be.
struct Place {
    std::string storageId;
    std::filesystem::path root;
    std::filesystem::path path;
};
using Places = std::map<FileType, Place>;

class LocalStore::Private : public std::enable_shared_from_this<LocalStore::Private> {
public:
    Private(Settings s, SectorIndex& i) : settings(std::move(s)), index(i) {}

    struct PathState {
        std::string id;
        std::filesystem::path path;
        PathMetadata metadata;
        std::vector<std::string> notes;
    };
    struct Reservation {
        std::string storageId;
        std::filesystem::path root;
        SectorId sector;
        FileType type{};
        std::uint64_t bytes = 0;
    };
    /// Holds reservations while it lives.
    class Hold {
    public:
        Hold() = default;
        Hold(std::shared_ptr<Private> store, std::vector<std::uint64_t> keys) : m_store(std::move(store)), m_keys(std::move(keys)) {}
        Hold(Hold&&) noexcept = default;
        Hold& operator=(Hold&& other) noexcept;
        ~Hold() { free(); }
        void free();

    private:
        std::shared_ptr<Private> m_store;
        std::vector<std::uint64_t> m_keys;
    };
    /// Lets one acquire or move of a sector in at a time; the others wait.
    class Gate {
    public:
        static Expected<Gate> enter(std::shared_ptr<Private> store, SectorId sector, const std::stop_token& stop);
        Gate(Gate&&) noexcept = default;
        ~Gate();

    private:
        Gate(std::shared_ptr<Private> store, SectorId sector) : m_store(std::move(store)), m_sector(sector) {}
        std::shared_ptr<Private> m_store;
        SectorId m_sector;
    };

    // paths (local_store.cpp)
    std::vector<PathState> openStates() const;
    std::optional<PathState> stateOf(const std::string& id) const;
    Expected<FsStat> statOf(const PathState& path) const;
    /// What the disk says of a path, of what is reserved there and of one more file (key 0). Asked without the mutex: a disk may be slow.
    struct Measured {
        PathFigures disk;
        std::uint64_t used = 0; ///< of the whole path; 0 without a limit
    };
    Expected<Measured> measure(const PathState& path, const std::filesystem::path& another) const;
    /// With the mutex. What was reserved after the measurement counts whole.
    FsStat statLocked(const PathState& path, const Measured& measured) const;
    StorageInfo infoOf(const PathState& path) const;
    Expected<void> declareAll(PathState& path, bool dropMissing, std::stop_token stop);
    Expected<void> closePath(const PathState& path, std::stop_token stop);
    Expected<void> reportHealth(std::stop_token stop);

    // reservations and places (local_acquire.cpp)
    Expected<Hold> reserve(SectorId sector, const Places& places, FileType types, PathType table, std::uint64_t sectorSize);
    Expected<Places> locate(SectorId sector, FileType existing, FileType allocate, PathType kind, std::uint64_t sectorSize, std::stop_token stop);
    Expected<void> fetchMissing(SectorId sector, FileType existing, PathType kind, std::optional<protocol::AcquireMode> mode, std::uint64_t sectorSize,
                                Places& places, const TaskContext& context);
    Expected<void> fetchOne(SectorId sector, FileType one, const Place& to, std::optional<protocol::AcquireMode> mode, const TaskContext& context);
    /// Whether one of our own paths may take the type and has the room, whatever the index says.
    bool mayAllocateHere(FileType one, PathType kind, std::uint64_t sectorSize, std::uint64_t miner) const;
    Place placeIn(const PathState& path, SectorId sector, FileType one) const;

    // removal (local_move.cpp)
    struct Found {
        bool here = false, anywhere = false;
    };
    Expected<Found> removeOurs(SectorId sector, FileType one, const std::vector<std::string>& keepIn, std::stop_token stop);
    Expected<void> removeAnywhere(SectorId sector, FileType one, bool force, const std::vector<std::string>& keepIn, std::stop_token stop);
    Expected<void> dropAndRemove(const PathState& path, SectorId sector, FileType one, std::stop_token stop);
    Expected<void> moveOne(SectorId sector, FileType one, const Place& from, const Place& to, std::uint64_t sectorSize, const TaskContext& context);

    const Settings settings;
    SectorIndex& index;

    mutable PathProbe probe; ///< thread-safe

    /// Guards all below. Held for memory alone, never while waiting for a disk, the index or a transfer.
    mutable std::mutex mutex;
    std::vector<PathState> paths;
    std::map<std::string, std::shared_ptr<PathLock>> locks;
    std::map<std::uint64_t, Reservation> reservations;
    std::uint64_t nextReservation = 1;
    std::set<SectorId> busySectors;
    int runningFetches = 0;
    std::condition_variable_any changed;
};

class SectorLease::Private {
public:
    std::shared_ptr<LocalStore::Private> store;
    SectorId sector;
    FileType allocated = FileType::None;
    Places places;
    LocalStore::Private::Hold hold;
    bool isPrimary = false;
    std::stop_token stop;
    std::shared_ptr<const std::atomic<bool>> aborted;

    /// Removes what the task was to make; the index hears of it as far as it answers soon.
    void discard();
};

} // namespace lsw::storage
