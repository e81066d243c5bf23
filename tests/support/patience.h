// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

namespace lsw::test {

/// How long a test waits for what must come, in ms. Only a failure waits that long: Qt Test's own 5 s are not enough for a test
/// under a sanitizer on a machine that is busy with something else.
inline constexpr int kPatienceMs = 60000;

} // namespace lsw::test
