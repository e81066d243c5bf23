// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "bench/measure.h"

#include <functional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace lsw::bench {

/// One figure, one line. Members of every row: bench, shape, class. What could not be measured has `skipped`, the reason, and nothing else;
/// a measured row has `equal`, whether the outputs that were compared are the same, and no figures where they are not.
using Row = boost::json::object;
using RowSink = std::function<void(const Row&)>;

Row rowOf(std::string_view bench, std::string_view shape);
Row skippedRow(std::string_view bench, std::string_view shape, std::string reason);

/// Adds NAME_cpu_s, NAME_cpu_s_least, NAME_cpu_s_most, NAME_wall_s.
void addCosts(Row& row, const std::string& name, const std::vector<Cost>& costs);

/// A row for people, and as one JSON line with "schema": 1. Four digits of a figure: more say no more.
std::string textOf(const Row& row);
std::string jsonLineOf(const Row& row);

} // namespace lsw::bench
