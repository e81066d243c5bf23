// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/text.h"
#include "common/exit_code.h"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace lsw::cli {

/// One JSON value as one line on standard output, flushed, so that a reader of a pipe sees it at once.
void printJson(const boost::json::value& value);
/// Text on standard output.
void print(std::string_view text);
/// One line of talk on standard error.
void say(std::string_view line);
/// The failure as one sentence on standard error and, with `json`, as {"schema":1,"ok":false,"error":{…}} on standard output.
common::ExitCode fail(const Error& error, bool json = false);

/// Why standard output did not take everything, when that is not by the choice of who reads it.
std::optional<Error> outputError();

/// "2 h 09 m", "3 m 05 s", "4.2 s"
std::string durationText(double seconds);

} // namespace lsw::cli
