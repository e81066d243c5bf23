// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lsw::sector {

/// [begin, end) of positions that are set.
struct Run {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool operator==(const Run&) const = default;
};

/// A set of positions as sorted, disjoint, non-touching runs.
class RunSet {
public:
    RunSet() = default;
    explicit RunSet(std::vector<Run> sortedDisjoint) : m_runs(std::move(sortedDisjoint)) {}
    const std::vector<Run>& runs() const { return m_runs; }
    bool empty() const { return m_runs.empty(); }
    void add(Run run);
    void remove(Run run);
    bool contains(Run run) const;
    bool operator==(const RunSet&) const = default;

private:
    std::vector<Run> m_runs;
};

/// RLE+ as lotus writes it: version 0, least significant bit first, a trailing zero run dropped, trailing zero bytes stripped. The empty set has no bytes.
/// source  go-bitfield rle/rleplus.go
Bytes encodeRlePlus(const RunSet& set);

/// Corrupt on another version, a run of length 0, an overflow, or bits that end inside a run.
Expected<RunSet> decodeRlePlus(std::span<const std::uint8_t> bytes);

} // namespace lsw::sector
