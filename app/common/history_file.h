// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <filesystem>

namespace lsw::common {

/// Where a worker of this folder writes down what it has finished.
std::filesystem::path historyFile(const std::filesystem::path& workerRepo);

} // namespace lsw::common
