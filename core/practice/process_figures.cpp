// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/process_figures.h"

#include <ctime>
#include <fstream>
#include <string>

#include <sys/types.h>

namespace lsw::practice {
namespace {

/// A line "Name:   123 kB" of a file of /proc, in bytes; 0 when it is not there.
std::uint64_t kilobytesLine(const std::string& file, const std::string& name) {
    std::ifstream in(file);
    for (std::string word; in >> word;) {
        std::uint64_t value = 0;
        if (word == name && in >> value) return value * 1024;
        in.ignore(4096, '\n');
    }
    return 0;
}

} // namespace

Expected<ProcessFigures> processFigures(std::int64_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    clockid_t clock{};
    timespec used{};
    // Nanoseconds; the times in /proc count whole hundredths of a second, which is all that an idle program uses.
    if (::clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        return Error(ErrorCode::NotFound, "no process has the number " + std::to_string(pid));
    ProcessFigures figures;
    figures.cpuSeconds = static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
    figures.residentBytes = kilobytesLine(folder + "/status", "VmRSS:");
    figures.peakBytes = kilobytesLine(folder + "/status", "VmHWM:");
    figures.proportionalBytes = kilobytesLine(folder + "/smaps_rollup", "Pss:");
    return figures;
}

MachineTimes machineTimes() {
    std::ifstream in("/proc/stat");
    std::string name;
    in >> name;
    MachineTimes times;
    std::uint64_t value = 0;
    // user nice system idle iowait irq softirq steal
    for (int i = 0; i < 8 && in >> value; ++i) {
        times.total += value;
        if (i != 3 && i != 4) times.busy += value;
    }
    return times;
}

} // namespace lsw::practice
