// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <string>

namespace lsw::protocol {

/// "lotus-worker (pid 4711)" for the program that listens on this TCP port of this machine; empty when /proc does not tell
/// (another user's process, another network namespace).
std::string listenerOfPort(std::uint16_t port);

/// The bytes of the sockaddr to bind; an empty host means all addresses. InvalidArgument when it is no address and no known name.
Expected<Bytes> resolveListenAddress(const std::string& host, std::uint16_t port);

/// The error for a bind() or listen() that failed with `errnum`, in words that say what to do.
Error listenError(int errnum, const std::string& host, std::uint16_t port);

} // namespace lsw::protocol
