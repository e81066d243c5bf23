// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_types.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lsw::tasks {

using ResourceTable = std::map<std::string, std::map<std::int64_t, protocol::TaskResources>>;

/// A type of task that has a row, and its abbreviation in the names of variables.
struct ResourceRow {
    std::string_view taskType, shortName;
};
std::vector<ResourceRow> resourceRows();

/// The table of lotus with the overrides of the environment (`PC1_32G_MAX_CONCURRENT`, `C2_MIN_MEMORY`, …): every task type of lotus, so
/// that `Info` reads as that of lotus-worker; non-interactive proofs have no rows there.
///
/// in      environment  looks a variable up ("" when unset), so that tests need no real environment
/// out     notes        one sentence for each variable whose value cannot be read. Its default stays: lotus would take 0, and a
///                      need of 0 bytes overcommits the machine
/// source  lotus v1.36 storage/sealer/storiface/resources.go, cmd/lotus-worker
ResourceTable resourceTable(const std::function<std::string(const std::string&)>& environment, std::vector<std::string>* notes = nullptr);

/// A PC1 takes no more than that for its labels (0: as the table says): it needs no more, and the miner may send it to a machine that has no more.
void limitLabels(ResourceTable& table, std::uint64_t bytes);

/// The needs of one task; all zero where the table has no row (lotus' rule).
protocol::TaskResources resourcesOf(const ResourceTable& table, std::string_view taskType, sector::SealProof proof);

/// Threads a task counts for: MaxParallelism, or 92 % of the cores for −1 (all when that is 0).
int threadsOf(const protocol::TaskResources& resources, int cpus, int gpus);

} // namespace lsw::tasks
