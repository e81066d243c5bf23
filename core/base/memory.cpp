// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/memory.h"

#include "base/host_info.h"

namespace lsw {

MemoryLeft memoryLeft() {
    const HostInfo host = readHostInfo(false);
    return {host.memPhysical - host.memUsed, host.memSwap - host.memSwapUsed};
}

} // namespace lsw
