// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/task_context.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lsw::storage {

/// Downloads a sector file, or a tar into a folder, from the first URL that works; `temporary` is renamed to `destination` when all is there.
/// Tar members are those of a cache folder by name and size; anything else ends the transfer (Corrupt).
/// Progress in bytes. NotFound when every source said so, Remote with what each answered, NoSpace, Cancelled.
Expected<void> fetchFile(const std::vector<std::string>& urls, const std::string& token, const std::filesystem::path& temporary,
                         const std::filesystem::path& destination, const TaskContext& context);

/// DELETE on a /remote URL; 200 is success.
Expected<void> deleteRemote(const std::string& url, const std::string& token, std::stop_token stop);

} // namespace lsw::storage
