// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/findings.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

/// Is this machine fit for the tasks it shall do?
namespace lsw::setup {

/// What one kind of task takes by lotus' table, in bytes.
struct TaskMemory {
    std::string name;             ///< "PC1"
    std::string flag;             ///< "--precommit1=false": how it is left out
    std::uint64_t least = 0, most = 0;
};

struct MachineQuestion {
    std::uint64_t sectorSize = std::uint64_t{32} << 30;
    bool labels = true;                              ///< PC1 or unsealing is offered: what hashes SHA-256
    std::vector<TaskMemory> tasks;                   ///< those that are offered
    std::vector<std::filesystem::path> sealingPaths; ///< may not exist yet
    std::filesystem::path parameterFolder;
    std::uint64_t missingParameters = 0;             ///< bytes that are still to come there
    std::filesystem::path parentFolder;              ///< of the parent graphs that PC1 reads
    std::uint64_t missingParents = 0;                ///< bytes that the first PC1 writes there
    std::filesystem::path parentFile;                ///< the parent graph of this sector size, when it is there
    std::string parentDigest;                        ///< its SHA-256, as the official crate has it
    bool wereParentsChecked = false;                 ///< it was looked through since it last changed
    bool readParents = false;                        ///< it shall be read now and compared with its digest, which takes minutes
    bool measureDisks = false;                       ///< a second for each disk of a sealing path
    bool noSwap = false;                             ///< swap is not counted as memory
    std::filesystem::path temporaryFolder = "/tmp";
    std::filesystem::path root = "/";                ///< where proc, sys and etc are
};

struct MachineResult {
    std::string_view key;              ///< "cpu", "memory", "path": of the check; what was found has its own
    std::string_view title;            ///< English
    Found found;
    std::vector<std::string> evidence; ///< English lines
};

/// Looks at processor, memory, disks, limits, clock; `report` is called for each result as it is there.
///
/// thread  blocks: tests kernels (under a second), asks each disk for at most 5 s, measures it for a second; a fired stop token leaves the rest out
/// source  lotus documentation, hardware requirements; storage/sealer/storiface/resources.go and filetype.go
std::vector<MachineResult> checkMachine(const MachineQuestion& question, const std::stop_token& stop, const std::function<void(const MachineResult&)>& report = {});

/// Bytes of one sector while it is sealed: data, replica, layers and trees.
std::uint64_t bytesInWork(std::uint64_t sectorSize);
/// "32 GiB data + 32 GiB replica + 451 GiB layers and trees = 515 GiB"
std::string bytesInWorkText(std::uint64_t sectorSize);

} // namespace lsw::setup
