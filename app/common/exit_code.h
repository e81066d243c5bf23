// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <span>

namespace lsw::common {

/// Exit codes of the programs (0-7 follow the LSB list that systemd documents).
enum class ExitCode : int {
    Success = 0,
    Failure = 1,
    BadArguments = 2,
    Unsupported = 3,
    Permission = 4,
    NotInstalled = 5,
    NotConfigured = 6,
    NotRunning = 7,
    MinerUnreachable = 10,
    IncompatibleVersion = 11,
    Storage = 12,
    VerificationFailed = 13,
    Warnings = 14, ///< a check found nothing worse
};

/// The exit code of an error; the one place that says so.
ExitCode exitCodeFor(ErrorCode code);

struct ExitCodeMeaning {
    ExitCode code{};
    const char* meaning = "";
};
/// All of them, for the manual.
std::span<const ExitCodeMeaning> exitCodeMeanings();

} // namespace lsw::common
