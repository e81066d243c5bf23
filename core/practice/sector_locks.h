// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_types.h"

#include <array>
#include <functional>
#include <list>
#include <map>

namespace lsw::practice {

/// The file types that a miner locks around a task: read, written.
/// source  lotus v1.36 storage/sealer/manager.go: behaviour, not code
std::pair<protocol::FileType, protocol::FileType> locksOf(const protocol::TaskCall& call);

/// Which file types of which sector are being read and written: many readers of a type, or one writer.
///
/// source  lotus v1.36 storage/paths/index_locks.go: behaviour, not code
/// thread  none of its own: the miner's
class SectorLocks {
public:
    using FileType = protocol::FileType;
    using SectorId = protocol::SectorId;
    static constexpr std::size_t kTypes = 6; ///< in the order of their bits

    struct Lock {
        SectorId sector;
        std::array<std::uint64_t, kTypes> write{}, read{};
    };

    /// False when somebody is in the way, or when no type is asked for. InvalidArgument for bits that are no file type.
    Expected<bool> tryLock(SectorId sector, FileType read, FileType write);
    /// Calls `granted` once the lock is held, which may be at once. InvalidArgument as above, and when no type is asked for.
    Expected<void> lock(SectorId sector, FileType read, FileType write, std::function<void()> granted);
    void unlock(SectorId sector, FileType read, FileType write);
    /// By sector number.
    std::vector<Lock> held() const;
    /// Forgets locks and those who wait; they are not called.
    void clear();

private:
    struct Waiting {
        SectorId sector;
        FileType read{}, write{};
        std::function<void()> granted;
    };
    bool take(SectorId sector, FileType read, FileType write);

    std::map<SectorId, Lock> m_held;
    std::list<Waiting> m_waiting; ///< in order of arrival
};

} // namespace lsw::practice
