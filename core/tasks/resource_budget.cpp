// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/resource_budget.h"

#include "base/text.h"

#include <algorithm>
#include <numeric>
#include <cstdio>
#include <utility>

namespace lsw::tasks {

namespace {

std::uint64_t without(std::uint64_t total, std::uint64_t used) { return total > used ? total - used : 0; }

std::string gpuText(double count) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", count);
    return text;
}

} // namespace

ResourceBudget::ResourceBudget(ResourceTable table, MachineResources machine) : m_table(std::move(table)), m_machine(machine) {}

void ResourceBudget::setTable(ResourceTable table) {
    m_table = std::move(table);
    const auto running = std::exchange(m_count, {});
    m_memMin = m_memMax = 0;
    m_cpus = m_running = 0;
    m_gpus = 0;
    for (const auto& [kind, count] : running)
        for (const Cores cores : {Cores::ByTable, Cores::AtLeastOne, Cores::None})
            for (int i = 0; i < count[static_cast<std::size_t>(cores)]; ++i) add(kind.first, sector::SealProof{kind.second}, cores);
}

std::optional<WaitReason> ResourceBudget::whyNot(std::string_view taskType, sector::SealProof proof, Cores cores) const {
    if (m_running == 0) return std::nullopt;
    const auto needs = resourcesOf(m_table, taskType, proof);

    if (needs.maxConcurrent > 0) {
        const auto it = m_count.find({std::string(taskType), static_cast<std::int64_t>(proof)});
        const int same = it == m_count.end() ? 0 : std::accumulate(it->second.begin(), it->second.end(), 0);
        if (same >= needs.maxConcurrent)
            return WaitReason{"slot", std::to_string(same) + " of this kind run already, at most " + std::to_string(needs.maxConcurrent) + " may"};
    }

    const auto minNeed = needs.minMemory + needs.baseMinMemory;
    const auto physicalFree = without(m_machine.memPhysical, m_memMin);
    if (minNeed > physicalFree) return WaitReason{"memory", "needs " + byteText(minNeed) + ", " + byteText(physicalFree) + " free"};

    const auto maxNeed = needs.maxMemory + needs.baseMinMemory;
    const auto virtualUsed = std::max(m_memMax, m_machine.memUsed + m_machine.memSwapUsed);
    const auto virtualFree = without(m_machine.memPhysical + m_machine.memSwap, virtualUsed);
    if (maxNeed > virtualFree)
        return WaitReason{"memory", "needs " + byteText(maxNeed) + ", " + byteText(virtualFree) + " free with swap"};

    const int wanted = threads(needs, cores);
    if (m_cpus + wanted > m_machine.cpus)
        return WaitReason{"cpu", "needs " + std::to_string(wanted) + " of " + std::to_string(m_machine.cpus) + " cores, " +
                                     std::to_string(std::max(0, m_machine.cpus - m_cpus)) + " free"};

    if (m_machine.gpus > 0 && needs.gpuUtilization > 0 && m_gpus + needs.gpuUtilization > m_machine.gpus)
        return WaitReason{"gpu", "needs " + gpuText(needs.gpuUtilization) + " of " + std::to_string(m_machine.gpus) + " GPUs, " +
                                     gpuText(std::max(0.0, m_machine.gpus - m_gpus)) + " free"};
    return std::nullopt;
}

int ResourceBudget::threads(const protocol::TaskResources& needs, Cores cores) const {
    if (cores == Cores::None) return 0;
    return std::max(threadsOf(needs, m_machine.cpus, m_machine.gpus), cores == Cores::AtLeastOne ? 1 : 0);
}

bool ResourceBudget::isFreeOfCores(std::string_view taskType, sector::SealProof proof) const { return threads(resourcesOf(m_table, taskType, proof), Cores::ByTable) == 0; }

void ResourceBudget::add(std::string_view taskType, sector::SealProof proof, Cores cores) {
    const auto needs = resourcesOf(m_table, taskType, proof);
    // BaseMinMemory is not summed up: it stands for what tasks share (parameters, the parent graph).
    m_memMin += needs.minMemory;
    m_memMax += needs.maxMemory;
    m_cpus += threads(needs, cores);
    m_gpus += needs.gpuUtilization;
    ++m_running;
    ++m_count[{std::string(taskType), static_cast<std::int64_t>(proof)}][static_cast<std::size_t>(cores)];
}

void ResourceBudget::remove(std::string_view taskType, sector::SealProof proof, Cores cores) {
    const auto needs = resourcesOf(m_table, taskType, proof);
    m_memMin = without(m_memMin, needs.minMemory);
    m_memMax = without(m_memMax, needs.maxMemory);
    m_cpus = std::max(0, m_cpus - threads(needs, cores));
    m_gpus = std::max(0.0, m_gpus - needs.gpuUtilization);
    m_running = std::max(0, m_running - 1);
    if (m_running == 0) { // no rounding and no change of the machine's figures may outlive the tasks
        m_memMin = m_memMax = 0;
        m_cpus = 0;
        m_gpus = 0;
    }
    const auto it = m_count.find({std::string(taskType), static_cast<std::int64_t>(proof)});
    if (it == m_count.end()) return;
    --it->second[static_cast<std::size_t>(cores)];
    if (std::ranges::all_of(it->second, [](int count) { return count <= 0; })) m_count.erase(it);
}

} // namespace lsw::tasks
