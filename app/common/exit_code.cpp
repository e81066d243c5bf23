// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/exit_code.h"

#include <array>

namespace lsw::common {

ExitCode exitCodeFor(ErrorCode code) {
    switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::NotFound: return ExitCode::BadArguments;
    case ErrorCode::Unsupported: return ExitCode::Unsupported;
    case ErrorCode::PermissionDenied: return ExitCode::Permission;
    case ErrorCode::NotInstalled: return ExitCode::NotInstalled;
    case ErrorCode::NotConfigured: return ExitCode::NotConfigured;
    case ErrorCode::NotRunning: return ExitCode::NotRunning;
    case ErrorCode::MinerUnreachable: return ExitCode::MinerUnreachable;
    case ErrorCode::IncompatibleVersion: return ExitCode::IncompatibleVersion;
    case ErrorCode::NoSpace:
    case ErrorCode::StorageUnavailable: return ExitCode::Storage;
    case ErrorCode::VerificationFailed: return ExitCode::VerificationFailed;
    case ErrorCode::AlreadyExists:
    case ErrorCode::Cancelled:
    case ErrorCode::Timeout:
    case ErrorCode::Io:
    case ErrorCode::Corrupt:
    case ErrorCode::ChildDied:
    case ErrorCode::Remote:
    case ErrorCode::Internal: return ExitCode::Failure;
    }
    return ExitCode::Failure;
}

std::span<const ExitCodeMeaning> exitCodeMeanings() {
    static constexpr std::array kMeanings = {
        ExitCodeMeaning{ExitCode::Success, "success, or stopped on request"},
        ExitCodeMeaning{ExitCode::Failure, "failure without a code of its own"},
        ExitCodeMeaning{ExitCode::BadArguments, "bad arguments or a bad value in the configuration"},
        ExitCodeMeaning{ExitCode::Unsupported, "not supported here"},
        ExitCodeMeaning{ExitCode::Permission, "token refused, or without the permission"},
        ExitCodeMeaning{ExitCode::NotInstalled, "something required is missing: parameters, a program, a display, memory"},
        ExitCodeMeaning{ExitCode::NotConfigured, "nothing tells where the miner is"},
        ExitCodeMeaning{ExitCode::NotRunning, "no worker is running (for info, tasks, stop)"},
        ExitCodeMeaning{ExitCode::MinerUnreachable, "miner unreachable (run keeps trying once it has started)"},
        ExitCodeMeaning{ExitCode::IncompatibleVersion, "incompatible version"},
        ExitCodeMeaning{ExitCode::Storage, "storage: no space, not writable, or in use by another worker"},
        ExitCodeMeaning{ExitCode::VerificationFailed, "a check failed (verify, practice, selftest, outputs that bench compares), or a figure of a worker misses its goal"},
        ExitCodeMeaning{ExitCode::Warnings, "doctor found nothing worse than warnings"},
    };
    return kMeanings;
}

} // namespace lsw::common
