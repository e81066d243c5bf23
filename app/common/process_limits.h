// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>

namespace lsw::common {

/// Raises the soft limit of open files to the hard one. One sentence when less than 100 000 remain (lotus' demand), else "".
std::string raiseOpenFileLimit();

} // namespace lsw::common
