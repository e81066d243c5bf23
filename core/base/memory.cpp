// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/memory.h"

#include <fstream>
#include <string>

namespace lsw {

MemoryLeft memoryLeft() {
    MemoryLeft out;
    std::ifstream info("/proc/meminfo");
    std::string name, unit;
    std::uint64_t kib = 0;
    while (info >> name >> kib && std::getline(info, unit)) {
        if (name == "MemAvailable:") out.available = kib << 10;
        if (name == "SwapFree:") out.swap = kib << 10;
    }
    return out;
}

} // namespace lsw
