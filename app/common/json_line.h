// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <string>

namespace lsw::common {

/// One line of JSON for people and programs: numbers as everybody writes them (0.155, not 1.55E-1).
std::string jsonLine(const boost::json::value& value);

} // namespace lsw::common
