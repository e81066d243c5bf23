// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/exit_code.h"

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

} // namespace lsw::common
