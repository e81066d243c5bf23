// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>

namespace lsw::practice {

/// A free port of loopback for a program that is stopped and started again: no outgoing connection takes it meanwhile, as would happen now
/// and then with one that the system gives. 0 when there is none.
std::uint16_t stablePort();

} // namespace lsw::practice
