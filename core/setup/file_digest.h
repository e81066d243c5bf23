// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>
#include <stop_token>
#include <string>

namespace lsw::setup {

/// SHA-256 of a whole file in hex. Reads all of it: minutes for 56 GiB. NotFound; Io; Cancelled.
Expected<std::string> sha256OfFile(const std::filesystem::path& file, const std::stop_token& stop);

} // namespace lsw::setup
