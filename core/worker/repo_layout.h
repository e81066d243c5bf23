// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>

namespace lsw::worker {

/// What is ours alone lies in this folder of the worker's folder, so that the rest stays as lotus-worker left it and expects it.
inline constexpr const char* kOwnFolder = "lotus-seal-worker";
/// Of finished tasks, in the own folder.
inline constexpr const char* kHistoryFile = "history.sqlite";
/// How that folder is laid out; `schema.json` in it says so. 1: journal and scratch lay beside lotus' files; 2: they are in the own folder.
inline constexpr int kLayoutSchema = 2;

/// Makes the own folder of `repo`, or brings an older one to the present layout step by step: a step that was cut off is done again
/// by the next start, and nothing of a step is believed before `schema.json` says it.
///
/// IncompatibleVersion when a newer version of this program made it; Corrupt when `schema.json` is not readable; StorageUnavailable.
/// thread  the holder of the repo's lock
Expected<void> prepareOwnFolder(const std::filesystem::path& repo);

} // namespace lsw::worker
