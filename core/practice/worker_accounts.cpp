// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/worker_accounts.h"

#include "tasks/resource_table.h"

#include <algorithm>

namespace lsw::practice {
namespace {

std::uint64_t threads(const protocol::WorkerInfo& info, const protocol::TaskResources& needs) {
    return static_cast<std::uint64_t>(tasks::threadsOf(needs, static_cast<int>(info.cpus), static_cast<int>(info.gpus.size())));
}

/// Whether `need` is more than what is left.
bool exceeds(std::uint64_t need, std::uint64_t total, std::uint64_t used) { return used > total || need > total - used; }

} // namespace

WorkerAccount::WorkerAccount(const protocol::WorkerInfo& info, const std::vector<Task>& tasks) : m_info(info), m_tasks(tasks) {
    for (const Task& task : tasks) {
        const auto needs = tasks::resourcesOf(info.table, task.type, task.proof);
        m_memoryMin += needs.minMemory;
        m_memoryMax += needs.maxMemory;
        m_gpus += needs.gpuUtilization;
        m_cpus += threads(info, needs);
    }
}

bool WorkerAccount::hasRoomFor(std::string_view type, sector::SealProof proof) const {
    const auto needs = tasks::resourcesOf(m_info.table, type, proof);
    const auto same = std::count_if(m_tasks.begin(), m_tasks.end(), [&](const Task& task) { return task.type == type && task.proof == proof; });
    if (needs.maxConcurrent > 0 && same >= needs.maxConcurrent) return false;
    if (exceeds(needs.minMemory + needs.baseMinMemory, m_info.memPhysical, m_memoryMin)) return false;
    const auto used = std::max(m_memoryMax, m_info.memUsed + m_info.memSwapUsed);
    if (exceeds(needs.maxMemory + needs.baseMinMemory, m_info.memPhysical + m_info.memSwap, used)) return false;
    if (exceeds(threads(m_info, needs), m_info.cpus, m_cpus)) return false;
    return m_info.gpus.empty() || needs.gpuUtilization <= 0 || m_gpus + needs.gpuUtilization <= static_cast<double>(m_info.gpus.size());
}

} // namespace lsw::practice
