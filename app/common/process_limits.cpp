// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/process_limits.h"

#include <sys/resource.h>

namespace lsw::common {

std::string raiseOpenFileLimit() {
    constexpr rlim_t wanted = 100000;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
    if (limit.rlim_cur < limit.rlim_max) {
        rlimit raised = limit;
        raised.rlim_cur = raised.rlim_max;
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    if (limit.rlim_cur >= wanted) return {};
    return "only " + std::to_string(limit.rlim_cur) + " files may be open at once here; large sectors want 100000 (ulimit -n, or LimitNOFILE of the service).";
}

} // namespace lsw::common
