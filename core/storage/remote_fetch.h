// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/task_context.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lsw::storage {

/// What a transfer may bring.
enum class FetchKind { Any, File, Folder };

/// Downloads a sector file, or a tar into a folder, from the first URL that works; `temporary` is renamed to `destination` when all is there
/// and flushed. Says which URL it was.
///
/// Tar members are those of a cache folder by name and size; anything else ends the transfer (Corrupt).
/// A plain file whose transfer broke off stays as `temporary` with its origin in `temporary`.part, and is continued the next time
/// if the server still has the same file; everything else that is incomplete is removed.
/// Progress in bytes. NotFound when every source said so, PermissionDenied when every source refused the token, Remote with what each answered,
/// NoSpace, Cancelled, Timeout is among what a source can answer.
Expected<std::string> fetchFile(const std::vector<std::string>& urls, const std::string& token, const std::filesystem::path& temporary,
                                const std::filesystem::path& destination, const TaskContext& context, FetchKind kind = FetchKind::Any);

/// Where a file is to be had from, and what its server wants to see (DownloadSectorData): no token of ours goes there.
struct DownloadSource {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
};
/// The same from one place that is no worker. Unfinished transfers lie in `fetching` beside the destination. What failed is said as lotus says it.
Expected<void> downloadFile(const DownloadSource& source, const std::filesystem::path& destination, const TaskContext& context,
                            FetchKind kind = FetchKind::Any);

/// Removes an unfinished transfer of that name.
void forgetUnfinished(const std::filesystem::path& temporary);

/// DELETE on a /remote URL; 200 is success. NotFound, PermissionDenied, Remote, Io.
Expected<void> deleteRemote(const std::string& url, const std::string& token, std::stop_token stop);

} // namespace lsw::storage
