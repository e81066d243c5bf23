// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/host_info.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <thread>

#include <sched.h>
#include <unistd.h>

namespace lsw {

namespace fs = std::filesystem;

namespace {

std::optional<std::uint64_t> numberIn(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> numberFile(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line)) return std::nullopt;
    return numberIn(line); // "max" is no number: no limit
}

/// "key value" or "key: value kB" lines.
std::map<std::string, std::uint64_t> numberLines(const fs::path& file) {
    std::map<std::string, std::uint64_t> out;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto end = line.find_first_of(": \t");
        if (end == std::string::npos) continue;
        const auto rest = line.find_first_not_of(": \t", end);
        if (rest == std::string::npos) continue;
        if (const auto value = numberIn(std::string_view(line).substr(rest))) out[line.substr(0, end)] = *value;
    }
    return out;
}

struct Memory {
    std::uint64_t physical = 0, used = 0, swap = 0, swapUsed = 0;
};

Memory machineMemory(const fs::path& root) {
    auto lines = numberLines(root / "proc/meminfo");
    const auto bytes = [&](const char* key) { return lines[key] * 1024; };
    const auto minus = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; };
    Memory out;
    out.physical = bytes("MemTotal");
    out.used = minus(out.physical, bytes("MemAvailable"));
    out.swap = bytes("SwapTotal");
    out.swapUsed = minus(out.swap, bytes("SwapFree"));
    return out;
}

/// The paths of /proc/self/cgroup by controller; "" is the one of version 2.
std::map<std::string, std::string> ownCgroups(const fs::path& root) {
    std::map<std::string, std::string> out;
    std::ifstream in(root / "proc/self/cgroup");
    for (std::string line; std::getline(in, line);) {
        const auto first = line.find(':');
        const auto second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) continue;
        std::stringstream controllers(line.substr(first + 1, second - first - 1));
        const auto path = line.substr(second + 1);
        if (second == first + 1) out[""] = path;
        for (std::string one; std::getline(controllers, one, ',');) out[one] = path;
    }
    return out;
}

void limitTo(std::uint64_t limit, std::uint64_t usage, std::uint64_t& total, std::uint64_t& used) {
    if (limit == 0 || limit >= total) return;
    total = limit;
    used = std::min(usage, limit);
}

void applyVersion1(const fs::path& root, const std::string& group, Memory& memory) {
    fs::path folder = root / "sys/fs/cgroup/memory" / fs::path(group).relative_path();
    if (!fs::exists(folder / "memory.limit_in_bytes")) folder = root / "sys/fs/cgroup/memory"; // inside a container the group is the mount
    const auto limit = numberFile(folder / "memory.limit_in_bytes");
    if (!limit) return;
    auto stat = numberLines(folder / "memory.stat");
    const auto usage = numberFile(folder / "memory.usage_in_bytes").value_or(0);
    const auto reclaimable = stat["total_inactive_file"] + stat["total_active_file"];
    limitTo(*limit, usage > reclaimable ? usage - reclaimable : 0, memory.physical, memory.used);
    // memsw counts memory and swap together.
    const auto both = numberFile(folder / "memory.memsw.limit_in_bytes");
    if (!both) return;
    const auto bothUsed = numberFile(folder / "memory.memsw.usage_in_bytes").value_or(0);
    const auto swapLimit = *both > *limit ? *both - *limit : 0;
    if (swapLimit >= memory.swap) return;
    memory.swap = swapLimit;
    memory.swapUsed = std::min(swapLimit, bothUsed > usage ? bothUsed - usage : 0);
}

void applyVersion2(const fs::path& root, const std::string& group, Memory& memory) {
    const fs::path mount = root / "sys/fs/cgroup";
    // From the own group up to, without, the root: the smallest limit holds, with the usage of the group that sets it.
    for (fs::path at = fs::path(group).relative_path(); !at.empty(); at = at.parent_path()) {
        const fs::path folder = mount / at;
        if (const auto limit = numberFile(folder / "memory.max")) {
            auto stat = numberLines(folder / "memory.stat");
            const auto current = numberFile(folder / "memory.current").value_or(0);
            limitTo(*limit, current > stat["file"] ? current - stat["file"] : 0, memory.physical, memory.used);
        }
        if (const auto swap = numberFile(folder / "memory.swap.max"); swap && *swap < memory.swap) {
            memory.swap = *swap;
            memory.swapUsed = std::min(*swap, numberFile(folder / "memory.swap.current").value_or(0));
        }
    }
}

int usableCpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::vector<std::string> nvidiaCards(const fs::path& root) {
    std::vector<std::pair<std::string, std::string>> found; // by bus address, as CUDA numbers them by default on one kind of card
    std::error_code ignored;
    for (fs::directory_iterator it(root / "proc/driver/nvidia/gpus", ignored), end; it != end; it.increment(ignored)) {
        std::ifstream in(it->path() / "information");
        for (std::string line; std::getline(in, line);) {
            if (!line.starts_with("Model:")) continue;
            const auto begin = line.find_first_not_of(" \t", 6);
            if (begin != std::string::npos) found.emplace_back(it->path().filename().string(), line.substr(begin));
        }
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> names;
    for (auto& card : found) names.push_back(std::move(card.second));
    return names;
}

} // namespace

HostInfo readHostInfo(bool noSwap, const fs::path& root) {
    HostInfo out;
    char name[256]{};
    if (gethostname(name, sizeof name - 1) == 0) out.hostname = name;
    Memory memory = machineMemory(root);
    auto groups = ownCgroups(root);
    if (const auto it = groups.find("memory"); it != groups.end()) applyVersion1(root, it->second, memory);
    if (const auto it = groups.find(""); it != groups.end()) applyVersion2(root, it->second, memory);
    out.memPhysical = memory.physical;
    out.memUsed = memory.used;
    out.memSwap = noSwap ? 0 : memory.swap;
    out.memSwapUsed = noSwap ? 0 : memory.swapUsed;
    out.cpus = usableCpus();
    out.gpus = nvidiaCards(root);
    return out;
}

} // namespace lsw
