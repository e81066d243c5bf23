// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "history/history_summary.h"

#include <boost/json.hpp>

namespace lsw::history {

/// A row as `history --json` gives it: the members in snake_case.
boost::json::object toJson(const TaskRecord& record);
boost::json::object toJson(const Summary& summary);

/// The rows with a line of headings, RFC 4180, times in UTC (ISO 8601); phases as "name=ms;name=ms" in one column.
std::string csvText(std::span<const TaskRecord> rows);

} // namespace lsw::history
