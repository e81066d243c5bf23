// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "tasks/resource_table.h"

#include <array>
#include <optional>

namespace lsw::tasks {

/// What the machine has, and what is in use on it whoever uses it. Memory in bytes.
struct MachineResources {
    std::uint64_t memPhysical = 0, memUsed = 0, memSwap = 0, memSwapUsed = 0;
    int cpus = 0;
    int gpus = 0; ///< those the engine uses; 0: GPUs are not counted
};

/// Why a task has to wait: a key for programs and one English clause for people.
struct WaitReason {
    std::string key;    ///< "slot", "memory", "cpu", "gpu", "params", "journal"
    std::string detail; ///< "needs 64 GiB, 31 GiB free"
    bool operator==(const WaitReason&) const = default;
};

/// How many cores a task counts for.
enum class Cores {
    ByTable,
    AtLeastOne, ///< also where the table says none: what waits then can be computed together
    None,       ///< it shares the core of one that runs
};

/// Counts what the running tasks were granted and says whether one more fits, by the rules the miner schedules with.
///
/// A task always fits when nothing else runs: the miner has judged this machine by the same table, and a task that waited
/// for memory that strangers hold, or that the machine never had, would wait for ever.
///
/// thread  one thread's (the service's); a plain value without locks
/// source  lotus v1.36 storage/sealer/sched_resources.go
class ResourceBudget {
public:
    ResourceBudget(ResourceTable table, MachineResources machine);

    const MachineResources& machine() const { return m_machine; }
    void setMachine(const MachineResources& machine) { m_machine = machine; }
    /// Other needs from now on; what runs counts by them too.
    void setTable(ResourceTable table);

    /// Nothing when the task fits now.
    std::optional<WaitReason> whyNot(std::string_view taskType, sector::SealProof proof, Cores cores = Cores::ByTable) const;
    /// Grants and gives back; calls come in pairs with the same arguments.
    void add(std::string_view taskType, sector::SealProof proof, Cores cores = Cores::ByTable);
    void remove(std::string_view taskType, sector::SealProof proof, Cores cores = Cores::ByTable);
    /// Whether the table lets more of a kind run than there are cores.
    bool isFreeOfCores(std::string_view taskType, sector::SealProof proof) const;

    std::uint64_t memoryGranted() const { return m_memMax; } ///< sum of the tasks' MaxMemory
    int cpusGranted() const { return m_cpus; }
    int running() const { return m_running; }

private:
    int threads(const protocol::TaskResources& needs, Cores cores) const;

    ResourceTable m_table;
    MachineResources m_machine;
    std::uint64_t m_memMin = 0, m_memMax = 0;
    int m_cpus = 0;
    double m_gpus = 0;
    int m_running = 0;
    std::map<std::pair<std::string, std::int64_t>, std::array<int, 3>> m_count; ///< of each kind, by what it counts for cores
};

} // namespace lsw::tasks
