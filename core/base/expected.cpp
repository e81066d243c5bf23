// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/expected.h"

#include <cerrno>
#include <cstring>

namespace lsw {

std::string_view errorCodeName(ErrorCode code) {
    switch (code) {
    case ErrorCode::InvalidArgument: return "InvalidArgument";
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::AlreadyExists: return "AlreadyExists";
    case ErrorCode::PermissionDenied: return "PermissionDenied";
    case ErrorCode::Unsupported: return "Unsupported";
    case ErrorCode::NotInstalled: return "NotInstalled";
    case ErrorCode::NotConfigured: return "NotConfigured";
    case ErrorCode::NotRunning: return "NotRunning";
    case ErrorCode::MinerUnreachable: return "MinerUnreachable";
    case ErrorCode::IncompatibleVersion: return "IncompatibleVersion";
    case ErrorCode::NoSpace: return "NoSpace";
    case ErrorCode::StorageUnavailable: return "StorageUnavailable";
    case ErrorCode::VerificationFailed: return "VerificationFailed";
    case ErrorCode::Cancelled: return "Cancelled";
    case ErrorCode::Timeout: return "Timeout";
    case ErrorCode::Io: return "Io";
    case ErrorCode::Corrupt: return "Corrupt";
    case ErrorCode::ChildDied: return "ChildDied";
    case ErrorCode::Remote: return "Remote";
    case ErrorCode::Internal: return "Internal";
    }
    return "Internal";
}

std::string Error::message() const {
    std::string out;
    for (auto it = m_context.rbegin(); it != m_context.rend(); ++it) {
        out += *it;
        out += ": ";
    }
    return out + m_detail;
}

std::string Error::forLog() const {
    std::string_view file = m_where.file_name();
    if (const auto slash = file.rfind('/'); slash != std::string_view::npos) file.remove_prefix(slash + 1);
    return message() + " [" + std::string(errorCodeName(m_code)) + ", " + std::string(file) + ':' +
           std::to_string(m_where.line()) + ']';
}

Error errnoError(int errnum, std::string what, std::source_location where) {
    ErrorCode code = ErrorCode::Io;
    if (errnum == ENOSPC || errnum == EDQUOT) code = ErrorCode::NoSpace;
    else if (errnum == EACCES || errnum == EPERM || errnum == EROFS) code = ErrorCode::PermissionDenied;
    else if (errnum == ENOENT) code = ErrorCode::NotFound;
    else if (errnum == EEXIST) code = ErrorCode::AlreadyExists;
    what += ": ";
    what += std::strerror(errnum);
    return Error(code, std::move(what), where);
}

} // namespace lsw
