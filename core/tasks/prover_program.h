// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>

namespace lsw::tasks {

/// Whether this processor has what lotus-seal-prover-opt is compiled for: ADX, SHA, AVX2, SSE 4.2 (and a system that saves the wide
/// registers).
bool processorRunsOptimisedProver();

/// The prover to start: the optimised one where `optimised` and it is there, else the plain one. `folder` empty: beside this
/// program, then ../libexec/lotus-seal-worker from there. NotInstalled names every path that was tried.
Expected<std::filesystem::path> findProver(const std::filesystem::path& folder, bool optimised = processorRunsOptimisedProver());

} // namespace lsw::tasks
