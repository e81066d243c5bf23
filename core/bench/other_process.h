// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <functional>
#include <string>
#include <vector>

namespace lsw::bench {

/// Runs this program again with other arguments and one more variable of the environment, because the crate reads its settings once in the life
/// of a process. `line` gets each line of its standard output. Gives its exit code; ChildDied when a signal ended it.
Expected<int> runAgain(const std::vector<std::string>& arguments, const std::string& variable, const std::string& value,
                       const std::function<void(std::string)>& line);

} // namespace lsw::bench
