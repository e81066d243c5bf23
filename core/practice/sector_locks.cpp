// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/sector_locks.h"

#include <algorithm>

namespace lsw::practice {
namespace {

constexpr std::uint32_t kAllTypes = (1U << SectorLocks::kTypes) - 1;

bool has(protocol::FileType types, std::size_t bit) { return (static_cast<std::uint32_t>(types) >> bit & 1U) != 0; }

Expected<bool> asksForTypes(protocol::FileType read, protocol::FileType write) {
    const std::uint32_t both = static_cast<std::uint32_t>(read) | static_cast<std::uint32_t>(write);
    if (both > kAllTypes) return Error(ErrorCode::InvalidArgument, "unknown file types specified");
    return both != 0;
}

struct LocksOf {
    using Types = std::pair<protocol::FileType, protocol::FileType>; ///< read, written
    using F = protocol::FileType;
    Types operator()(const protocol::AddPieceCall&) const { return {F::None, F::Unsealed}; }
    Types operator()(const protocol::SealPreCommit1Call&) const { return {F::Unsealed, F::Sealed | F::Cache}; }
    Types operator()(const protocol::SealPreCommit2Call&) const { return {F::Sealed, F::Cache}; }
    Types operator()(const protocol::SealCommit1Call&) const { return {F::Sealed, F::Cache}; }
    Types operator()(const protocol::FinalizeSectorCall&) const { return {F::Sealed, F::Cache}; }
    Types operator()(const protocol::ReleaseUnsealedCall&) const { return {F::None, F::Unsealed}; }
    Types operator()(const protocol::UnsealPieceCall&) const { return {F::Sealed | F::Cache, F::Unsealed}; }
    /// Fetch and MoveStorage are parts of those above; C2 and DataCid touch no sector file.
    template <typename Other>
    Types operator()(const Other&) const {
        return {F::None, F::None};
    }
};

} // namespace

std::pair<protocol::FileType, protocol::FileType> locksOf(const protocol::TaskCall& call) { return std::visit(LocksOf{}, call); }

bool SectorLocks::take(SectorId sector, FileType read, FileType write) {
    const auto known = m_held.find(sector);
    if (known != m_held.end())
        for (std::size_t bit = 0; bit < kTypes; ++bit) {
            const bool isWritten = known->second.write[bit] > 0;
            if ((has(write, bit) && (known->second.read[bit] > 0 || isWritten)) || (has(read, bit) && isWritten)) return false;
        }
    Lock& lock = m_held.try_emplace(sector, Lock{sector, {}, {}}).first->second;
    for (std::size_t bit = 0; bit < kTypes; ++bit) {
        if (has(read, bit)) ++lock.read[bit];
        if (has(write, bit)) ++lock.write[bit];
    }
    return true;
}

Expected<bool> SectorLocks::tryLock(SectorId sector, FileType read, FileType write) {
    const auto asks = asksForTypes(read, write);
    if (!asks) return asks.error();
    return *asks && take(sector, read, write);
}

Expected<void> SectorLocks::lock(SectorId sector, FileType read, FileType write, std::function<void()> granted) {
    const auto asks = asksForTypes(read, write);
    if (!asks) return asks.error();
    if (!*asks) return Error(ErrorCode::InvalidArgument, "failed to acquire lock");
    if (take(sector, read, write)) granted();
    else m_waiting.push_back({sector, read, write, std::move(granted)});
    return {};
}

void SectorLocks::unlock(SectorId sector, FileType read, FileType write) {
    const auto known = m_held.find(sector);
    if (known == m_held.end()) return;
    Lock& lock = known->second;
    for (std::size_t bit = 0; bit < kTypes; ++bit) {
        if (has(read, bit) && lock.read[bit] > 0) --lock.read[bit];
        if (has(write, bit) && lock.write[bit] > 0) --lock.write[bit];
    }
    const auto isZero = [](std::uint64_t count) { return count == 0; };
    if (std::all_of(lock.read.begin(), lock.read.end(), isZero) && std::all_of(lock.write.begin(), lock.write.end(), isZero)) m_held.erase(known);
    // One that is granted may unlock again, and change the list: begin anew after each.
    for (auto it = m_waiting.begin(); it != m_waiting.end();) {
        if (it->sector != sector || !take(sector, it->read, it->write)) {
            ++it;
            continue;
        }
        const auto granted = std::move(it->granted);
        m_waiting.erase(it);
        granted();
        it = m_waiting.begin();
    }
}

std::vector<SectorLocks::Lock> SectorLocks::held() const {
    std::vector<Lock> out;
    for (const auto& [sector, lock] : m_held) out.push_back(lock);
    std::stable_sort(out.begin(), out.end(), [](const Lock& a, const Lock& b) { return a.sector.number < b.sector.number; });
    return out;
}

void SectorLocks::clear() {
    m_held.clear();
    m_waiting.clear();
}

} // namespace lsw::practice
