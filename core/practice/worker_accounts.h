// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/lotus_types.h"

#include <string>
#include <string_view>
#include <vector>

namespace lsw::practice {

/// What a miner counts for one worker: the needs of the tasks that it has given to it since it registered, by the table and the
/// figures of its registration. Tasks from before that are in no account.
///
/// source  lotus v1.36 storage/sealer/sched_resources.go
class WorkerAccount {
public:
    struct Task {
        std::string type;
        sector::SealProof proof{};
    };
    WorkerAccount(const protocol::WorkerInfo& info, const std::vector<Task>& tasks);

    /// Whether a miner finds room for one more; what the worker offers is another matter.
    bool hasRoomFor(std::string_view type, sector::SealProof proof) const;

    std::uint64_t memoryMin() const { return m_memoryMin; }
    std::uint64_t memoryMax() const { return m_memoryMax; }
    double gpus() const { return m_gpus; }
    std::uint64_t cpus() const { return m_cpus; }

private:
    const protocol::WorkerInfo& m_info;
    const std::vector<Task>& m_tasks;
    std::uint64_t m_memoryMin = 0, m_memoryMax = 0, m_cpus = 0;
    double m_gpus = 0;
};

} // namespace lsw::practice
