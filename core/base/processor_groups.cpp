// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/processor_groups.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <sched.h>

namespace lsw {
namespace {

namespace fs = std::filesystem;

std::string firstLine(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

/// "0-3,8": empty when it is no such list.
Processors parsed(const std::string& text) {
    Processors out;
    std::stringstream ranges(text);
    for (std::string range; std::getline(ranges, range, ',');) {
        std::uint64_t from = 0, to = 0;
        const char *begin = range.data(), *end = begin + range.size();
        auto read = std::from_chars(begin, end, from);
        if (read.ec != std::errc()) return {};
        to = from;
        if (read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, to);
        if (read.ec != std::errc() || read.ptr != end || to < from || to >= CPU_SETSIZE) return {};
        for (std::uint64_t one = from; one <= to; ++one) out.push_back(one);
    }
    return out;
}

Processors usable() {
    cpu_set_t set;
    CPU_ZERO(&set);
    Processors out;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return out;
    for (int one = 0; one < CPU_SETSIZE; ++one)
        if (CPU_ISSET(one, &set)) out.push_back(static_cast<std::uint64_t>(one));
    return out;
}

bool keepTo(const Processors& processors) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const std::uint64_t one : processors)
        if (one < CPU_SETSIZE) CPU_SET(static_cast<int>(one), &set);
    return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

} // namespace

std::vector<Processors> processorGroups(const fs::path& root) {
    std::set<Processors> groups;
    for (const std::uint64_t processor : usable()) {
        const fs::path caches = root / "sys/devices/system/cpu" / ("cpu" + std::to_string(processor)) / "cache";
        std::error_code failed;
        for (fs::directory_iterator cache(caches, failed), last; !failed && cache != last; cache.increment(failed))
            if (firstLine(cache->path() / "level") == "3") groups.insert(parsed(firstLine(cache->path() / "shared_cpu_list")));
    }
    std::vector<Processors> out;
    const Processors mine = usable();
    for (const Processors& group : groups) {
        Processors both;
        std::ranges::set_intersection(group, mine, std::back_inserter(both));
        if (!both.empty()) out.push_back(std::move(both));
    }
    return out;
}

KeptToProcessors::KeptToProcessors(const Processors& processors) {
    if (processors.empty()) return;
    Processors before = usable();
    if (keepTo(processors)) m_before = std::move(before);
}

KeptToProcessors::~KeptToProcessors() {
    if (!m_before.empty()) keepTo(m_before);
}

} // namespace lsw
