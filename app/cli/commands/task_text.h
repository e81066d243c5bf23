// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <string>

namespace lsw::cli {

/// "running, layer 3, 27 %"
std::string stateText(const worker::TaskView& task);
/// What it is of: "s-t01000-1", "2349 sectors of t01000".
std::string subjectText(const worker::TaskView& task);
/// One line of a list: sector, type, how long, state.
std::string taskLine(const worker::TaskView& task);
/// Whether the worker takes tasks, and what to do when it shall: "yes", "no: paused (lotus-seal-worker resume)".
std::string modeText(const worker::WorkerView& view);

} // namespace lsw::cli
