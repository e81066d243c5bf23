// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>

namespace lsw {

/// Flushes the entries of a folder, so that a rename in it survives a power cut. NoSpace, Io.
Expected<void> syncFolder(const std::filesystem::path& folder);

} // namespace lsw
