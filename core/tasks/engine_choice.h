// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <string>
#include <string_view>

namespace lsw::tasks {

/// Which engine computes: "native", our own kernels, or "official", the official crate alone. "auto" is native: its files are the official ones
/// byte for byte, every kernel has tested itself, and what it makes is proven by the official crate before a result is returned.
/// InvalidArgument for another name.
Expected<std::string> chosenEngine(std::string_view name);

/// What computes, for people: "native: labels avx512, poseidon ifma, sha256 avx512, fr32-pad vbmi2" or "official". Names what failed its self-test.
std::string engineText(std::string_view engine);

} // namespace lsw::tasks
