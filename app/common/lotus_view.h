// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lsw::common {

/// What any worker of lotus tells of itself over its own methods, whichever program it is.
struct LotusView {
    struct Path {
        std::string id;
        std::uint64_t weight = 0;
        std::string local;
        bool canSeal = false, canStore = false;
    };
    std::string version; ///< of its API, "1.7.0"
    std::string session, hostname;
    bool enabled = false;
    std::uint64_t cpus = 0, memPhysical = 0, memUsed = 0, memSwap = 0, memSwapUsed = 0;
    std::vector<std::string> gpus;
    std::vector<std::string> taskTypes; ///< in lotus' order of urgency
    std::vector<Path> paths;
};

/// Exactly what `lotus-worker info` prints for it after the line of its own version; ends with a line break.
std::string lotusInfoText(const LotusView& view, const std::string& program);

} // namespace lsw::common
