// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lsw {

/// What this machine has, limits of containers included. Memory in bytes.
struct HostInfo {
    std::string hostname;
    std::uint64_t memPhysical = 0, memUsed = 0, memSwap = 0, memSwapUsed = 0;
    int cpus = 0;                  ///< logical cores this process may run on
    std::vector<std::string> gpus; ///< product names of the NVIDIA cards, as their driver gives them
};

/// Reads the kernel's files; what cannot be read stays 0. A cgroup (v1 or v2) that grants less than the machine has wins,
/// with its own usage. `noSwap` reports no swap.
///
/// thread  reads files: not for the service thread
/// source  lotus v1.36 storage/sealer/worker_local.go (memInfo), cgroups_linux.go
HostInfo readHostInfo(bool noSwap, const std::filesystem::path& root = "/");

} // namespace lsw
