// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lsw::protocol {

/// "lotus-worker (pid 4711)" for the program that listens on this TCP port of this machine; empty when /proc does not tell
/// (another user's process, another network namespace).
std::string listenerOfPort(std::uint16_t port);

/// The addresses of this machine on which somebody listens at this TCP port ("127.0.0.1", "0.0.0.0", "::"), whoever it is.
std::vector<std::string> listeningAddresses(std::uint16_t port);

/// The bytes of the sockaddr to bind; an empty host means all addresses. InvalidArgument when it is no address and no known name.
Expected<Bytes> resolveListenAddress(const std::string& host, std::uint16_t port);

/// The error for a bind() or listen() that failed with `errnum`, in words that say what to do.
Error listenError(int errnum, const std::string& host, std::uint16_t port);

} // namespace lsw::protocol
