// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <chrono>
#include <string_view>

namespace lsw {

/// A duration as Go writes it: "30s", "1m30s", "250ms", "1.5h", "0". InvalidArgument on anything else, or when negative.
Expected<std::chrono::milliseconds> parseGoDuration(std::string_view text);

} // namespace lsw
