// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

/// Single facts of this machine that checks ask for.
namespace lsw::setup {

inline constexpr std::uint64_t kOpenFilesWanted = 100000; ///< of the worker protocol's tasks on large sectors, as lotus-worker asks for them

/// How many files this process may open after it has raised its own limit as far as it is allowed to (RLIMIT_NOFILE).
std::uint64_t mostOpenFiles();

/// Memory of the machine itself, whatever limits a service or container has; bytes, 0 unknown.
std::uint64_t memoryOfMachine(const std::filesystem::path& root = "/");

struct CacheGroups {
    int count = 0;    ///< 0: the system does not tell
    std::string size; ///< of one, "32768K"
};
/// The groups of cores that share an L3 cache.
CacheGroups cacheGroups(const std::filesystem::path& root = "/");

/// "always", "madvise" or "never"; empty where the kernel has none.
std::string transparentHugePages(const std::filesystem::path& root = "/");
std::uint64_t reservedHugePages(const std::filesystem::path& root = "/");

/// What can drive a GPU: "NVIDIA 535.161.07, OpenCL: nvidia"; empty when nothing is seen.
std::string gpuDrivers(const std::filesystem::path& root = "/");

/// Bytes that this process may keep out of swap (RLIMIT_MEMLOCK); the largest number: no limit.
std::uint64_t lockableMemory();

/// Whether the kernel's clock is being kept in step by some program.
bool isClockKept();

/// What sends the machine to sleep when nobody uses it ("IdleAction=suspend" of systemd-logind, "GNOME: sleep-inactive-ac-type=suspend"); empty when nothing
/// does, or when sleeping is masked. What a user of GNOME has chosen for himself is not read.
std::string idleSleep(const std::filesystem::path& root = "/");

/// The name of the firewall that is switched on ("ufw", "firewalld"); empty when none is seen.
std::string activeFirewall(const std::filesystem::path& root = "/");

/// Whether this user can make a file in the folder and flush it to the disk; the reason in the words of the system, empty when it works.
std::string whyNotWritable(const std::filesystem::path& folder);

/// The user that a file belongs to; empty when it is not there.
std::string ownerOf(const std::filesystem::path& file);

/// The name of the user this runs as.
std::string ownUserName();

} // namespace lsw::setup
