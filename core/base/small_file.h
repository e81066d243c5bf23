// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace lsw {

/// The beginning of a file, at most `most` bytes; none, with the errno in `failed`, when it cannot be read. Without `waits` a pipe is not waited for.
std::optional<std::string> readBeginning(const std::filesystem::path& file, std::size_t most, bool waits, int& failed);

/// The whole text of a file that somebody names, or of a pipe; never more than `most` bytes, whatever it is.
/// errors  NotFound, PermissionDenied, Io; InvalidArgument for a folder, and for what is longer
Expected<std::string> readSmallFile(const std::filesystem::path& file, std::size_t most = 1U << 20);

} // namespace lsw
