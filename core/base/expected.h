// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lsw {

/// What went wrong, as a closed set: the window maps it to a sentence, the command line to an exit code, the wire to a CallError code.
enum class ErrorCode {
    InvalidArgument,     ///< the caller gave something malformed
    NotFound,            ///< a file, sector, method or worker that is not there
    AlreadyExists,       ///< something in the way (file, running instance, port in use)
    PermissionDenied,    ///< token refused or without the permission; a folder not ours
    Unsupported,         ///< proof type, feature or method this build does not do
    NotInstalled,        ///< parameters, prover, driver or display missing
    NotConfigured,       ///< nothing tells where the miner is
    NotRunning,          ///< the worker to talk to does not answer
    MinerUnreachable,    ///< connection to the miner failed
    IncompatibleVersion, ///< the other side speaks another version
    NoSpace,             ///< disk full or reservation impossible
    StorageUnavailable,  ///< a path that cannot be written or is locked by another instance
    VerificationFailed,  ///< a check of a computed value failed
    Cancelled,           ///< stopped on request
    Timeout,
    Io,
    Corrupt,             ///< a file or message that contradicts its format
    ChildDied,           ///< a prover ended without an answer
    Remote,              ///< the other side answered with an error of its own
    Internal,            ///< a contradiction inside this program
};

/// The name of the code as in the enumeration, for logs and `--json`.
std::string_view errorCodeName(ErrorCode code);

/// One failure: code, English detail, what was being done (innermost first) and the place of birth.
class Error {
public:
    Error(ErrorCode code, std::string detail, std::source_location where = std::source_location::current())
        : m_code(code), m_detail(std::move(detail)), m_where(where) {}

    ErrorCode code() const { return m_code; }
    const std::string& detail() const { return m_detail; }
    const std::source_location& where() const { return m_where; }

    /// Adds what was being done when this happened; returns itself so that it can be returned on.
    Error whileDoing(std::string what) && {
        m_context.push_back(std::move(what));
        return std::move(*this);
    }

    /// "outermost: …: innermost: detail", one line without the place.
    std::string message() const;

    /// The message with the code and the place of birth, for logs.
    std::string forLog() const;

private:
    ErrorCode m_code;
    std::string m_detail;
    std::vector<std::string> m_context;
    std::source_location m_where;
};

/// A value or an Error. (g++ 12 has no std::expected in C++20.)
template <typename T>
class [[nodiscard]] Expected {
public:
    using value_type = T;
    Expected(T value) : m_state(std::in_place_index<0>, std::move(value)) {} // NOLINT: implicit on purpose
    Expected(Error error) : m_state(std::in_place_index<1>, std::move(error)) {} // NOLINT: implicit on purpose

    bool hasValue() const { return m_state.index() == 0; }
    explicit operator bool() const { return hasValue(); }
    T& value() & { return std::get<0>(m_state); }
    const T& value() const& { return std::get<0>(m_state); }
    T&& value() && { return std::get<0>(std::move(m_state)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T valueOr(T other) const& { return hasValue() ? value() : std::move(other); }
    Error& error() & { return std::get<1>(m_state); }
    const Error& error() const& { return std::get<1>(m_state); }
    Error&& error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Expected<void> {
public:
    Expected() = default;
    Expected(Error error) : m_error(std::move(error)) {} // NOLINT: implicit on purpose

    bool hasValue() const { return !m_error; }
    explicit operator bool() const { return hasValue(); }
    Error& error() & { return *m_error; }
    const Error& error() const& { return *m_error; }
    Error&& error() && { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

/// An Error from `errno`: ENOSPC and EDQUOT become NoSpace, EACCES/EPERM/EROFS PermissionDenied, ENOENT NotFound, EEXIST AlreadyExists, else Io.
Error errnoError(int errnum, std::string what, std::source_location where = std::source_location::current());

} // namespace lsw

/// Returns the error of `expr` from the calling function, else goes on.
#define LSW_TRY(expr)                                                                                                  \
    do {                                                                                                               \
        if (auto lswTryResult = (expr); !lswTryResult) return std::move(lswTryResult).error();                         \
    } while (false)
