// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/history_file.h"

#include "worker/repo_layout.h"

namespace lsw::common {

std::filesystem::path historyFile(const std::filesystem::path& workerRepo) { return workerRepo / worker::kOwnFolder / worker::kHistoryFile; }

} // namespace lsw::common
